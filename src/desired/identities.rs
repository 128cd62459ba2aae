//! Roles for workloads: through the cluster's OIDC provider, or through the agent on their nodes.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::nodegroups::at;
use super::policies::Policies;
use super::roles::{self, Making};
use super::{given, templates};
use crate::config::{PodIdentityAssociation as Written, ServiceAccount};
use crate::resource::eks::{Cluster, PodIdentityAssociation, SessionPolicy};
use crate::resource::iam::{OidcProvider, Role, RoleArn};
use crate::resource::{Added, Json, Key, Set, Val};

/// By what eksctl sees whose a role is.
const OF_ACCOUNT: &str = "alpha.eksctl.io/iamserviceaccount-name";
const OF_ASSOCIATION: &str = "alpha.eksctl.io/podidentityassociation-name";
/// Whom the tokens of service accounts are meant for.
const STS: &str = "sts.amazonaws.com";
/// What a policy in the file is called where the file does not say.
const POLICY: &str = "policy";

/// What IAM takes the cluster's word by.
#[derive(Clone)]
pub(super) struct Issued {
    pub cluster: Added<Cluster>,
    pub provider: Added<OidcProvider>,
}

/// Draws the provider, if the file asks for one.
pub(super) fn provider(draft: &mut Draft<'_>, cluster: &Added<Cluster>) -> Option<Issued> {
    let asked = &draft.config.iam.with_oidc;
    if !asked.value {
        return None;
    }
    let provider = OidcProvider {
        url: cluster.get(),
        client_id_list: Set(vec![STS.to_owned()]),
        tags: draft.tagging().plain(),
    };
    let provider = draft.graph.add("main", provider);
    draft.places(provider.key(), &[("", asked.written_at())]);
    Some(Issued { cluster: cluster.clone(), provider })
}

/// The roles of service accounts, by namespace and name.
pub(super) type Accounts = BTreeMap<(String, String), Val<RoleArn>>;

/// Draws the roles of service accounts.
pub(super) fn accounts(draft: &mut Draft<'_>, issued: Option<&Issued>) -> Accounts {
    let mut roles = Accounts::new();
    for account in draft.config.iam.service_accounts.iter() {
        let (namespace, name) = (&account.metadata.namespace.0, &account.metadata.name.0);
        let role = match (&account.attach_role_arn, issued) {
            // It may be of another account, and so it is not looked up.
            (Some(arn), _) => Val::Known(RoleArn(arn.0.clone())),
            (None, Some(issued)) => role_of_account(draft, issued, account).get(),
            (None, None) => continue,
        };
        roles.insert((namespace.clone(), name.clone()), role);
    }
    roles
}

/// What a key calls the role of a service account.
pub(super) fn purpose_of_account(account: &ServiceAccount) -> String {
    format!("serviceaccount-{}.{}", account.metadata.namespace.0, account.metadata.name.0)
}

fn role_of_account(draft: &mut Draft<'_>, issued: &Issued, account: &ServiceAccount) -> Added<Role> {
    let (namespace, name) = (&account.metadata.namespace.0, &account.metadata.name.0);
    let trust = match &account.subject_pattern {
        Some(pattern) => templates::pattern_trust(issued, &subject(namespace, &pattern.0)),
        None => templates::account_trust(issued, &[subject(namespace, name)]),
    };
    let policies = Policies::managed(account.attach_policy_arns.iter().map(|arn| arn.0.clone()))
        .known(draft, account.well_known_policies.chosen())
        .written(POLICY, account.attach_policy.as_ref().map(|it| it.json()));
    let making = Making {
        purpose: purpose_of_account(account),
        name: account.role_name.as_ref().map(|name| name.0.clone()),
        path: roles::path(draft),
        trust,
        policies,
        boundary: account.permissions_boundary.as_ref().map(|arn| arn.0.clone()),
        tags: draft.tagging().marked((OF_ACCOUNT, format!("{namespace}/{name}")), &account.tags.0),
    };
    let role = making.make(draft, account.metadata.name.span);
    draft.places(
        role.key(),
        &[
            ("", account.metadata.name.written_at()),
            ("RoleName", at(&account.role_name)),
            ("AssumeRolePolicyDocument", at(&account.subject_pattern)),
            ("ManagedPolicyArns", account.attach_policy_arns.written_at()),
            ("Policies", account.well_known_policies.written_at()),
            ("Policies.policy", at(&account.attach_policy)),
            ("PermissionsBoundary", at(&account.permissions_boundary)),
        ],
    );
    role
}

