//! AWS moves on, others look: the plan of an unchanged file has no change.

use serde_json::json;

use super::files::DEFAULT;
use super::shell::Shell;

#[test]
fn what_is_newer_in_aws_is_a_note_and_no_change() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    it.sent();
    it.account.settings(json!({ "releases": {
        "versions": ["1.36"], "default_version": "1.35", "zones": "reverse",
        "addons": { "coredns": ["v1.99.0-eksbuild.1"] }, "addon_defaults": { "coredns": "v1.99.0-eksbuild.1" },
    }}));
    let plan = it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
    let notes = plan.out.lines().filter(|line| line.starts_with("= ")).count();
    assert_eq!(notes, 2, "{}", plan.out);
    let plan = plan.says("v1.99.0-eksbuild.1 exists").says("1.35 exists");
    it.eksact("apply -f cluster.yaml").exits(0).says(&plan.out);
    it.nothing_sent();
    let json = it.eksact("plan -f cluster.yaml -o json").exits(0).json();
    assert_eq!((json["changes"].as_array().unwrap().len(), json["notes"].as_array().unwrap().len()), (0, 2));
}

#[test]
fn a_cluster_lives_on_when_its_version_is_retired() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    it.sent();
    it.account.settings(json!({ "releases": { "retired": ["1.34"], "default_version": "1.35" }}));
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
    it.file("cluster.yaml", &DEFAULT.replace("name: demo", "name: other"));
    it.eksact("plan -f cluster.yaml").exits(0).says("Kubernetes 1.35");
    it.nothing_sent();
}

#[test]
fn every_caller_who_may_read_sees_the_same_plan() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    for edit in ["", "\n    labels: {team: web}", "\n    instanceType: m6i.large", "\n    spot: true"] {
        let text = DEFAULT.replace("- name: ng1", &format!("- name: ng1{edit}"));
        let reader = it.colleague("READER");
        it.file("cluster.yaml", &text);
        reader.file("cluster.yaml", &text);
        it.account.faults(json!([]));
        let ours = it.eksact("plan -f cluster.yaml --details").exits(0);
        it.sent();
        let writes = ["Create*", "Delete*", "Modify*", "Update*", "Attach*", "Put*", "Tag*", "Untag*"];
        it.account.faults(writes.iter().map(|it| json!({ "operation": it, "kind": "deny" })).collect());
        let theirs = reader.eksact("plan -f cluster.yaml --details").exits(0);
        it.nothing_sent();
        assert_eq!(theirs.out.replace("user/reader", "user/dev"), ours.out);
    }
}
