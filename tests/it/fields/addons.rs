//! Of its add-ons.

use super::*;

/// A file with an add-on that has this.
fn driver(field: &str) -> String {
    top(&format!("addons: [{{name: aws-ebs-csi-driver{field}}}]"))
}

pub const ROWS: &[Row] = &[
    Row(
        "addons",
        top,
        ["", "addons: [{name: aws-ebs-csi-driver}]", "addons: [{name: vpc-cni}]"],
        [&["New addon/aws-ebs-csi-driver"], &["Delete addon/aws-ebs-csi-driver"], NOTHING],
    ),
    Row(
        "addonsConfig.disableDefaultAddons",
        top,
        [
            "addons: [{name: vpc-cni}]",
            "addonsConfig: {disableDefaultAddons: true}\naddons: [{name: vpc-cni}]",
            "addonsConfig: {disableDefaultAddons: false}\naddons: [{name: vpc-cni}]",
        ],
        [
            &["Delete addon/coredns addon/kube-proxy addon/metrics-server"],
            &["New addon/kube-proxy addon/coredns addon/metrics-server"],
            NOTHING,
        ],
    ),
    Row(
        "addons.version",
        driver,
        ["", ", version: v1.50.2-eksbuild.1", ", version: v1.50.4-eksbuild.1"],
        [
            &["Update addon/aws-ebs-csi-driver: AddonVersion"],
            &["Update addon/aws-ebs-csi-driver: AddonVersion"],
            NOTHING,
        ],
    ),
    Row(
        "addons.version: latest",
        driver,
        ["", ", version: latest", ", version: v1.50.1-eksbuild.1"],
        [NOTHING, &["Update addon/aws-ebs-csi-driver: AddonVersion"], NOTHING],
    ),
    Row(
        "addons.configurationValues",
        driver,
        ["", ", configurationValues: '{\"a\": 1}'", ", configurationValues: \"a: 2\""],
        [
            &["Update addon/aws-ebs-csi-driver: ConfigurationValues"],
            &["Update addon/aws-ebs-csi-driver: ConfigurationValues"],
            &["Update addon/aws-ebs-csi-driver: ConfigurationValues"],
        ],
    ),
    Row(
        "addons.resolveConflicts",
        driver,
        ["", ", resolveConflicts: overwrite", ", resolveConflicts: preserve"],
        [NOTHING; 3],
    ),
    Row(
        "addons.tags",
        driver,
        ["", ", tags: {team: web}", ", tags: {team: shop}"],
        [
            &["Update addon/aws-ebs-csi-driver: Tags.eksact.dev/tag-keys Tags.team"],
            &["Update addon/aws-ebs-csi-driver: Tags.team"],
            &["Update addon/aws-ebs-csi-driver: Tags.eksact.dev/tag-keys Tags.team"],
        ],
    ),
];
