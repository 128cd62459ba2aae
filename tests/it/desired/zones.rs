//! In which zones a cluster lies, and how its addresses are divided.

use eksact::desired::{ZONES, blocks, desired};
use eksact::resource::Type;
use eksact::world::Snapshot;

use super::desk::{facts, graph, model, source, zones};

/// The zones of a new cluster, by their last letters.
fn chosen(yaml: &str) -> String {
    let source = source(yaml);
    let graph = match desired(&model(&source), &facts(), &Snapshot::default()) {
        Ok(graph) => graph,
        Err(wrong) => return wrong.iter().map(|it| it.code.id()).collect::<Vec<_>>().join(" "),
    };
    let vpc = graph.nodes().iter().find(|node| node.key.kind == Type::Vpc).unwrap();
    vpc.resource.tags().get(ZONES).unwrap().replace("us-west-2", "")
}

#[test]
fn zones_are_chosen_by_what_the_nodes_need() {
    let group = |types: &str| format!("managedNodeGroups: [{{name: a, instanceTypes: [{types}]}}]\n");
    let check = |yaml: &str, expected: &str| assert_eq!(chosen(yaml), expected, "{yaml}");
    check("", "a b c");
    check("availabilityZones: []", "a b c");
    check("availabilityZones: [us-west-2d, us-west-2a]", "d a");
    check("availabilityZones: [us-west-2d, us-west-2z]", "E0403");
    check(&group("m5.large"), "a b c");
    check(&group("c7i.large"), "b c d");
    check(&group("m5.large, c7i.large, m6i.large"), "b c");
    check(&group("g5.xlarge"), "a b");
    check(&group("inf2.xlarge"), "E0205");
    check(&group("m5.larger"), "E0406");
    // Where its nodes must be is where the cluster lies, too.
    check("managedNodeGroups: [{name: a, availabilityZones: [us-west-2d]}]", "a b d");
    check(
        "managedNodeGroups: [{name: a, instanceType: inf2.xlarge, availabilityZones: [us-west-2b]}]",
        "a b c",
    );
    check(
        "managedNodeGroups: [{name: a, availabilityZones: [us-west-2d]}, {name: b, instanceType: c7i.large}]",
        "b c d",
    );
    check("managedNodeGroups: [{name: a, subnets: [us-west-2a]}]", "a b c");
}

#[test]
fn zones_without_control_planes_are_left_out() {
    let mut east = facts();
    east.region = "us-east-1".to_owned();
    east.zones = zones(&[("a", "az3"), ("b", "az1"), ("c", "az2"), ("d", "az4")]);
    for zone in &mut east.zones {
        zone.name = zone.name.replace("us-west-2", "us-east-1");
        zone.id = zone.id.replace("usw2", "use1");
    }
    let head =
        "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: demo, region: us-east-1}\n";
    let graph = graph(head, &east, &Snapshot::default());
    let vpc = &graph.nodes()[0].resource;
    assert_eq!(vpc.tags().get(ZONES), Some("us-east-1b us-east-1c us-east-1d"));
}

#[test]
fn addresses_are_divided_as_eksctl_does() {
    let check = |vpc: &str, zones: usize, expected: &[&str]| {
        let all = blocks(vpc.parse().unwrap(), zones).unwrap_or_default();
        let all: Vec<String> = all.iter().map(ToString::to_string).collect();
        assert_eq!(all, *expected, "{vpc} for {zones}");
    };
    let third = ["192.168.0.0/19", "192.168.32.0/19", "192.168.64.0/19"];
    let private = ["192.168.96.0/19", "192.168.128.0/19", "192.168.160.0/19"];
    check("192.168.0.0/16", 3, &[third, private].concat());
    check("192.168.0.0/16", 1, &["192.168.0.0/19", "192.168.32.0/19"]);
    check("10.0.0.0/24", 2, &["10.0.0.0/27", "10.0.0.32/27", "10.0.0.64/27", "10.0.0.96/27"]);
    let four: Vec<String> = (0..8).map(|n| format!("10.0.{}.0/19", 32 * n)).collect();
    check("10.0.0.0/16", 4, &four.iter().map(String::as_str).collect::<Vec<_>>());
    let five: Vec<String> = (0..10).map(|n| format!("10.0.{}.0/20", 16 * n)).collect();
    check("10.0.0.0/16", 5, &five.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(
        blocks("10.0.0.0/24".parse().unwrap(), 8).unwrap().last().unwrap().to_string(),
        "10.0.0.240/28"
    );
    check("10.0.0.0/16", 0, &[]);
    check("10.0.0.0/16", 9, &[]);
}
