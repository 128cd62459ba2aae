//! The control plane.

use super::draft::Draft;
use super::network::Network;
use super::{logs, newer, support, version};
use crate::config::{AuthenticationMode as Written, ClusterConfig, IpFamily};
use crate::resource::eks::{AccessConfig, AtCreation, AuthenticationMode, Cluster, KubernetesNetworkConfig};
use crate::resource::eks::{ResourcesVpcConfig, UpgradePolicy};
use crate::resource::iam::RoleArn;
use crate::resource::{Added, Set, Val};

/// Draws it.
pub(super) fn draw(
    draft: &mut Draft<'_>,
    version: Option<String>,
    role_arn: Val<RoleArn>,
    network: &Network,
) -> Added<Cluster> {
    let config = draft.config;
    logs::draw(draft);
    let support_type = support::choose(draft, version.as_deref());
    let cluster = Cluster {
        name: draft.name().to_owned(),
        version,
        role_arn,
        resources_vpc_config: reach(config, network),
        kubernetes_network_config: addresses(config),
        access_config: access(config),
        logging: config.cloud_watch.cluster_logging.types().into_iter().map(str::to_owned).collect(),
        encryption_config: secrets_key(draft),
        upgrade_policy: UpgradePolicy { support_type: Some(support_type) },
        deletion_protection: config.deletion_protection.as_ref().map(|it| it.value),
        // What runs in the cluster is asked for as add-ons.
        bootstrap_self_managed_addons: Some(false),
        tags: draft.tagging().plain(),
    };
    let cluster = draft.graph.add(draft.name(), cluster);
    place(draft, &cluster);
    if config.metadata.version.is_none() {
        let (runs, newest) = (draft.kept.version.clone(), version::usual(draft));
        newer::remark(draft, cluster.key(), runs.as_ref(), newest.as_deref());
    }
    cluster
}

/// An alias stands for a key only until EKS has looked it up; from then on that key is right.
fn secrets_key(draft: &Draft<'_>) -> Option<String> {
    let written = draft.config.secrets_encryption.as_ref().map(|key| key.key_arn.0.clone())?;
    let kept = draft.kept.secrets_key.clone().filter(|_| written.contains(":alias/"));
    Some(kept.unwrap_or(written))
}

fn reach(config: &ClusterConfig, network: &Network) -> ResourcesVpcConfig {
    let endpoints = &config.vpc.cluster_endpoints;
    let from = config.vpc.public_access_cidrs.iter().map(|cidr| cidr.to_string());
    ResourcesVpcConfig {
        subnet_ids: network.all().map(|site| site.id.clone()).collect(),
        endpoint_private_access: endpoints.private_access.value,
        endpoint_public_access: endpoints.public_access.value,
        public_access_cidrs: if endpoints.public_access.value { from.collect() } else { Set(Vec::new()) },
    }
}

fn addresses(config: &ClusterConfig) -> KubernetesNetworkConfig {
    let network = &config.kubernetes_network_config;
    KubernetesNetworkConfig {
        ip_family: match network.ip_family.value {
            IpFamily::V4 => "ipv4".to_owned(),
        },
        service_ipv4_cidr: network.service_ipv4_cidr.as_ref().map(|cidr| cidr.to_string()),
    }
}

fn access(config: &ClusterConfig) -> AccessConfig {
    AccessConfig {
        authentication_mode: match config.access_config.authentication_mode.value {
            Written::ConfigMap => AuthenticationMode::ConfigMap,
            Written::Both => AuthenticationMode::Both,
            Written::Api => AuthenticationMode::Api,
        },
        bootstrap_cluster_creator_admin_permissions: Some(AtCreation(
            config.access_config.bootstrap_cluster_creator_admin_permissions.value,
        )),
    }
}

fn place(draft: &mut Draft<'_>, cluster: &Added<Cluster>) {
    let config = draft.config;
    let (vpc, network) = (&config.vpc, &config.kubernetes_network_config);
    let endpoints = &vpc.cluster_endpoints;
    let services = network.service_ipv4_cidr.as_ref().and_then(|it| it.written_at());
    let subnets = vpc.subnets.written_at();
    let places = [
        ("", config.metadata.name.written_at()),
        ("Version", config.metadata.version.as_ref().and_then(|it| it.written_at())),
        ("RoleArn", config.iam.service_role_arn.as_ref().and_then(|it| it.written_at())),
        ("ResourcesVpcConfig.SubnetIds", subnets),
        ("ResourcesVpcConfig.EndpointPrivateAccess", endpoints.private_access.written_at()),
        ("ResourcesVpcConfig.EndpointPublicAccess", endpoints.public_access.written_at()),
        ("ResourcesVpcConfig.PublicAccessCidrs", vpc.public_access_cidrs.written_at()),
        ("KubernetesNetworkConfig.IpFamily", network.ip_family.written_at()),
        ("KubernetesNetworkConfig.ServiceIpv4Cidr", services),
        ("AccessConfig.AuthenticationMode", config.access_config.authentication_mode.written_at()),
        ("Logging", config.cloud_watch.cluster_logging.enable_types.written_at()),
        ("UpgradePolicy.SupportType", config.upgrade_policy.support_type.written_at()),
        ("DeletionProtection", config.deletion_protection.as_ref().and_then(|it| it.written_at())),
        ("EncryptionConfig", config.secrets_encryption.as_ref().and_then(|it| it.key_arn.written_at())),
    ];
    draft.places(cluster.key(), &places);
}
