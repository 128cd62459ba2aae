//! A fresh look at what has one key.

use futures::future::join;

use super::Aws;
use super::ec2::{eip, filter, internet_gateway, launch_template, nat_gateway, network_interface};
use super::ec2::{route_table, security_group, subnet, volume, vpc};
use super::eks::{access_entry, addon, cluster, nodegroup, pod_identity_association};
use super::iam::{oidc_provider, role};
use super::live::all_or_none;
use super::logs::log_group;
use crate::resource::{Key, Leftover, Live, Type};
use crate::world::WorldError;

/// What there is under a key; and, where AWS may have put something into it, that too.
pub(super) async fn look(aws: &Aws, key: &Key) -> Result<Vec<Live>, WorldError> {
    let listed = match key.kind {
        Type::Vpc => return with_security_groups(aws, key).await,
        Type::Subnet => return with_interfaces(aws, key).await,
        Type::RouteTable => return routes_of_ours(aws, key).await,
        Type::Volume => return volume::look(aws, key).await,
        Type::Role => return role::look(aws, key).await,
        Type::OidcProvider => return oidc_provider::look(aws, key).await,
        Type::LogGroup => return log_group::look(aws, key).await,
        Type::Cluster => return cluster::look(aws, key).await,
        Type::AccessEntry => return access_entry::look(aws, key).await,
        Type::PodIdentityAssociation => return pod_identity_association::look(aws, key).await,
        Type::Addon => return addon::look(aws, key).await,
        Type::Nodegroup => return nodegroup::look(aws, key).await,
        Type::InternetGateway => internet_gateway::read(aws, Some(key)).await,
        Type::Eip => eip::read(aws, Some(key)).await,
        Type::NatGateway => nat_gateway::read(aws, Some(key)).await,
        Type::LaunchTemplate => launch_template::read(aws, Some(key)).await,
        // Objects in the cluster are not AWS's: it is never asked for them.
        _ => Ok(Vec::new()),
    };
    all_or_none(listed?)
}

async fn with_interfaces(aws: &Aws, key: &Key) -> Result<Vec<Live>, WorldError> {
    let (subnets, interfaces) =
        join(subnet::read(aws, Some(key)), network_interface::leftovers(aws, None)).await;
    let (mut subnets, interfaces) = (all_or_none(subnets?)?, interfaces?);
    for subnet in &mut subnets {
        subnet.leftovers = network_interface::in_subnet(&interfaces, &subnet.id);
    }
    Ok(subnets)
}

/// The group that EKS has made goes with its cluster, but for one that an interface held then.
async fn with_security_groups(aws: &Aws, key: &Key) -> Result<Vec<Live>, WorldError> {
    let (vpcs, groups) = join(vpc::read(aws, Some(key)), security_group::of_cluster(aws)).await;
    let (mut vpcs, groups) = (all_or_none(vpcs?)?, groups?);
    if groups.is_empty() || cluster::describe(aws).await?.is_some() {
        return Ok(vpcs);
    }
    let ids: Vec<&str> = groups.iter().filter_map(|group| group.group_id()).collect();
    let interfaces = network_interface::leftovers(aws, Some(filter("group-id", ids))).await?;
    for vpc in &mut vpcs {
        let inside = groups.iter().filter(|group| group.vpc_id() == Some(&vpc.id));
        let ids: Vec<&str> = inside.filter_map(|group| group.group_id()).collect();
        vpc.leftovers = groups_with_interfaces(&ids, &interfaces);
    }
    Ok(vpcs)
}

/// First what holds a group, then the group.
pub(super) fn groups_with_interfaces(
    groups: &[&str],
    interfaces: &[aws_sdk_ec2::types::NetworkInterface],
) -> Vec<Leftover> {
    let held = groups.iter().flat_map(|group| network_interface::in_group(interfaces, group));
    let groups = groups.iter().map(|group| Leftover::SecurityGroup((*group).to_owned()));
    held.chain(groups).collect()
}

async fn routes_of_ours(aws: &Aws, key: &Key) -> Result<Vec<Live>, WorldError> {
    let mut tables = all_or_none(route_table::read(aws, Some(key)).await?)?;
    for table in &mut tables {
        route_table::forget_routes(table, |id| aws.memory().strangers.contains(id));
    }
    Ok(tables)
}
