//! How many more of everything a plan makes.

use std::collections::BTreeMap;

use crate::cluster::{Facts, Quota, is_standard_family};
use crate::ops::Draft;
use crate::plan::{Action, Change, Subject};
use crate::resource::eks::Nodegroup;
use crate::resource::{Any, OneOf, Type};

/// By quota, what a plan adds.
pub(super) fn of(draft: &Draft) -> BTreeMap<Quota, u64> {
    let mut more = BTreeMap::new();
    let mut add = |quota: Quota, number: u64| *more.entry(quota).or_insert(0) += number;
    let mut largest = 0;
    for change in draft.plan.changes().unwrap_or_default() {
        let Some(resource) = made(change) else { continue };
        match change.key.kind {
            Type::Vpc => add(Quota::Vpcs, 1),
            Type::InternetGateway => add(Quota::InternetGateways, 1),
            Type::Eip => add(Quota::ElasticIps, 1),
            Type::NatGateway => add(Quota::NatGateways(change.key.name.clone()), 1),
            Type::Cluster => add(Quota::Clusters, 1),
            Type::Nodegroup => {
                add(Quota::Nodegroups, 1);
                if let Some(group) = Nodegroup::of(resource) {
                    add(Quota::StandardVcpus, vcpus(group, &draft.facts));
                    largest = largest.max(group.scaling_config.max_size);
                }
            }
            _ => {}
        }
    }
    add(Quota::NodesOfNodegroup, largest.into());
    more
}

/// What is known already of how much is used.
pub(super) fn known(draft: &Draft) -> BTreeMap<Quota, u64> {
    let groups = draft.snapshot.found.iter().filter(|(key, _)| key.kind == Type::Nodegroup);
    let living = groups.flat_map(|(_, found)| found).filter(|it| it.present().is_some()).count();
    [(Quota::Nodegroups, living as u64), (Quota::NodesOfNodegroup, 0)].into()
}

/// What a change makes that was not there.
fn made(change: &Change) -> Option<&Any> {
    match &change.subject {
        Subject::Desired { resource, .. } if change.action == Action::Create => Some(resource),
        _ => None,
    }
}

/// The fewest that its nodes can have at first, on demand.
fn vcpus(group: &Nodegroup, facts: &Facts) -> u64 {
    if group.capacity_type == "SPOT" {
        return 0;
    }
    let types = group.instance_types.iter();
    let of_type = |name: &String| match is_standard_family(name) {
        true => facts.instance_types.get(name).map_or(0, |it| it.vcpus),
        false => 0,
    };
    let fewest = types.map(of_type).min().unwrap_or_default();
    u64::from(fewest) * u64::from(group.scaling_config.desired_size.size)
}
