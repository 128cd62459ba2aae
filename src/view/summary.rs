//! The end of a run: what was done, what failed and why, what is left, and what to type next.

use std::time::Duration;

use super::units::{count, duration, named};
use super::{load_balancers, money, readiness};
use crate::apply::{Failure, Summary};
use crate::cluster::Facts;
use crate::config::Source;
use crate::graph::Graph;
use crate::ops::{Group, Inside, Proof};
use crate::plan::Plan;
use crate::resource::{Key, Operation, Trouble, Type};
use crate::view::diagnostics;

/// EKS's code for instances that have not become nodes, whatever the reason.
const NOT_JOINED: &str = "NodeCreationFailure";
/// How that reason is found out where nothing shows it from outside.
const LOOK: &str = "see what an instance says (aws ec2 get-console-output --latest --instance-id ID), then ";

/// What a summary is told with.
pub struct End<'a> {
    /// The cluster's name.
    pub cluster: &'a str,
    /// Who did it, and where.
    pub facts: &'a Facts,
    /// What was to be done.
    pub plan: &'a Plan,
    /// What came of it.
    pub summary: &'a Summary,
    /// Calls that were under way when the run had to end at once.
    pub doubtful: &'a [(Key, &'static str)],
    /// What was seen from inside Kubernetes; nothing, where nobody has looked.
    pub inside: Option<&'a Inside>,
    /// What should be, and the file that says so.
    pub places: Option<(&'a Graph, &'a Source)>,
    /// How the command is typed again.
    pub again: &'a str,
    /// How the file is named on a command line: ` -f cluster.yaml`.
    pub file: &'a str,
}

/// The end of a run in which all went well.
pub fn ready(end: &End<'_>, is: &str) -> String {
    let mut lines = vec![format!("{} {is}: {}.", end.cluster, what(end))];
    lines.push(format!("  took        {}", times(end)));
    match end.inside.and_then(|inside| inside.kubeconfig.as_ref()) {
        Some(Ok(it)) => {
            lines.push(format!("  kubeconfig  {}", readiness::kubeconfig(it)));
            lines.push(format!("  next        kubectl get nodes{}", readiness::context(it)));
        }
        Some(Err(_)) | None => lines.push(format!("  next        {}", look(end))),
    }
    lines.join("\n")
}

/// How what was made is looked at.
fn look(end: &End<'_>) -> String {
    let mut changes = end.plan.changes().unwrap_or_default().iter();
    match end.plan.is_part && changes.any(|change| change.key.kind.is_kubernetes()) {
        true => format!("eksact get component --cluster {} --region {}", end.cluster, end.facts.region),
        false => readiness::write_kubeconfig(end),
    }
}

/// The same, where AWS was left out.
pub fn installed(end: &End<'_>) -> String {
    let made = count(end.summary.done, "change");
    let lines = [
        format!("{} is as its file says: {made} made.", end.cluster),
        format!("  took        {}", times(end)),
    ];
    let next = "  next        kubectl -n kube-system get deployments".to_owned();
    lines.into_iter().chain([next]).collect::<Vec<_>>().join("\n")
}

/// `2 of 2 nodes Ready, 4 add-ons active`, or what was done, where nobody has looked inside.
fn what(end: &End<'_>) -> String {
    let Some(ready) = end.inside.and_then(|inside| readiness::nodes(&inside.nodes)) else {
        return format!("{} made", count(end.summary.done, "change"));
    };
    let nodes = end.places.map_or(&[][..], |(graph, _)| graph.nodes());
    let addons = nodes.iter().filter(|node| node.key.kind == Type::Addon).count();
    let addons = if addons == 0 { String::new() } else { format!(", {} active", count(addons, "add-on")) };
    format!("{ready}{addons}")
}

