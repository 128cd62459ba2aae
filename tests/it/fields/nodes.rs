//! Of a node group.

use super::*;

/// All of them follow from `minSize` where it stands alone.
const SIZES: &[&str] = &["Update nodegroup/ng1: ScalingConfig.MinSize ScalingConfig.MaxSize \
     ScalingConfig.DesiredSize Tags.eksact.dev/desired"];

pub const ROWS: &[Row] = &[
    Row(
        "managedNodeGroups",
        file,
        ["", "managedNodeGroups: [{name: ng1}]\n", "managedNodeGroups: [{name: ng2}]\n"],
        [
            &["New role/nodegroup-ng1 launch-template/ng1 nodegroup/ng1"],
            &[
                "Delete launch-template/ng1 role/nodegroup-ng1 nodegroup/ng1",
                "New role/nodegroup-ng2 launch-template/ng2 nodegroup/ng2",
            ],
            &["Delete launch-template/ng2 role/nodegroup-ng2 nodegroup/ng2"],
        ],
    ),
    Row(
        "amiFamily",
        group,
        ["", ", amiFamily: AmazonLinux2023", ", amiFamily: AmazonLinux2023"],
        [NOTHING; 3],
    ),
    Row(
        "instanceType",
        group,
        ["", ", instanceType: m6i.large", ", instanceType: m7g.large"],
        [
            &["Create nodegroup/ng1: InstanceTypes", "Delete nodegroup/ng1"],
            &["Create nodegroup/ng1: InstanceTypes AmiType", "Delete nodegroup/ng1"],
            &["Create nodegroup/ng1: InstanceTypes AmiType", "Delete nodegroup/ng1"],
        ],
    ),
    Row(
        "instanceTypes",
        group,
        ["", ", instanceTypes: [m5.large, m5a.large]", ", instanceTypes: [m5a.large, m5.large]"],
        [
            &["Create nodegroup/ng1: InstanceTypes", "Delete nodegroup/ng1"],
            &["Create nodegroup/ng1: InstanceTypes", "Delete nodegroup/ng1"],
            &["Create nodegroup/ng1: InstanceTypes", "Delete nodegroup/ng1"],
        ],
    ),
    Row("minSize", group, ["", ", minSize: 1", ", minSize: 3"], [SIZES; 3]),
    Row(
        "maxSize",
        group,
        ["", ", maxSize: 4", ", maxSize: 6"],
        [
            &["Update nodegroup/ng1: ScalingConfig.MaxSize"],
            &["Update nodegroup/ng1: ScalingConfig.MaxSize"],
            &["Update nodegroup/ng1: ScalingConfig.MaxSize"],
        ],
    ),
    Row(
        "desiredCapacity",
        group,
        [
            ", minSize: 1, maxSize: 9",
            ", minSize: 1, maxSize: 9, desiredCapacity: 3",
            ", minSize: 1, maxSize: 9, desiredCapacity: 5",
        ],
        [
            &["Update nodegroup/ng1: ScalingConfig.DesiredSize Tags.eksact.dev/desired"],
            &["Update nodegroup/ng1: ScalingConfig.DesiredSize Tags.eksact.dev/desired"],
            &["Update nodegroup/ng1: ScalingConfig.DesiredSize Tags.eksact.dev/desired"],
        ],
    ),
    Row(
        "labels",
        group,
        ["", ", labels: {stage: beta, a: b}", ", labels: {stage: live, c: d}"],
        [
            &["Update nodegroup/ng1: Labels.a Labels.stage"],
            &["Update nodegroup/ng1: Labels.c Labels.stage Labels.a"],
            &["Update nodegroup/ng1: Labels.c Labels.stage"],
        ],
    ),
    Row(
        "taints",
        group,
        ["", ", taints: [{key: a, effect: NoSchedule}]", ", taints: [{key: a, value: b, effect: NoExecute}]"],
        [
            &["Update nodegroup/ng1: Taints"],
            &["Update nodegroup/ng1: Taints"],
            &["Update nodegroup/ng1: Taints"],
        ],
    ),
    Row(
        "tags",
        group,
        ["", ", tags: {team: web}", ", tags: {team: shop}"],
        [
            &[
                "Update nodegroup/ng1: LaunchTemplate.Version Tags.eksact.dev/tag-keys Tags.team",
                "Update launch-template/ng1: LaunchTemplateData.TagSpecifications.instance.team \
                     LaunchTemplateData.TagSpecifications.network-interface.team \
                     LaunchTemplateData.TagSpecifications.volume.team",
            ],
            &[
                "Update nodegroup/ng1: LaunchTemplate.Version Tags.team",
                "Update launch-template/ng1: LaunchTemplateData.TagSpecifications.instance.team \
                     LaunchTemplateData.TagSpecifications.network-interface.team \
                     LaunchTemplateData.TagSpecifications.volume.team",
            ],
            &[
                "Update nodegroup/ng1: LaunchTemplate.Version Tags.eksact.dev/tag-keys Tags.team",
                "Update launch-template/ng1: LaunchTemplateData.TagSpecifications.instance.team \
                     LaunchTemplateData.TagSpecifications.network-interface.team \
                     LaunchTemplateData.TagSpecifications.volume.team",
            ],
        ],
    ),
    Row(
        "spot",
        group,
        ["", ", spot: true", ", spot: false"],
        [
            &["Create nodegroup/ng1: CapacityType", "Delete nodegroup/ng1"],
            &["Create nodegroup/ng1: CapacityType", "Delete nodegroup/ng1"],
            NOTHING,
        ],
    ),
    Row(
        "privateNetworking",
        group,
        ["", ", privateNetworking: true", ", privateNetworking: false"],
        [
            &["Create nodegroup/ng1: Subnets", "Delete nodegroup/ng1"],
            &["Create nodegroup/ng1: Subnets", "Delete nodegroup/ng1"],
            NOTHING,
        ],
    ),
    Row(
        "availabilityZones of a node group",
        group,
        ["", ", availabilityZones: [us-west-2a, us-west-2b]", ", availabilityZones: [us-west-2b]"],
        [
            &["Create nodegroup/ng1: Subnets", "Delete nodegroup/ng1"],
            &["Create nodegroup/ng1: Subnets", "Delete nodegroup/ng1"],
            &["Create nodegroup/ng1: Subnets", "Delete nodegroup/ng1"],
        ],
    ),
    Row(
        "subnets of a node group",
        given,
        ["", ", subnets: [a]", ", subnets: [subnet-aaaaaaa2]"],
        [
            &["Create nodegroup/ng1: Subnets", "Delete nodegroup/ng1"],
            &["Create nodegroup/ng1: Subnets", "Delete nodegroup/ng1"],
            &["Create nodegroup/ng1: Subnets", "Delete nodegroup/ng1"],
        ],
    ),
    Row(
        "iam.instanceRoleARN",
        group,
        [
            "",
            ", iam: {instanceRoleARN: \"arn:aws:iam::123456789012:role/nodes\"}",
            ", iam: {instanceRoleARN: \"arn:aws:iam::123456789012:role/control-plane\"}",
        ],
        [
            &["Create nodegroup/ng1: NodeRole", "Delete nodegroup/ng1 role/nodegroup-ng1"],
            &["Create nodegroup/ng1: NodeRole", "Delete nodegroup/ng1"],
            &["Create nodegroup/ng1: NodeRole", "Delete nodegroup/ng1", "New role/nodegroup-ng1"],
        ],
    ),
    Row(
        "iam.attachPolicyARNs",
        group,
        [
            "",
            ", iam: {attachPolicyARNs: [\"arn:aws:iam::aws:policy/One\"]}",
            ", iam: {attachPolicyARNs: [\"arn:aws:iam::aws:policy/Other\"]}",
        ],
        [
            &["Update role/nodegroup-ng1: ManagedPolicyArns"],
            &["Update role/nodegroup-ng1: ManagedPolicyArns"],
            &["Update role/nodegroup-ng1: ManagedPolicyArns"],
        ],
    ),
    Row(
        "updateConfig.maxUnavailable",
        group,
        ["", ", updateConfig: {maxUnavailable: 2}", ", updateConfig: {maxUnavailable: 1}"],
        [
            &["Update nodegroup/ng1: UpdateConfig.MaxUnavailable"],
            &["Update nodegroup/ng1: UpdateConfig.MaxUnavailable"],
            NOTHING,
        ],
    ),
    Row(
        "updateConfig.maxUnavailablePercentage",
        group,
        [
            "",
            ", updateConfig: {maxUnavailablePercentage: 25}",
            ", updateConfig: {maxUnavailablePercentage: 50}",
        ],
        [
            &["Update nodegroup/ng1: UpdateConfig.MaxUnavailable UpdateConfig.MaxUnavailablePercentage"],
            &["Update nodegroup/ng1: UpdateConfig.MaxUnavailablePercentage"],
            &["Update nodegroup/ng1: UpdateConfig.MaxUnavailable UpdateConfig.MaxUnavailablePercentage"],
        ],
    ),
    Row(
        "disableIMDSv1",
        group,
        ["", ", disableIMDSv1: false", ", disableIMDSv1: true"],
        [template!("MetadataOptions.HttpTokens"), template!("MetadataOptions.HttpTokens"), NOTHING],
    ),
    Row(
        "disablePodIMDS",
        group,
        ["", ", disablePodIMDS: true", ", disablePodIMDS: false"],
        [
            template!("MetadataOptions.HttpPutResponseHopLimit"),
            template!("MetadataOptions.HttpPutResponseHopLimit"),
            NOTHING,
        ],
    ),
];
