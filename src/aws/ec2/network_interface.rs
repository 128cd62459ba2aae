use aws_sdk_ec2::types::{Filter, NetworkInterface};

use super::filter;
use crate::aws::Aws;
use crate::aws::call::{Call, done, unread};
use crate::aws::tags::of_ec2;
use crate::resource::Leftover;
use crate::world::{Answer, Class, WorldError};

/// The tags of an interface that was a node's.
const OF_NODES: [&str; 3] = ["eks:kubernetes-cni-node-name", "node.k8s.amazonaws.com/createdAt", OF_CLUSTER];
/// The tag with the name of the cluster that it was in.
const OF_CLUSTER: &str = "cluster.k8s.amazonaws.com/name";

/// Interfaces that nodes of the cluster have left behind.
pub(in crate::aws) async fn leftovers(
    aws: &Aws,
    within: Option<Filter>,
) -> Result<Vec<NetworkInterface>, WorldError> {
    let asked = [filter("status", ["available"]), filter("tag-key", OF_NODES)];
    let all = asked.into_iter().chain(within).collect();
    let interfaces = unless_denied(list(aws, all).await)?;
    Ok(interfaces.into_iter().filter(|it| is_leftover(aws, it)).collect())
}

/// Interfaces by some filters.
pub(in crate::aws) async fn list(
    aws: &Aws,
    filters: Vec<Filter>,
) -> Result<Vec<NetworkInterface>, WorldError> {
    let describe = aws.reads.ec2.describe_network_interfaces().set_filters(Some(filters));
    let interfaces = describe.into_paginator().items().send().try_collect().await;
    interfaces.map_err(unread("ec2:DescribeNetworkInterfaces"))
}

/// Whether a node of the cluster has left it behind; one of another cluster's is that one's.
pub(in crate::aws) fn is_leftover(aws: &Aws, interface: &NetworkInterface) -> bool {
    let tags = of_ec2(interface.tag_set());
    let free = interface.status().is_some_and(|status| status.as_str() == "available");
    let of_nodes = OF_NODES.iter().any(|tag| tags.get(tag).is_some());
    free && of_nodes && tags.get(OF_CLUSTER).is_none_or(|name| name == aws.cluster)
}

/// Whether it is a part of the cluster: of its control plane, its nodes or their pods.
pub(in crate::aws) fn is_of_cluster(aws: &Aws, interface: &NetworkInterface) -> bool {
    let tags = of_ec2(interface.tag_set());
    let control_plane = interface.description() == Some(&format!("Amazon EKS {}", aws.cluster));
    control_plane || tags.get(OF_CLUSTER) == Some(&aws.cluster) || is_leftover(aws, interface)
}

/// Those of some interfaces that are in a subnet, to be cleared away.
pub(in crate::aws) fn in_subnet(interfaces: &[NetworkInterface], subnet: &str) -> Vec<Leftover> {
    let inside = interfaces.iter().filter(|it| it.subnet_id() == Some(subnet));
    inside.filter_map(leftover).collect()
}

/// Those of some interfaces that have a security group, to be cleared away.
pub(in crate::aws) fn in_group(interfaces: &[NetworkInterface], group: &str) -> Vec<Leftover> {
    let has = |it: &&NetworkInterface| it.groups().iter().any(|its| its.group_id() == Some(group));
    interfaces.iter().filter(has).filter_map(leftover).collect()
}

fn leftover(interface: &NetworkInterface) -> Option<Leftover> {
    interface.network_interface_id().map(|id| Leftover::NetworkInterface(id.to_owned()))
}

/// Leftovers that may not be listed are not in the way of whoever has none: if there are some, AWS says so.
pub(in crate::aws) fn unless_denied<T>(listed: Result<Vec<T>, WorldError>) -> Result<Vec<T>, WorldError> {
    listed.or_else(|error| match error.class {
        Class::Denied | Class::Refused => Ok(Vec::new()),
        _ => Err(error),
    })
}

pub(super) async fn delete(call: &Call<'_>, id: &str) -> Result<Answer, WorldError> {
    let delete = call.client().ec2.delete_network_interface().network_interface_id(id);
    delete.send().await.map(|_| done()).map_err(call.failed())
}