/// `12m16s; floor 12m10s (control plane 9m40s, nodes 1m50s); own waiting 6s`.
pub(super) fn times(end: &End<'_>) -> String {
    let (took, waited) = (duration(end.summary.took), duration(end.summary.waited));
    let usual = |kind: Type| -> Duration {
        let changes = end.plan.changes().unwrap_or_default().iter().filter(|change| change.key.kind == kind);
        changes.map(|change| change.operations.iter().map(Operation::usual).sum()).max().unwrap_or_default()
    };
    let parts = [("control plane", usual(Type::Cluster)), ("nodes", usual(Type::Nodegroup))];
    let told = parts.iter().filter(|(_, usual)| usual.as_secs() >= 60);
    let told: Vec<String> = told.map(|(what, usual)| format!("{what} {}", duration(*usual))).collect();
    let told = if told.is_empty() { String::new() } else { format!(" ({})", told.join(", ")) };
    format!("{took}; floor {}{told}; own waiting {waited}", duration(end.plan.floor(end.facts.now)))
}

/// The end of a run in which something failed, or that was stopped.
pub fn failed(end: &End<'_>) -> String {
    let mut lines = Vec::new();
    let halted = |failure: &Failure| matches!(failure, Failure::Halted(_));
    let failures: Vec<_> = end.summary.failed.iter().filter(|(_, failure)| !halted(failure)).collect();
    for (key, failure) in &failures {
        lines.push(format!("error: {} failed: {}", name(key), headline(failure)));
        lines.extend(why(failure).map(|why| format!("  why    {why}")));
        lines.extend(readiness::causes(end.inside, key));
        lines.extend(place(end, key, failure).map(|place| format!("  where  {place}")));
    }
    if let Some(halt) = end.summary.halted {
        lines.push(format!("{} is not finished: {halt}", end.cluster));
    }
    lines.extend(done(end));
    lines.extend(begun(end));
    lines.extend(left(end));
    lines.extend(readiness::awaited(end.inside));
    lines.push(format!("  took   {}", times(end)));
    let stays = |failure: &Failure| matches!(failure, Failure::Broken { .. } | Failure::Late { .. });
    let held: Vec<&Key> = failures.iter().filter(|it| stays(&it.1)).map(|(key, _)| key).collect();
    match load_balancers::way_out(end, &held) {
        Some(way_out) => lines.extend(way_out),
        None => lines.extend(next(end, failures.first().map(|(key, failure)| (key, failure)))),
    }
    lines.join("\n")
}

/// What is there, what AWS is at, and what may be.
fn left(end: &End<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let (inside, outside): (Vec<_>, Vec<_>) =
        end.summary.left.iter().cloned().partition(|key| key.kind.is_kubernetes());
    for (is, keys) in [("AWS is still at it", outside), ("not ready yet", inside)] {
        lines.extend((!keys.is_empty()).then(|| format!("  left   {is}: {}", list(&keys))));
    }
    lines.extend(in_the_way(&end.summary.troubles));
    lines.extend(end.doubtful.iter().map(|(key, call)| {
        format!("  doubt  {call} for {key} was sent, and its answer not waited for: the next run looks what came of it")
    }));
    // What the rest costs is not told where only some of it was to be done.
    let Some((graph, _)) = end.places.filter(|_| !end.plan.is_part) else { return lines };
    let failed = end.summary.failed.iter().filter(|it| !runs_all_the_same(&it.1)).map(|(key, _)| key);
    let undone = failed.chain(end.summary.skipped.iter().map(|(key, _)| key));
    let undone: Vec<&Key> = undone.filter(|key| !end.summary.left.contains(key)).collect();
    let bill = money::left(end.facts, graph, end.plan, &undone);
    if !bill.is_empty() {
        let is_made = |key: &Key| !undone.contains(&key) && !end.summary.left.contains(key);
        let runs = graph.nodes().iter().any(|node| node.key.kind == Type::Cluster && is_made(&node.key));
        let what = if runs { "the cluster runs and costs" } else { "what is there costs" };
        lines.push(format!("  left   {what} {}", money::hourly(&bill, "")));
    }
    lines
}

