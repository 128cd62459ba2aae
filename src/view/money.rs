//! What it costs, as part of other screens.

use crate::cluster::Facts;
use crate::graph::{Graph, Node};
use crate::plan::Plan;
use crate::price::{Bill, Item};
use crate::resource::{Any, Key, Live, Remark, Standing};
use crate::world::Snapshot;

/// What these resources cost where the caller is.
fn bill(facts: &Facts, items: &[Item<'_>]) -> Bill {
    let extended = |version: &str| {
        let known = facts.versions.iter().find(|it| it.version == version);
        known.and_then(|it| it.standard_until).is_some_and(|until| until <= facts.now)
    };
    Bill::of(&facts.region, items, extended)
}

/// What a graph costs, but for some of it.
pub(super) fn desired(facts: &Facts, graph: &Graph, there: impl Fn(&Key) -> bool) -> Bill {
    let nodes = graph.nodes().iter().filter(|node| there(&node.key));
    let items: Vec<Item<'_>> =
        nodes.map(|node| Item { key: &node.key, any: &node.resource, id: None }).collect();
    bill(facts, &items)
}

/// What a graph costs, where node groups have as many nodes as a plan leaves them.
pub(super) fn planned(facts: &Facts, graph: &Graph, plan: &Plan) -> Bill {
    let sized = |node: &Node| {
        let mut any = node.resource.clone();
        if let (Any::Nodegroup(group), Some(nodes)) = (&mut any, nodes_left(plan, &node.key)) {
            group.scaling_config.desired_size.size = nodes;
        }
        any
    };
    let all: Vec<(&Key, Any)> = graph.nodes().iter().map(|node| (&node.key, sized(node))).collect();
    bill(facts, &all.iter().map(|(key, any)| Item { key, any, id: None }).collect::<Vec<_>>())
}

/// The nodes of a group that a plan does not give the number of the file.
fn nodes_left(plan: &Plan, key: &Key) -> Option<u32> {
    plan.notes.iter().filter(|note| note.key == *key).find_map(|note| match note.what {
        Remark::Scaled { live, .. } | Remark::Autoscaled { live, .. } => Some(live),
        _ => None,
    })
}

/// What lives costs.
pub(super) fn living(facts: &Facts, snapshot: &Snapshot) -> Bill {
    bill(facts, &lives(snapshot).map(|(_, item)| item).collect::<Vec<_>>())
}

fn lives(snapshot: &Snapshot) -> impl Iterator<Item = (&Live, Item<'_>)> {
    let found = snapshot.found.iter().flat_map(|(key, found)| found.iter().map(move |it| (key, it)));
    let lives = found.filter_map(|(key, found)| Some((key, found.present()?)));
    let lives = lives.filter(|(_, live)| !matches!(live.standing(), Standing::Gone | Standing::Deleting));
    lives.map(|(key, live)| (live, Item { key, any: &live.properties, id: Some(id(key, live)) }))
}

/// By which others refer to it.
fn id<'a>(key: &Key, live: &'a Live) -> &'a str {
    live.attributes.get(key.kind.id()).unwrap_or(&live.id)
}

/// What a run that stopped on the way has left behind: what was there, and what was made.
pub(super) fn left(facts: &Facts, graph: &Graph, plan: &Plan, undone: &[&Key]) -> Bill {
    let changes = plan.changes().unwrap_or_default();
    let made = |key: &Key| {
        let begins =
            changes.iter().filter(|change| change.key == *key).all(|change| change.found().is_none())
                && changes.iter().any(|change| change.key == *key);
        !begins || !undone.contains(&key)
    };
    desired(facts, graph, made)
}

/// What lives costs, and what a plan for some of it puts beside it.
pub(super) fn beside(facts: &Facts, snapshot: &Snapshot, graph: &Graph, plan: &Plan) -> Bill {
    let is_new = |key: &Key| plan.changes().unwrap_or_default().iter().any(|change| change.key == *key);
    let lives = lives(snapshot).map(|(_, item)| item).filter(|item| !is_new(item.key));
    let made = graph.nodes().iter().filter(|node| is_new(&node.key));
    let made = made.map(|node| Item { key: &node.key, any: &node.resource, id: None });
    bill(facts, &lives.chain(made).collect::<Vec<_>>())
}

/// What a plan takes away of what lives costs: all of it, but for what stays.
pub(super) fn going(facts: &Facts, snapshot: &Snapshot, plan: &Plan) -> Bill {
    let doomed = plan.changes().unwrap_or_default().iter().filter_map(|change| change.doomed());
    let doomed: Vec<&str> = doomed.map(|live| live.id.as_str()).collect();
    let stays = lives(snapshot).filter(|(live, _)| !doomed.contains(&live.id.as_str()));
    let stays = bill(facts, &stays.map(|(_, item)| item).collect::<Vec<_>>());
    let mut going = living(facts, snapshot);
    without(&mut going.lines, &stays.lines);
    without(&mut going.unknown, &stays.unknown);
    going
}

/// Takes each of these out once.
fn without<T: PartialEq>(all: &mut Vec<T>, some: &[T]) {
    for one in some {
        if let Some(at) = all.iter().position(|it| it == one) {
            all.remove(at);
        }
    }
}

/// What stops costing with a plan that takes away, after something else: `; $0.37/h less`.
pub(super) fn less(facts: &Facts, snapshot: &Snapshot, plan: &Plan) -> String {
    let going = going(facts, snapshot, plan);
    if going.is_empty() { String::new() } else { format!("; {}", hourly(&going, " less")) }
}

/// `$0.37/h`, when that is, and what is not in it.
pub(super) fn hourly(bill: &Bill, when: &str) -> String {
    let without = match &bill.unknown[..] {
        [] => String::new(),
        [only] => format!(", without {only}, whose price is not known here"),
        several => format!(", without {}, whose prices are not known here", several.join(", ")),
    };
    let spot = if bill.spot { " (spot nodes at the price on demand)" } else { "" };
    format!("{}/h{when}{spot}{without}", bill.total())
}

/// Line by line.
pub(super) fn details(bill: &Bill) -> Vec<String> {
    let head = format!(
        "{}/h by AWS's list prices, a snapshot of {}; without traffic, requests, logs, what Kubernetes makes, and discounts",
        bill.total(),
        bill.as_of
    );
    let lines = bill.lines.iter().map(|(what, price)| format!("      {what:<43} {}", price.exact()));
    let unknown = bill.unknown.iter().map(|what| format!("      {what:<43} price not known here"));
    [head].into_iter().chain(lines).chain(unknown).collect()
}

/// Whether anything that lives is somebody's cost.
pub(super) fn is_any(snapshot: &Snapshot) -> bool {
    snapshot.found.values().flatten().any(|found| found.living().is_some())
}
