//! `kill -9` and Ctrl-C in the middle, then the same command again.

use super::files::DEFAULT;
use super::inventory::masked;
use super::shell::{MAKING, Shell};

fn created() -> Shell {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    it
}

/// That the same command ends where it would have, and that all can be taken away.
fn goes_on(it: &Shell, moment: &str) {
    it.eksact("apply -f cluster.yaml --yes").exits(0);
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
    let once = masked(&it.account);
    let clusters = once.iter().filter(|line| line.starts_with("eks\tcluster")).count();
    let groups = once.iter().filter(|line| line.starts_with("eks\tnodegroup")).count();
    let networks = once.iter().filter(|line| line.starts_with("ec2\tvpc")).count();
    assert_eq!((clusters, groups, networks), (1, 1, 1), "{moment}: {once:#?}");
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
    assert_eq!(it.account.inventory(), [""; 0], "{moment}");
}

#[test]
fn create_is_killed_after_its_nth_call() {
    for nth in [1, 5, 14, 27, 38, 43] {
        let it = Shell::new();
        it.file("cluster.yaml", DEFAULT);
        assert!(it.killed("apply -f cluster.yaml", MAKING, nth), "call {nth} was made");
        goes_on(&it, &format!("killed after call {nth}"));
    }
}

#[test]
fn create_is_killed_before_its_nth_call() {
    for nth in [2, 9, 20, 33] {
        let it = Shell::new();
        it.file("cluster.yaml", DEFAULT);
        assert!(it.killed_before("apply -f cluster.yaml", MAKING, nth), "call {nth} was made");
        goes_on(&it, &format!("killed before call {nth}"));
    }
}

#[test]
fn a_replacement_is_killed() {
    for (operation, nth) in
        [("CreateNodegroup", 1), ("DescribeNodegroup", 2), ("DeleteNodegroup", 1), ("DescribeNodegroup", 6)]
    {
        let it = created();
        it.edit("cluster.yaml", "- name: ng1", "- name: ng1\n    instanceType: m6i.large");
        it.killed("apply -f cluster.yaml --yes", operation, nth);
        goes_on(&it, &format!("{operation} {nth}"));
    }
}

#[test]
fn a_delete_is_killed() {
    for nth in [1, 3, 8, 15, 21] {
        let it = created();
        it.killed("delete cluster -f cluster.yaml --yes", "Delete*", nth);
        it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
        assert_eq!(it.account.inventory(), [""; 0], "killed after {nth} deletions");
    }
}

#[test]
fn a_delete_that_was_killed_can_be_a_create_again() {
    for nth in [2, 10, 20] {
        let it = created();
        it.killed("delete cluster -f cluster.yaml --yes", "Delete*", nth);
        goes_on(&it, &format!("killed after {nth} deletions"));
    }
}

#[test]
fn ctrl_c_ends_in_good_order_and_says_how_to_go_on() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.account.settings(serde_json::json!({ "factor": 100 }));
    let mut run = it.start("apply -f cluster.yaml");
    run.until_it_says("waiting  cluster/demo");
    let (code, said) = run.interrupt();
    assert_eq!(code, Some(130), "{said}");
    assert!(said.contains("stopping: calls under way are finished"), "{said}");
    assert!(said.contains("next   eksact apply -f cluster.yaml"), "{said}");
    it.account.settings(serde_json::json!({ "factor": 5000 }));
    goes_on(&it, "interrupted");
}

#[test]
fn ctrl_c_while_deleting() {
    let it = created();
    it.account.settings(serde_json::json!({ "factor": 100 }));
    let mut run = it.start("delete cluster -f cluster.yaml --yes");
    run.until_it_says("waiting  nodegroup/ng1");
    let (code, said) = run.interrupt();
    assert_eq!(code, Some(130), "{said}");
    assert!(said.contains("next   eksact delete cluster -f cluster.yaml"), "{said}");
    it.account.settings(serde_json::json!({ "factor": 5000 }));
    it.eksact("delete cluster --name demo --region us-west-2 --yes").exits(0);
    assert_eq!(it.account.inventory(), [""; 0]);
}

/// Components in a cluster that is there, and what is in the way of whoever installs half of one.
const INSIDE: &str = "\
apiVersion: eksact.dev/v1alpha1
kind: ClusterConfig
metadata: {name: demo, region: us-west-2, version: \"1.34\"}
components:
  - {name: aws-load-balancer-controller, replicas: 1}
  - {name: cluster-autoscaler}
  - {name: storage}
";

#[test]
fn a_bootstrap_is_killed() {
    let it = Shell::with_workloads();
    it.eksact("create cluster --name demo --region us-west-2 --nodes 1 --skip-preflight").exits(0);
    it.file("inside.yaml", INSIDE);
    it.file("empty.yaml", INSIDE.split("components").next().unwrap());
    let bootstrap = "bootstrap -f inside.yaml --vpc-id vpc-12345678 --yes";
    it.eksact(bootstrap).exits(0);
    let whole = ours(&it);
    let moments = ["created  inventory", "created  certificate", "created  definition", "waiting  workload"];
    for moment in moments.into_iter().chain(["created  workload/aws-load"]) {
        it.eksact("bootstrap -f empty.yaml --yes").exits(0);
        assert_eq!(ours(&it), [""; 0], "{moment}");
        let mut run = it.start(bootstrap);
        run.until_it_says(moment);
        run.kill();
        assert!(run.said().contains(moment), "{moment}: {}", run.said());
        it.eksact(bootstrap).exits(0);
        it.eksact(bootstrap).exits(0).says("No changes");
        assert_eq!(ours(&it), whole, "killed after `{moment}`");
    }
}

/// The names of all objects of components, in order.
fn ours(it: &Shell) -> Vec<String> {
    let kinds = "crd,deployment,service,serviceaccount,secret,role,rolebinding,clusterrole,clusterrolebinding,\
                 mutatingwebhookconfiguration,validatingwebhookconfiguration,ingressclass,storageclass,pdb";
    let kinds = kinds.replace(' ', "");
    let list = it.kubectl(&format!("get {kinds} -A -l app.kubernetes.io/managed-by=eksact -o name"), None);
    let mut names: Vec<String> = list.lines().map(str::to_owned).collect();
    names.sort();
    names
}
