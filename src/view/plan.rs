//! The plan: one screen first, and every change property by property.

use std::collections::BTreeMap;
use std::time::Duration;

use super::change::{alike, differences};
use super::contents;
use super::money;
use super::units::{about, count, named};
use crate::cluster::{Caller, Facts};
use crate::config::Source;
use crate::graph::Graph;
use crate::ops::{Draft, Group, Removal};
use crate::plan::{Action, Change, Note, Plan, Refusal, Scope, Unread, Unseen, Why};
use crate::resource::{Any, Key, Operation, Remark, Type, eks};
use crate::view::diagnostics;
use crate::view::units;
use crate::view::volumes;
use crate::world::Snapshot;

/// A plan, and what it is shown with.
pub struct Screen<'a> {
    /// The cluster's name.
    pub cluster: &'a str,
    /// Who, where, and what AWS has.
    pub facts: &'a Facts,
    /// What should be, for what is new and for places; nothing for a deletion.
    pub graph: Option<&'a Graph>,
    /// The plan.
    pub plan: &'a Plan,
    /// The file, for places.
    pub source: Option<&'a Source>,
    /// What lives, for what it costs.
    pub snapshot: &'a Snapshot,
    /// Whether nothing of it is there yet.
    pub new: bool,
    /// Whether every property and call is shown.
    pub details: bool,
    /// Where the file could be safer, in one line.
    pub warnings: Option<String>,
}

impl<'a> Screen<'a> {
    /// Of a draft.
    pub fn of(cluster: &'a str, draft: &'a Draft, source: &'a Source, details: bool) -> Self {
        Self {
            cluster,
            facts: &draft.facts,
            graph: Some(&draft.graph),
            plan: &draft.plan,
            source: Some(source),
            snapshot: &draft.snapshot,
            new: draft.is_new(),
            details,
            warnings: None,
        }
    }

    /// With a line about the file.
    pub fn with(self, warnings: Option<String>) -> Self {
        Self { warnings, ..self }
    }

    /// Of a removal.
    pub fn of_removal(cluster: &'a str, removal: &'a Removal) -> Self {
        Self {
            cluster,
            facts: &removal.facts,
            graph: None,
            plan: &removal.plan,
            source: None,
            snapshot: &removal.snapshot,
            new: false,
            details: false,
            warnings: None,
        }
    }
}

/// The changes of a plan, or what would be changed if nothing were refused.
fn changes(plan: &Plan) -> &[Change] {
    plan.changes().unwrap_or_default()
}

/// The whole screen.
pub fn plan(screen: &Screen<'_>) -> String {
    let mut lines = vec![header(screen), String::new()];
    let body = body(screen);
    if !body.is_empty() {
        lines.extend(body);
        lines.push(String::new());
    }
    lines.extend(footer(screen));
    lines.join("\n")
}

/// Account, region and caller, as on every screen that leads to a change.
pub fn header(screen: &Screen<'_>) -> String {
    // Without AWS, the cluster is there already.
    let is_new = screen.new && !screen.facts.caller.account.is_empty();
    let new = if is_new { "   new cluster" } else { "" };
    format!("{}{new}", whereabouts((screen.cluster, &screen.facts.region), &screen.facts.caller))
}

/// `demo · us-west-2 · account 123456789012 as role/deploy`.
pub(super) fn whereabouts((cluster, region): (&str, &str), caller: &Caller) -> String {
    format!("{cluster} · {region} · {}", units::caller(caller))
}

/// What is to be done, group by group.
pub(super) fn body(screen: &Screen<'_>) -> Vec<String> {
    let mut groups: BTreeMap<Group, Vec<&Change>> = BTreeMap::new();
    for change in changes(screen.plan) {
        groups.entry(Group::of(&change.key)).or_default().push(change);
    }
    let mut lines: Vec<String> = screen.plan.refused.iter().flat_map(|it| refusal(screen, it)).collect();
    for (group, changes) in &groups {
        lines.extend(block(screen, group, changes));
    }
    lines.extend(screen.plan.notes.iter().map(note));
    lines.extend(screen.plan.unread.iter().map(unread));
    lines
}

