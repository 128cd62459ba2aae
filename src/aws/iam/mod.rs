//! AWS IAM.

use super::call::{Call, done};
use super::tags::to_iam;
use crate::resource::iam::Operation as Sent;
use crate::resource::{Set, Tags};
use crate::world::{Answer, WorldError};

pub(super) mod oidc_provider;
pub(super) mod role;

/// Sends one call.
pub(super) async fn send(call: &Call<'_>, operation: &Sent) -> Result<Answer, WorldError> {
    match operation {
        Sent::CreateRole {
            role_name,
            path,
            assume_role_policy_document: trust,
            permissions_boundary: bound,
            tags,
        } => {
            let trust = call.text(trust)?;
            role::create(call, (role_name, path.as_deref()), (trust, bound.as_deref()), tags).await
        }
        Sent::UpdateAssumeRolePolicy { role_name, policy_document } => {
            role::trust(call, role_name, call.text(policy_document)?).await
        }
        Sent::AttachRolePolicy { role_name, policy_arn } => role::attach(call, role_name, policy_arn).await,
        Sent::DetachRolePolicy { role_name, policy_arn } => role::detach(call, role_name, policy_arn).await,
        Sent::PutRolePolicy { role_name, policy_name, policy_document } => {
            role::put(call, role_name, policy_name, call.text(policy_document)?).await
        }
        Sent::DeleteRolePolicy { role_name, policy_name } => {
            role::drop_policy(call, role_name, policy_name).await
        }
        Sent::PutRolePermissionsBoundary { role_name, permissions_boundary } => {
            role::bound(call, role_name, permissions_boundary).await
        }
        Sent::DeleteRolePermissionsBoundary { role_name } => role::unbound(call, role_name).await,
        Sent::TagRole { role_name, tags } => tag(call, role_name, tags).await,
        Sent::UntagRole { role_name, tag_keys } => untag(call, role_name, tag_keys).await,
        Sent::DeleteRole { role_name } => role::delete(call, role_name).await,
        Sent::CreateOpenIDConnectProvider { oidc_provider: provider } => {
            oidc_provider::create(call, provider).await
        }
        Sent::AddClientIDToOpenIDConnectProvider { arn, client_id } => {
            oidc_provider::add(call, arn, client_id).await
        }
        Sent::RemoveClientIDFromOpenIDConnectProvider { arn, client_id } => {
            oidc_provider::remove(call, arn, client_id).await
        }
        Sent::TagOpenIDConnectProvider { arn, tags } => oidc_provider::tag(call, arn, tags).await,
        Sent::UntagOpenIDConnectProvider { arn, tag_keys } => oidc_provider::untag(call, arn, tag_keys).await,
        Sent::DeleteOpenIDConnectProvider { arn } => oidc_provider::delete(call, arn).await,
    }
}

async fn tag(call: &Call<'_>, role: &str, tags: &Tags) -> Result<Answer, WorldError> {
    let tag = call.client().iam.tag_role().role_name(role).set_tags(Some(to_iam(tags)));
    tag.send().await.map(|_| done()).map_err(call.failed())
}

async fn untag(call: &Call<'_>, role: &str, keys: &Set<String>) -> Result<Answer, WorldError> {
    let untag = call.client().iam.untag_role().role_name(role).set_tag_keys(Some(keys.0.clone()));
    untag.send().await.map(|_| done()).map_err(call.failed())
}
