//! Whether load balancers find subnets that somebody else has made, by their tags.

use std::collections::{BTreeMap, BTreeSet};

use super::draw::NAMESPACE;
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
        let hidden = hidden(draft, role, sites);
        if !hidden.is_empty() {
            let (role, subnets) = (role.to_owned(), hidden);
            let remark = Remark::NotForLoadBalancers { role, subnets };
            controller().into_iter().for_each(|key| draft.graph.remark(&key, remark.clone()));
        }
    }
}

fn controller() -> Option<Key> {
    let (name, kind) = (ComponentName::LoadBalancerController.word(), Kind::named("Deployment")?);
    Some(Key { kind: kind.stage, name: Address::new(kind, NAMESPACE, name).key_name(name) })
}

/// The ids of subnets that are passed over: those of other clusters, and those without the role where others
/// have it. Where none has, the controller goes by their routes.
/// <https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/subnet_discovery/>
fn hidden(draft: &Draft<'_>, role: &str, sites: &[Site]) -> Vec<String> {
    let given = sites.iter().filter_map(|site| match &site.id {
        Val::Known(id) => Some((id.0.as_str(), &site.zone, draft.facts.subnets.get(&id.0)?)),
        _ => None,
    });
    let given: Vec<_> = given.collect();
    let by_role = given.iter().any(|(_, _, subnet)| subnet.tags.contains_key(role));
    let own = format!("{OF_CLUSTER}{}", draft.name());
    let is_found = |tags: &BTreeMap<String, String>| {
        let has_role = tags.get(role).is_some_and(|value| ["", "1"].contains(&value.as_str()));
        let clusters = || tags.keys().filter(|key| key.starts_with(OF_CLUSTER));
        (has_role || !by_role) && (tags.contains_key(&own) || clusters().next().is_none())
    };
    let (found, hidden): (Vec<_>, Vec<_>) = given.iter().partition(|(_, _, subnet)| is_found(&subnet.tags));
    let zones: BTreeSet<&String> = found.iter().map(|(_, zone, _)| *zone).collect();
    let is_enough = zones.len() >= ZONES;
    hidden.iter().filter(|_| !is_enough).map(|(id, ..)| (*id).to_owned()).collect()
}

/// How the tag begins by which a subnet is of a cluster.
const OF_CLUSTER: &str = "kubernetes.io/cluster/";
