//! What is said, for programs and in short.

use eksact::config::{Source, Span, read};
use eksact::view::departures::list;
use eksact::view::diagnostics::{place, to_json};

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
    let json = to_json(&source, &outcome.diagnostics);
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
fn departures_say_what_to_write_and_why() {
    let group = "    volumeType: gp2   # eksact:allow volume-type: \u{1b}[2J as it was\n    maxSize: 4\n";
    let text = WRONG
        .replace("    desiredCapcity: 2\n", "")
        .replace("    maxSize: 4\n", group)
        .replace("y: 8", "y: 4");
    let source = Source::new("cluster.yaml", text);
    insta::assert_snapshot!(list(&source, &read(&source).departures));
}
