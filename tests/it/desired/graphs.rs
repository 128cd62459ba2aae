//! Whole graphs, of the examples.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use eksact::config::{Source, read};
use eksact::desired::{ask, desired, names};
use eksact::graph::Graph;
use eksact::plan::plan;
use eksact::resource::{Key, Type};
use eksact::world::Snapshot;
use serde_json::Value as Json;

use super::desk::{facts, graph, living, model};
use crate::fields::tell;

/// The files in `examples/`, by name.
pub fn examples() -> Vec<(String, Source)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let yaml = files.filter(|path| path.extension().is_some_and(|it| it == "yaml"));
    let read = |path: std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name.clone(), Source::new(name, fs::read_to_string(path).unwrap()))
    };
    let mut examples: Vec<_> = yaml.map(read).collect();
    examples.sort_by(|one, other| one.0.cmp(&other.0));
    examples
}

/// One resource: its properties but for its tags, references as they read.
fn short(value: &Json) -> String {
    match value {
        Json::Object(map) => match (map.get("Fn::GetAtt"), map.len()) {
            (Some(Json::Array(at)), 1) => {
                format!("<{} {}>", at[0].as_str().unwrap(), at[1].as_str().unwrap())
            }
            _ => {
                let some = map.iter().filter(|(_, value)| !value.is_null());
                format!(
                    "{{{}}}",
                    some.map(|(key, it)| format!("{key}: {}", short(it))).collect::<Vec<_>>().join(", ")
                )
            }
        },
        Json::Array(items) => format!("[{}]", items.iter().map(short).collect::<Vec<_>>().join(", ")),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// All of it: a line for each property.
fn summary(graph: &Graph) -> String {
    let mut text = String::new();
    for node in graph.nodes() {
        let _ = writeln!(text, "{}", node.key);
        let properties = serde_json::to_value(&node.resource).unwrap();
        for (name, value) in properties.as_object().unwrap().iter().filter(|(name, _)| *name != "Tags") {
            if !value.is_null() {
                let _ = writeln!(text, "  {name}: {}", short(value));
            }
        }
    }
    text
}

#[test]
fn each_example_is_read_without_a_word_and_planned() {
    let all = examples();
    assert_eq!(all.len(), 8);
    for (name, source) in all {
        let outcome = read(&source);
        assert!(outcome.diagnostics.is_empty(), "{name}: {:?}", outcome.diagnostics);
        let graph = desired(&outcome.cluster.unwrap(), &facts(), &Snapshot::default()).unwrap();
        insta::assert_snapshot!(name.clone(), summary(&graph));
        let plan = plan(&graph, &Snapshot::default());
        assert_eq!(plan.changes().unwrap().len(), graph.nodes().len(), "{name}");
    }
}

#[test]
fn an_example_that_lives_has_nothing_to_change() {
    for (name, source) in examples() {
        let file = model(&source);
        let living = living(&desired(&file, &facts(), &Snapshot::default()).unwrap());
        assert_eq!(tell(&plan(&desired(&file, &facts(), &living).unwrap(), &living)), [""; 0], "{name}");
    }
}

#[test]
fn what_is_asked_of_aws_is_what_the_file_names() {
    let asked =
        |name: &str| examples().into_iter().find(|it| it.0 == name).map(|it| ask(&model(&it.1))).unwrap();
    insta::assert_debug_snapshot!("asked_by_default", asked("01-default"));
    insta::assert_debug_snapshot!("asked_of_a_given_network", asked("04-given-network"));
}

#[test]
fn with_everything_given_nothing_is_made_in_iam_and_in_the_network() {
    let (_, source) = examples().into_iter().find(|it| it.0 == "04-given-network").unwrap();
    let graph = desired(&model(&source), &facts(), &Snapshot::default()).unwrap();
    let plan = plan(&graph, &Snapshot::default());
    let actions: Vec<&str> =
        plan.actions().into_iter().filter(|it| it.starts_with("iam:C") || it.contains("Vpc")).collect();
    assert_eq!(actions, [""; 0]);
    let kinds: Vec<Type> = graph.nodes().iter().map(|node| node.key.kind).collect();
    assert!(
        kinds
            .iter()
            .all(|kind| matches!(kind, Type::Cluster | Type::Addon | Type::LaunchTemplate | Type::Nodegroup))
    );
}

/// The tags of one resource as lines.
fn tags(graph: &Graph, key: &str) -> String {
    let key: Key = key.parse().unwrap();
    let tags = graph.node(&key).unwrap().resource.tags();
    format!("{key}\n{}", tags.0.iter().map(|(key, value)| format!("  {key}: {value}\n")).collect::<String>())
}

#[test]
fn tags_are_those_of_the_file_and_those_by_which_things_are_found() {
    let (_, source) = examples().into_iter().find(|it| it.0 == "02-own-network").unwrap();
    let graph = desired(&model(&source), &facts(), &Snapshot::default()).unwrap();
    let keys =
        ["vpc/main", "subnet/public-us-west-2a", "subnet/private-us-west-2b", "nat-gateway/us-west-2c"];
    let more = ["role/cluster", "cluster/shop", "addon/coredns", "launch-template/batch", "nodegroup/batch"];
    insta::assert_snapshot!(keys.iter().chain(&more).map(|key| tags(&graph, key)).collect::<String>());
}

/// Another caller with the same rights: nothing that is desired depends on who that is.
#[test]
fn the_same_is_desired_whoever_calls() {
    let mut other = facts();
    other.caller.arn = "arn:aws:iam::123456789012:user/somebody".to_owned();
    for (name, source) in examples() {
        let mine = desired(&model(&source), &facts(), &Snapshot::default()).unwrap();
        let theirs = desired(&model(&source), &other, &Snapshot::default()).unwrap();
        assert_eq!(summary(&mine), summary(&theirs), "{name}");
    }
}

#[test]
fn in_other_partitions_policies_and_principals_are_theirs() {
    let mut china = facts();
    china.caller.arn = "arn:aws-cn:iam::123456789012:user/somebody".to_owned();
    let graph = graph("managedNodeGroups: [{name: a}]\n", &china, &Snapshot::default());
    let text = summary(&graph);
    assert!(
        text.contains("arn:aws-cn:iam::aws:policy/AmazonEKS_CNI_Policy") && !text.contains("arn:aws:"),
        "{text}"
    );
    assert!(text.contains("ec2.amazonaws.com.cn") && text.contains("eks.amazonaws.com\""), "{text}");
    assert!(!text.contains("metrics-server"), "AWS does not offer it there");
}

/// A cluster with nodes has at most the name that labels them.
#[test]
fn names_that_are_too_long_are_cut_and_stay_themselves() {
    let group = format!("{{name: {}}}", "g".repeat(63));
    for (cluster, groups, count) in [("c".repeat(100), "", 1), ("c".repeat(63), group.as_str(), 2)] {
        let yaml = format!(
            "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {{name: {cluster}, region: \
             us-west-2}}\nmanagedNodeGroups: [{groups}]\n"
        );
        let first = graph(&yaml, &facts(), &Snapshot::default());
        let names = first.names();
        let roles: BTreeSet<&String> =
            names.iter().filter(|(key, _)| key.kind == Type::Role).map(|(_, name)| name).collect();
        assert!(roles.len() == count && roles.iter().all(|name| name.len() == 64), "{roles:?}");
        let living = living(&first);
        assert_eq!(tell(&plan(&graph_of(&yaml, &living), &living)), [""; 0]);
    }
}

fn graph_of(yaml: &str, living: &Snapshot) -> Graph {
    graph(yaml, &facts(), living)
}

#[test]
fn names_are_known_before_it_is_known_what_lives() {
    for (name, source) in examples() {
        let file = model(&source);
        let graph = desired(&file, &facts(), &Snapshot::default()).unwrap();
        assert_eq!(names(&file, &facts()), graph.names(), "{name}");
        let mut later = facts();
        later.versions.clear();
        later.addons.clear();
        let held: Vec<Key> = names(&file, &later).into_keys().filter(|key| key.kind != Type::Addon).collect();
        let all: Vec<Key> = graph.names().into_keys().filter(|key| key.kind != Type::Addon).collect();
        assert_eq!(held, all, "{name}: whatever AWS does not offer any more");
    }
}
