//! What the control plane and the nodes may do in AWS.

use super::draft::Draft;
use super::{given, templates};
use crate::config::{AuthenticationMode, ManagedNodeGroup};
use crate::resource::iam::{Role, RoleArn};
use crate::resource::{Added, Json, Set, Val, name_within};

/// What EKS does for a cluster.
const CONTROL_PLANE: [&str; 2] = ["AmazonEKSClusterPolicy", "AmazonEKSVPCResourceController"];
/// What a node needs: to join, to pull images, to be reached by SSM, and addresses for its pods.
const NODES: [&str; 4] = [
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonSSMManagedInstanceCore",
    "AmazonEKS_CNI_Policy",
];

/// The control plane's role: one that exists, or one of its own.
pub(super) fn control_plane(draft: &mut Draft<'_>) -> Val<RoleArn> {
    if let Some(arn) = &draft.config.iam.service_role_arn {
        return given::role(draft, arn);
    }
    let path = path(draft);
    let policies = usual(draft, &CONTROL_PLANE);
    make(draft, "cluster", path, templates::cluster_trust(), policies).get()
}

/// The role of a group's nodes.
pub(super) fn nodes(draft: &mut Draft<'_>, group: &ManagedNodeGroup) -> Val<RoleArn> {
    if let Some(arn) = &group.iam.instance_role_arn {
        return given::role(draft, arn);
    }
    // The `aws-auth` map knows roles without their path.
    let path = match draft.config.access_config.authentication_mode.value {
        AuthenticationMode::ConfigMap => None,
        AuthenticationMode::Both | AuthenticationMode::Api => path(draft),
    };
    let own = group.iam.attach_policy_arns.as_ref();
    let policies = match own {
        Some(arns) => arns.iter().map(|arn| arn.0.clone()).collect(),
        None => usual(draft, &NODES),
    };
    let trust = templates::nodegroup_trust(draft.facts.partition());
    let role = make(draft, &format!("nodegroup-{}", group.name.0), path, trust, policies);
    let written = own.and_then(|arns| arns.written_at());
    draft.places(role.key(), &[("", group.name.written_at()), ("ManagedPolicyArns", written)]);
    role.get()
}

/// Where they are filed: by this they are found again, for lists of roles show no tags.
fn path(draft: &Draft<'_>) -> Option<String> {
    Some(format!("/eksact/{}/{}/", *draft.config.metadata.region, draft.name()))
}

fn usual(draft: &Draft<'_>, names: &[&str]) -> Set<String> {
    let partition = draft.facts.partition();
    names.iter().map(|name| format!("arn:{partition}:iam::aws:policy/{name}")).collect()
}

fn make(
    draft: &mut Draft<'_>,
    purpose: &str,
    path: Option<String>,
    trust: Val<Json>,
    policies: Set<String>,
) -> Added<Role> {
    let name = format!("{}-{}-{purpose}", draft.name(), *draft.config.metadata.region);
    let role = Role {
        role_name: Some(name_within(64, name)),
        path,
        assume_role_policy_document: trust,
        managed_policy_arns: policies,
        policies: [].into(),
        tags: draft.tagging().plain(),
    };
    draft.graph.add(purpose, role)
}
