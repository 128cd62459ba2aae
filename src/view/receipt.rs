//! The receipt of a deletion: each resource with when it went, and the proof that nothing is left.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::json::{answer, joined};
use crate::apply::Summary;
use crate::cluster::Timestamp;
use crate::ops::{Proof, Removal};
use crate::resource::{Key, Live, Remark, Standing, Type};
use crate::world::Found;

/// What a receipt is written of.
pub struct Receipt<'a> {
    /// The cluster's name.
    pub cluster: &'a str,
    /// What there was, and what of it was to go.
    pub removal: &'a Removal,
    /// What came of it.
    pub summary: &'a Summary,
    /// When each change was done, by its number in the plan.
    pub done: &'a BTreeMap<usize, Timestamp>,
    /// What was read afterwards, if anything was.
    pub proof: Option<&'a Proof>,
    /// What AWS has made and keeps.
    pub stays: &'a [String],
}

/// As a program reads it.
pub fn object(receipt: &Receipt<'_>) -> Value {
    let Receipt { cluster, removal, summary, proof, stays, .. } = receipt;
    let facts = &removal.facts;
    let is_done = summary.is_complete() && summary.halted.is_none();
    answer(
        "DeletionReceipt",
        json!({
            "cluster": cluster,
            "region": facts.region,
            "account": facts.caller.account,
            "caller": facts.caller.arn,
            "begun": moment(facts.now),
            "complete": is_done && proof.is_some_and(Proof::is_clean),
            "halted": summary.halted.map(|halt| halt.to_string()),
            "resources": resources(receipt),
            "stays": stays,
            "proof": proof.map(proven),
        }),
    )
}

/// Everything of the cluster that there was.
fn resources(receipt: &Receipt<'_>) -> Vec<Value> {
    let snapshot = &receipt.removal.snapshot;
    let changes = receipt.removal.plan.changes().unwrap_or_default().iter();
    let volumes = changes.filter(|it| it.key.kind == Type::Volume);
    let volumes = volumes.filter_map(|it| Some((&it.key, it.doomed()?)));
    let found = snapshot.exposed.iter().chain(&snapshot.found);
    let lives =
        found.flat_map(|(key, found)| found.iter().filter_map(Found::present).map(move |it| (key, it)));
    let lives = volumes.chain(lives).filter(|(_, live)| live.standing() != Standing::Gone);
    lives.map(|(key, live)| joined(named(key, live), fate(receipt, key, live))).collect()
}

fn named(key: &Key, live: &Live) -> Value {
    json!({ "key": key, "type": key.kind.cloudformation(), "id": live.id })
}

/// When it went; or that it has not, and why.
fn fate(receipt: &Receipt<'_>, key: &Key, live: &Live) -> Value {
    let changes = receipt.removal.plan.changes().unwrap_or_default();
    // Access entries and what is inside the cluster go with it.
    let is_inside = key.kind.is_kubernetes() && key.kind != Type::Exposed;
    let goes_along = key.kind == Type::AccessEntry || is_inside;
    let goes_with = goes_along.then_some(Type::Cluster);
    let change = changes.iter().position(|change| match goes_with {
        Some(kind) => change.key.kind == kind,
        None => change.doomed().is_some_and(|doomed| doomed.id == live.id),
    });
    let gone = change.and_then(|change| receipt.done.get(&change)).map(|at| moment(*at));
    let with = goes_with.and(change).map(|change| &changes[change].key);
    let why = if gone.is_some() { None } else { why(receipt, with.unwrap_or(key)) };
    joined(json!({ "gone": gone, "with": with }), why.map_or(json!({}), |why| json!({ "why": why })))
}

/// Why something has not gone.
fn why(receipt: &Receipt<'_>, key: &Key) -> Option<String> {
    let (summary, plan) = (receipt.summary, &receipt.removal.plan);
    let failed = summary.failed.iter().find(|(its, _)| its == key).map(|(_, why)| why.to_string());
    let skipped = || summary.skipped.iter().find(|(its, _)| its == key).map(|(_, why)| why.to_string());
    let kept = || {
        plan.notes.iter().filter(|note| note.key == *key).find_map(|note| match &note.what {
            Remark::KeptFor(id) => Some(format!("{id}, which is not ours, stands in it")),
            _ => None,
        })
    };
    failed.or_else(skipped).or_else(kept)
}

/// What was read again, when, and what was found.
fn proven(proof: &Proof) -> Value {
    let words = |kinds: &mut dyn Iterator<Item = &Type>| -> Vec<&str> {
        kinds.map(|kind| kind.cloudformation()).collect()
    };
    // Inside a cluster that is gone there is nothing to be read.
    let is_hidden = |kind: &Type| proof.hidden && *kind == Type::Volume;
    let is_read = |kind: &&Type| !proof.unread.contains(kind) && !kind.is_kubernetes() && !is_hidden(kind);
    json!({
        "at": moment(proof.at),
        "read": words(&mut Type::ALL.iter().filter(is_read)),
        "unread": words(&mut proof.unread.iter()),
        "left": proof.left,
        "notOurs": proof.guests,
        "nothingLeft": proof.is_clean(),
    })
}

fn moment(at: Timestamp) -> String {
    format!("{at:.3}")
}
