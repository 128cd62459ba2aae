//! How many more of everything a plan makes.

use std::collections::BTreeMap;

use crate::cluster::{Facts, Pool, Quota, Span};
use crate::ops::Draft;
use crate::plan::{Action, Change, Subject};
use crate::resource::eks::{self, Nodegroup};
use crate::resource::{OneOf, Operation, Type};

/// How many more, and what for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Need {
    /// How many more.
    pub more: u64,
    /// Where the file first says so.
    pub place: Option<Span>,
}

/// By quota, what a plan adds.
pub(super) fn of(draft: &Draft) -> BTreeMap<Quota, Need> {
    let mut needs: BTreeMap<Quota, Need> = BTreeMap::new();
    for change in draft.plan.if_nothing_were_refused() {
        for (quota, more, path) in by(change, &draft.facts) {
            let need = needs.entry(quota.clone()).or_default();
            // Each group has so many nodes to itself.
            need.more = if quota == Quota::NodesOfNodegroup { need.more.max(more) } else { need.more + more };
            need.place = need.place.or_else(|| draft.graph.span(&change.key, path));
        }
    }
    needs.retain(|_, need| need.more > 0);
    needs
}

/// What one change adds, and which property says so.
fn by(change: &Change, facts: &Facts) -> Vec<(Quota, u64, &'static str)> {
    let one = |quota| vec![(quota, 1, "")];
    match (change.key.kind, change.action) {
        (Type::Vpc, Action::Create) => one(Quota::Vpcs),
        (Type::InternetGateway, Action::Create) => one(Quota::InternetGateways),
        (Type::Eip, Action::Create) => one(Quota::ElasticIps),
        (Type::NatGateway, Action::Create) => one(Quota::NatGateways(change.key.name.clone())),
        (Type::Cluster, Action::Create) => one(Quota::Clusters),
        (Type::Nodegroup, _) => nodes(change).map_or_else(Vec::new, |nodes| nodes.quotas(change, facts)),
        _ => Vec::new(),
    }
}

/// What is known already of how much is used.
pub(super) fn known(draft: &Draft) -> BTreeMap<Quota, u64> {
    let groups = draft.snapshot.found.iter().filter(|(key, _)| key.kind == Type::Nodegroup);
    let living = groups.flat_map(|(_, found)| found).filter(|it| it.present().is_some()).count();
    [(Quota::Nodegroups, living as u64), (Quota::NodesOfNodegroup, 0)].into()
}

/// The nodes that a change adds to a group.
pub(super) struct Nodes<'a> {
    pub group: &'a Nodegroup,
    pub more: u32,
}

/// What a change starts at once.
pub(super) fn nodes(change: &Change) -> Option<Nodes<'_>> {
    let Subject::Desired { resource, live, .. } = &change.subject else { return None };
    let group = Nodegroup::of(resource)?;
    if change.action == Action::Create {
        return Some(Nodes { group, more: group.scaling_config.desired_size.size });
    }
    let was = Nodegroup::of(&live.as_ref()?.properties)?.scaling_config.desired_size.size;
    let more = change.operations.iter().find_map(size)?.saturating_sub(was);
    Some(Nodes { group, more })
}

/// The size that a call asks for.
fn size(operation: &Operation) -> Option<u32> {
    match operation {
        Operation::Eks(eks::Operation::UpdateNodegroupConfig { update, .. }) => update.scaling_config?.2,
        _ => None,
    }
}

impl Nodes<'_> {
    fn quotas(&self, change: &Change, facts: &Facts) -> Vec<(Quota, u64, &'static str)> {
        let new = u64::from(change.action == Action::Create);
        let most = self.group.scaling_config.max_size.into();
        let vcpus = self.vcpus(facts).map(|(pool, more)| (Quota::Vcpus(pool), more, "InstanceTypes"));
        let groups = (Quota::Nodegroups, new, "");
        vcpus.into_iter().chain([groups, (Quota::NodesOfNodegroup, most, "ScalingConfig.MaxSize")]).collect()
    }

    /// The fewest that they can have, where they all count in one pool.
    fn vcpus(&self, facts: &Facts) -> Option<(Pool, u64)> {
        let spot = self.group.capacity_type == "SPOT";
        let types = &self.group.instance_types;
        let pool = Pool::of(types.first()?, spot)?;
        if types.iter().any(|it| Pool::of(it, spot) != Some(pool)) {
            return None;
        }
        let each = types.iter().filter_map(|it| Some(facts.instance_types.get(it)?.vcpus)).min()?;
        Some((pool, u64::from(each) * u64::from(self.more)))
    }
}
