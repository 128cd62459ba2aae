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

#[test]
fn a_variable_that_is_set_to_nothing_is_not_set() {
    let list = "get cluster --region us-west-2";
    let it = Shell::new().with("AWS_ENDPOINT_URL_EKS", "").with("AWS_PROFILE", "").with("AWS_CA_BUNDLE", "");
    it.eksact(list).exits(0);
    let endpoint = it.account.endpoint();
    it.file("config", &format!("[default]\nendpoint_url = {endpoint}\n"));
    it.with("AWS_CONFIG_FILE", "config").with("AWS_ENDPOINT_URL", "").eksact(list).exits(0);
}

#[test]
fn a_run_that_only_asks_ends_in_time_too() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.account.faults(json!([{ "operation": "*", "kind": "delay", "ms": 86_400_000 }]));
    for line in ["plan -f cluster.yaml", "get cluster --region us-west-2", "apply -f cluster.yaml"] {
        let ended = it.eksact(&format!("{line} --timeout 1s")).exits(1);
        ended
            .says("the time for the run is over: not all was answered within 1.0s")
            .says("nothing was changed");
    }
    it.account.faults(json!([]));
    it.nothing_sent();
}

#[test]
fn where_nobody_lists_the_versions_the_file_names_one() {
    for (code, status) in [("UnknownOperationException", 404), ("InternalFailure", 501)] {
        let rule = json!({ "operation": "DescribeClusterVersions", "kind": "error", "code": code, "status": status });
        let it = Shell::new();
        it.file("cluster.yaml", DEFAULT);
        it.account.faults(rule);
        it.eksact("plan -f cluster.yaml")
            .exits(1)
            .says("eks:DescribeClusterVersions")
            .says("write `version`");
        it.edit("cluster.yaml", "region: us-west-2", "region: us-west-2\n  version: \"1.34\"");
        it.eksact("create cluster -f cluster.yaml").exits(0);
        it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0);
        it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
    }
}
