//! AWS IAM.

use super::state::{Played, State};
use crate::resource::iam::Operation as Call;
use crate::world::{Answer, Class};

mod role;

pub(super) use role::passed;

pub(super) fn play(state: &mut State, call: &Call) -> Played {
    match call {
        Call::CreateRole { role_name, assume_role_policy_document, tags, .. } => {
            return role::create(state, role_name, assume_role_policy_document, tags);
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
