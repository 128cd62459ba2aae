//! Changes property by property; those that are alike as one.

use crate::plan::{Action, Change};
use crate::resource::{Difference, Key, Live, Reaction, Type};
use crate::view::units::{named, value};

/// Where the properties of a change stand.
const INDENT: &str = "      ";
/// How wide the column of their names is.
const WIDTH: usize = 33;

/// Changes that say the same of several resources.
pub(super) struct Alike<'a> {
    keys: Vec<&'a Key>,
    change: &'a Change,
}

/// Puts together what is changed alike: a new tag on thirty resources is one thing to a person.
pub(super) fn alike<'a>(changes: &[&'a Change]) -> Vec<Alike<'a>> {
    let mut all: Vec<Alike<'a>> = Vec::new();
    for change in changes {
        let same = |it: &&mut Alike<'_>| {
            it.change.action == change.action
                && shown(&it.change.differences, false) == shown(&change.differences, false)
                && it.change.action == Action::Update
        };
        match all.iter_mut().find(same) {
            Some(it) => it.keys.push(&change.key),
            None => all.push(Alike { keys: vec![&change.key], change }),
        }
    }
    all
}

/// The differences that a person has asked for: our own bookkeeping only with `details`.
fn shown(differences: &[Difference], details: bool) -> Vec<&Difference> {
    differences.iter().filter(|it| details || !it.path.starts_with("Tags.eksact.dev/")).collect()
}

impl Alike<'_> {
    /// The head of it and its properties.
    pub(super) fn lines(&self, details: bool) -> Vec<String> {
        let change = self.change;
        let names = match &self.keys[..] {
            [key] => named(key),
            [first, rest @ ..] => format!("{} and {} more", named(first), rest.len()),
            [] => String::new(),
        };
        let mut lines = vec![format!("{} {names:<32} {}", symbol(change), manner(change))];
        lines.extend(differences(&shown(&change.differences, details)));
        if details {
            lines.extend(change.operations.iter().map(|call| format!("{INDENT}call {}", call.action())));
        }
        lines
    }
}

fn symbol(change: &Change) -> &'static str {
    match change.action {
        Action::Create if replaces(change) => "-/+",
        Action::Create => "+",
        Action::Update => "~",
        Action::Remake => "-/+",
        Action::Wait => "…",
        Action::Delete => "-",
    }
}

/// What the change does, in a few words.
fn manner(change: &Change) -> String {
    match (change.action, change.found()) {
        (Action::Create, _) if replaces(change) => "replace".to_owned(),
        (Action::Create, None) => "create".to_owned(),
        (Action::Create, Some(live)) => format!("create again: it is {}", live.status),
        (Action::Update, _) => in_place(change).to_owned(),
        (Action::Remake, _) => "delete, then create again under its name".to_owned(),
        (Action::Wait, Some(live)) => {
            let who = if change.key.kind.is_kubernetes() { "the cluster" } else { "AWS" };
            format!("wait: {who} is at it already ({})", live.status)
        }
        (Action::Wait, None) => "wait: AWS is at it already".to_owned(),
        (Action::Delete, Some(live)) => format!("delete {}", short(live)),
        (Action::Delete, None) => "delete".to_owned(),
    }
}

/// Whether it is made instead of one that cannot be changed.
fn replaces(change: &Change) -> bool {
    change.differences.iter().any(|it| it.reaction == Reaction::Replace)
}

/// Whether anything that runs notices a change in place.
fn in_place(change: &Change) -> &'static str {
    let rolls = change.differences.iter().any(|it| it.path == "LaunchTemplate.Version");
    match change.key.kind {
        Type::Nodegroup if rolls => "in place: its nodes are drained and replaced, a few at a time",
        Type::Nodegroup => "in place, no disruption",
        _ => "in place",
    }
}

/// AWS's name or id, without the rest of an ARN.
pub(super) fn short(live: &Live) -> &str {
    live.name.as_deref().unwrap_or_else(|| live.id.rsplit('/').next().unwrap_or(&live.id))
}

/// One line each.
pub(super) fn differences(differences: &[&Difference]) -> Vec<String> {
    let line = |it: &&Difference| {
        let told = match (&it.before, &it.after) {
            (Some(before), Some(after)) => format!("{} → {}", value(before), value(after)),
            (None, Some(after)) => format!("+ {}", value(after)),
            (Some(before), None) => format!("- {}", value(before)),
            (None, None) => String::new(),
        };
        let heavy = matches!(it.reaction, Reaction::Replace | Reaction::Remake);
        let why = if heavy { "   cannot change in place" } else { "" };
        format!("{INDENT}{:<WIDTH$} {told}{why}", path(&it.path))
    };
    differences.iter().map(line).collect()
}

/// A path with the name that stands at the end of an ARN for the ARN.
fn path(path: &str) -> String {
    match path.split_once(".arn:") {
        Some((before, arn)) => format!("{before}.{}", arn.rsplit('/').next().unwrap_or(arn)),
        None => path.to_owned(),
    }
}
