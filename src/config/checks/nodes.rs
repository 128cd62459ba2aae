//! Of nodes: one departure for each node group, which each has settings of its own.

use super::Found;
use crate::config::place::{Span, Spanned};
use crate::config::sections::cluster::ClusterConfig;
use crate::config::sections::nodegroup::{ManagedNodeGroup, VolumeType};
use crate::config::sections::vpc::Subnet;
use crate::config::value::Map;

/// A field of each group, where it is not as it should be.
fn each<T>(
    cluster: &ClusterConfig,
    field: impl Fn(&ManagedNodeGroup) -> &Spanned<T>,
    departs: impl Fn(&T) -> bool,
    write: &str,
) -> Vec<Found> {
    let groups = cluster.managed_node_groups.iter().filter(|group| departs(&field(group).value));
    groups.map(|group| Found::field(field(group), write.to_owned()).of(group)).collect()
}

pub(super) fn imds_v1(cluster: &ClusterConfig) -> Vec<Found> {
    each(cluster, |group| &group.disable_imds_v1, |it| !it, "disableIMDSv1: true")
}

pub(super) fn imds_hop_limit(cluster: &ClusterConfig) -> Vec<Found> {
    each(cluster, |group| &group.disable_pod_imds, |it| !it, "disablePodIMDS: true")
}

pub(super) fn volume_encryption(cluster: &ClusterConfig) -> Vec<Found> {
    each(cluster, |group| &group.volume_encrypted, |it| !it, "volumeEncrypted: true")
}

pub(super) fn volume_type(cluster: &ClusterConfig) -> Vec<Found> {
    each(cluster, |group| &group.volume_type, |kind| *kind != VolumeType::Gp3, "volumeType: gp3")
}

pub(super) fn private_nodes(cluster: &ClusterConfig) -> Vec<Found> {
    let public = |group: &Spanned<ManagedNodeGroup>| Some(public(cluster, group)?.of(group));
    cluster.managed_node_groups.iter().filter_map(public).collect()
}

/// Where a group stands in public subnets. Of a subnet that the file does not describe, it is the group that says.
fn public(cluster: &ClusterConfig, group: &ManagedNodeGroup) -> Option<Found> {
    let (is_private, subnets) = (group.private_networking.value, &cluster.vpc.subnets);
    let named = group.subnets.as_ref().filter(|names| !names.is_empty() && !cluster.vpc.is_ours());
    let write = "privateNetworking: true".to_owned();
    let Some(names) = named else {
        return (!is_private).then(|| Found::field(&group.private_networking, write));
    };
    let is_public = |name: &str| match (has(&subnets.public, name), has(&subnets.private, name)) {
        (true, true) | (false, false) => !is_private,
        (is_public, _) => is_public,
    };
    let at: Span = names.iter().find(|name| is_public(&name.0))?.span;
    let private: Vec<&str> = subnets.private.iter().map(|(name, _)| name.as_str()).collect();
    let write = if private.is_empty() { write } else { format!("subnets: [{}]", private.join(", ")) };
    Some(Found::written(at, write))
}

/// Whether a name, or an id, is of one of these.
fn has(subnets: &Map<Subnet>, name: &str) -> bool {
    let is = |subnet: &Subnet| subnet.id.as_ref().is_some_and(|id| id.0 == name);
    subnets.iter().any(|(key, subnet)| key.value == name || is(subnet))
}
