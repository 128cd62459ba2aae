//! What is on stdout: tables, objects, help; and nothing besides.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::files::{DEFAULT, with};
use super::shell::Shell;

const COMMANDS: [&str; 20] = [
    "",
    "validate",
    "explain",
    "plan",
    "apply",
    "create",
    "create cluster",
    "create component",
    "create nodegroup",
    "bootstrap",
    "delete cluster",
    "delete component",
    "delete nodegroup",
    "get addon",
    "get cluster",
    "get component",
    "get nodegroup",
    "scale nodegroup",
    "completion",
    "version",
];

#[test]
fn help_of_every_command() {
    let it = Shell::new();
    for command in COMMANDS {
        let help = it.eksact(&format!("{command} --help")).exits(0);
        assert!(help.err.is_empty(), "{}", help.err);
        let name = format!("help {command}");
        assert_snapshot!(name.trim().replace(' ', "_"), help.out);
    }
    assert!(it.account.calls().is_empty());
}

#[test]
fn what_cannot_be_understood_is_bad_usage() {
    let it = Shell::new();
    let lines = [
        "",
        "plan",
        "destroy",
        "plan -f a.yaml --frobnicate",
        "plan -f a.yaml -o xml",
        "delete cluster",
        "delete cluster -f a.yaml --name demo",
        "create cluster -f a.yaml --nodes 3",
        "create cluster --name demo --nodes many --region us-west-2",
        "create cluster --region us-west-2",
        "create cluster --name demo --tags team --region us-west-2",
        "scale nodegroup --cluster demo --name ng1",
        "scale nodegroup --cluster demo --nodes 3",
        "get nodegroup",
        "explain",
        "explain E9999",
        "completion tcsh",
        "plan -f a.yaml --timeout soon",
    ];
    for line in lines {
        let told = it.eksact(line).exits(3);
        assert!(told.out.is_empty() && !told.err.is_empty(), "{line}: {}", told.out);
    }
    assert!(it.account.calls().is_empty());
}

#[test]
fn version_completion_and_codes() {
    let it = Shell::new();
    it.eksact("version").exits(0).says(concat!("eksact ", env!("CARGO_PKG_VERSION")));
    it.eksact("--version").exits(0).says(concat!("eksact ", env!("CARGO_PKG_VERSION")));
    assert_eq!(it.eksact("version -o json").exits(0).json()["version"], env!("CARGO_PKG_VERSION"));
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = it.eksact(&format!("completion {shell}")).exits(0).says("detailed-exitcode");
        // Elvish and PowerShell complete no values.
        if ["bash", "zsh", "fish"].contains(&shell) {
            script.says("cluster-autoscaler");
        }
    }
    it.eksact("explain e0202").exits(0).says("E0202: ");
    it.eksact("explain cluster-autoscaler")
        .exits(0)
        .says("v1.34.5                1.34\n")
        .says("It takes version,");
    let told = it.eksact("explain metrics-server -o json").exits(0).json();
    assert_eq!((&told["component"], &told["versions"][0]["to"]), (&json!("metrics-server"), &json!(null)));
    it.eksact("explain nginx").exits(3).says("components are aws-load-balancer-controller");
    assert_eq!(it.eksact("explain E0202 -o json").exits(0).json()["code"], "E0202");
}

#[test]
fn bash_takes_the_completion() {
    let it = Shell::new();
    let script = it.eksact("completion bash").exits(0).out;
    let read = std::process::Command::new("bash").args(["-n", "-c", &script]).status().unwrap();
    assert!(read.success());
}

#[test]
fn what_is_said_of_a_file() {
    let it = Shell::new();
    it.file("good.yaml", DEFAULT);
    it.file("bad.yaml", &with("managedNodeGroups: [{name: ng1, desiredCapcity: 2}]"));
    it.eksact("validate -f good.yaml").exits(0).says("good.yaml is valid.");
    let good = it.eksact("validate -f good.yaml -o json").exits(0).json();
    assert_eq!((&good["errors"], &good["diagnostics"]), (&json!(0), &json!([])));
    let bad = it.eksact("validate -f bad.yaml -o json").exits(3).json();
    let first = &bad["diagnostics"][0];
    assert_eq!(
        (&first["code"], &first["line"], &first["fix"]["text"]),
        (&"E0104".into(), &4.into(), &"desiredCapacity".into())
    );
    let plan = it.eksact("plan -f bad.yaml -o json").exits(3).json();
    assert_eq!(plan, bad);
    assert!(it.account.calls().is_empty());
}

/// An answer that is one object, with nothing beside it.
fn object(it: &Shell, line: &str, code: i32, kind: &str) -> Value {
    let told = it.eksact(&format!("{line} -o json")).exits(code).json();
    assert_eq!((&told["apiVersion"], &told["kind"]), (&"eksact.dev/v1alpha1".into(), &kind.into()));
    told
}

