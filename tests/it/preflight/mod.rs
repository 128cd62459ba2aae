//! What would stop a run half-way: by what a plan needs, and as AWS tells it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod asked;
mod found;
mod room;

use std::collections::BTreeMap;

use eksact::cluster::{Facts, Quota, Room};
use eksact::ops::Draft;
use eksact::ops::preflight::{Finding, findings};
use eksact::plan::plan;
use eksact::world::Snapshot;

use crate::desired::desk::{facts, graph, living};

const NG1: &str = "managedNodeGroups: [{name: ng1}]";

/// The plan for a file, beside what there is.
fn draft(yaml: &str, facts: Facts, snapshot: Snapshot) -> Draft {
    let graph = graph(yaml, &facts, &snapshot);
    let plan = plan(&graph, &snapshot);
    Draft { facts, snapshot, graph, plan }
}

/// The plan for a file, where nothing is.
fn new(yaml: &str) -> Draft {
    draft(yaml, facts(), Snapshot::default())
}

/// The plan for an edit of a cluster that is as its file says.
fn edit(from: &str, to: &str) -> Draft {
    draft(to, facts(), living(&graph(from, &facts(), &Snapshot::default())))
}

/// An account in which everything is told: by quota, the limit and what is used.
fn room(told: &[(Quota, u64, u64)]) -> Room {
    let limits: BTreeMap<Quota, u64> = told.iter().map(|(quota, limit, _)| (quota.clone(), *limit)).collect();
    let used = told.iter().map(|(quota, _, used)| (quota.clone(), *used)).collect();
    Room { limits, used, ..Room::default() }
}

/// In a word each: what is over which limit, by how much.
fn over(draft: &Draft, room: Room) -> Vec<String> {
    let word = |finding: Finding| match finding {
        Finding::Quota { quota, limit, used, more, told, .. } => {
            format!("{quota:?} {used}+{more}>{limit}{}", if told { "" } else { "?" })
        }
        Finding::Addresses(it) => format!("{} {}>{:?}", it.by, it.needed, it.free),
        Finding::Credentials { .. } => "credentials".to_owned(),
        Finding::Denied { action, .. } => action,
    };
    findings(draft, room, None).into_iter().map(word).collect()
}