/// As Kubernetes calls a service account.
pub(super) fn subject(namespace: &str, name: &str) -> String {
    format!("system:serviceaccount:{namespace}:{name}")
}

/// Draws the associations, with the roles that are made for them.
pub(super) fn associations(draft: &mut Draft<'_>, cluster: &Added<Cluster>) {
    for written in draft.config.iam.pod_identity_associations.iter() {
        let role_arn = match &written.role_arn {
            Some(arn) => given::role(draft, arn),
            None => role_of_association(draft, written).get(),
        };
        let policy = written.policy.as_ref().and_then(|it| it.json());
        let association = PodIdentityAssociation {
            cluster_name: cluster.get(),
            namespace: written.namespace.0.clone(),
            service_account: written.service_account_name.0.clone(),
            role_arn,
            target_role_arn: written.target_role_arn.as_ref().map(|arn| arn.0.clone()),
            disable_session_tags: written.disable_session_tags.value,
            policy: SessionPolicy(policy.map(|json| Val::Known(Json::from(json)))),
            tags: draft.tagging().also(&written.tags.0),
        };
        let association = draft.graph.add(&called(written), association);
        place(draft, association.key(), written);
    }
}

/// What keys call an association.
pub(super) fn called(written: &Written) -> String {
    PodIdentityAssociation::called(&written.namespace.0, &written.service_account_name.0)
}

/// What a key calls the role that is made for an association.
pub(super) fn purpose_of_association(written: &Written) -> String {
    format!("podidentity-{}", called(written))
}

fn role_of_association(draft: &mut Draft<'_>, written: &Written) -> Added<Role> {
    let name = format!("{}/{}", written.namespace.0, written.service_account_name.0);
    let policy = written.permission_policy_name.as_ref().map_or(POLICY, |name| &name.0);
    let policies = Policies::managed(written.permission_policy_arns.iter().map(|arn| arn.0.clone()))
        .known(draft, written.well_known_policies.chosen())
        .written(policy, written.permission_policy.as_ref().map(|it| it.json()));
    let making = Making {
        purpose: purpose_of_association(written),
        name: written.role_name.as_ref().map(|name| name.0.clone()),
        path: roles::path(draft),
        trust: templates::pod_identity_trust(),
        policies,
        boundary: written.permissions_boundary_arn.as_ref().map(|arn| arn.0.clone()),
        tags: draft.tagging().marked((OF_ASSOCIATION, name), &written.tags.0),
    };
    let role = making.make(draft, written.service_account_name.span);
    draft.places(
        role.key(),
        &[
            ("", written.service_account_name.written_at()),
            ("RoleName", at(&written.role_name)),
            ("ManagedPolicyArns", written.permission_policy_arns.written_at()),
            ("Policies", written.well_known_policies.written_at()),
            (&format!("Policies.{policy}"), at(&written.permission_policy)),
            ("PermissionsBoundary", at(&written.permissions_boundary_arn)),
        ],
    );
    role
}

fn place(draft: &mut Draft<'_>, key: &Key, written: &Written) {
    draft.places(
        key,
        &[
            ("", written.service_account_name.written_at()),
            ("RoleArn", at(&written.role_arn)),
            ("TargetRoleArn", at(&written.target_role_arn)),
            ("DisableSessionTags", written.disable_session_tags.written_at()),
            ("Policy", at(&written.policy)),
        ],
    );
}