#[test]
fn answers_for_programs() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    let plan = object(&it, "plan -f cluster.yaml", 0, "Plan");
    assert_eq!(plan["changes"].as_array().unwrap().len(), 23);
    let mut calls: Vec<&str> = Vec::new();
    for change in plan["changes"].as_array().unwrap() {
        calls.extend(change["calls"].as_array().unwrap().iter().filter_map(Value::as_str));
    }
    calls.sort();
    it.sent();
    let made = object(&it, "apply -f cluster.yaml", 0, "Summary");
    assert_eq!((&made["done"], &made["failed"]), (&json!(23), &json!([])));
    assert_eq!(it.sent(), calls);
    assert_eq!(object(&it, "apply -f cluster.yaml", 0, "Plan")["changes"], json!([]));
    let clusters = object(&it, "get cluster --region us-west-2", 0, "ClusterList");
    assert_eq!(clusters["items"][0]["name"], "demo");
    let groups = object(&it, "get nodegroup --cluster demo --region us-west-2", 0, "NodegroupList");
    assert_eq!(groups["items"][0]["name"], "ng1");
    let scale = "scale nodegroup --cluster demo --name ng1 --nodes 1 --nodes-min 1 --region us-west-2";
    let scaled = object(&it, scale, 0, "Scaled");
    assert_eq!((&scaled["before"]["desired"], &scaled["after"]["desired"]), (&json!(2), &json!(1)));
    let gone = object(&it, "delete cluster -f cluster.yaml --yes", 0, "Summary");
    assert_eq!((&gone["gone"], &gone["done"]), (&json!(true), &json!(23)));
    assert_eq!(object(&it, "delete cluster -f cluster.yaml --yes", 0, "Summary")["done"], json!(0));
    object(&it, "get cluster demo --region us-west-2", 1, "Error");
    object(&it, "get cluster", 3, "Error");
}

#[test]
fn what_there_is_in_words_and_yaml() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("get cluster --region us-west-2").exits(0);
    it.eksact("get nodegroup --cluster demo --region us-west-2")
        .exits(1)
        .says("there is no cluster demo in us-west-2");
    let clusters = "hint: eksact get cluster --region us-west-2 lists those that there are";
    let scale = "scale nodegroup --cluster demo --name ng1 --nodes 2 --region us-west-2";
    for line in [scale, "get cluster demo --region us-west-2", "get addon --cluster demo --region us-west-2"]
    {
        it.eksact(line).exits(1).says("there is no cluster demo in us-west-2").says(clusters);
    }
    it.eksact("apply -f cluster.yaml").exits(0);
    let shown = it.eksact("get cluster --region us-west-2").exits(0);
    let words: Vec<&str> = shown.out.split_whitespace().collect();
    let head = ["NAME", "REGION", "STATUS", "VERSION", "MADE", "BY", "VPC", "AGE"];
    assert_eq!(words[..8], head);
    assert_eq!(words[8..13], ["demo", "us-west-2", "ACTIVE", "1.34", "eksact"]);
    let shown = it.eksact("get nodegroup --cluster demo --region us-west-2 -o table").exits(0);
    let words: Vec<&str> = shown.out.split_whitespace().collect();
    assert_eq!(words[..4], ["NAME", "STATUS", "READY", "DESIRED"]);
    assert!(
        words.contains(&"ng1") && words.contains(&"ACTIVE") && words.contains(&"m5.large"),
        "{}",
        shown.out
    );
    let yaml = it.eksact("get nodegroup --cluster demo --region us-west-2 -o yaml").exits(0);
    let yaml = yaml.says("kind: NodegroupList").says("name: ng1");
    let read: Value = serde_saphyr::from_str(&yaml.out).unwrap();
    assert_eq!(read["items"][0]["desiredSize"], json!(2));
    let groups =
        |kind: &str| format!("hint: eksact get {kind} --cluster demo --region us-west-2 lists those");
    it.eksact("get nodegroup ng9 --cluster demo --region us-west-2")
        .exits(1)
        .says("there is no nodegroup ng9 in cluster demo")
        .says(&groups("nodegroup"));
    it.eksact("scale nodegroup ng9 --cluster demo --nodes 2 --region us-west-2")
        .exits(1)
        .says("there is no nodegroup ng9 of cluster demo that eksact has made")
        .says(&groups("nodegroup"));
    it.eksact("get addon nothing --cluster demo --region us-west-2").exits(1).says(&groups("addon"));
    let scale = "scale nodegroup ng1 --cluster demo --region us-west-2";
    it.eksact(&format!("{scale} --nodes 9")).exits(1).says("hint: add --nodes-max 9");
    it.eksact(&format!("{scale} --nodes 0")).exits(1).says("hint: add --nodes-min 0");
    it.eksact(&format!("{scale} --nodes-min 9")).exits(1).says("hint: move the other bound, too");
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
}