fn block(screen: &Screen<'_>, group: &Group, changes: &[&Change]) -> Vec<String> {
    let new = changes.iter().all(|change| change.action == Action::Create && change.differences.is_empty());
    let gone = changes.iter().all(|change| change.action == Action::Delete);
    let mut lines = Vec::new();
    if new {
        lines.push(format!(
            "+ {:<16} {}",
            group.to_string(),
            contents::line(group, &made(screen, changes), Some(screen.facts))
        ));
    } else if gone {
        let title = match group {
            Group::LoadBalancers => count(changes.len(), "load balancer"),
            Group::Volumes => count(changes.len(), "volume"),
            _ => group.to_string(),
        };
        lines.push(format!("- {title:<16} {}", contents::line(group, &doomed(changes), None)));
    }
    let replaced = replacement(screen, group, changes);
    let told = replaced.is_some() && !screen.details;
    lines.extend(replaced.into_iter().flatten());
    if screen.details || !(new || gone) {
        let is_told = |change: &&Change| told && change.key.kind == Type::Nodegroup;
        let rest: Vec<&Change> = changes.iter().copied().filter(|change| !is_told(change)).collect();
        lines.extend(alike(&rest).iter().flat_map(|it| it.lines(screen.details)));
    }
    if screen.details {
        lines
            .extend(made(screen, changes).iter().filter(|_| new).flat_map(|(key, any)| properties(key, any)));
    }
    lines
}

/// What is to be made, as desired.
fn made<'a>(screen: &Screen<'a>, changes: &[&'a Change]) -> Vec<(&'a Key, &'a Any)> {
    let node = |change: &&'a Change| {
        let node = screen.graph?.node(&change.key)?;
        Some((&change.key, &node.resource))
    };
    changes.iter().filter_map(node).collect()
}

/// What is to go, as it lives.
fn doomed<'a>(changes: &[&'a Change]) -> Vec<(&'a Key, &'a Any)> {
    let doomed = |change: &&'a Change| Some((&change.key, change.doomed().map(|live| &live.properties)?));
    changes.iter().filter_map(doomed).collect()
}

/// A node group that is made anew beside the old one: one thing to a person.
fn replacement(screen: &Screen<'_>, group: &Group, changes: &[&Change]) -> Option<Vec<String>> {
    let of = |action| changes.iter().find(|it| it.action == action && it.key.kind == Type::Nodegroup);
    let (new, old) = (of(Action::Create)?, of(Action::Delete)?);
    let name = new.operations.iter().find_map(|call| match call {
        Operation::Eks(eks::Operation::CreateNodegroup { name, .. }) => Some(name.as_str()),
        _ => None,
    });
    let added = screen.graph.and_then(|graph| match &graph.node(&new.key)?.resource {
        Any::Nodegroup(group) => {
            let addresses = contents::addresses(group, graph, screen.facts);
            Some(format!(" (+{}{addresses})", contents::size(group)))
        }
        _ => None,
    });
    let usual = new.operations.iter().chain(&old.operations).map(Operation::usual).sum();
    let head = format!(
        "-/+ {:<14} replace: {}{} first, then {} is drained and deleted; about {}",
        group.to_string(),
        name.unwrap_or("a new one"),
        added.unwrap_or_default(),
        old.doomed().map(super::change::short).unwrap_or_default(),
        about(usual)
    );
    let shown: Vec<_> =
        new.differences.iter().filter(|it| screen.details || !it.path.starts_with("Tags.eksact")).collect();
    Some([head].into_iter().chain(differences(&shown)).collect())
}

fn properties(key: &Key, any: &Any) -> Vec<String> {
    let Ok(serde_json::Value::Object(map)) = serde_json::to_value(any) else { return Vec::new() };
    let told = map.iter().filter(|(_, value)| !value.is_null());
    let told = told.map(|(name, value)| format!("      {name:<34}{}", units::value(value)));
    [format!("    {key} ({})", key.kind.cloudformation())].into_iter().chain(told).collect()
}

fn refusal(screen: &Screen<'_>, refusal: &Refusal) -> Vec<String> {
    let key = &refusal.key;
    match &refusal.why {
        Why::Protected(found) => {
            let shown: Vec<_> = found.iter().filter(|it| !it.path.starts_with("Tags.")).collect();
            let mut lines = vec![format!("! {:<32} protected", named(key))];
            lines.extend(differences(&shown));
            lines.push(format!("      {}", advice(key.kind)));
            let path = shown.first().map_or("", |it| it.path.as_str());
            lines.extend(place(screen, key, path).map(|place| format!("      {place}")));
            lines
        }
        Why::Kept => vec![
            format!("! {:<32} protected", named(key)),
            "      it has left the file, and is not deleted for that: eksact delete cluster does it"
                .to_owned(),
        ],
        Why::Clash(id) => vec![
            format!("! {:<32} its name is taken by {id}, which is not this cluster's", named(key)),
            match key.kind.is_kubernetes() {
                true => "      rename one of them, delete the other, or take it over: --force-conflicts"
                    .to_owned(),
                false => "      rename one of them, or delete the other".to_owned(),
            },
        ],
        Why::Incomplete(why) => {
            vec![format!("! {:<32} cannot be changed: {why}", named(key))]
        }
    }
}

