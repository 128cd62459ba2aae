//! What lists for people show: clusters whoever made them, and node groups of ours.

use futures::future::try_join_all;

use super::Aws;
use super::call::unread;
use super::eks::{cluster, nodegroup};
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

impl Aws {
    /// One cluster of the region by its name, if there is one.
    pub async fn cluster_summary(&self, name: &str) -> Result<Option<ClusterSummary>, WorldError> {
        let told = self.reads.eks.describe_cluster().name(name).send().await;
        let cluster = told.map(|told| told.cluster).map_err(unread("eks:DescribeCluster"));
        Ok(still_there(cluster)?.flatten().map(|cluster| ClusterSummary {
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
