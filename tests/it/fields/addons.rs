//! Of its add-ons.

use super::*;

pub fn of_addons() -> Vec<Field> {
    let driver = |field: &str| top(&format!("addons: [{{name: aws-ebs-csi-driver{field}}}]"));
    let mut fields = vec![
        three(
            "addons",
            top,
            ["", "addons: [{name: aws-ebs-csi-driver}]", "addons: [{name: vpc-cni}]"],
            [&["New addon/aws-ebs-csi-driver"], &["Delete addon/aws-ebs-csi-driver"], NOTHING],
        ),
        three(
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
    ];
    let more: [(&str, [&str; 2], [&'static [&'static str]; 3]); 5] = [
        (
            "addons.version",
            [", version: v1.50.2-eksbuild.1", ", version: v1.50.4-eksbuild.1"],
            [
                &["Update addon/aws-ebs-csi-driver: AddonVersion"],
                &["Update addon/aws-ebs-csi-driver: AddonVersion"],
                NOTHING,
            ],
        ),
        (
            "addons.version: latest",
            [", version: latest", ", version: v1.50.1-eksbuild.1"],
            [NOTHING, &["Update addon/aws-ebs-csi-driver: AddonVersion"], NOTHING],
        ),
        (
            "addons.configurationValues",
            [", configurationValues: '{\"a\": 1}'", ", configurationValues: \"a: 2\""],
            [
                &["Update addon/aws-ebs-csi-driver: ConfigurationValues"],
                &["Update addon/aws-ebs-csi-driver: ConfigurationValues"],
                &["Update addon/aws-ebs-csi-driver: ConfigurationValues"],
            ],
        ),
        (
            "addons.resolveConflicts",
            [", resolveConflicts: overwrite", ", resolveConflicts: preserve"],
            [NOTHING; 3],
        ),
        (
            "addons.tags",
            [", tags: {team: web}", ", tags: {team: shop}"],
            [
                &["Update addon/aws-ebs-csi-driver: Tags.eksact.dev/tag-keys Tags.team"],
                &["Update addon/aws-ebs-csi-driver: Tags.team"],
                &["Update addon/aws-ebs-csi-driver: Tags.eksact.dev/tag-keys Tags.team"],
            ],
        ),
    ];
    fields.extend(more.map(|(name, [one, other], [added, changed, removed])| Field {
        name,
        none: driver(""),
        one: driver(one),
        other: driver(other),
        added,
        changed,
        removed,
    }));
    fields
}
