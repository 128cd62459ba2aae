//! An account for files to be planned in, and a cluster that lives in it.

use std::collections::BTreeMap;

use eksact::cluster::{AddonIdentity, AddonVersion, Architecture, Caller, Facts, GivenSubnet, InstanceType};
use eksact::cluster::{KubernetesVersion, Zone};
use eksact::config::{ClusterConfig, Diagnostic, Source, read};
use eksact::desired::desired;
use eksact::graph::Graph;
use eksact::resource::kubernetes::Manifest;
use eksact::resource::{Any, Live, Outputs, Property, Seen, Standing, Type};
use eksact::sim::applied;
use eksact::view::diagnostics::render;
use eksact::world::{Found, Snapshot};

/// What AWS says in us-west-2.
pub fn facts() -> Facts {
    Facts {
        now: "2026-11-24T14:00:00Z".parse().unwrap(),
        caller: Caller {
            account: "123456789012".to_owned(),
            arn: "arn:aws:sts::123456789012:assumed-role/deploy/me".to_owned(),
        },
        region: "us-west-2".to_owned(),
        // In no order, as AWS gives them.
        zones: zones(&[("c", "az3"), ("a", "az2"), ("d", "az4"), ("b", "az1")]),
        versions: [("1.33", false), ("1.35", false), ("1.34", true)].map(version).into(),
        addons: addons(),
        addon_identities: addon_identities(),
        instance_types: instance_types(),
        subnets: subnets(),
        vpc_cidr: Some("10.0.0.0/16".to_owned()),
        roles: ["control-plane", "nodes", "pods", "eks/control-plane", "eks/nodes"]
            .map(|it| format!("arn:aws:iam::123456789012:role/{it}"))
            .into(),
        releases: [("AL2023_x86_64_STANDARD".to_owned(), "1.34.1-20261105".to_owned())].into(),
    }
}

pub fn zones(zones: &[(&str, &str)]) -> Vec<Zone> {
    let zone =
        |(name, id): &(&str, &str)| Zone { name: format!("us-west-2{name}"), id: format!("usw2-{id}") };
    zones.iter().map(zone).collect()
}

pub fn version((version, default): (&str, bool)) -> KubernetesVersion {
    KubernetesVersion { version: version.to_owned(), default, standard_until: None }
}

/// Each add-on with a version from before, the default and a newer one.
fn addons() -> BTreeMap<String, Vec<AddonVersion>> {
    let all = [
        ("vpc-cni", "1.20"),
        ("kube-proxy", "1.34"),
        ("coredns", "1.12"),
        ("metrics-server", "0.8"),
        ("aws-ebs-csi-driver", "1.50"),
        ("aws-efs-csi-driver", "2.1"),
        ("aws-fsx-csi-driver", "1.6"),
        ("eks-pod-identity-agent", "1.3"),
        ("adot", "0.1"),
    ];
    all.map(|(name, minor)| (name.to_owned(), addon_versions(minor, 4))).into()
}

/// What AWS recommends, as if it had been asked of all of them.
fn addon_identities() -> BTreeMap<String, Vec<AddonIdentity>> {
    let all = [
        ("vpc-cni", "aws-node", "AmazonEKS_CNI_Policy"),
        ("aws-ebs-csi-driver", "ebs-csi-controller-sa", "service-role/AmazonEBSCSIDriverPolicyV2"),
        ("adot", "adot-collector", "AmazonPrometheusRemoteWriteAccess"),
    ];
    let identity = |(name, account, policy): (&str, &str, &str)| {
        let policies = vec![format!("arn:aws:iam::aws:policy/{policy}")];
        (name.to_owned(), vec![AddonIdentity { service_account: account.to_owned(), policies }])
    };
    all.map(identity).into()
}

/// Patch releases up to this one; the one before it is the default.
pub fn addon_versions(minor: &str, newest: u32) -> Vec<AddonVersion> {
    let patches = (1..=newest).rev();
    let release = |patch| AddonVersion {
        version: format!("v{minor}.{patch}-eksbuild.1"),
        kubernetes: ["1.33", "1.34", "1.35"].map(|it| (it.to_owned(), patch + 1 == newest)).into(),
    };
    patches.map(release).collect()
}

fn instance_types() -> BTreeMap<String, InstanceType> {
    use Architecture::{Arm, ArmNvidia, Neuron, X86, X86Nvidia};
    let types = [
        ("m5.large", X86, "abcd"),
        ("m5a.large", X86, "abcd"),
        ("m6i.large", X86, "abc"),
        ("c7i.large", X86, "bcd"),
        ("m7g.large", Arm, "abcd"),
        ("g5.xlarge", X86Nvidia, "ab"),
        ("g5g.xlarge", ArmNvidia, "ab"),
        ("inf2.xlarge", Neuron, "b"),
    ];
    let zones = |letters: &str| letters.chars().map(|zone| format!("us-west-2{zone}")).collect();
    let entry = |(name, architecture, letters): (&str, Architecture, &str)| {
        let addresses = name.ends_with(".large").then_some(30);
        (name.to_owned(), InstanceType { architecture, vcpus: 2, addresses, zones: zones(letters) })
    };
    types.map(entry).into()
}