#[test]
fn exit_codes() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("plan -f cluster.yaml").exits(0);
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(2);
    it.eksact("plan -f none.yaml").exits(3);
    it.eksact("plan -f cluster.yaml --account 111122223333").exits(1);
    it.account.faults(json!([{ "operation": "CreateCluster", "kind": "deny" }]));
    it.eksact("apply -f cluster.yaml").exits(1);
    it.eksact("apply -f cluster.yaml --skip-preflight").exits(4);
    it.account.faults(json!([{ "operation": "Create*", "kind": "deny" }]));
    let other = Shell::new();
    other.file("cluster.yaml", DEFAULT);
    other.account.faults(json!([{ "operation": "[!DGL]*", "kind": "deny" }]));
    other.eksact("apply -f cluster.yaml").exits(1).says("next");
    assert_eq!(other.account.inventory(), [""; 0], "it failed, and nothing has been changed");
    it.account.faults(json!([]));
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
    assert_eq!(it.account.inventory(), [""; 0]);
}

#[test]
fn every_call_is_told_if_asked_for() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    let told = it.eksact("apply -f cluster.yaml -v").exits(0);
    for operation in it.sent() {
        assert!(told.err.contains(&operation), "{operation}: {}", told.err);
    }
    for line in ["plan -f cluster.yaml -v", "get nodegroup --cluster demo --region us-west-2 -v"] {
        it.account.calls();
        let told = it.eksact(line).exits(0);
        let calls = it.account.calls();
        assert!(!calls.is_empty());
        for call in calls {
            assert!(
                told.err.contains(&format!("answered {} 200 ", call.operation)),
                "{call:?}: {}",
                told.err
            );
        }
    }
    it.eksact("delete cluster -f cluster.yaml --yes -v").exits(0);
}

#[test]
fn addons_are_listed_whoever_installed_them() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("get addon --cluster demo --region us-west-2").exits(1).says("there is no cluster demo");
    it.eksact("apply -f cluster.yaml").exits(0);
    it.account.settings(json!({ "releases": { "addons": { "coredns": ["v1.99.0-eksbuild.1"] } }}));
    let table = it.eksact("get addon --cluster demo --region us-west-2").exits(0).out;
    let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0].join(" "), "NAME VERSION STATUS NEWER MADE BY HEALTH AGE");
    let names: Vec<&str> = lines[1..].iter().map(|line| line[0]).collect();
    assert_eq!(names, ["coredns", "kube-proxy", "metrics-server", "vpc-cni"]);
    assert_eq!((lines[1][2], lines[1][3], lines[1][4]), ("ACTIVE", "v1.99.0-eksbuild.1", "eksact"));
    let told = it.eksact("get addon coredns --cluster demo --region us-west-2 -o json").exits(0).json();
    let item = &told["items"][0];
    assert_eq!((&told["kind"], &item["newerVersion"]), (&json!("AddonList"), &json!("v1.99.0-eksbuild.1")));
    assert_eq!(item["managed"], json!(true));
    it.eksact("get addons coredns --cluster demo --region us-west-2 -o yaml").exits(0).says("name: coredns");
    it.eksact("get addon nothing --cluster demo --region us-west-2")
        .exits(1)
        .says("there is no add-on nothing");
}

#[test]
fn a_dry_run_is_a_file_of_the_same_cluster() {
    let it = Shell::new();
    it.file(
        "cluster.yaml",
        &DEFAULT.replace("- name: ng1", "- name: ng1\n    labels: {version: '1.30', on: 'yes'}"),
    );
    let filled = it.eksact("create cluster -f cluster.yaml --dry-run -o yaml").exits(0);
    assert_eq!(filled.err, "");
    let filled = filled
        .says("- us-west-2a")
        .says("version: \"1.34\"")
        .says("instanceType: m5.large")
        .says("cidr: 192.168.0.0/16");
    it.file("filled.yaml", &filled.out);
    assert_eq!(it.eksact("create cluster -f cluster.yaml --dry-run").exits(0).out, filled.out);
    let json = it.eksact("create cluster -f cluster.yaml --dry-run -o json").exits(0).json();
    assert_eq!(json["managedNodeGroups"][0]["volumeSize"], json!(80));
    it.nothing_sent();
    let plan = |file: &str| it.eksact(&format!("plan -f {file} --details")).exits(0).out;
    let (ours, theirs) = (plan("cluster.yaml"), plan("filled.yaml"));
    let sorted = |text: &str| {
        let mut lines: Vec<String> =
            text.lines().map(|line| line.replace("filled.yaml", "cluster.yaml")).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&theirs), sorted(&ours));
    it.eksact("validate -f filled.yaml").exits(0).says("filled.yaml is valid.");
    // A cluster that lives keeps what was chosen.
    it.eksact("apply -f cluster.yaml").exits(0);
    it.eksact("plan -f filled.yaml --detailed-exitcode").exits(0).says("No changes");
    let flags = "create cluster --name other --region us-west-2 --nodes 3 --dry-run";
    it.eksact(flags).exits(0).says("desiredCapacity: 3").says("name: other");
}
