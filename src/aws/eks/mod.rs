//! Amazon EKS.

use super::call::{Call, done};
use super::live::text;
use super::tags::to_eks;
use crate::resource::eks::Operation as Sent;
use crate::resource::{Set, Tags, Trouble};
use crate::world::{Answer, WorldError};

pub(super) mod access_entry;
pub(super) mod addon;
pub(super) mod cluster;
pub(super) mod fargate_profile;
pub(super) mod nodegroup;
pub(super) mod pod_identity_association;
pub(super) mod updates;

/// Sends one call.
pub(super) async fn send(call: &Call<'_>, operation: &Sent) -> Result<Answer, WorldError> {
    match operation {
        Sent::CreateCluster { cluster } => cluster::create(call, cluster).await,
        Sent::UpdateClusterConfig { name, update } => cluster::update(call, name, update).await,
        Sent::DeleteCluster { name } => cluster::delete(call, name).await,
        Sent::CreateAddon { name, addon } => addon::create(call, name, addon).await,
        Sent::UpdateAddon { cluster_name, name, addon } => {
            addon::update(call, call.text(cluster_name)?, name, addon).await
        }
        Sent::DeleteAddon { cluster_name, name } => addon::delete(call, call.text(cluster_name)?, name).await,
        Sent::CreateNodegroup { name, nodegroup } => nodegroup::create(call, name, nodegroup).await,
        Sent::UpdateNodegroupConfig { cluster_name, name, update } => {
            nodegroup::configure(call, call.text(cluster_name)?, name, update).await
        }
        Sent::UpdateNodegroupVersion { cluster_name, name, launch_template } => {
            nodegroup::turn(call, call.text(cluster_name)?, name, launch_template).await
        }
        Sent::DeleteNodegroup { cluster_name, name } => {
            nodegroup::delete(call, call.text(cluster_name)?, name).await
        }
        Sent::CreateAccessEntry { access_entry } => access_entry::create(call, access_entry).await,
        Sent::UpdateAccessEntry { cluster_name, principal_arn, kubernetes_groups, username } => {
            let which = (call.text(cluster_name)?, principal_arn.as_str());
            access_entry::update(call, which, kubernetes_groups, username).await
        }
        Sent::AssociateAccessPolicy { cluster_name, principal_arn, policy_arn, access_scope } => {
            let which = (call.text(cluster_name)?, principal_arn.as_str());
            access_entry::associate(call, which, policy_arn, access_scope).await
        }
        Sent::DisassociateAccessPolicy { cluster_name, principal_arn, policy_arn } => {
            let which = (call.text(cluster_name)?, principal_arn.as_str());
            access_entry::disassociate(call, which, policy_arn).await
        }
        Sent::DeleteAccessEntry { cluster_name, principal_arn } => {
            access_entry::delete(call, (call.text(cluster_name)?, principal_arn)).await
        }
        Sent::CreatePodIdentityAssociation { pod_identity_association: association } => {
            pod_identity_association::create(call, association).await
        }
        Sent::UpdatePodIdentityAssociation { cluster_name, association_id, update } => {
            let which = (call.text(cluster_name)?, association_id.as_str());
            pod_identity_association::update(call, which, update).await
        }
        Sent::DeletePodIdentityAssociation { cluster_name, association_id } => {
            pod_identity_association::delete(call, call.text(cluster_name)?, association_id).await
        }
        Sent::TagResource { resource_arn, tags } => tag(call, resource_arn, tags).await,
        Sent::UntagResource { resource_arn, tag_keys } => untag(call, resource_arn, tag_keys).await,
    }
}

async fn tag(call: &Call<'_>, arn: &str, tags: &Tags) -> Result<Answer, WorldError> {
    let tag = call.client().eks.tag_resource().resource_arn(arn).set_tags(to_eks(tags));
    tag.send().await.map(|_| done()).map_err(call.failed())
}

async fn untag(call: &Call<'_>, arn: &str, keys: &Set<String>) -> Result<Answer, WorldError> {
    let untag = call.client().eks.untag_resource().resource_arn(arn);
    untag.set_tag_keys(Some(keys.0.clone())).send().await.map(|_| done()).map_err(call.failed())
}

/// An answer that tells of the update that was set off.
fn begun(update: Option<&aws_sdk_eks::types::Update>) -> Answer {
    Answer { update: update.and_then(|update| update.id()).map(str::to_owned), ..done() }
}

/// What AWS says is wrong.
fn trouble(code: Option<&str>, message: Option<&str>) -> Trouble {
    Trouble { code: text(code), message: text(message) }
}
