//! What follows from what is written.

use crate::config::sections::cluster::ClusterConfig;
use crate::config::{Source, read};

/// A cluster with one node group, which has these fields, too.
fn group(written: &str) -> ClusterConfig {
    let head = "{apiVersion: eksctl.io/v1alpha5, kind: ClusterConfig, metadata: {name: a, region: eu-west-1}";
    let file = format!("{head}, managedNodeGroups: [{{name: a, {written}}}]}}");
    read(&Source::new("cluster.yaml", file)).cluster.expect("a file without an error")
}

#[test]
fn sizes_follow_from_those_that_are_written() {
    let check = |written: &str, min: u32, desired: u32, max: u32| {
        let sizes = group(written).managed_node_groups[0].sizes();
        assert_eq!((sizes.min, sizes.desired, sizes.max), (min, desired, max), "{written}");
    };
    check("", 2, 2, 2);
    check("desiredCapacity: 3", 3, 3, 3);
    check("desiredCapacity: 0", 0, 0, 1);
    check("minSize: 1", 1, 1, 1);
    check("minSize: 0", 0, 0, 1);
    check("maxSize: 5", 2, 2, 5);
    check("minSize: 1, maxSize: 5", 1, 1, 5);
    check("minSize: 1, desiredCapacity: 3", 1, 3, 3);
    check("maxSize: 5, desiredCapacity: 3", 3, 3, 5);
}

#[test]
fn there_is_a_usual_type() {
    let types = |written: &str| group(written).managed_node_groups[0].types().join(" ");
    assert_eq!(types(""), "m5.large");
    assert_eq!(types("instanceType: c7g.xlarge"), "c7g.xlarge");
    assert_eq!(types("instanceTypes: [m6i.large, m5.large]"), "m6i.large m5.large");
    assert_eq!(types("instanceTypes: []"), "m5.large");
}