/// What to do about a change that is refused.
fn advice(kind: Type) -> &'static str {
    match kind {
        Type::Vpc => "a VPC's first CIDR cannot change: keep it, or make a new cluster beside this one",
        Type::Cluster => {
            "this is chosen when a cluster is made: keep it, or make a new cluster beside this one"
        }
        _ => "too much hangs on it: keep it, or make a new cluster beside this one",
    }
}

fn place(screen: &Screen<'_>, key: &Key, path: &str) -> Option<String> {
    let span = screen.graph?.span(key, path)?;
    Some(diagnostics::place(screen.source?, span))
}

fn note(note: &Note) -> String {
    let key = named(&note.key);
    match &note.what {
        Remark::Scaled { applied, live } => {
            format!("= {key:<32} {live} nodes, {applied} when the file was last applied: left alone")
        }
        Remark::Autoscaled { file, live, by } => format!(
            "= {key:<32} {live} nodes, {file} in the file: left to cluster-autoscaler ({by}), between minSize and maxSize"
        ),
        Remark::Newer { runs, newest } => format!("= {key:<32} {runs} stays; {newest} exists"),
        Remark::Troubled(troubles) => {
            let told = troubles.iter().map(|it| format!("{}: {}", it.code, it.message));
            let who = if note.key.kind.is_kubernetes() { "not ready" } else { "AWS complains" };
            format!("= {key:<32} {who}: {}", told.collect::<Vec<_>>().join("; "))
        }
        Remark::AtCreation { path, was } => {
            format!("= {key:<32} {path} counts only when a cluster is made: it was {was}, and stays so")
        }
        Remark::Forgets { days } => {
            format!(
                "! {key:<32} logs that are older than {} are deleted",
                units::count(*days as usize, "day")
            )
        }
        Remark::Hidden { why } => {
            format!(
                "? {key:<32} load balancers of its Ingresses and Services, and volumes of its claims, could not be looked for: {why}"
            )
        }
        Remark::NotForLoadBalancers { tag, subnets, region } => {
            let (key_of, value) = tag.split_once('=').unwrap_or((tag, ""));
            format!(
                "= {key:<32} finds fewer than two zones for load balancers: {} without {tag}; aws ec2 create-tags --region {region} --resources {} --tags Key={key_of},Value={value}",
                units::count(subnets.len(), "subnet"),
                subnets.join(" "),
            )
        }
        Remark::Unseen { why } => format!(
            "? {key:<32} objects in it were not compared, nor was an autoscaler looked for: whether the file's components of before have left any is not known: {why}"
        ),
        Remark::NoRole { by_provider } => {
            let or = if *by_provider { ", or iam.withOIDC" } else { "" };
            format!("= {key:<32} has no role in AWS: give it one by useDefaultPodIdentityAssociations{or}")
        }
        Remark::KeptFor(id) => format!("= {key:<32} stays: {id}, which is not ours, stands in it"),
    }
}

fn unread(unread: &Unread) -> String {
    let scope = |scope: &Scope, every: &str| match scope {
        Scope::One(key) => named(key),
        Scope::All(kind) => format!("{every}{}", kind.word()),
    };
    let what = scope(&unread.what, "every ");
    let why = match &unread.why {
        Unseen::Failed(error) => format!("cannot be read, and so stays as it is: {error}"),
        Unseen::Unclear(status) => {
            format!("is in a state that is not known here, {status}, and so stays as it is")
        }
        Unseen::Needs(key) => format!("needs {}, which cannot be read", named(key)),
        Unseen::MayBeUsedBy(by) => {
            format!("may be used by {}, which cannot be read, and so stays", scope(by, ""))
        }
    };
    format!("? {what:<32} {why}")
}

fn footer(screen: &Screen<'_>) -> Vec<String> {
    let mut lines = vec![verdict(screen)];
    if screen.details
        && let Some(graph) = screen.graph
    {
        lines.extend(money::details(&money::planned(screen.facts, graph, screen.plan)));
    }
    lines.extend(screen.warnings.clone());
    if screen.plan.refused.is_empty() && !changes(screen.plan).is_empty() {
        lines.push(details(screen));
    }
    lines
}

/// All of it in a line.
pub(super) fn verdict(screen: &Screen<'_>) -> String {
    let plan = screen.plan;
    if !plan.refused.is_empty() {
        let refused = plan.refused.len();
        return format!("Plan: {refused} refused, so nothing will be applied (exit 1).");
    }
    if changes(plan).is_empty() {
        let unknown = if plan.unread.is_empty() { "" } else { ", as far as it could be read" };
        return match plan.is_part {
            true => format!("No changes: what was asked for is there{unknown}."),
            false => format!("No changes: {} is as its file says{unknown}.", screen.cluster),
        };
    }
    let cost = costs(screen).map(|cost| format!("; {cost}")).unwrap_or_default();
    format!("Plan: {}. About {}{}{cost}.", counts(plan), about(plan.floor(screen.facts.now)), of_them(screen))
}

