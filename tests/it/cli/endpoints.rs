//! Any AWS-compatible endpoint: short pages, old answers, slow ones, a status at once.

use serde_json::{Value, json};

use super::files::DEFAULT;
use super::shell::Shell;

/// A life under these faults, from nothing to nothing.
fn lives(it: &Shell, faults: Value) {
    it.file("cluster.yaml", DEFAULT);
    it.account.faults(faults);
    it.eksact("apply -f cluster.yaml").exits(0);
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
    it.edit("cluster.yaml", "- name: ng1", "- name: ng1\n    labels: {team: web}\n    volumeSize: 100");
    it.eksact("apply -f cluster.yaml").exits(0);
    it.edit("cluster.yaml", "- name: ng1", "- name: ng1\n    instanceType: m6i.large");
    it.eksact("apply -f cluster.yaml --yes").exits(0);
    it.eksact("get nodegroup ng1 --cluster demo --region us-west-2").exits(0).says("m6i.large");
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
    it.account.faults(json!([]));
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0).says("nothing to delete");
    assert_eq!(it.account.inventory(), [""; 0]);
}

#[test]
fn lists_in_pages_of_one() {
    lives(&Shell::new(), json!([{ "operation": "*", "kind": "pages" }]));
}

#[test]
fn answers_that_are_old() {
    lives(&Shell::new(), json!([{ "operation": "*", "kind": "stale", "ms": 300 }]));
}

#[test]
fn answers_that_are_slow() {
    lives(&Shell::new(), json!([{ "operation": "*", "kind": "delay", "ms": 10 }]));
}

#[test]
fn a_status_reached_at_once() {
    let it = Shell::new();
    it.account.settings(json!({ "factor": 0 }));
    lives(&it, json!([]));
}
