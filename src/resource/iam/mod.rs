//! AWS IAM: who may do what.

use super::operation::operations;
use super::{Json, Set, Tags, Val};

mod oidc_provider;
mod role;

pub use oidc_provider::{OidcProvider, OidcProviderArn};
pub use role::{Role, RoleArn, RoleName};

const TAG: &[&str] = &["iam:TagRole"];
const TAG_PROVIDER: &[&str] = &["iam:TagOpenIDConnectProvider"];

operations! { "iam" as Iam
    CreateRole { role_name: String, path: Option<String>, assume_role_policy_document: Val<Json>, permissions_boundary: Option<String>, tags: Tags } = Manner::new(Creates).ready_in(1).also(TAG);
    UpdateAssumeRolePolicy { role_name: String, policy_document: Val<Json> } = Manner::new(Updates);
    AttachRolePolicy { role_name: String, policy_arn: String } = Manner::new(Updates);
    DetachRolePolicy { role_name: String, policy_arn: String } = Manner::new(Updates);
    PutRolePolicy { role_name: String, policy_name: String, policy_document: Val<Json> } = Manner::new(Updates);
    DeleteRolePolicy { role_name: String, policy_name: String } = Manner::new(Updates);
    PutRolePermissionsBoundary { role_name: String, permissions_boundary: String } = Manner::new(Updates);
    DeleteRolePermissionsBoundary { role_name: String } = Manner::new(Updates);
    TagRole { role_name: String, tags: Tags } = Manner::new(Updates);
    UntagRole { role_name: String, tag_keys: Set<String> } = Manner::new(Updates);
    DeleteRole { role_name: String } = Manner::new(Deletes);
    CreateOpenIDConnectProvider { oidc_provider: OidcProvider } = Manner::new(Creates).ready_in(1).also(TAG_PROVIDER);
    AddClientIDToOpenIDConnectProvider { arn: String, client_id: String } = Manner::new(Updates);
    RemoveClientIDFromOpenIDConnectProvider { arn: String, client_id: String } = Manner::new(Updates);
    TagOpenIDConnectProvider { arn: String, tags: Tags } = Manner::new(Updates);
    UntagOpenIDConnectProvider { arn: String, tag_keys: Set<String> } = Manner::new(Updates);
    DeleteOpenIDConnectProvider { arn: String } = Manner::new(Deletes);
}