/// `, 10 of them the control plane`: where most of the time goes.
fn of_them(screen: &Screen<'_>) -> String {
    let plan = screen.plan;
    let cluster = changes(plan).iter().filter(|change| change.key.kind == Type::Cluster);
    let usual: Duration = cluster.flat_map(|change| &change.operations).map(Operation::usual).sum();
    match usual.as_secs() / 60 {
        minutes @ 2.. if usual * 2 > plan.floor(screen.facts.now) => {
            format!(", {minutes} of them the control plane")
        }
        _ => String::new(),
    }
}

/// What it will cost; and what it costs, where something is there.
fn costs(screen: &Screen<'_>) -> Option<String> {
    // Where AWS is left out, nothing is known of what it charges.
    let graph = screen.graph.filter(|_| !screen.facts.caller.account.is_empty())?;
    let after = match screen.plan.is_part {
        true => money::beside(screen.facts, screen.snapshot, graph, screen.plan),
        false => money::planned(screen.facts, graph, screen.plan),
    };
    Some(match money::is_any(screen.snapshot) {
        false => money::hourly(&after, " when it runs"),
        true => {
            let before = money::living(screen.facts, screen.snapshot).total();
            format!("{before}/h → {}", money::hourly(&after, ""))
        }
    })
}

fn details(screen: &Screen<'_>) -> String {
    let more = if screen.details { "" } else { "Details: --details. " };
    format!("{more}Nothing has been changed.")
}

/// `32 resources to create with 61 calls`, `1 to change, 1 to replace, 30 unchanged`.
pub fn counts(plan: &Plan) -> String {
    let (changes, steps) = (changes(plan), plan.steps());
    let replaced = steps.iter().filter(|step| !step.instead_of.is_empty()).count();
    let number = |action: Action| {
        let plain = steps.iter().filter(|step| step.instead_of.is_empty());
        plain.filter(|step| changes.get(step.change).is_some_and(|it| it.action == action)).count()
    };
    let calls: usize = changes.iter().map(|change| change.operations.len()).sum();
    let parts = [
        (number(Action::Create), "to create"),
        (number(Action::Update), "to change"),
        (replaced + number(Action::Remake), "to replace"),
        (number(Action::Delete), "to delete"),
        (number(Action::Wait), "to wait for"),
    ];
    let told = parts.iter().filter(|(number, _)| *number > 0);
    let mut told: Vec<String> = told.map(|(number, what)| format!("{number} {what}")).collect();
    if let [only] = &told[..] {
        let (number, what) = only.split_once(' ').unwrap_or((only, ""));
        told = vec![format!("{} {what}", count(number.parse().unwrap_or_default(), "resource"))];
    }
    if !plan.unchanged.is_empty() {
        told.push(format!("{} unchanged", plan.unchanged.len()));
    }
    if told.is_empty() {
        return "nothing can be done".to_owned();
    }
    format!("{} with {}", told.join(", "), count(calls, "call"))
}

/// The head of a deletion: what goes, how long that takes, what stops costing, and what stays.
pub fn removal(screen: &Screen<'_>, removal: &Removal) -> String {
    let from_inside = |kind: Type| matches!(kind, Type::Exposed | Type::Volume);
    let holds = changes(screen.plan).iter().any(|change| from_inside(change.key.kind));
    let too = if holds { ", and what Kubernetes made there" } else { "" };
    let mut lines = vec![format!("{}: everything, {}{too}:", header(screen), goes(screen))];
    lines.extend(body(screen).iter().chain(&volumes::staying(removal)).map(|line| format!("  {line}")));
    lines.push(format!("Plan: {}.", counts(screen.plan)));
    lines.join("\n")
}

/// How long a deletion takes, and what stops costing: `about 9 minutes; $0.37/h less`.
pub(super) fn goes(screen: &Screen<'_>) -> String {
    let less = money::less(screen.facts, screen.snapshot, screen.plan);
    format!(
        "about {}{}{less}",
        about(screen.plan.floor(screen.facts.now)),
        settles(screen).unwrap_or_default()
    )
}

/// What has to be made before it can go, and how long that usually takes; of several what takes longest.
fn settles(screen: &Screen<'_>) -> Option<String> {
    let settling = changes(screen.plan).iter().filter_map(|it| Some((it.settling()?, it)));
    let (usual, change) = settling.max_by_key(|(usual, _)| *usual)?;
    let status = &change.doomed()?.status;
    Some(format!(" once {} is no longer {status}, usually {} after its start", change.key, about(usual)))
}
