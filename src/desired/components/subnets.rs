//! Whether load balancers find subnets that somebody else has made, by their tags.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::COMPONENT_NAMESPACE as NAMESPACE;
use crate::config::{Choice, ComponentName};
use crate::desired::draft::Draft;
use crate::desired::network::{Network, ROLES, Site};
use crate::resource::kubernetes::{Address, Kind};
use crate::resource::{Key, Remark, Val};

/// In how many zones an Application Load Balancer stands at least.
const ZONES: usize = 2;

/// Says of which subnets the controller cannot make use, where too few are left. Of ours the tags are put right.
pub(super) fn check(draft: &mut Draft<'_>, network: &Network) {
    for (role, sites) in ROLES.into_iter().zip([&network.public, &network.private]) {
        let region = draft.config.metadata.region.0.clone();
        for (tag, subnets) in hidden(draft, role, sites) {
            let remark = Remark::NotForLoadBalancers { tag, subnets, region: region.clone() };
            controller().into_iter().for_each(|key| draft.graph.remark(&key, remark.clone()));
        }
    }
}

fn controller() -> Option<Key> {
    let (name, kind) = (ComponentName::LoadBalancerController.word(), Kind::named("Deployment")?);
    Some(Key { kind: kind.stage, name: Address::new(kind, NAMESPACE, name).key_name(name) })
}

/// The ids of subnets that are passed over, by the tag that each lacks: those of other clusters, and those without
/// the role where others have it. Where none has, the controller goes by their routes.
/// <https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/subnet_discovery/>
fn hidden(draft: &Draft<'_>, role: &str, sites: &[Site]) -> BTreeMap<String, Vec<String>> {
    let given = sites.iter().filter_map(|site| match &site.id {
        Val::Known(id) => Some((id.0.as_str(), &site.zone, draft.facts.subnets.get(&id.0)?)),
        _ => None,
    });
    let given: Vec<_> = given.collect();
    let by_role = given.iter().any(|(_, _, subnet)| subnet.tags.contains_key(role));
    let own = format!("{OF_CLUSTER}{}", draft.name());
    let has_role = |tags: &BTreeMap<String, String>| {
        !by_role || tags.get(role).is_some_and(|value| ["", "1"].contains(&value.as_str()))
    };
    let is_ours = |tags: &BTreeMap<String, String>| {
        tags.contains_key(&own) || !tags.keys().any(|key| key.starts_with(OF_CLUSTER))
    };
    let lacks = |tags: &BTreeMap<String, String>| match (has_role(tags), is_ours(tags)) {
        (true, true) => None,
        (false, _) => Some(format!("{role}=1")),
        (true, false) => Some(format!("{own}=shared")),
    };
    let found = given.iter().filter(|(_, _, subnet)| lacks(&subnet.tags).is_none());
    let zones: BTreeSet<&String> = found.map(|(_, zone, _)| *zone).collect();
    let mut hidden: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (id, _, subnet) in given.iter().filter(|_| zones.len() < ZONES) {
        if let Some(tag) = lacks(&subnet.tags) {
            hidden.entry(tag).or_default().push((*id).to_owned());
        }
    }
    hidden
}

/// How the tag begins by which a subnet is of a cluster.
const OF_CLUSTER: &str = "kubernetes.io/cluster/";
