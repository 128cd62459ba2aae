//! What the control plane and the nodes may do in AWS.

use super::draft::Draft;
use super::nodegroups::at;
use super::policies::{Policies, aws_policy};
use super::{given, templates};
use crate::config::{AuthenticationMode, ManagedNodeGroup, Span};
use crate::resource::iam::{Role, RoleArn};
use crate::resource::{Added, Json, Key, Milestone, OneOf, Tags, Val, name_within};

/// What EKS does for a cluster.
const CONTROL_PLANE: [&str; 1] = ["AmazonEKSClusterPolicy"];
/// And security groups of pods.
const FOR_PODS: &str = "AmazonEKSVPCResourceController";
/// What a node needs: to join, to pull images, to be reached by SSM.
const NODES: [&str; 3] =
    ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonSSMManagedInstanceCore"];
/// And addresses for its pods, where vpc-cni has no role of its own.
const ADDRESSES: &str = "AmazonEKS_CNI_Policy";
/// The add-on that gives pods their addresses.
const CNI: &str = "vpc-cni";
/// What a policy in the file is called.
const POLICY: &str = "policy";

/// The control plane's role: one that exists, or one of its own.
pub(super) fn control_plane(draft: &mut Draft<'_>) -> Val<RoleArn> {
    let iam = &draft.config.iam;
    if let Some(arn) = &iam.service_role_arn {
        return given::role(draft, arn);
    }
    let for_pods = iam.vpc_resource_controller_policy.value.then_some(FOR_PODS);
    let names = CONTROL_PLANE.into_iter().chain(for_pods);
    let making = Making {
        purpose: "cluster".to_owned(),
        name: None,
        path: path(draft),
        trust: templates::cluster_trust(),
        policies: Policies::managed(names.map(|name| aws_policy(draft, name))),
        boundary: iam.service_role_permissions_boundary.as_ref().map(|arn| arn.0.clone()),
        tags: draft.tagging().plain(),
    };
    let role = making.make(draft, draft.config.iam.place());
    draft.places(
        role.key(),
        &[
            ("ManagedPolicyArns", iam.vpc_resource_controller_policy.written_at()),
            ("PermissionsBoundary", at(&iam.service_role_permissions_boundary)),
        ],
    );
    role.get()
}

/// The role of a group's nodes.
pub(super) fn nodes(draft: &mut Draft<'_>, group: &ManagedNodeGroup) -> Val<RoleArn> {
    let iam = &group.iam;
    if let Some(arn) = &iam.instance_role_arn {
        return given::role(draft, arn);
    }
    // The `aws-auth` map knows roles without their path.
    let path = match draft.config.access_config.authentication_mode.value {
        AuthenticationMode::ConfigMap => None,
        AuthenticationMode::Both | AuthenticationMode::Api => path(draft),
    };
    let making = Making {
        purpose: format!("nodegroup-{}", group.name.0),
        name: iam.instance_role_name.as_ref().map(|name| name.0.clone()),
        path,
        trust: templates::nodegroup_trust(draft.facts.partition()),
        policies: policies_of_nodes(draft, group),
        boundary: iam.instance_role_permissions_boundary.as_ref().map(|arn| arn.0.clone()),
        tags: draft.tagging().plain(),
    };
    let role = making.make(draft, group.name.span);
    draft.places(
        role.key(),
        &[
            ("", group.name.written_at()),
            ("RoleName", at(&iam.instance_role_name)),
            ("ManagedPolicyArns", at(&iam.attach_policy_arns).or(iam.with_addon_policies.written_at())),
            ("Policies", iam.with_addon_policies.written_at()),
            ("Policies.policy", at(&iam.attach_policy)),
            ("PermissionsBoundary", at(&iam.instance_role_permissions_boundary)),
        ],
    );
    hand_over(draft, role.key());
    role.get()
}

fn policies_of_nodes(draft: &Draft<'_>, group: &ManagedNodeGroup) -> Policies {
    let usual = || {
        let addresses = (!draft.cni_has_role).then_some(ADDRESSES);
        NODES.into_iter().chain(addresses).map(|name| aws_policy(draft, name)).collect()
    };
    let own = group.iam.attach_policy_arns.as_ref();
    let arns: Vec<String> = own.map_or_else(usual, |arns| arns.iter().map(|arn| arn.0.clone()).collect());
    Policies::managed(arns)
        .known(draft, group.iam.with_addon_policies.chosen())
        .written(POLICY, group.iam.attach_policy.as_ref().map(|it| it.json()))
}

/// Pods of a cluster that lives need addresses all the time: what gives them the right to ask for some is there
/// before what gave it to them goes.
fn hand_over(draft: &mut Draft<'_>, role: &Key) {
    let addon = Key { kind: crate::resource::eks::Addon::TYPE, name: CNI.to_owned() };
    if !draft.kept.installed.contains(CNI) || draft.graph.node(&addon).is_none() {
        return;
    }
    match draft.cni_has_role {
        true => draft.graph.order(role, &addon, Milestone::Ready),
        false => draft.graph.order(&addon, role, Milestone::Ready),
    }
}

/// Where they are filed: by this they are found again, for lists of roles show no tags.
pub(super) fn path(draft: &Draft<'_>) -> Option<String> {
    Some(format!("/eksact/{}/{}/", *draft.config.metadata.region, draft.name()))
}

/// A role that is to be made.
pub(super) struct Making {
    /// What it is for: its key, and its name unless the file gives one.
    pub purpose: String,
    pub name: Option<String>,
    pub path: Option<String>,
    pub trust: Val<Json>,
    pub policies: Policies,
    pub boundary: Option<String>,
    pub tags: Tags,
}

impl Making {
    /// Draws it. What is wrong with all of it is said at this place.
    pub fn make(self, draft: &mut Draft<'_>, place: Span) -> Added<Role> {
        self.policies.within_limits(draft, &self.purpose, place);
        let made = || format!("{}-{}-{}", draft.name(), *draft.config.metadata.region, self.purpose);
        let role = Role {
            role_name: Some(name_within(64, self.name.unwrap_or_else(made))),
            path: self.path,
            assume_role_policy_document: self.trust,
            managed_policy_arns: self.policies.managed,
            policies: self.policies.own,
            permissions_boundary: self.boundary,
            tags: self.tags,
        };
        draft.graph.add(&self.purpose, role)
    }
}
