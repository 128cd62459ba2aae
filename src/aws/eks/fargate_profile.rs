use crate::aws::Aws;
use crate::aws::call::unread;
use crate::aws::live::still_there;
use crate::world::WorldError;

/// The names of the Fargate profiles in the cluster.
pub(in crate::aws) async fn names(aws: &Aws) -> Result<Vec<String>, WorldError> {
    let list = aws.reads.eks.list_fargate_profiles().cluster_name(&aws.cluster).into_paginator().items();
    let names = list.send().try_collect().await.map_err(unread("eks:ListFargateProfiles"));
    still_there(names).map(Option::unwrap_or_default)
}
