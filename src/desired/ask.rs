//! What is to be known of AWS before a graph can be drawn.

use std::collections::BTreeSet;

use super::addons::usual_of;
use crate::cluster::Ask;
use crate::config::ClusterConfig;

/// What the file needs to know of AWS.
pub fn ask(c: &ClusterConfig) -> Ask {
    let named = c.addons.iter().map(|addon| addon.name.0.as_str());
    let addons: BTreeSet<String> = usual_of(c).chain(named).map(str::to_owned).collect();
    let types = c.managed_node_groups.iter().flat_map(|group| group.types());
    let node_roles = c.managed_node_groups.iter().filter_map(|group| group.iam.instance_role_arn.as_ref());
    let associated = c.iam.pod_identity_associations.iter().filter_map(|it| it.role_arn.as_ref());
    let of_addons = c.addons.iter().filter_map(|addon| addon.service_account_role_arn.as_ref());
    let own = c.addons.iter().flat_map(|addon| addon.pod_identity_associations.iter());
    let of_addons = of_addons.chain(own.filter_map(|it| it.role_arn.as_ref()));
    let roles = node_roles.chain(&c.iam.service_role_arn).chain(associated).chain(of_addons);
    Ask {
        addon_identities: identities(c, &addons),
        addons,
        instance_types: types.map(str::to_owned).collect(),
        subnets: subnets(c).map(str::to_owned).collect(),
        vpc: c.vpc.id.as_ref().map(|id| id.0.clone()),
        roles: roles.map(|arn| arn.0.clone()).collect(),
    }
}

/// Those that get what AWS recommends, and those whose service accounts must be known.
fn identities(c: &ClusterConfig, all: &BTreeSet<String>) -> BTreeSet<String> {
    if c.addons_config.auto_apply_pod_identity_associations.value {
        return all.clone();
    }
    let asked = c.addons.iter().filter(|addon| {
        let policies = !addon.attach_policy_arns.is_empty()
            || addon.attach_policy.is_some()
            || !addon.well_known_policies.chosen().is_empty();
        policies || addon.uses_default_identities()
    });
    asked.map(|addon| addon.name.0.clone()).collect()
}

/// Those of the network, and those that node groups name by id.
fn subnets(c: &ClusterConfig) -> impl Iterator<Item = &str> {
    let network = c.vpc.subnets.all().filter_map(|(_, subnet)| subnet.id.as_ref()).map(|id| id.0.as_str());
    let lists = c.managed_node_groups.iter().filter_map(|group| group.subnets.as_ref());
    let named = lists.flat_map(|list| list.iter()).map(|name| name.0.as_str());
    network.chain(named.filter(|name| name.starts_with("subnet-")))
}
