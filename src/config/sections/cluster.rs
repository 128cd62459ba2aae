//! The file as a whole, and the rules between its sections.

use std::collections::HashMap;

use crate::config::declare::{choice, section};
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::{Known, Span, Spanned};
use crate::config::sections::access::{AccessConfig, Iam, SecretsEncryption};
use crate::config::sections::addons::{Addon, AddonsConfig};
use crate::config::sections::later::cluster::{
    AUTO_MODE_CONFIG, CONTROL_PLANE_SCALING_CONFIG, FARGATE_PROFILE, GITOPS, KARPENTER,
    KUBE_API_SERVER_CONFIG, KUBE_CONTROLLER_MANAGER_CONFIG, KUBE_SCHEDULER_CONFIG, OUTPOST, PRIVATE_CLUSTER,
    REMOTE_NETWORK_CONFIG, UPGRADE_POLICY, ZONAL_SHIFT_CONFIG,
};
use crate::config::sections::later::identities::{CAPABILITY, IAM_IDENTITY_MAPPING, IDENTITY_PROVIDER};
use crate::config::sections::later::nodes::NODE_GROUP;
use crate::config::sections::logging::CloudWatch;
use crate::config::sections::metadata::Metadata;
use crate::config::sections::network::KubernetesNetworkConfig;
use crate::config::sections::nodegroup::{ManagedNodeGroup, SubnetName};
use crate::config::sections::vpc::{Vpc, Zone};
use crate::config::suggest::nearest;
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
        /// EKS add-ons.
        "addons"                  addons:                    List<Addon>,
        /// What holds for all add-ons.
        "addonsConfig"            addons_config:             AddonsConfig,
    }
    not yet {
        "autoModeConfig": AUTO_MODE_CONFIG "capabilities": CAPABILITY
        "controlPlaneScalingConfig": CONTROL_PLANE_SCALING_CONFIG "fargateProfiles": FARGATE_PROFILE
        "gitops": GITOPS "iamIdentityMappings": IAM_IDENTITY_MAPPING "identityProviders": IDENTITY_PROVIDER
        "karpenter": KARPENTER "kubeAPIServerConfig": KUBE_API_SERVER_CONFIG
        "kubeControllerManagerConfig": KUBE_CONTROLLER_MANAGER_CONFIG
        "kubeSchedulerConfig": KUBE_SCHEDULER_CONFIG "localZones" "nodeGroups": NODE_GROUP "outpost": OUTPOST
        "privateCluster": PRIVATE_CLUSTER "remoteNetworkConfig": REMOTE_NETWORK_CONFIG
        "upgradePolicy": UPGRADE_POLICY "zonalShiftConfig": ZONAL_SHIFT_CONFIG
    }
    refused {
        "git": "eksctl took it out; what came after it is `gitops`",
    }
    rules {
        two_zones, distinct_nodegroup_names, distinct_addon_names, services_apart_from_vpc,
        named_subnets_exist
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

fn two_zones(cluster: &ClusterConfig) -> Option<Diagnostic> {
    let zones = cluster.availability_zones.known()?;
    (zones.len() == 1).then(|| {
        Diagnostic::new(Code::TooFewZones, zones.span, "only 1 zone, and EKS needs 2 at least")
            .label("name another zone, or remove the line to have them chosen")
    })
}

fn distinct_nodegroup_names(cluster: &ClusterConfig) -> Vec<Diagnostic> {
    let groups = cluster.managed_node_groups.iter();
    let names = groups.filter_map(|group| group.name.known()).map(|name| (name.0.as_str(), name.span));
    twice("node groups", names)
}

fn distinct_addon_names(cluster: &ClusterConfig) -> Vec<Diagnostic> {
    let names = cluster.addons.iter().filter_map(|addon| addon.name.known());
    twice("add-ons", names.map(|name| (name.0.as_str(), name.span)))
}

/// Names that come again, each shown with the first one.
fn twice<'a>(what: &str, names: impl Iterator<Item = (&'a str, Span)>) -> Vec<Diagnostic> {
    let mut first: HashMap<&str, Span> = HashMap::new();
    let again = names.filter_map(|(name, span)| match first.get(name) {
        None => {
            first.insert(name, span);
            None
        }
        Some(before) => Some(
            Diagnostic::new(Code::DuplicateName, span, format!("two {what} are called `{name}`"))
                .label("again here")
                .and(*before, "first here"),
        ),
    });
    again.collect()
}

fn services_apart_from_vpc(cluster: &ClusterConfig) -> Option<Diagnostic> {
    let services = cluster.kubernetes_network_config.service_ipv4_cidr.known()?;
    let vpc = cluster.vpc.cidr.known().filter(|cidr| cidr.is_written() || cluster.vpc.is_ours())?;
    vpc.overlaps(&services.value).then(|| {
        let message = format!("serviceIPv4CIDR {} overlaps the VPC's {}", **services, **vpc);
        let diagnostic =
            Diagnostic::new(Code::Overlap, services.span, message).label("must lie outside the VPC");
        if vpc.is_written() { diagnostic.and(vpc.span, "the VPC is here") } else { diagnostic }
    })
}

/// An id may be known to AWS alone; any other name is one of `vpc.subnets`, where there are some.
fn named_subnets_exist(cluster: &ClusterConfig) -> Vec<Diagnostic> {
    let names: Vec<&str> = cluster.vpc.subnets.all().map(|(name, _)| name.as_str()).collect();
    let lists = cluster.managed_node_groups.iter().filter_map(|group| group.subnets.known());
    let named = lists.flat_map(|list| list.iter()).filter_map(Known::known);
    let missing = named.filter(|name| !name.0.starts_with("subnet-") && !names.contains(&name.0.as_str()));
    let say = |name: &Spanned<SubnetName>| {
        let message = format!("no subnet is called `{}`", **name);
        let missing = Diagnostic::new(Code::NoSuchSubnet, name.span, message);
        match nearest(&name.0, names.iter().copied()) {
            Some(meant) => missing.label(format!("did you mean `{meant}`?")).fix(name.span, meant),
            None => missing.label("no such name under `vpc.subnets`"),
        }
    };
    if names.is_empty() { Vec::new() } else { missing.map(say).collect() }
}
