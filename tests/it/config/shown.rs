//! What is said, for programs and in short.

use eksact::config::{Source, Span, read};
use eksact::view::diagnostics::{place, to_json, weaker};

const WRONG: &str = "\
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: größe-1, region: eu-central-1}
managedNodeGroups:
  - name: ng1
    maxSize: 4
    desiredCapcity: 2
    desiredCapacity: 8
";

#[test]
fn for_programs_every_place_is_a_line_and_a_column() {
    let source = Source::new("cluster.yaml", WRONG);
    let outcome = read(&source);
    let json = to_json(&source, &outcome.diagnostics, &outcome.weaker[..1]);
    insta::assert_snapshot!(serde_json::to_string_pretty(&json).unwrap());
}

#[test]
fn columns_are_characters() {
    let source = Source::new("a.yaml", "ü: [x]\n");
    assert_eq!(place(&source, Span { start: 5, end: 6 }), "a.yaml:1:5");
    assert_eq!(place(&source, Span { start: 8, end: 8 }), "a.yaml:2:1");
    assert_eq!(place(&source, Span { start: 999, end: 999 }), "a.yaml:2:1", "never outside of the text");
}

#[test]
fn weaker_defaults_say_what_to_write_and_why() {
    let source = Source::new("cluster.yaml", WRONG.replace("    desiredCapcity: 2\n", ""));
    insta::assert_snapshot!(weaker(&read(&source).weaker));
}
