//! Of the control plane: who reaches it, who is let in, what it keeps and tells.

use ipnet::Ipv4Net;

use super::Found;
use super::lines::{Section, place, within};
use crate::config::sections::access::AuthenticationMode;
use crate::config::sections::cluster::{ApiVersion, ClusterConfig};
use crate::config::sections::support::SupportType;

/// Minor versions up to this one were out of their standard support in November 2026; that does not change any more.
const ENDED: u32 = 33;
/// One that was in it, and stays so for the longest time among those that everybody has.
const CURRENT: &str = "1.35";
/// The logs that say who did what.
const LOGS: [&str; 3] = ["api", "audit", "authenticator"];
/// A key that nobody has.
const KEY: &str = "11111111-2222-3333-4444-555555555555";

pub(super) fn authentication_mode(cluster: &ClusterConfig) -> Vec<Found> {
    let access = &cluster.access_config;
    let mode = &access.authentication_mode;
    let write = || within(&[("accessConfig", access.is_written())], "authenticationMode: API");
    Vec::from_iter((mode.value != AuthenticationMode::Api).then(|| Found::field(mode, write())))
}

pub(super) fn creator_admin(cluster: &ClusterConfig) -> Vec<Found> {
    let access = &cluster.access_config;
    let creator = &access.bootstrap_cluster_creator_admin_permissions;
    let write = || {
        let mut lines = "bootstrapClusterCreatorAdminPermissions: false".to_owned();
        // With the map alone, nobody else could be let in.
        if access.authentication_mode.value == AuthenticationMode::ConfigMap {
            lines = format!("# with authenticationMode: API\n{lines}");
        }
        if access.access_entries.is_empty() {
            lines += &admins(cluster);
        }
        within(&[("accessConfig", access.is_written())], &lines)
    };
    Vec::from_iter(creator.value.then(|| Found::field(creator, write())))
}

/// Somebody must be let in.
fn admins(cluster: &ClusterConfig) -> String {
    let (partition, account) = place(cluster);
    format!(
        "\naccessEntries:\n  - principalARN: arn:{partition}:iam::{account}:role/admins   # yours\n    accessPolicies:\n      \
         - policyARN: arn:{partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy\n        \
         accessScope: {{type: cluster}}"
    )
}

fn endpoints(cluster: &ClusterConfig) -> [Section; 2] {
    let vpc = &cluster.vpc;
    [("vpc", vpc.is_written()), ("clusterEndpoints", vpc.cluster_endpoints.is_written())]
}

pub(super) fn private_endpoint(cluster: &ClusterConfig) -> Vec<Found> {
    let private = &cluster.vpc.cluster_endpoints.private_access;
    let write = || within(&endpoints(cluster), "privateAccess: true");
    Vec::from_iter((!private.value).then(|| Found::field(private, write())))
}

/// Whatever networks make up all of the internet.
pub(super) fn public_endpoint(cluster: &ClusterConfig) -> Vec<Found> {
    let vpc = &cluster.vpc;
    let from: Vec<Ipv4Net> = vpc.public_access_cidrs.iter().map(|cidr| cidr.0).collect();
    let is_open = Ipv4Net::aggregate(&from).iter().any(|range| range.prefix_len() == 0);
    let write = || within(&[("vpc", vpc.is_written())], "publicAccessCIDRs: [203.0.113.0/24]   # yours");
    let departs = vpc.cluster_endpoints.public_access.value && is_open;
    Vec::from_iter(departs.then(|| Found::field(&vpc.public_access_cidrs, write())))
}

pub(super) fn secrets_encryption(cluster: &ClusterConfig) -> Vec<Found> {
    let (partition, account) = place(cluster);
    let region = &cluster.metadata.region.0;
    let write =
        format!("secretsEncryption:\n  keyARN: arn:{partition}:kms:{region}:{account}:key/{KEY}   # yours");
    Vec::from_iter(cluster.secrets_encryption.is_none().then(|| Found::absent(None, write)))
}

pub(super) fn logs(cluster: &ClusterConfig) -> Vec<Found> {
    let (cloud_watch, logging) = (&cluster.cloud_watch, &cluster.cloud_watch.cluster_logging);
    let types = logging.types();
    if LOGS.iter().all(|log| types.contains(log)) {
        return Vec::new();
    }
    let more = types.iter().filter(|log| !LOGS.contains(log));
    let all: Vec<&str> = LOGS.iter().chain(more).copied().collect();
    let sections = [("cloudWatch", cloud_watch.is_written()), ("clusterLogging", logging.is_written())];
    let kept = if logging.log_retention_in_days.is_none() { "\nlogRetentionInDays: 90" } else { "" };
    let write = within(&sections, &format!("enableTypes: [{}]{kept}", all.join(", ")));
    vec![Found::field(&logging.enable_types, write)]
}

/// Where there are any.
pub(super) fn log_retention(cluster: &ClusterConfig) -> Vec<Found> {
    let (cloud_watch, logging) = (&cluster.cloud_watch, &cluster.cloud_watch.cluster_logging);
    if logging.types().is_empty() || logging.log_retention_in_days.is_some() {
        return Vec::new();
    }
    let sections = [("cloudWatch", cloud_watch.is_written()), ("clusterLogging", logging.is_written())];
    let at = cloud_watch.is_written().then_some(cloud_watch.key);
    let at = if logging.is_written() { Some(logging.key) } else { at };
    vec![Found::absent(at, within(&sections, "logRetentionInDays: 90"))]
}

pub(super) fn kubernetes_version(cluster: &ClusterConfig) -> Vec<Found> {
    let Some(version) = &cluster.metadata.version else { return Vec::new() };
    let minor = version.0.strip_prefix("1.").and_then(|minor| minor.parse::<u32>().ok());
    let has_ended = minor.is_some_and(|minor| minor <= ENDED);
    Vec::from_iter(has_ended.then(|| Found::field(version, format!("version: \"{CURRENT}\""))))
}

pub(super) fn support_policy(cluster: &ClusterConfig) -> Vec<Found> {
    let (policy, support) = (&cluster.upgrade_policy, &cluster.upgrade_policy.support_type);
    let write = || within(&[("upgradePolicy", policy.is_written())], "supportType: STANDARD");
    Vec::from_iter((support.value == SupportType::Extended).then(|| Found::field(support, write())))
}

pub(super) fn deletion_protection(cluster: &ClusterConfig) -> Vec<Found> {
    let write = "deletionProtection: true".to_owned();
    match &cluster.deletion_protection {
        Some(protection) if protection.value => Vec::new(),
        Some(protection) => vec![Found::field(protection, write)],
        None if cluster.api_version.value == ApiVersion::Eksact => vec![Found::absent(None, write)],
        // Another language has other defaults: that is more than a line.
        None => vec![Found::absent(None, format!("# in apiVersion eksact.dev/v1alpha1 only:\n{write}"))],
    }
}
