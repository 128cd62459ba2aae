//! The end of a run: what was done, what failed and why, what is left, and what to type next.

use std::time::Duration;

use super::event::failure_text;
use super::inside::Inside;
use super::units::{count, duration};
use crate::apply::{Failure, Summary};
use crate::config::Source;
use crate::graph::Graph;
use crate::ops::{Group, Proof};
use crate::resource::{Key, Type};
use crate::view::diagnostics;

/// What a summary is told with.
pub struct End<'a> {
    /// The cluster's name.
    pub cluster: &'a str,
    /// Its region.
    pub region: &'a str,
    /// What came of the run.
    pub summary: &'a Summary,
    /// Calls that were under way when the run had to end at once.
    pub doubtful: &'a [(Key, &'static str)],
    /// What was seen from inside Kubernetes.
    pub inside: &'a Inside,
    /// The least time that the plan could take.
    pub floor: Duration,
    /// For places in the file.
    pub places: Option<(&'a Graph, &'a Source)>,
    /// How the command is typed again.
    pub again: &'a str,
    /// How the file is named on a command line: ` -f cluster.yaml`.
    pub file: &'a str,
}

/// The end of a run in which all went well.
pub fn ready(end: &End<'_>, is: &str) -> String {
    let what = match end.inside.ready() {
        Some((ready, wanted)) => format!("{ready} of {wanted} nodes Ready"),
        None => format!("{} made", count(end.summary.done, "change")),
    };
    let mut lines = vec![format!("{} {is}: {what}.", end.cluster), times(end)];
    match &end.inside.kubeconfig {
        Some(it) => {
            let current = if it.current { ", now current" } else { "" };
            let flag = if it.current { String::new() } else { format!(" --context {}", it.context) };
            lines.push(format!("  kubeconfig  {}, context {}{current}", it.path.display(), it.context));
            lines.push(format!("  next        kubectl get nodes{flag}"));
        }
        None => lines.push(format!(
            "  next        aws eks update-kubeconfig --region {} --name {}",
            end.region, end.cluster
        )),
    }
    lines.join("\n")
}

pub(super) fn times(end: &End<'_>) -> String {
    let (took, floor, waited) =
        (duration(end.summary.took), duration(end.floor), duration(end.summary.waited));
    format!("  took        {took}; floor {floor}; own waiting {waited}")
}

/// The end of a run in which something failed, or that was stopped.
pub fn failed(end: &End<'_>) -> String {
    let mut lines = Vec::new();
    let halted = |failure: &Failure| matches!(failure, Failure::Halted(_));
    for (key, failure) in end.summary.failed.iter().filter(|(_, failure)| !halted(failure)) {
        lines.push(format!("error: {} failed: {failure}", name(key)));
        lines.push(format!("  why    {}", failure_text(failure)));
        lines.extend(place(end, key).map(|place| format!("  where  {place}")));
        lines.extend(hint(failure).map(|hint| format!("  hint   {hint}")));
    }
    if let Some(halt) = end.summary.halted {
        lines.push(format!("{} is not finished: {halt}", end.cluster));
    }
    lines.extend(done(end));
    if !end.summary.left.is_empty() {
        lines.push(format!("  left   AWS is still at it: {}", list(&end.summary.left)));
    }
    lines.extend(end.doubtful.iter().map(|(key, call)| {
        format!("  doubt  {call} for {key} was sent, and its answer not waited for: the next run looks what came of it")
    }));
    lines.push(times(end).replacen("  took        ", "  took   ", 1));
    lines.push(format!("  next   {}   goes on from here", end.again));
    lines.push(format!("         eksact delete cluster{}   takes everything away", end.file));
    lines.join("\n")
}

fn done(end: &End<'_>) -> Option<String> {
    let summary = end.summary;
    let all = summary.done + summary.failed.len() + summary.skipped.len();
    let mut causes: Vec<String> = summary.skipped.iter().map(|(_, because)| because.to_string()).collect();
    causes.sort();
    causes.dedup();
    let skipped = match summary.skipped.len() {
        0 => String::new(),
        number => format!("; {number} not begun: {}", causes.join(", ")),
    };
    Some(format!("  done   {} of {all}{skipped}", summary.done))
}

fn name(key: &Key) -> String {
    match Group::of(key) {
        Group::Nodegroup(name) if key.kind == Type::Nodegroup => format!("nodegroup {name}"),
        Group::ControlPlane => format!("cluster {}", key.name),
        _ => key.to_string(),
    }
}

fn place(end: &End<'_>, key: &Key) -> Option<String> {
    let (graph, source) = end.places?;
    Some(diagnostics::place(source, graph.span(key, "")?))
}

fn list(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(", ")
}

/// What to do, where AWS's words alone do not say so.
fn hint(failure: &Failure) -> Option<String> {
    use crate::world::Class;
    let Failure::World(error) = failure else { return None };
    match error.class {
        Class::Denied => {
            Some(format!("the caller may not {}: let somebody who may allow it", error.operation))
        }
        Class::Limit => {
            Some("a quota is used up: raise it in Service Quotas, or delete what is not needed".to_owned())
        }
        Class::Expired => Some("the credentials have expired: renew them, and run again".to_owned()),
        Class::Ambiguous => Some("AWS could not be reached: check the network, and run again".to_owned()),
        Class::Refused | Class::Throttled | Class::NotFound | Class::Busy | Class::Exists => None,
    }
}

/// The end of a deletion.
pub fn gone(end: &End<'_>, proof: &Proof, stays: &[String]) -> String {
    let what = count(end.summary.done, "resource");
    let took = duration(end.summary.took);
    let mut lines = Vec::new();
    if proof.is_clean() {
        lines.push(format!(
            "{} is gone in {took}: {what} of its own. Read again: nothing of it is left.",
            end.cluster
        ));
    } else {
        lines.push(format!("{} is not all gone after {took}: {what} deleted.", end.cluster));
        lines.extend(proof.left.iter().map(|key| format!("  left   {key}")));
        lines.extend(
            proof
                .unread
                .iter()
                .map(|kind| format!("  unread every {}: it cannot be said what is left", kind.word())),
        );
        lines.extend(
            proof
                .guests
                .iter()
                .map(|id| format!("  not ours  {id}: it was left alone, and what it stands in")),
        );
        let first = if proof.guests.is_empty() { "" } else { "remove what is not ours, then " };
        lines.push(format!("  next   {first}{}", end.again));
    }
    lines.extend(stays.iter().map(|it| format!("  stays  {it}")));
    lines.join("\n")
}
