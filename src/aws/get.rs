//! What lists for people show: clusters and add-ons whoever made them, and node groups of ours.

use futures::future::{join, try_join_all};

use super::Aws;
use super::call::unread;
use super::eks::{addon, cluster, nodegroup, pod_identity_association};
use super::errors::lacking;
use super::facts::addon_versions;
use super::live::{moment, still_there, text};
use crate::resource::{Key, Live, Timestamp, tags};
use crate::world::WorldError;

/// A cluster, whoever made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterSummary {
    /// Its name.
    pub name: String,
    /// EKS's word.
    pub status: String,
    /// Major and minor of Kubernetes.
    pub version: String,
    /// Whether it carries our tag.
    pub ours: bool,
    /// The VPC that it is in, where EKS tells.
    pub vpc: Option<String>,
    /// When it was made.
    pub made: Option<Timestamp>,
}

/// An add-on of a cluster, whoever installed it.
#[derive(Clone, Debug, PartialEq)]
pub struct AddonSummary {
    /// As it lives.
    pub live: Live,
    /// Whether it carries our tag.
    pub ours: bool,
    /// The newest version for the cluster's Kubernetes, where that is another one.
    pub newer: Option<String>,
}

impl Aws {
    /// The add-ons of the cluster, or one of them, by name; nothing if there is no such cluster.
    pub async fn addons(&self, name: Option<&str>) -> Result<Option<Vec<AddonSummary>>, WorldError> {
        let (cluster, names) = join(cluster::describe(self), addon::names(self)).await;
        let Some(cluster) = cluster? else { return Ok(None) };
        let kubernetes = cluster.version().unwrap_or_default();
        let names = names?.into_iter().filter(|its| name.is_none_or(|name| name == its));
        let read = names.map(async |name| {
            let (live, versions) = join(addon::read(self, &name), addon_versions(self, &name)).await;
            let Some(live) = live? else { return Ok(None) };
            let versions = versions?.into_iter().filter(|it| it.kubernetes.contains_key(kubernetes));
            let newest = versions.map(|it| it.version).next();
            let runs = live.attributes.get("AddonVersion").cloned();
            let newer = newest.filter(|newest| Some(newest) != runs.as_ref());
            Ok(Some(AddonSummary { ours: self.is_marked(&live) == Some(true), live, newer }))
        });
        let mut addons: Vec<AddonSummary> = try_join_all(read).await?.into_iter().flatten().collect();
        addons.sort_by(|one, other| one.live.name.cmp(&other.live.name));
        Ok(Some(addons))
    }

    /// The service accounts of the cluster that have a role through the agent, whoever has given it, by the keys that
    /// their associations would have.
    pub async fn associated(&self) -> Result<Vec<Key>, WorldError> {
        let (lives, owned) = pod_identity_association::all(self).await?;
        let free = lives.iter().filter_map(pod_identity_association::key_of);
        Ok(free.chain(owned.into_iter().map(|(key, _)| key)).collect())
    }

    /// One cluster of the region by its name, if there is one.
    pub async fn cluster_summary(&self, name: &str) -> Result<Option<ClusterSummary>, WorldError> {
        let told = self.reads.eks.describe_cluster().name(name).send().await;
        let cluster = told.map_err(unread("eks:DescribeCluster"));
        let lacks = || lacking("eks:DescribeCluster", "the cluster");
        let cluster = cluster.and_then(|told| told.cluster.ok_or_else(lacks));
        Ok(still_there(cluster)?.map(|cluster| ClusterSummary {
            name: text(cluster.name()),
            status: text(cluster.status().map(aws_sdk_eks::types::ClusterStatus::as_str)),
            version: text(cluster.version()),
            ours: cluster.tags().is_some_and(|tags| tags.contains_key(tags::CLUSTER)),
            vpc: cluster.resources_vpc_config().and_then(|it| it.vpc_id()).map(str::to_owned),
            made: moment(cluster.created_at()),
        }))
    }

    /// The node groups of the cluster that are ours, by their keys; nothing if there is no such cluster.
    pub async fn nodegroups(&self) -> Result<Option<Vec<(Key, Live)>>, WorldError> {
        let names = nodegroup::names(self).await?;
        if names.is_empty() && cluster::describe(self).await?.is_none() {
            return Ok(None);
        }
        let read = try_join_all(names.iter().map(|name| nodegroup::read(self, name))).await?;
        let ours = read.into_iter().flatten().filter_map(|live| Some((nodegroup::key(self, &live)?, live)));
        let mut groups: Vec<(Key, Live)> = ours.collect();
        groups.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(Some(groups))
    }
}
