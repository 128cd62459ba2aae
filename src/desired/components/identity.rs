//! What components may do in AWS: a role for the service account of each that calls it.

use super::super::identities::{Issued, subject};
use super::super::policies::Policies;
use super::super::roles::{self, Making};
use super::super::templates;
use crate::config::COMPONENT_NAMESPACE as NAMESPACE;
use crate::config::{Choice, Code, Component, ComponentIdentity, Diagnostic, KnownPolicy, Spanned};
use crate::desired::draft::Draft;
use crate::resource::eks::{Cluster, PodIdentityAssociation, SessionPolicy};
use crate::resource::iam::RoleArn;
use crate::resource::{Added, Val};

/// By what a role shows whose it is.
pub const OF_COMPONENT: &str = "eksact.dev/component";

/// What roles of components can be bound to.
pub(in crate::desired) struct Roles<'a> {
    pub cluster: &'a Added<Cluster>,
    pub issued: Option<&'a Issued>,
}

/// Draws the role of a component, and what gives it to its pods; answers with it where its service account
/// must name it.
pub(super) fn give(
    draft: &mut Draft<'_>,
    component: &Spanned<Component>,
    roles: &Roles<'_>,
) -> Option<Val<RoleArn>> {
    let policy = component.policy()?;
    match (component.way(), roles.issued) {
        (ComponentIdentity::None, _) => None,
        (ComponentIdentity::PodIdentity, _) => {
            associate(draft, component, policy, roles.cluster);
            None
        }
        (ComponentIdentity::Irsa, Some(issued)) => {
            let trust = templates::account_trust(issued, &[subject(NAMESPACE, component.name.word())]);
            Some(role(draft, component, policy, trust))
        }
        (ComponentIdentity::Irsa, None) => {
            draft.refuse(no_provider(component));
            None
        }
    }
}

fn associate(
    draft: &mut Draft<'_>,
    component: &Spanned<Component>,
    policy: KnownPolicy,
    cluster: &Added<Cluster>,
) {
    let account = component.name.word();
    let association = PodIdentityAssociation {
        cluster_name: cluster.get(),
        namespace: NAMESPACE.to_owned(),
        service_account: account.to_owned(),
        role_arn: role(draft, component, policy, templates::pod_identity_trust()),
        target_role_arn: None,
        disable_session_tags: false,
        policy: SessionPolicy(None),
        tags: draft.tagging().plain(),
    };
    let name = PodIdentityAssociation::called(NAMESPACE, account);
    let association = draft.graph.add(&name, association);
    draft.places(association.key(), &[("", component.name.written_at())]);
}

fn role(
    draft: &mut Draft<'_>,
    component: &Spanned<Component>,
    policy: KnownPolicy,
    trust: Val<crate::resource::Json>,
) -> Val<RoleArn> {
    let name = component.name.word();
    let making = Making {
        purpose: format!("component-{name}"),
        name: None,
        path: roles::path(draft),
        trust,
        policies: Policies::managed([]).known(draft, vec![policy]),
        boundary: None,
        tags: draft.tagging().marked((OF_COMPONENT, name.to_owned()), &[]),
    };
    let role = making.make(draft, component.name.span);
    let identity = component.identity.as_ref().and_then(|it| it.written_at());
    let places = [("", component.name.written_at()), ("AssumeRolePolicyDocument", identity)];
    draft.places(role.key(), &places);
    role.get()
}

fn no_provider(component: &Component) -> Diagnostic {
    let message =
        format!("`{}` is to have its role by IRSA, and the cluster has no provider", component.name.word());
    Diagnostic::new(Code::NeedsOther, component.name.place(), message)
        .label("nobody would believe its service account")
        .help("write `withOIDC: true` under `iam`, or leave `identity` open")
}
