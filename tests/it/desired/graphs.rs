//! Whole graphs.

use std::fmt::Write;

use eksact::graph::Graph;
use eksact::world::Snapshot;

use super::desk::{facts, graph, living};

/// One line for each resource: its key and its properties, tags aside.
fn summary(graph: &Graph) -> String {
    let mut text = String::new();
    for node in graph.nodes() {
        let mut properties = serde_json::to_value(&node.resource).unwrap();
        properties.as_object_mut().unwrap().remove("Tags");
        let _ = writeln!(text, "{} {properties}", node.key);
    }
    text
}

#[test]
fn the_smallest_file() {
    let graph = graph("managedNodeGroups: [{name: ng1}]\n", &facts(), &Snapshot::default());
    insta::assert_snapshot!(summary(&graph));
}

#[test]
fn the_same_file_once_more_asks_for_the_same() {
    let yaml = "managedNodeGroups: [{name: ng1}]\n";
    let first = graph(yaml, &facts(), &Snapshot::default());
    let again = graph(yaml, &facts(), &living(&first));
    assert_eq!(summary(&again), summary(&first).replace("OVERWRITE", "NONE"));
}
