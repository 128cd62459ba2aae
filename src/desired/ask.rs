//! What is to be known of AWS before a graph can be drawn.

use super::addons::USUAL;
use crate::cluster::Ask;
use crate::config::ClusterConfig;

/// What the file needs to know of AWS.
pub fn ask(c: &ClusterConfig) -> Ask {
    let usual = USUAL.iter().filter(|_| !c.addons_config.disable_default_addons.value);
    let named = c.addons.iter().map(|addon| addon.name.0.as_str());
    let types = c.managed_node_groups.iter().flat_map(|group| group.types());
    let node_roles = c.managed_node_groups.iter().filter_map(|group| group.iam.instance_role_arn.as_ref());
    let roles = node_roles.chain(&c.iam.service_role_arn);
    Ask {
        addons: usual.copied().chain(named).map(str::to_owned).collect(),
        instance_types: types.map(str::to_owned).collect(),
        subnets: subnets(c).map(str::to_owned).collect(),
        vpc: c.vpc.id.as_ref().map(|id| id.0.clone()),
        roles: roles.map(|arn| arn.0.clone()).collect(),
    }
}

/// Those of the network, and those that node groups name by id.
fn subnets(c: &ClusterConfig) -> impl Iterator<Item = &str> {
    let network = c.vpc.subnets.all().filter_map(|(_, subnet)| subnet.id.as_ref()).map(|id| id.0.as_str());
    let lists = c.managed_node_groups.iter().filter_map(|group| group.subnets.as_ref());
    let named = lists.flat_map(|list| list.iter()).map(|name| name.0.as_str());
    network.chain(named.filter(|name| name.starts_with("subnet-")))
}
