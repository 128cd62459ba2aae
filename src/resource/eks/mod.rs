//! Amazon EKS: the control plane and what belongs to it.

use std::collections::BTreeMap;

use super::iam::RoleArn;
use super::operation::operations;
use super::{Json, Mutex, Outputs, Seen, Set, Tags, Val};

mod access_entry;
mod addon;
mod cluster;
mod nodegroup;
mod pod_identity_association;

pub use access_entry::{AccessEntry, AccessScope};
pub use addon::{Addon, NamespaceConfig};
pub use cluster::{AccessConfig, AtCreation, AuthenticationMode, Cluster, ClusterEndpoint, ClusterName};
pub use cluster::{Issuer, IssuerUrl, KubernetesNetworkConfig, ResourcesVpcConfig, UpgradePolicy};
pub use nodegroup::{Chooser, DesiredSize, LaunchTemplateSpecification, Nodegroup, ScalingConfig};
pub use nodegroup::{Taint, UpdateConfig};
pub use pod_identity_association::{PodIdentityAssociation, SessionPolicy};

const PASS: &[&str] = &["eks:TagResource", "iam:PassRole"];
const PASS_AND_GET: &[&str] = &["eks:TagResource", "iam:GetRole", "iam:PassRole"];
const PASS_ANOTHER: &[&str] = &["iam:GetRole", "iam:PassRole"];
const TAG: &[&str] = &["eks:TagResource"];

operations! { "eks" as Eks
    CreateCluster { cluster: Cluster } = Manner::new(Creates).ready_in(600).also(PASS);
    /// One kind of update a call, and one update of a cluster at a time.
    UpdateClusterConfig { name: String, update: ClusterUpdate } = Manner::new(Updates).ready_in(150).alone(Mutex::ClusterUpdate);
    DeleteCluster { name: String } = Manner::new(Deletes).gone_in(150);
    CreateAddon { name: String, addon: Addon } = Manner::new(Creates).ready_in(35).also(TAG);
    UpdateAddon { cluster_name: Val<ClusterName>, name: String, addon: Addon } = Manner::new(Updates).ready_in(35);
    DeleteAddon { cluster_name: Val<ClusterName>, name: String } = Manner::new(Deletes).gone_in(20);
    CreateNodegroup { name: String, nodegroup: Nodegroup } = Manner::new(Creates).ready_in(110).also(PASS);
    UpdateNodegroupConfig { cluster_name: Val<ClusterName>, name: String, update: NodegroupUpdate } = Manner::new(Updates).ready_in(20);
    UpdateNodegroupVersion { cluster_name: Val<ClusterName>, name: String, launch_template: LaunchTemplateSpecification } = Manner::new(Updates).ready_in(300);
    DeleteNodegroup { cluster_name: Val<ClusterName>, name: String } = Manner::new(Deletes).gone_in(250);
    CreateAccessEntry { access_entry: AccessEntry } = Manner::new(Creates).ready_in(1).also(TAG);
    UpdateAccessEntry { cluster_name: Val<ClusterName>, principal_arn: String, kubernetes_groups: Set<String>, username: String } = Manner::new(Updates);
    AssociateAccessPolicy { cluster_name: Val<ClusterName>, principal_arn: String, policy_arn: String, access_scope: AccessScope } = Manner::new(Updates);
    DisassociateAccessPolicy { cluster_name: Val<ClusterName>, principal_arn: String, policy_arn: String } = Manner::new(Updates);
    DeleteAccessEntry { cluster_name: Val<ClusterName>, principal_arn: String } = Manner::new(Deletes);
    CreatePodIdentityAssociation { pod_identity_association: PodIdentityAssociation } = Manner::new(Creates).ready_in(1).also(PASS_AND_GET);
    UpdatePodIdentityAssociation { cluster_name: Val<ClusterName>, association_id: String, update: PodIdentityUpdate } = Manner::new(Updates).also(PASS_ANOTHER);
    DeletePodIdentityAssociation { cluster_name: Val<ClusterName>, association_id: String } = Manner::new(Deletes);
    TagResource { resource_arn: String, tags: Tags } = Manner::new(Updates);
    UntagResource { resource_arn: String, tag_keys: Set<String> } = Manner::new(Updates);
}

/// The kinds of update of a control plane that are made here.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub enum ClusterUpdate {
    /// Which logs go to CloudWatch.
    LoggingUpdate(Set<String>),
    /// Who reaches the API server, and from where.
    EndpointAccessUpdate(EndpointAccess),
    /// Where EKS looks up who a caller is.
    AccessConfigUpdate(AuthenticationMode),
    /// What becomes of a Kubernetes version whose standard support ends.
    UpgradePolicyUpdate(String),
    /// Whether EKS refuses to delete it.
    DeletionProtectionUpdate(bool),
}

/// Who reaches the API server, and from where.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EndpointAccess {
    /// Whether it is reached from inside the VPC.
    pub endpoint_private_access: bool,
    /// Whether it is reached from the internet.
    pub endpoint_public_access: bool,
    /// From where on the internet.
    pub public_access_cidrs: Set<String>,
}

impl super::Property for ClusterUpdate {}

/// What `UpdateNodegroupConfig` changes, in one call.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct NodegroupUpdate {
    /// Labels to add or change.
    pub add_or_update_labels: BTreeMap<String, String>,
    /// Labels to remove.
    pub remove_labels: Vec<String>,
    /// Taints to add or change.
    pub add_or_update_taints: Vec<Taint>,
    /// Taints to remove.
    pub remove_taints: Vec<Taint>,
    /// The sizes, where they change; desiredSize only where it is the file that changed it.
    pub scaling_config: Option<(u32, u32, Option<u32>)>,
    /// How many nodes an update takes at once, where that changes.
    pub update_config: Option<UpdateConfig>,
}

impl super::Property for NodegroupUpdate {}

/// What `UpdatePodIdentityAssociation` is told, in one call.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PodIdentityUpdate {
    /// The role.
    pub role_arn: Val<RoleArn>,
    /// The role that is taken by means of it; none takes away the one there is.
    pub target_role_arn: Option<String>,
    /// Whether EKS leaves out its tags.
    pub disable_session_tags: bool,
    /// What its pods may do at most.
    pub policy: Option<Val<Json>>,
}

impl super::Property for PodIdentityUpdate {
    fn visit(&self, see: &mut dyn FnMut(Seen<'_>)) {
        self.role_arn.visit(see);
    }
    fn resolve(&mut self, outputs: &Outputs) {
        self.role_arn.resolve(outputs);
        self.policy.resolve(outputs);
    }
}

/// The calls that bring the tags of something live to what is desired.
fn retag(arn: &str, desired: &Tags, live: &Tags) -> Vec<super::Operation> {
    let (untagged, tagged) = (arn.to_owned(), arn.to_owned());
    desired.retag(
        live,
        |tag_keys| Operation::UntagResource { resource_arn: untagged, tag_keys },
        |tags| Operation::TagResource { resource_arn: tagged, tags },
    )
}

impl Operation {
    /// What it takes besides, where that hangs on what is asked for.
    pub(super) fn also(&self) -> &'static [&'static str] {
        match self {
            Self::CreateAddon { addon, .. } | Self::UpdateAddon { addon, .. } => addon.takes(),
            _ => &[],
        }
    }

    /// Whether what it sets off is waited for.
    pub(super) fn is_awaited(&self) -> bool {
        match self {
            Self::CreateAddon { addon, .. } | Self::UpdateAddon { addon, .. } => addon.awaited != Some(false),
            _ => true,
        }
    }
}
