//! Where in the file each property comes from: a plan points there.

use eksact::desired::desired;
use eksact::resource::Key;
use eksact::world::Snapshot;

use super::desk::{facts, model, source};

const FILE: &str = "\
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata:
  name: demo
  region: us-west-2
  version: '1.34'
  tags: {team: web}
availabilityZones: [us-west-2a, us-west-2b]
vpc:
  cidr: 10.0.0.0/16
  nat: {gateway: HighlyAvailable}
  clusterEndpoints: {privateAccess: true, publicAccess: true}
  publicAccessCIDRs: [203.0.113.0/24]
kubernetesNetworkConfig: {serviceIPv4CIDR: 172.20.0.0/16, ipFamily: IPv4}
iam: {serviceRoleARN: 'arn:aws:iam::123456789012:role/control-plane'}
accessConfig: {authenticationMode: API, accessEntries: [{principalARN: 'arn:aws:iam::123456789012:user/ann', \
type: STANDARD, kubernetesGroups: [web], kubernetesUsername: ann, accessPolicies: [{accessScope: {type: cluster}, \
policyARN: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy'}]}]}
secretsEncryption: {keyARN: 'arn:aws:kms:us-west-2:123456789012:key/7c0a59a2'}
cloudWatch: {clusterLogging: {enableTypes: [api]}}
addons:
  - name: coredns
    version: latest
    configurationValues: 'replicaCount: 3'
    tags: {owner: me}
managedNodeGroups:
  - name: ng1
    amiFamily: AmazonLinux2023
    instanceTypes: [m5.large]
    spot: true
    minSize: 1
    desiredCapacity: 2
    volumeSize: 100
    volumeType: gp3
    volumeIOPS: 4000
    volumeThroughput: 250
    volumeName: /dev/xvda
    volumeEncrypted: true
    volumeKmsKeyID: alias/nodes
    labels: {stage: beta}
    taints: [{key: a, effect: NoSchedule}]
    tags: {shift: night}
    privateNetworking: true
    updateConfig: {maxUnavailable: 2}
    iam: {attachPolicyARNs: ['arn:aws:iam::aws:policy/One']}
    disableIMDSv1: true
    disablePodIMDS: true
  - {name: ng2, iam: {instanceRoleARN: 'arn:aws:iam::123456789012:role/nodes'}, subnets: [us-west-2a]}
  - {name: ng3, maxSize: 5}
";

/// A property, and what the file says at its place, after the line.
const PLACES: &[(&str, &str, &str)] = &[
    ("vpc/main", "CidrBlock", "10 10.0.0.0/16"),
    ("subnet/public-us-west-2a", "CidrBlock", "10 10.0.0.0/16"),
    ("subnet/private-us-west-2b", "AvailabilityZone", "8 [us-west-2a, us-west-2b]"),
    ("nat-gateway/us-west-2b", "SubnetId", "11 HighlyAvailable"),
    ("route-table/private-us-west-2a", "Routes.0.0.0.0/0.NatGatewayId", "11 HighlyAvailable"),
    ("cluster/demo", "", "4 demo"),
    ("cluster/demo", "Name", "4 demo"),
    ("cluster/demo", "Version", "6 '1.34'"),
    ("cluster/demo", "RoleArn", "15 'arn:aws:iam::123456789012:role/control-plane'"),
    ("cluster/demo", "Tags.team", "7 web"),
    ("vpc/main", "Tags.team", "7 web"),
    ("role/nodegroup-ng1", "Tags.team", "7 web"),
    ("subnet/public-us-west-2a", "Tags.team", "7 web"),
    ("cluster/demo", "ResourcesVpcConfig.EndpointPrivateAccess", "12 true"),
    ("cluster/demo", "ResourcesVpcConfig.EndpointPublicAccess", "12 true"),
    ("cluster/demo", "ResourcesVpcConfig.PublicAccessCidrs", "13 [203.0.113.0/24]"),
    ("cluster/demo", "KubernetesNetworkConfig.ServiceIpv4Cidr", "14 172.20.0.0/16"),
    ("cluster/demo", "KubernetesNetworkConfig.IpFamily", "14 IPv4"),
    ("cluster/demo", "AccessConfig.AuthenticationMode", "16 API"),
    ("access-entry/arn:aws:iam::123456789012:user/ann", "", "16 'arn:aws:iam::123456789012:user/ann'"),
    ("access-entry/arn:aws:iam::123456789012:user/ann", "Type", "16 STANDARD"),
    ("access-entry/arn:aws:iam::123456789012:user/ann", "KubernetesGroups", "16 [web]"),
    ("access-entry/arn:aws:iam::123456789012:user/ann", "Username", "16 ann"),
    ("access-entry/arn:aws:iam::123456789012:user/ann", "Tags.team", "7 web"),
    (
        "access-entry/arn:aws:iam::123456789012:user/ann",
        "AccessPolicies.arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
        "16 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy'",
    ),
    ("cluster/demo", "EncryptionConfig", "17 'arn:aws:kms:us-west-2:123456789012:key/7c0a59a2'"),
    ("cluster/demo", "Logging", "18 [api]"),
    ("addon/coredns", "", "20 coredns"),
    ("addon/coredns", "AddonVersion", "21 latest"),
    ("addon/coredns", "ConfigurationValues", "22 'replicaCount: 3'"),
    ("addon/coredns", "Tags.owner", "23 me"),
    ("addon/coredns", "Tags.team", "7 web"),
    ("nodegroup/ng1", "", "25 ng1"),
    ("nodegroup/ng1", "InstanceTypes", "27 [m5.large]"),
    ("nodegroup/ng1", "AmiType", "27 [m5.large]"),
    ("nodegroup/ng1", "CapacityType", "28 true"),
    ("nodegroup/ng1", "ScalingConfig.MinSize", "29 1"),
    ("nodegroup/ng1", "ScalingConfig.MaxSize", "30 2"),
    ("nodegroup/ng1", "ScalingConfig.DesiredSize", "30 2"),
    ("launch-template/ng1", "LaunchTemplateData.BlockDeviceMappings.0.Ebs.VolumeSize", "31 100"),
    ("launch-template/ng1", "LaunchTemplateData.BlockDeviceMappings.0.Ebs.VolumeType", "32 gp3"),
    ("launch-template/ng1", "LaunchTemplateData.BlockDeviceMappings.0.Ebs.Iops", "33 4000"),
    ("launch-template/ng1", "LaunchTemplateData.BlockDeviceMappings.0.Ebs.Throughput", "34 250"),
    ("launch-template/ng1", "LaunchTemplateData.BlockDeviceMappings.0.DeviceName", "35 /dev/xvda"),
    ("launch-template/ng1", "LaunchTemplateData.BlockDeviceMappings.0.Ebs.Encrypted", "36 true"),
    ("launch-template/ng1", "LaunchTemplateData.BlockDeviceMappings.0.Ebs.KmsKeyId", "37 alias/nodes"),
    ("nodegroup/ng1", "Labels.stage", "38 beta"),
    ("nodegroup/ng1", "Labels.gone", "38 {stage: beta}"),
    ("nodegroup/ng1", "Taints", "39 [{key: a, effect: NoSchedule}]"),
    ("nodegroup/ng1", "Tags.shift", "40 night"),
    ("launch-template/ng1", "LaunchTemplateData.TagSpecifications.instance.shift", "40 night"),
    ("nodegroup/ng1", "Subnets", "41 true"),
    ("nodegroup/ng1", "UpdateConfig.MaxUnavailable", "42 2"),
    ("role/nodegroup-ng1", "ManagedPolicyArns", "43 ['arn:aws:iam::aws:policy/One']"),
    ("launch-template/ng1", "LaunchTemplateData.MetadataOptions.HttpTokens", "44 true"),
    ("launch-template/ng1", "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit", "45 true"),
    ("nodegroup/ng2", "NodeRole", "46 'arn:aws:iam::123456789012:role/nodes'"),
    ("nodegroup/ng2", "Subnets", "46 [us-west-2a]"),
    // What has left the file, or was never in it, is at its node group.
    ("nodegroup/ng2", "Labels.stage", "46 ng2"),
    ("launch-template/ng2", "LaunchTemplateData.BlockDeviceMappings.0.Ebs.VolumeSize", "46 ng2"),
    ("nodegroup/ng3", "ScalingConfig.MaxSize", "47 5"),
    ("nodegroup/ng3", "ScalingConfig.MinSize", "47 ng3"),
];

#[test]
fn every_property_knows_its_place() {
    let source = source(FILE);
    let graph = desired(&model(&source), &facts(), &Snapshot::default()).unwrap();
    for (key, path, expected) in PLACES {
        let key: Key = key.parse().unwrap();
        let at = graph.span(&key, path).unwrap_or_else(|| panic!("{key} {path} has no place"));
        let line = FILE[..at.start as usize].split('\n').count();
        let said = format!("{line} {}", &FILE[at.start as usize..at.end as usize]);
        assert_eq!(said, *expected, "{key} {path}");
    }
}

/// Settings of an add-on that stand under `components`, and those of a manifest.
#[test]
fn what_components_say_is_at_their_place() {
    let head = "\
apiVersion: eksact.dev/v1alpha1
kind: ClusterConfig
metadata: {name: demo, region: us-west-2, version: '1.34'}
kubernetesNetworkConfig: {serviceIPv4CIDR: 172.20.0.0/16}
";
    let component = "\
components:
  - name: coredns
    podDisruptionBudget: {maxUnavailable: 1}
    topologySpread: [{topologyKey: kubernetes.io/hostname}]
";
    let said = |file: &str, key: &str, path: &str| {
        let source = source(file);
        let graph = desired(&model(&source), &facts(), &Snapshot::default()).unwrap();
        let at =
            graph.span(&key.parse().unwrap(), path).unwrap_or_else(|| panic!("{key} {path} has no place"));
        file[at.start as usize..at.end as usize].to_owned()
    };
    let addon = format!("{head}{component}");
    assert_eq!(said(&addon, "addon/coredns", "ConfigurationValues"), "coredns");
    let manifest = format!("{head}addonsConfig: {{disableDefaultAddons: true}}\n{component}");
    let budget = "object/coredns/PodDisruptionBudget/kube-system.coredns";
    assert_eq!(said(&manifest, budget, "spec.maxUnavailable"), "{maxUnavailable: 1}");
    let pods = "spec.template.spec.topologySpreadConstraints";
    let workload = "workload/coredns/Deployment/kube-system.coredns";
    assert_eq!(said(&manifest, workload, pods), "[{topologyKey: kubernetes.io/hostname}]");
}
