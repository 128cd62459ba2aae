//! Drawing up a plan.

use std::collections::BTreeSet;

use super::hold::Referred;
use super::{Change, Decision, Note, Plan, Question, Refusal, Subject, Unseen, Why, needs};
use crate::graph::{Edge, Graph, Node};
use crate::resource::ec2::Volume;
use crate::resource::kubernetes::Exposed;
use crate::resource::{Key, Live, OneOf, Remark, Standing, Type};
use crate::world::{Found, Keeper, Snapshot};

/// What it takes to make exactly this of what was found.
pub fn plan(graph: &Graph, snapshot: &Snapshot) -> Plan {
    let mut plan = Plan::of_unread(snapshot);
    plan.notes.extend(hidden(snapshot, |why| Remark::Unseen { why }));
    plan.notes.extend(graph.remarks().iter().cloned().map(|(key, what)| Note { key, what }));
    let referred = Referred::of(snapshot);
    for node in graph.nodes() {
        let found = snapshot.found.get(&node.key).map_or(&[][..], Vec::as_slice);
        plan.node(node, &graph.edges(node), found, &referred);
    }
    let desired: BTreeSet<&Key> = graph.nodes().iter().map(|node| &node.key).collect();
    for (key, found) in snapshot.found.iter().filter(|(key, _)| !desired.contains(key)) {
        plan.removal(key, found, key.kind.protected());
    }
    plan.spare_what_stays(snapshot);
    plan.finish(graph, &referred)
}

/// What it takes to delete all that was found, and before it what holds load balancers inside, and the volumes of
/// claims that say so. It needs no file.
pub fn delete(snapshot: &Snapshot) -> Plan {
    let snapshot = &with_volumes(with_what_is_exposed(without_what_goes_along(snapshot)));
    let mut plan = Plan::of_unread(snapshot);
    plan.notes.extend(hidden(snapshot, |why| Remark::Hidden { why }));
    for (key, found) in &snapshot.found {
        plan.removal(key, found, false);
    }
    plan.spare_what_stays(snapshot);
    plan.spare_what_is_inside_of_what_stays();
    plan.finish(&Graph::default(), &Referred::of(snapshot))
}

/// What goes with its cluster: objects in it, and access entries, which let people in until then who look
/// why it does not go. So do associations, whether or not they could be read; those that could go before their
/// roles do.
fn without_what_goes_along(snapshot: &Snapshot) -> Snapshot {
    let goes_along = |kind: Type| kind == Type::AccessEntry || kind.is_kubernetes();
    let mut rest = snapshot.clone();
    rest.found.retain(|key, _| !goes_along(key.kind));
    rest.unread.retain(|kind, _| !goes_along(*kind) && *kind != Type::PodIdentityAssociation);
    rest
}

/// What holds load balancers goes like everything else. What stands in ours for them goes with them, and so it
/// is nobody's guest.
fn with_what_is_exposed(mut snapshot: Snapshot) -> Snapshot {
    let exposed: Vec<&Exposed> = snapshot
        .exposed
        .values()
        .flatten()
        .filter_map(|found| Exposed::of(&found.present()?.properties))
        .collect();
    let takes = |keeper: &Keeper| match keeper {
        Keeper::Controller => exposed.iter().any(|it| it.is_held_from_inside()),
        Keeper::Balancer(name) => exposed.iter().any(|it| it.balancers.contains(name)),
    };
    snapshot.guests.retain(|guest| !guest.keepers.iter().any(takes));
    snapshot.found.append(&mut snapshot.exposed);
    snapshot
}

/// Volumes go where it is certain that they may, and their cluster goes; of others nothing is planned.
fn with_volumes(mut snapshot: Snapshot) -> Snapshot {
    let goes = |live: &Live| Volume::of(&live.properties).is_some_and(|volume| volume.stay().is_none());
    let going = std::mem::take(&mut snapshot.volumes).into_iter().filter(goes);
    snapshot.found.extend(going.map(|live| (Volume::key(&live.id), vec![Found::Present(live)])));
    snapshot
}

