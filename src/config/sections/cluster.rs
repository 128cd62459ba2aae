//! The file as a whole.

use crate::config::declare::{choice, section};
use crate::config::sections::access::{AccessConfig, Iam, SecretsEncryption};
use crate::config::sections::access_rules;
use crate::config::sections::addons::{Addon, AddonsConfig};
use crate::config::sections::cluster_rules as rules;
use crate::config::sections::component_rules;
use crate::config::sections::components::Component;
use crate::config::sections::identity_rules;
use crate::config::sections::later::cluster::{
    AUTO_MODE_CONFIG, CONTROL_PLANE_SCALING_CONFIG, FARGATE_PROFILE, GITOPS, KARPENTER,
    KUBE_API_SERVER_CONFIG, KUBE_CONTROLLER_MANAGER_CONFIG, KUBE_SCHEDULER_CONFIG, OUTPOST, PRIVATE_CLUSTER,
    REMOTE_NETWORK_CONFIG, ZONAL_SHIFT_CONFIG,
};
use crate::config::sections::later::identities::{CAPABILITY, IAM_IDENTITY_MAPPING, IDENTITY_PROVIDER};
use crate::config::sections::later::nodes::NODE_GROUP;
use crate::config::sections::logging::CloudWatch;
use crate::config::sections::metadata::Metadata;
use crate::config::sections::network::KubernetesNetworkConfig;
use crate::config::sections::nodegroup::ManagedNodeGroup;
use crate::config::sections::support::UpgradePolicy;
use crate::config::sections::vpc::{Vpc, Zone};
use crate::config::tree::Node;
use crate::config::value::{Choice, List};

section! {
    /// A cluster, as its file describes it.
    pub struct ClusterConfig {
        /// The language, which decides the defaults.
        "apiVersion"              api_version:               ApiVersion,
        /// Always `ClusterConfig`.
        "kind"                    kind:                      Kind,
        /// Name and place.
        "metadata"                metadata:                  Metadata,
        /// Addresses inside the cluster.
        "kubernetesNetworkConfig" kubernetes_network_config: KubernetesNetworkConfig,
        /// The network around it.
        "vpc"                     vpc:                       Vpc,
        /// Zones to lay subnets in; at least two. Chosen at the first run if left open.
        "availabilityZones"       availability_zones:        List<Zone> = _,
        /// Groups of nodes that EKS looks after.
        "managedNodeGroups"       managed_node_groups:       List<ManagedNodeGroup>,
        /// AWS identities of the cluster.
        "iam"                     iam:                       Iam,
        /// How callers are let in.
        "accessConfig"            access_config:             AccessConfig,
        /// Encryption of Kubernetes secrets with a key of your own. Chosen at creation.
        "secretsEncryption"       secrets_encryption:        SecretsEncryption = _,
        /// What the control plane logs.
        "cloudWatch"              cloud_watch:               CloudWatch,
        /// What becomes of a Kubernetes version whose standard support ends.
        "upgradePolicy"           upgrade_policy:            UpgradePolicy,
        /// Whether EKS refuses to delete the cluster. What it is stays if left open.
        "deletionProtection"      deletion_protection:       bool = _,
        /// EKS add-ons.
        "addons"                  addons:                    List<Addon>,
        /// What holds for all add-ons.
        "addonsConfig"            addons_config:             AddonsConfig,
        /// What runs in the cluster from its first day on.
        "components"              components:                List<Component>,
    }
    not yet {
        "autoModeConfig": AUTO_MODE_CONFIG => "remove it to go on; nodes are those of `managedNodeGroups` then"
        "capabilities": CAPABILITY "controlPlaneScalingConfig": CONTROL_PLANE_SCALING_CONFIG
        "fargateProfiles": FARGATE_PROFILE => "remove it to go on; its pods then need nodes"
        "gitops": GITOPS
        "iamIdentityMappings": IAM_IDENTITY_MAPPING
            => "write `accessConfig.accessEntries`, which take their place"
        "identityProviders": IDENTITY_PROVIDER "karpenter": KARPENTER
        "kubeAPIServerConfig": KUBE_API_SERVER_CONFIG
        "kubeControllerManagerConfig": KUBE_CONTROLLER_MANAGER_CONFIG
        "kubeSchedulerConfig": KUBE_SCHEDULER_CONFIG "localZones"
        "nodeGroups": NODE_GROUP as "managedNodeGroups"
            => "write `managedNodeGroups`, whose nodes EKS looks after"
        "outpost": OUTPOST "privateCluster": PRIVATE_CLUSTER "remoteNetworkConfig": REMOTE_NETWORK_CONFIG
        "zonalShiftConfig": ZONAL_SHIFT_CONFIG
    }
    refused {
        "git": "eksctl took it out; what came after it is `gitops`",
    }
    rules {
        rules::two_zones, rules::distinct_zones, rules::zones_or_given_subnets,
        rules::distinct_nodegroup_names, rules::distinct_addon_names, rules::services_apart_from_vpc,
        rules::named_subnets_exist,
        rules::all_in_the_region, rules::nodes_need_addresses, rules::nodes_need_a_way_out,
        rules::labels_of_eksctls, rules::names_that_label_nodes, access_rules::nodes_are_let_in_already,
        component_rules::only_in_our_language, component_rules::distinct_components,
        component_rules::settings_of_add_ons, component_rules::autoscaling_of_add_ons_alone,
        component_rules::accounts_of_their_own,
        identity_rules::distinct_associations, identity_rules::distinct_role_names,
        identity_rules::associations_need_the_agent, identity_rules::policies_of_addons_need_a_provider
    }
}

choice! {
    /// One language, two sets of defaults.
    pub enum ApiVersion {
        "eksctl.io/v1alpha5"  Eksctl,
        "eksact.dev/v1alpha1" Eksact,
    }
}

choice! {
    /// What the file describes.
    pub enum Kind { "ClusterConfig" ClusterConfig, }
}

impl ApiVersion {
    /// A first look, before anything is read: the defaults depend on it.
    pub fn of(node: &Node<'_>) -> Self {
        let text = node.as_scalar().map_or("", |scalar| &*scalar.text);
        Self::WORDS.iter().find(|(word, _)| *word == text).map_or(Self::Eksctl, |(_, version)| *version)
    }
}

impl ClusterConfig {
    /// In which language the file is, and what it describes: decided when it was read, and by nothing later.
    pub fn language(&self) -> (ApiVersion, Kind) {
        (self.api_version.value, self.kind.value)
    }

    /// Free text for tools of the user's own: nothing here looks at it, and nothing of it reaches AWS.
    pub fn annotations(&self) -> impl Iterator<Item = (&str, &str)> {
        self.metadata.annotations.iter().map(|(key, value)| (key.value.as_str(), value.value.as_str()))
    }
}
