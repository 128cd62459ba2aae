//! AWS IAM.

use super::state::{Played, State};
use crate::resource::iam::{OidcProvider, Operation as Call};
use crate::world::{Answer, Class};

mod oidc_provider;
mod role;

pub(super) use oidc_provider::{go_with, key as key_of_provider};
pub(super) use role::passed;

pub(super) fn play(state: &mut State, call: &Call) -> Played {
    match call {
        Call::CreateRole { role_name, assume_role_policy_document, permissions_boundary, tags, .. } => {
            let as_asked = (assume_role_policy_document, permissions_boundary.as_ref());
            return role::create(state, role_name, as_asked, tags);
        }
        Call::CreateOpenIDConnectProvider { oidc_provider } => {
            return oidc_provider::create(state, oidc_provider);
        }
        Call::DeleteOpenIDConnectProvider { arn } => return state.vanish(arn, "DeleteConflict"),
        Call::AddClientIDToOpenIDConnectProvider { arn, client_id } => {
            let clients = &mut state.edit::<OidcProvider>(arn)?.client_id_list.0;
            clients.retain(|it| it != client_id);
            clients.push(client_id.clone());
        }
        Call::RemoveClientIDFromOpenIDConnectProvider { arn, client_id } => {
            state.edit::<OidcProvider>(arn)?.client_id_list.0.retain(|it| it != client_id);
        }
        Call::TagOpenIDConnectProvider { arn, tags } => {
            state.edit::<OidcProvider>(arn)?.tags.0.extend(tags.0.clone());
        }
        Call::UntagOpenIDConnectProvider { arn, tag_keys } => {
            state.edit::<OidcProvider>(arn)?.tags.0.retain(|key, _| !tag_keys.0.contains(key));
        }
        Call::PutRolePermissionsBoundary { role_name, permissions_boundary } => {
            role::named(state, role_name)?.permissions_boundary = Some(permissions_boundary.clone());
        }
        Call::DeleteRolePermissionsBoundary { role_name } => {
            role::named(state, role_name)?.permissions_boundary = None;
        }
        Call::DeleteRole { role_name } => return role::delete(state, role_name),
        Call::UpdateAssumeRolePolicy { role_name, policy_document } => {
            role::named(state, role_name)?.assume_role_policy_document = policy_document.clone();
        }
        Call::AttachRolePolicy { role_name, policy_arn } => {
            let role = role::named(state, role_name)?;
            role.managed_policy_arns.0.retain(|arn| arn != policy_arn);
            role.managed_policy_arns.0.push(policy_arn.clone());
        }
        Call::DetachRolePolicy { role_name, policy_arn } => {
            role::named(state, role_name)?.managed_policy_arns.0.retain(|arn| arn != policy_arn);
        }
        Call::PutRolePolicy { role_name, policy_name, policy_document } => {
            role::named(state, role_name)?.policies.insert(policy_name.clone(), policy_document.clone());
        }
        Call::DeleteRolePolicy { role_name, policy_name } => {
            let gone = role::named(state, role_name)?.policies.remove(policy_name);
            gone.ok_or((Class::NotFound, "NoSuchEntity"))?;
        }
        Call::TagRole { role_name, tags } => role::named(state, role_name)?.tags.0.extend(tags.0.clone()),
        Call::UntagRole { role_name, tag_keys } => {
            role::named(state, role_name)?.tags.0.retain(|key, _| !tag_keys.0.contains(key));
        }
    }
    Ok(Answer::default())
}
