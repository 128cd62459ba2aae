//! A file with every default and choice in it means the same cluster.

use std::collections::BTreeMap;

use eksact::config::{ClusterConfig, Source, read};
use eksact::desired::desired;
use eksact::graph::Graph;
use eksact::ops::Draft;
use eksact::plan::plan;
use eksact::view::diagnostics::render;
use eksact::view::json::to_yaml;
use eksact::world::Snapshot;
use serde_json::Value;

use super::desk::{facts, model};
use super::graphs::examples;
use crate::fields::fields;

/// The file that says all of it, as text.
fn filled(file: &ClusterConfig, graph: &Graph) -> String {
    let snapshot = Snapshot::default();
    let plan = plan(graph, &snapshot);
    let draft = Draft { facts: facts(), snapshot, graph: graph.clone(), plan };
    to_yaml(&file.filled(&draft.choices()))
}

/// All that should be, by key.
fn wanted(graph: &Graph) -> BTreeMap<String, Value> {
    let resource =
        |node: &eksact::graph::Node| (node.key.to_string(), serde_json::to_value(&node.resource).unwrap());
    graph.nodes().iter().map(resource).collect()
}

/// That a file means the same once it is filled, and is then full.
fn means_the_same(name: &str, source: &Source) {
    let file = model(source);
    let Ok(graph) = desired(&file, &facts(), &Snapshot::default()) else { return };
    let source = Source::new("filled.yaml", filled(&file, &graph));
    let outcome = read(&source);
    assert!(
        outcome.diagnostics.is_empty(),
        "{name}:\n{}\n{}",
        source.text,
        render(&source, &outcome.diagnostics)
    );
    // Every default is written: none is left that the other language would take otherwise.
    let other = match source.text.contains("eksctl.io/v1alpha5") {
        true => source.text.replace("eksctl.io/v1alpha5", "eksact.dev/v1alpha1"),
        false => source.text.replace("eksact.dev/v1alpha1", "eksctl.io/v1alpha5"),
    };
    let other = read(&Source::new("other.yaml", other)).cluster;
    let other = other.map(|other| desired(&other, &facts(), &Snapshot::default()).unwrap());
    assert!(other.is_none_or(|other| wanted(&other) == wanted(&graph)), "{name}:\n{}", source.text);
    let again = outcome.cluster.unwrap();
    let graph_again = desired(&again, &facts(), &Snapshot::default());
    let graph_again = graph_again.unwrap_or_else(|wrong| panic!("{name}:\n{}", render(&source, &wrong)));
    assert_eq!(wanted(&graph_again), wanted(&graph), "{name}:\n{}", source.text);
    assert_eq!(filled(&again, &graph_again), source.text, "{name}: there is nothing more to fill in");
}

#[test]
fn each_example_means_the_same_once_it_is_filled() {
    for (name, source) in examples() {
        means_the_same(&name, &source);
    }
}

#[test]
fn each_field_means_the_same_once_its_file_is_filled() {
    for field in fields() {
        for text in [&field.none, &field.one, &field.other] {
            means_the_same(field.name, &Source::new(field.name, text.as_str()));
        }
    }
}

/// What `eksctl create cluster --dry-run` prints where it says nothing: both names of one policy, and fields
/// without a value.
#[test]
fn what_eksctl_prints_means_what_it_was_printed_from() {
    let printed = include_str!("../../files/as-eksctl-prints.yaml");
    let says_nothing =
        |line: &&str| ["albIngress: false", ": null", "roleARN: \"\""].iter().any(|it| line.ends_with(it));
    let (nothing, said): (Vec<&str>, Vec<&str>) = printed.lines().partition(says_nothing);
    assert_eq!(nothing.len(), 6, "{nothing:?}");
    let of = |text: &str| {
        let source = Source::new("printed.yaml", text);
        assert_eq!(render(&source, &read(&source).diagnostics), "");
        means_the_same("printed.yaml", &source);
        wanted(&desired(&model(&source), &facts(), &Snapshot::default()).unwrap())
    };
    assert_eq!(of(printed), of(&said.join("\n")));
    let old = printed.replace("albIngress: false", "albIngress: true");
    let groups = old.find("managedNodeGroups").unwrap();
    let new = old[groups..].replace("awsLoadBalancerController: false", "awsLoadBalancerController: true");
    let both = format!("{}{new}", &old[..groups]);
    assert_ne!(of(&old), of(printed), "either of the names gives the policy");
    assert_eq!(of(&old), of(&both));
}

#[test]
fn a_filled_file_reads_like_this() {
    let (_, source) = examples().remove(0);
    let file = model(&source);
    let graph = desired(&file, &facts(), &Snapshot::default()).unwrap();
    insta::assert_snapshot!(filled(&file, &graph));
}