fn subnets() -> BTreeMap<String, GivenSubnet> {
    let subnets = [
        ("subnet-aaaaaaa1", "vpc-11111111", "a", "10.0.0.0/24"),
        ("subnet-aaaaaaa2", "vpc-11111111", "b", "10.0.1.0/24"),
        ("subnet-bbbbbbb1", "vpc-11111111", "a", "10.0.10.0/24"),
        ("subnet-bbbbbbb2", "vpc-11111111", "b", "10.0.11.0/24"),
        ("subnet-bbbbbbb3", "vpc-11111111", "b", "10.0.12.0/24"),
        ("subnet-ccccccc1", "vpc-22222222", "a", "10.9.0.0/24"),
        // Of the example.
        ("subnet-0b2512f8c6ae9bf30", "vpc-0dd338ecf29863c55", "a", "10.0.0.0/19"),
        ("subnet-08cb9a2ed60394ce3", "vpc-0dd338ecf29863c55", "b", "10.0.32.0/19"),
        ("subnet-0153e497c7a41b3d1", "vpc-0dd338ecf29863c55", "a", "10.0.64.0/19"),
    ];
    let entry = |(id, vpc, zone, cidr): (&str, &str, &str, &str)| {
        let (vpc_id, zone, cidr) = (vpc.to_owned(), format!("us-west-2{zone}"), cidr.to_owned());
        (id.to_owned(), GivenSubnet { vpc_id, zone, cidr, free: None, tags: BTreeMap::new() })
    };
    subnets.map(entry).into()
}

/// The model of a text; what stands below `metadata` is given.
pub fn source(yaml: &str) -> Source {
    let head = "kind: ClusterConfig\nmetadata: {name: demo, region: us-west-2}\n";
    let is_whole = yaml.lines().any(|line| line.starts_with("metadata:"));
    let whole = match (is_whole, yaml.contains("apiVersion")) {
        (true, _) => yaml.to_owned(),
        (false, true) => format!("{yaml}{head}"),
        (false, false) => format!("apiVersion: eksctl.io/v1alpha5\n{head}{yaml}"),
    };
    Source::new("cluster.yaml", whole)
}

pub fn model(source: &Source) -> ClusterConfig {
    let outcome = read(source);
    outcome.cluster.unwrap_or_else(|| panic!("{}", render(source, &outcome.diagnostics)))
}

pub fn graph(yaml: &str, facts: &Facts, snapshot: &Snapshot) -> Graph {
    let source = source(yaml);
    let graph: Result<Graph, Vec<Diagnostic>> = desired(&model(&source), facts, snapshot);
    graph.unwrap_or_else(|wrong| panic!("{}", render(&source, &wrong)))
}

/// What is there once a graph has been applied: everything as asked for, and what AWS chooses by itself.
pub fn living(graph: &Graph) -> Snapshot {
    let outputs = outputs(graph);
    let mut snapshot = Snapshot::default();
    for node in graph.nodes() {
        let mut properties = node.resource.clone();
        properties.take_name(&node.key, &[]).unwrap();
        properties.resolve(&outputs);
        keep(&mut properties);
        if let Any::Cluster(cluster) = &mut properties {
            let services = &mut cluster.kubernetes_network_config.service_ipv4_cidr;
            services.get_or_insert_with(|| "10.100.0.0/16".to_owned());
            cluster.deletion_protection.get_or_insert(false);
        }
        let statuses = node.key.kind.states().iter();
        let ready = statuses.clone().find(|(_, standing)| *standing == Standing::Ready).unwrap();
        let live = Live {
            id: format!("id of {}", node.key),
            name: properties.name().map(str::to_owned),
            properties,
            attributes: outputs.of(&node.key),
            status: ready.0.to_owned(),
            made: None,
            troubles: Vec::new(),
            leftovers: Vec::new(),
            earlier: Vec::new(),
        };
        snapshot.found.insert(node.key.clone(), vec![Found::Present(live)]);
    }
    snapshot
}

/// Of an object a server keeps, too, by whom its fields were applied: all of them by us.
fn keep(properties: &mut Any) {
    let manifest = match properties {
        Any::Inventory(it) => &mut it.manifest,
        Any::Namespace(it) => &mut it.manifest,
        Any::Definition(it) => &mut it.manifest,
        Any::Object(it) => &mut it.manifest,
        Any::Workload(it) => &mut it.manifest,
        Any::Webhook(it) => &mut it.manifest,
        Any::Custom(it) => &mut it.manifest,
        _ => return,
    };
    let body = manifest.value();
    *manifest = Manifest::living(&body, applied(&body));
}

/// The attributes of everything, as far as anything could refer to them.
fn outputs(graph: &Graph) -> Outputs {
    let mut outputs = Outputs::default();
    for node in graph.nodes() {
        let id = node.key.kind.id();
        outputs.learn(&node.key, [(id, format!("{id} of {}", node.key))].into());
        if node.key.kind == Type::PodIdentityAssociation {
            outputs.learn(&node.key, [("AssociationId", "a-1".to_owned())].into());
        }
        node.resource.visit(&mut |seen| {
            if let Seen::Of(reference) = seen {
                let value = format!("{} of {}", reference.attribute, reference.key);
                outputs.learn(&reference.key, [(reference.attribute, value)].into());
            }
        });
    }
    outputs
}