/// That nobody knows what may be in the way.
fn hidden(snapshot: &Snapshot, what: impl Fn(String) -> Remark) -> Option<Note> {
    let why = snapshot.hidden.as_ref()?.to_string();
    let key = snapshot.found.keys().find(|key| key.kind == Type::Cluster)?.clone();
    Some(Note { key, what: what(why) })
}

impl Plan {
    /// Spares what may be in use, and what somebody else's things stand in.
    pub(super) fn spare_what_stays(&mut self, snapshot: &Snapshot) {
        self.spare_what_may_be_used();
        self.spare_what_guests_are_in(snapshot);
    }

    /// Finds what each change needs.
    pub(super) fn finish(mut self, graph: &Graph, referred: &Referred<'_>) -> Self {
        needs::find(&mut self.changes, graph, referred);
        self
    }

    pub(super) fn node(&mut self, node: &Node, edges: &[Edge], found: &[Found], referred: &Referred<'_>) {
        if let Some(why) = self.unseen(&node.key, edges, found) {
            return self.leave(&node.key, why);
        }
        if let Some(id) = found.iter().find_map(Found::foreign) {
            return self.refuse(&node.key, Why::Clash(id.to_owned()));
        }
        let question = Question {
            key: &node.key,
            desired: &node.resource,
            outputs: &self.outputs,
            found: &found.iter().filter_map(Found::present).cloned().collect::<Vec<_>>(),
            others: &[],
            dead: &[],
            hold: &|live| referred.hold(live),
            lost: &|live| referred.is_whole && self.stands_in_what_goes(live),
        };
        match question.decide() {
            Ok(decision) => self.take(&node.key, decision),
            Err(incomplete) => self.refuse(&node.key, Why::Incomplete(incomplete)),
        }
    }

    /// Whether it stands in a network that is not the one to keep.
    fn stands_in_what_goes(&self, live: &Live) -> bool {
        let doomed = self.changes.iter().filter_map(Change::doomed);
        let mut networks = doomed.filter(|doomed| doomed.properties.kind() == Type::Vpc);
        networks.any(|network| live.refers_to(network))
    }

    fn take(&mut self, key: &Key, decision: Decision) {
        let live = match &decision.subject {
            Subject::Desired { live, .. } => live.as_ref(),
            Subject::Doomed(live) => Some(live),
        };
        if let Some(live) = live.filter(|live| live.standing() == Standing::Unclear) {
            return self.leave(key, Unseen::Unclear(live.status.clone()));
        }
        self.notes.extend(decision.notes.into_iter().map(|what| Note { key: key.clone(), what }));
        // What is refused stays as it is: those that need it have nothing to refuse of their own.
        self.outputs.learn(key, decision.attributes);
        if decision.refused {
            return self.refuse(key, Why::Protected(decision.differences));
        }
        match (decision.action, live) {
            (None, None) => {}
            (None, Some(live)) => self.unchanged.push((key.clone(), live.properties.clone())),
            (Some(action), _) => self.changes.push(Change {
                key: key.clone(),
                action,
                differences: decision.differences,
                operations: decision.operations,
                needs: Vec::new(),
                subject: decision.subject,
            }),
        }
        decision.remove.iter().for_each(|live| self.doom(key, live));
    }

    fn doom(&mut self, key: &Key, live: &Live) {
        match Change::deletion(key, live) {
            Ok(change) => self.changes.extend(change),
            Err(incomplete) => self.refuse(key, Why::Incomplete(incomplete)),
        }
    }

    fn refuse(&mut self, key: &Key, why: Why) {
        self.refused.push(Refusal { key: key.clone(), why });
    }

    pub(super) fn removal(&mut self, key: &Key, found: &[Found], protected: bool) {
        for found in found {
            match found {
                Found::Unknown(why) => self.leave(key, Unseen::Failed(why.clone())),
                Found::Present(_) if protected => self.refuse(key, Why::Kept),
                Found::Present(live) => self.doom(key, live),
                Found::Foreign(_) => {}
            }
        }
    }
}
