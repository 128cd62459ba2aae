//! As a step of a pipeline: Markdown, a step's summary and its outputs.

use std::collections::BTreeMap;

use super::files::{DEFAULT, with};
use super::shell::Shell;

/// Outputs in the form that takes values of several lines.
fn outputs(text: &str) -> BTreeMap<String, String> {
    let (mut outputs, mut lines) = (BTreeMap::new(), text.lines());
    while let Some((name, end)) = lines.next().and_then(|line| line.split_once("<<")) {
        let value: Vec<&str> = lines.by_ref().take_while(|line| *line != end).collect();
        outputs.insert(name.to_owned(), value.join("\n"));
    }
    outputs
}

#[test]
fn a_step_has_a_summary_and_outputs() {
    let it = Shell::new().with("GITHUB_STEP_SUMMARY", "summary.md").with("GITHUB_OUTPUT", "output");
    it.file("cluster.yaml", DEFAULT);
    it.file("output", "before<<X\n1\nX\n");
    let planned = it.eksact("plan -f cluster.yaml --github --detailed-exitcode").exits(2);
    planned.says("new cluster");
    assert!(it.read("summary.md").contains("**eksact plan** `demo` in `us-west-2`"));
    let told = outputs(&it.read("output"));
    let value = |name: &str| told.get(name).map_or("", String::as_str);
    assert_eq!((value("before"), value("cluster"), value("region")), ("1", "demo", "us-west-2"));
    assert_eq!((value("changes"), value("exit-code"), value("exit")), ("23", "2", "changes"));
    it.eksact("apply -f cluster.yaml --github").exits(0);
    let told = outputs(&it.read("output"));
    assert_eq!((told["done"].as_str(), told["exit"].as_str()), ("23", "done"));
    assert!(told["endpoint"].starts_with("http"), "{told:?}");
    let summary = it.read("summary.md");
    assert!(summary.contains("demo is ready") && summary.contains("```diff\n+ network"), "{summary}");
    it.eksact("delete cluster -f cluster.yaml --yes --github").exits(0);
    assert!(it.read("summary.md").contains("demo is gone"));
}

#[test]
fn a_failure_is_in_the_summary_too() {
    let it = Shell::new().with("GITHUB_STEP_SUMMARY", "summary.md").with("GITHUB_OUTPUT", "output");
    it.file("bad.yaml", &with("managedNodeGroups: [{name: ng1, desiredCapcity: 2}]"));
    it.eksact("apply -f bad.yaml --github").exits(3);
    assert!(it.read("summary.md").contains("did you mean"), "{}", it.read("summary.md"));
    assert_eq!(outputs(&it.read("output"))["exit"], "usage");
}

#[test]
fn elsewhere_it_is_bad_usage() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("plan -f cluster.yaml --github").exits(3).says("GITHUB_STEP_SUMMARY");
    it.eksact("apply -f cluster.yaml -o markdown").exits(3).says("only a plan");
    assert!(it.account.calls().is_empty());
    let comment = it.eksact("plan -f cluster.yaml -o markdown").exits(0).out;
    assert!(comment.starts_with("**eksact plan** `demo`") && comment.contains("<details>"), "{comment}");
}

#[test]
fn nothing_is_done_that_a_step_cannot_be_told_of() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    let it = it.with("GITHUB_STEP_SUMMARY", "summary.md").with("GITHUB_OUTPUT", "absent/output");
    let refused = it.eksact("apply -f cluster.yaml --github").exits(3);
    refused.says("cannot write absent/output").says("mkdir -p");
    let it = it.with("GITHUB_STEP_SUMMARY", "home").with("GITHUB_OUTPUT", "output");
    it.eksact("apply -f cluster.yaml --github").exits(3).says("cannot write home");
    assert!(it.account.calls().is_empty());
    // It can be opened, and has no room.
    let it = it.with("GITHUB_STEP_SUMMARY", "/dev/full");
    it.eksact("plan -f cluster.yaml --github").exits(1).says("error: cannot write /dev/full");
    assert_eq!(outputs(&it.read("output"))["exit"], "done", "of the plan; what is not the summary is told");
}