/// Whether what has failed runs, and costs: nodes do that never join.
fn runs_all_the_same(failure: &Failure) -> bool {
    match failure {
        Failure::Broken { troubles, .. } => troubles.iter().any(|it| it.code == "NodeCreationFailure"),
        Failure::Late { .. } => true,
        Failure::World(_) | Failure::Astray(_) | Failure::Unsteady { .. } | Failure::Halted(_) => false,
    }
}

/// What is in the way of what is left; what several complain about is told once.
fn in_the_way(troubles: &[(Key, Trouble)]) -> Vec<String> {
    let mut told: Vec<&Trouble> = troubles.iter().map(|(_, trouble)| trouble).collect();
    told.sort_by_key(|it| (&it.code, &it.message));
    told.dedup();
    told.into_iter().map(|it| format!("  why    {}", complaint(it))).collect()
}

/// What to type, and what has to be done before, so that it does not fail in the same way.
fn next(end: &End<'_>, first: Option<(&Key, &Failure)>) -> Vec<String> {
    use crate::world::Class;
    let place = first.and_then(|(key, failure)| place(end, key, failure));
    let before = match first.map(|(_, failure)| failure) {
        Some(Failure::World(error)) => match error.class {
            Class::Denied => format!("let somebody who may allow {}, then ", error.operation),
            Class::Limit => {
                "raise the quota in Service Quotas, or delete what is not needed, then ".to_owned()
            }
            Class::Ambiguous => "check the network, then ".to_owned(),
            Class::Expired => "renew the credentials, then ".to_owned(),
            Class::Refused => place.map(|place| format!("edit {place}, then ")).unwrap_or_default(),
            Class::Throttled | Class::NotFound | Class::Busy | Class::Exists => String::new(),
        },
        Some(Failure::Broken { troubles, .. }) => {
            // Where AWS does not say which property it is about, there is nothing to edit.
            let named = place.filter(|_| troubles.iter().any(|it| property(&it.code).is_some()));
            let is_known = first.is_some_and(|(key, _)| readiness::has_remedy(end.inside, key));
            match (named, is_known) {
                (_, true) => "do as hinted above, then ".to_owned(),
                (Some(place), false) => format!("edit {place}, then "),
                (None, false) if troubles.iter().any(|it| it.code == NOT_JOINED) => LOOK.to_owned(),
                (None, false) => String::new(),
            }
        }
        Some(Failure::Late { .. } | Failure::Astray(_) | Failure::Unsteady { .. } | Failure::Halted(_))
        | None => String::new(),
    };
    let again = format!("  next   {before}{}   goes on from here", end.again);
    // Nobody takes a cluster away for want of a part of it, or without having asked AWS for one.
    let deletes = end.places.is_none();
    let whole = !end.plan.is_part && !end.facts.caller.account.is_empty() && !deletes;
    let away = format!("         eksact delete cluster{}   takes everything away", end.file);
    [again].into_iter().chain(whole.then_some(away)).collect()
}

/// What was stopped between two calls: AWS is not at it, and it is not done.
fn begun(end: &End<'_>) -> Option<String> {
    let is_told = |key: &Key| end.summary.left.contains(key) || end.doubtful.iter().any(|(it, _)| it == key);
    let halted = end.summary.failed.iter().filter(|(_, failure)| matches!(failure, Failure::Halted(_)));
    let begun: Vec<Key> = halted.map(|(key, _)| key.clone()).filter(|key| !is_told(key)).collect();
    (!begun.is_empty()).then(|| format!("  begun  {} more, not finished: {}", begun.len(), list(&begun)))
}

fn done(end: &End<'_>) -> Option<String> {
    let summary = end.summary;
    let all = summary.done + summary.failed.len() + summary.skipped.len();
    if all == 0 {
        return None;
    }
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
        Group::ControlPlane => format!("cluster {}", key.name),
        _ => named(key),
    }
}

