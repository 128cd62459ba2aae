//! A part of a plan, and plans that take away only some of what there is.

use std::collections::BTreeSet;

use super::hold::Referred;
use super::{Action, Change, Need, Plan, Scope, Subject};
use crate::graph::Graph;
use crate::resource::{Key, Milestone, Property, Seen, Type};
use crate::world::{Found, Snapshot};

/// What a part of a plan needs is not there, and the part does not make it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key} needs {needs}, which is not there")]
pub struct Lacking {
    /// What is to be done something about.
    pub key: Key,
    /// What it needs.
    pub needs: Key,
}

impl Plan {
    /// The part of it that is about some keys: what it has to say of others is not in it.
    ///
    /// # Errors
    /// Where something of it needs what only another part would make.
    pub fn part(&self, keys: &BTreeSet<Key>) -> Result<Self, Lacking> {
        let of = |change: &Change| keys.contains(&change.key);
        let chosen: Vec<usize> = (0..self.changes.len()).filter(|at| of(&self.changes[*at])).collect();
        let mut part = self.doubts(keys);
        for at in &chosen {
            let change = &self.changes[*at];
            let mut needs = Vec::new();
            for need in &change.needs {
                match chosen.iter().position(|chosen| *chosen == need.change) {
                    Some(change) => needs.push(Need { change, ..*need }),
                    None => self.is_there(change, need)?,
                }
            }
            part.changes.push(Change { needs, ..change.clone() });
        }
        Ok(part)
    }

    /// What it has to say of some keys beside what is to be done about them: a part without any changes.
    pub fn doubts(&self, keys: &BTreeSet<Key>) -> Self {
        let about = |scope: &Scope| match scope {
            Scope::One(key) => keys.contains(key),
            Scope::All(kind) => keys.iter().any(|key| key.kind == *kind),
        };
        Self {
            outputs: self.outputs.clone(),
            is_part: true,
            refused: self.refused.iter().filter(|it| keys.contains(&it.key)).cloned().collect(),
            notes: self.notes.iter().filter(|it| keys.contains(&it.key)).cloned().collect(),
            unread: self.unread.iter().filter(|it| about(&it.what)).cloned().collect(),
            ..Self::default()
        }
    }

    /// Whether what another change is about can be relied on as it is.
    fn is_there(&self, change: &Change, need: &Need) -> Result<(), Lacking> {
        let other = &self.changes[need.change];
        // What pods may do can come later than the nodes that they are to run on.
        let of_pods = [Type::Role, Type::OidcProvider, Type::PodIdentityAssociation];
        if need.milestone == Milestone::Requested && of_pods.contains(&other.key.kind) {
            return Ok(());
        }
        // To an object the order among all that is made is a matter of haste: it lacks only what it names.
        if change.key.kind.is_kubernetes() && !names(change, &other.key) {
            return Ok(());
        }
        match other.action {
            Action::Create => Err(Lacking { key: change.key.clone(), needs: other.key.clone() }),
            Action::Update | Action::Remake | Action::Wait | Action::Delete => Ok(()),
        }
    }

    /// The keys that something is to be done about, or that must not be changed though they differ.
    pub fn keys(&self) -> BTreeSet<&Key> {
        let refused = self.refused.iter().map(|refusal| &refusal.key);
        self.changes.iter().map(|change| &change.key).chain(refused).collect()
    }
}

/// Whether a value of what is desired is an attribute of what has a key.
fn names(change: &Change, key: &Key) -> bool {
    let Subject::Desired { resource, .. } = &change.subject else { return false };
    let mut names = false;
    resource.visit(&mut |seen| {
        if let Seen::Of(reference) = seen {
            names |= reference.key == *key;
        }
    });
    names
}

/// What it takes to delete what was found under some keys and to make of others what a graph says, and nothing
/// else.
pub fn remove(snapshot: &Snapshot, keys: &BTreeSet<Key>, stays: &Graph) -> Plan {
    let mut plan = Plan::of_unread(snapshot);
    let referred = Referred::of(snapshot);
    for node in stays.nodes() {
        let found = snapshot.found.get(&node.key).map_or(&[][..], Vec::as_slice);
        plan.node(node, &stays.edges(node), found, &referred);
    }
    for (key, found) in snapshot.found.iter().filter(|(key, _)| keys.contains(key)) {
        plan.removal(key, found, false);
    }
    plan.spare_what_stays(snapshot);
    let mut plan = plan.finish(stays, &referred);
    plan.is_part = true;
    // What else could not be read is nobody's business here.
    let is_about = |key: &Key| keys.contains(key) || stays.node(key).is_some();
    let kinds: BTreeSet<Type> =
        keys.iter().chain(stays.nodes().iter().map(|it| &it.key)).map(|it| it.kind).collect();
    plan.unread.retain(|unread| match &unread.what {
        Scope::One(key) => is_about(key),
        Scope::All(kind) => kinds.contains(kind),
    });
    plan
}

/// Whether anything was found under a key, or may be there.
pub fn is_found(snapshot: &Snapshot, key: &Key) -> bool {
    snapshot.found.get(key).is_some_and(|found| found.iter().any(Found::may_live))
}
