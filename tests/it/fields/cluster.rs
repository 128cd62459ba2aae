//! Of the cluster as a whole.

use super::*;

pub const ROWS: &[Row] = &[
    Row(
        "metadata.accountID",
        metadata,
        ["", ", accountID: \"123456789012\"", ", accountID: \"210987654321\""],
        [NOTHING, &["E0401"], NOTHING],
    ),
    Row(
        "metadata.version",
        metadata,
        ["", ", version: \"1.34\"", ", version: \"1.35\""],
        [NOTHING, &["Refused cluster/demo: Version"], NOTHING],
    ),
    Row(
        "metadata.annotations",
        metadata,
        ["", ", annotations: {a: b}", ", annotations: {c: d}"],
        [NOTHING; 3],
    ),
    Row(
        "metadata.tags",
        metadata,
        ["", ", tags: {team: web}", ", tags: {team: shop}"],
        [
            &[
                "Update nodegroup/ng1: LaunchTemplate.Version Tags.eksact.dev/tag-keys Tags.team",
                "Update launch-template/ng1: LaunchTemplateData.TagSpecifications.instance.team \
                     LaunchTemplateData.TagSpecifications.network-interface.team \
                     LaunchTemplateData.TagSpecifications.volume.team Tags.eksact.dev/tag-keys Tags.team",
                "Update 21 of all: Tags.eksact.dev/tag-keys Tags.team",
            ],
            &[
                "Update nodegroup/ng1: LaunchTemplate.Version Tags.team",
                "Update launch-template/ng1: LaunchTemplateData.TagSpecifications.instance.team \
                     LaunchTemplateData.TagSpecifications.network-interface.team \
                     LaunchTemplateData.TagSpecifications.volume.team Tags.team",
                "Update 21 of all: Tags.team",
            ],
            &[
                "Update nodegroup/ng1: LaunchTemplate.Version Tags.eksact.dev/tag-keys Tags.team",
                "Update launch-template/ng1: LaunchTemplateData.TagSpecifications.instance.team \
                     LaunchTemplateData.TagSpecifications.network-interface.team \
                     LaunchTemplateData.TagSpecifications.volume.team Tags.eksact.dev/tag-keys Tags.team",
                "Update 21 of all: Tags.eksact.dev/tag-keys Tags.team",
            ],
        ],
    ),
    Row(
        "kubernetesNetworkConfig.ipFamily",
        top,
        ["", "kubernetesNetworkConfig: {ipFamily: IPv4}", "kubernetesNetworkConfig: {ipFamily: IPv4}"],
        [NOTHING; 3],
    ),
    Row(
        "kubernetesNetworkConfig.serviceIPv4CIDR",
        top,
        [
            "",
            "kubernetesNetworkConfig: {serviceIPv4CIDR: 172.20.0.0/16}",
            "kubernetesNetworkConfig: {serviceIPv4CIDR: 10.200.0.0/16}",
        ],
        [
            &["Refused cluster/demo: KubernetesNetworkConfig.ServiceIpv4Cidr"],
            &["Refused cluster/demo: KubernetesNetworkConfig.ServiceIpv4Cidr"],
            NOTHING,
        ],
    ),
    Row(
        "iam.serviceRoleARN",
        top,
        [
            "",
            "iam: {serviceRoleARN: \"arn:aws:iam::123456789012:role/control-plane\"}",
            "iam: {serviceRoleARN: \"arn:aws:iam::123456789012:role/nodes\"}",
        ],
        [
            &["Refused cluster/demo: RoleArn"],
            &["Refused cluster/demo: RoleArn"],
            &["Refused cluster/demo: RoleArn"],
        ],
    ),
    Row(
        "accessConfig.authenticationMode",
        top,
        ["", "accessConfig: {authenticationMode: API}", "accessConfig: {authenticationMode: CONFIG_MAP}"],
        [
            &["Update cluster/demo: AccessConfig.AuthenticationMode"],
            &["Refused cluster/demo: AccessConfig.AuthenticationMode"],
            &["Update cluster/demo: AccessConfig.AuthenticationMode"],
        ],
    ),
    Row(
        "cloudWatch.clusterLogging.enableTypes",
        top,
        [
            "",
            "cloudWatch: {clusterLogging: {enableTypes: [api, audit]}}",
            "cloudWatch: {clusterLogging: {enableTypes: [\"*\"]}}",
        ],
        [
            &["Update cluster/demo: Logging"],
            &["Update cluster/demo: Logging"],
            &["Update cluster/demo: Logging"],
        ],
    ),
    Row(
        "cloudWatch.clusterLogging.logRetentionInDays",
        logs,
        ["", ", logRetentionInDays: 30", ", logRetentionInDays: 90"],
        [
            &["New log-group/control-plane"],
            &["Update log-group/control-plane: RetentionInDays"],
            &["Update log-group/control-plane: RetentionInDays"],
        ],
    ),
    Row(
        "upgradePolicy.supportType",
        top,
        ["", "upgradePolicy: {supportType: EXTENDED}", "upgradePolicy: {supportType: STANDARD}"],
        [
            NOTHING,
            &["Update cluster/demo: UpgradePolicy.SupportType"],
            &["Update cluster/demo: UpgradePolicy.SupportType"],
        ],
    ),
    Row(
        "deletionProtection",
        ours,
        ["", "deletionProtection: true", "deletionProtection: false"],
        [&["Update cluster/demo: DeletionProtection"], &["Update cluster/demo: DeletionProtection"], NOTHING],
    ),
    Row(
        "secretsEncryption.keyARN",
        top,
        [
            "",
            "secretsEncryption: {keyARN: \"arn:aws:kms:us-west-2:123456789012:key/7c0a59a2\"}",
            "secretsEncryption: {keyARN: \"arn:aws:kms:us-west-2:123456789012:key/0c1b2d3e\"}",
        ],
        [
            &["Refused cluster/demo: EncryptionConfig"],
            &["Refused cluster/demo: EncryptionConfig"],
            &["Refused cluster/demo: EncryptionConfig"],
        ],
    ),
];

/// A file of a cluster that tells, with this about it.
fn logs(field: &str) -> String {
    top(&format!("cloudWatch: {{clusterLogging: {{enableTypes: [audit]{field}}}}}"))
}