/// Where the file says what AWS does not take.
fn place(end: &End<'_>, key: &Key, failure: &Failure) -> Option<String> {
    let (graph, source) = end.places?;
    let path = match failure {
        Failure::Broken { troubles, .. } => troubles.iter().find_map(|it| property(&it.code)).unwrap_or(""),
        _ => "",
    };
    let place = diagnostics::place(source, graph.span(key, path)?);
    Some(if path.is_empty() { place } else { format!("{place} {path}") })
}

/// The property that EKS complains about with this code of a node group's health.
fn property(code: &str) -> Option<&'static str> {
    match code {
        "AsgInstanceLaunchFailures" => Some("InstanceTypes"),
        "Ec2SubnetNotFound" | "Ec2SubnetMissingIpv6Assignment" | "InsufficientFreeAddresses" => {
            Some("Subnets")
        }
        "IamNodeRoleNotFound" => Some("NodeRole"),
        _ => None,
    }
}

fn list(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(", ")
}

/// What failed, in few words.
fn headline(failure: &Failure) -> String {
    match failure {
        Failure::World(error) => format!("{}: {}", error.operation, error.code),
        Failure::Broken { .. }
        | Failure::Late { .. }
        | Failure::Astray(_)
        | Failure::Unsteady { .. }
        | Failure::Halted(_) => failure.to_string(),
    }
}

fn complaint(trouble: &Trouble) -> String {
    format!("{}, \"{}\"", trouble.code, trouble.message)
}

/// AWS's own words, and the request by which its support finds the call.
fn why(failure: &Failure) -> Option<String> {
    match failure {
        Failure::World(error) => {
            let request = error.request_id.as_ref().map(|id| format!(" (request {id})"));
            Some(format!("{}{}", error.message, request.unwrap_or_default()))
        }
        Failure::Broken { troubles, .. } | Failure::Late { troubles, .. } if !troubles.is_empty() => {
            Some(troubles.iter().map(complaint).collect::<Vec<_>>().join("; "))
        }
        Failure::Broken { .. }
        | Failure::Late { .. }
        | Failure::Astray(_)
        | Failure::Unsteady { .. }
        | Failure::Halted(_) => None,
    }
}

/// The end of a deletion of what is not there.
pub fn absent(cluster: &str, stays: &[String]) -> String {
    let stays: String = stays.iter().map(|it| format!("\n  stays  {it}")).collect();
    format!("{cluster} is not there: nothing to delete.{stays}")
}

/// The end of a deletion after which nothing could be read any more.
pub fn unproven(end: &End<'_>, why: &str, stays: &[String]) -> String {
    let (cluster, done) = (end.cluster, count(end.summary.done, "change"));
    let mut lines = vec![
        format!("{cluster}: {done} done, as planned; what is left could not be read again."),
        format!("  why    {why}"),
        format!("  next   {}   proves that nothing is left", end.again),
    ];
    lines.extend(stays.iter().map(|it| format!("  stays  {it}")));
    lines.join("\n")
}

/// The end of a deletion.
pub fn gone(end: &End<'_>, proof: &Proof, stays: &[String]) -> String {
    let changes = end.plan.changes().unwrap_or_default();
    let inside = [(Type::Exposed, "load balancer"), (Type::Volume, "volume")];
    let inside = inside.map(|(kind, word)| (changes.iter().filter(|it| it.key.kind == kind).count(), word));
    let own = end.summary.done.saturating_sub(inside.iter().map(|(number, _)| number).sum());
    let what = count(own, "resource");
    let more = inside.iter().filter(|(number, _)| *number > 0);
    let more: String = more.map(|(number, word)| format!(", {}", count(*number, word))).collect();
    let took = duration(end.summary.took);
    let mut lines = Vec::new();
    if proof.is_clean() {
        lines.push(format!(
            "{} is gone in {took}: {what} of its own{more}. Read again: nothing of it is left.",
            end.cluster
        ));
    } else {
        lines.push(format!("{} is not all gone after {took}: {what}{more} deleted.", end.cluster));
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
