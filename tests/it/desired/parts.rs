//! Single decisions.

use eksact::config::Source;
use eksact::graph::Graph;
use eksact::resource::{Any, Key};
use eksact::world::Snapshot;

use super::desk::{facts, graph, living};

fn resource<'a>(graph: &'a Graph, key: &str) -> &'a Any {
    let key: Key = key.parse().unwrap();
    &graph.node(&key).unwrap_or_else(|| panic!("no {key}")).resource
}

fn fresh(yaml: &str) -> Graph {
    graph(yaml, &facts(), &Snapshot::default())
}

fn property(graph: &Graph, key: &str, name: &str) -> serde_json::Value {
    serde_json::to_value(resource(graph, key)).unwrap()[name].clone()
}

#[test]
fn add_ons_that_need_nodes_are_not_waited_for_without_any() {
    let awaited = |yaml: &str| {
        let graph = fresh(yaml);
        let name = |addon: &&str| match resource(&graph, &format!("addon/{addon}")) {
            Any::Addon(addon) => addon.awaited.is_none(),
            _ => false,
        };
        ["vpc-cni", "kube-proxy", "coredns", "metrics-server"]
            .into_iter()
            .filter(name)
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(awaited(""), "vpc-cni kube-proxy");
    assert_eq!(
        awaited("managedNodeGroups: [{name: a, minSize: 0, desiredCapacity: 0}]"),
        "vpc-cni kube-proxy"
    );
    assert_eq!(awaited("managedNodeGroups: [{name: a}]"), "vpc-cni kube-proxy coredns metrics-server");
}

#[test]
fn an_add_on_is_installed_over_what_is_there_and_updated_as_the_file_says() {
    let yaml = "addons: [{name: vpc-cni, resolveConflicts: preserve}, {name: coredns}]\n";
    let word = |graph: &Graph, name: &str| property(graph, &format!("addon/{name}"), "ResolveConflicts");
    let first = fresh(yaml);
    assert_eq!((word(&first, "vpc-cni"), word(&first, "coredns")), ("OVERWRITE".into(), "OVERWRITE".into()));
    let again = graph(yaml, &facts(), &living(&first));
    assert_eq!((word(&again, "vpc-cni"), word(&again, "coredns")), ("PRESERVE".into(), "NONE".into()));
}

#[test]
fn settings_are_one_text_however_they_are_written() {
    let settings = |text: &str| {
        let yaml = format!("addons:\n- name: coredns\n  configurationValues: {text}\n");
        property(&fresh(&yaml), "addon/coredns", "ConfigurationValues")
    };
    let json = settings(r#"'{"b": [1, true], "a": {"c": "1"}}'"#);
    assert_eq!(json, r#"{"a":{"c":"1"},"b":[1,true]}"#);
    assert_eq!(json, settings("|\n    a: {c: \"1\"}\n    b:\n    - 1\n    - true"));
    assert!(settings("''").is_null() && settings("'{}'").is_null(), "nothing is set");
}

/// What a component of the add-on's name says is said in the add-on's language.
#[test]
fn settings_of_a_component_are_its_add_ons() {
    let head =
        "apiVersion: eksact.dev/v1alpha1\nkind: ClusterConfig\nmetadata: {name: demo, region: us-west-2}\n";
    let settings = |of: &str| {
        let yaml = format!("{head}components: [{{name: coredns{of}}}]\nmanagedNodeGroups: [{{name: a}}]\n");
        let text = property(&fresh(&yaml), "addon/coredns", "ConfigurationValues");
        text.as_str().map(|text| serde_json::from_str::<serde_json::Value>(text).unwrap())
    };
    assert_eq!(settings(""), None);
    assert_eq!(settings(", topologySpread: []"), None);
    let scaled = serde_json::json!({"autoScaling": {"enabled": true, "minReplicas": 2}});
    assert_eq!(settings(", autoscaling: {minReplicas: 2}"), Some(scaled));
    let all = settings(
        ", autoscaling: {minReplicas: 3, maxReplicas: 9}, podDisruptionBudget: {minAvailable: 2}, \
         topologySpread: [{topologyKey: kubernetes.io/hostname}]",
    );
    let expected = serde_json::json!({
        "autoScaling": {"enabled": true, "minReplicas": 3, "maxReplicas": 9},
        "podDisruptionBudget": {"enabled": true, "minAvailable": 2},
        "topologySpreadConstraints": [{
            "maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        }],
    });
    assert_eq!(all, Some(expected));
    let percent = serde_json::json!({"podDisruptionBudget": {"enabled": true, "maxUnavailable": "20%"}});
    assert_eq!(settings(", podDisruptionBudget: {maxUnavailable: 20%}"), Some(percent));
}

#[test]
fn each_processor_has_its_image() {
    let image = |kind: &str| {
        let yaml = format!(
            "managedNodeGroups: [{{name: a, instanceType: {kind}, availabilityZones: [us-west-2b]}}]\n"
        );
        property(&fresh(&yaml), "nodegroup/a", "AmiType").as_str().unwrap().to_owned()
    };
    let types = ["m5.large", "m7g.large", "g5.xlarge", "g5g.xlarge", "inf2.xlarge"];
    assert_eq!(
        types.map(image).join(" "),
        "AL2023_x86_64_STANDARD AL2023_ARM_64_STANDARD AL2023_x86_64_NVIDIA AL2023_ARM_64_NVIDIA \
         AL2023_x86_64_NEURON"
    );
}

#[test]
fn volumes_are_as_fast_as_their_type_usually_is() {
    let volume = |field: &str| {
        let yaml = format!("managedNodeGroups: [{{name: a{field}}}]\n");
        let data = property(&fresh(&yaml), "launch-template/a", "LaunchTemplateData");
        let ebs = &data["BlockDeviceMappings"][0]["Ebs"];
        format!("{} {} {} {}", ebs["VolumeType"], ebs["Iops"], ebs["Throughput"], ebs["Encrypted"])
            .replace('"', "")
    };
    assert_eq!(volume(""), "gp3 3000 125 null");
    assert_eq!(volume(", volumeIOPS: 5000, volumeThroughput: 200"), "gp3 5000 200 null");
    assert_eq!(volume(", volumeType: gp2, volumeEncrypted: true"), "gp2 null null true");
    assert_eq!(volume(", volumeType: io1"), "io1 100 null null");
    assert_eq!(
        volume(", volumeType: io2, volumeIOPS: 200000, volumeEncrypted: false"),
        "io2 200000 null null"
    );
}

#[test]
fn roles_have_their_path_but_for_the_old_map() {
    let path = |mode: &str, key: &str| {
        let yaml =
            format!("accessConfig: {{authenticationMode: {mode}}}\nmanagedNodeGroups: [{{name: a}}]\n");
        property(&fresh(&yaml), key, "Path")
    };
    for mode in ["API", "API_AND_CONFIG_MAP"] {
        assert_eq!(path(mode, "role/nodegroup-a"), "/eksact/us-west-2/demo/");
    }
    assert!(path("CONFIG_MAP", "role/nodegroup-a").is_null());
    assert_eq!(path("CONFIG_MAP", "role/cluster"), "/eksact/us-west-2/demo/");
}

#[test]
fn all_logs_are_five() {
    let logs = |types: &str| {
        let yaml = format!("cloudWatch: {{clusterLogging: {{enableTypes: {types}}}}}\n");
        property(&fresh(&yaml), "cluster/demo", "Logging").as_array().unwrap().len()
    };
    assert_eq!(["[]", "[api, api]", "[all]", "[api, '*']"].map(logs), [0, 1, 5, 5]);
}

#[test]
fn nobody_reaches_a_public_endpoint_that_is_off() {
    let yaml = "vpc: {clusterEndpoints: {privateAccess: true, publicAccess: false}}\n";
    let vpc = property(&fresh(yaml), "cluster/demo", "ResourcesVpcConfig");
    assert_eq!(vpc["PublicAccessCidrs"], serde_json::json!([]));
}

#[test]
fn secure_defaults_are_those_of_our_own_language() {
    let source = Source::new("a", "apiVersion: eksact.dev/v1alpha1\nmanagedNodeGroups: [{name: a}]\n");
    let graph =
        fresh(&format!("{}kind: ClusterConfig\nmetadata: {{name: demo, region: us-west-2}}\n", source.text));
    let cluster = property(&graph, "cluster/demo", "AccessConfig");
    assert_eq!(cluster["AuthenticationMode"], "API");
    assert_eq!(cluster["BootstrapClusterCreatorAdminPermissions"], true, "somebody must get in");
    let data = property(&graph, "launch-template/a", "LaunchTemplateData");
    assert_eq!(data["MetadataOptions"]["HttpPutResponseHopLimit"], 1);
    assert_eq!(data["BlockDeviceMappings"][0]["Ebs"]["Encrypted"], true);
    let subnets = property(&graph, "nodegroup/a", "Subnets").to_string();
    assert!(subnets.contains("subnet/private-us-west-2a") && !subnets.contains("public"), "{subnets}");
    assert_eq!(
        graph.nodes().iter().filter(|node| node.key.to_string().starts_with("nat-gateway/")).count(),
        3
    );
}
