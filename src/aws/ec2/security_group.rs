use aws_sdk_ec2::types::{Filter, SecurityGroup};

use super::filter;
use super::network_interface::unless_denied;
use crate::aws::Aws;
use crate::aws::call::{Call, done, unread};
use crate::aws::tags::of_ec2;
use crate::world::{Answer, WorldError};

/// EKS's tag on the security group that it makes for a cluster.
const OF_CLUSTER: &str = "aws:eks:cluster-name";

/// The groups that EKS has made for the cluster, wherever they are.
pub(in crate::aws) async fn of_cluster(aws: &Aws) -> Result<Vec<SecurityGroup>, WorldError> {
    let named = filter(&format!("tag:{OF_CLUSTER}"), [&aws.cluster]);
    let groups = unless_denied(list(aws, vec![named]).await)?;
    Ok(groups.into_iter().filter(|group| is_of_cluster(aws, group)).collect())
}

/// Security groups by some filters.
pub(in crate::aws) async fn list(aws: &Aws, filters: Vec<Filter>) -> Result<Vec<SecurityGroup>, WorldError> {
    let describe = aws.reads.ec2.describe_security_groups().set_filters(Some(filters));
    let groups = describe.into_paginator().items().send().try_collect().await;
    groups.map_err(unread("ec2:DescribeSecurityGroups"))
}

/// Whether EKS has made it for the cluster.
pub(in crate::aws) fn is_of_cluster(aws: &Aws, group: &SecurityGroup) -> bool {
    of_ec2(group.tags()).get(OF_CLUSTER) == Some(&aws.cluster)
}

pub(super) async fn delete(call: &Call<'_>, id: &str) -> Result<Answer, WorldError> {
    let delete = call.client().ec2.delete_security_group().group_id(id);
    delete.send().await.map(|_| done()).map_err(call.failed())
}
