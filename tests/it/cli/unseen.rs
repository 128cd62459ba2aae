//! What a file no longer asks for in a cluster whose API server cannot be asked.

use serde_json::json;

use super::shell::Shell;

fn cluster(component: &str) -> (Shell, String) {
    let it = Shell::with_workloads();
    let file = "apiVersion: eksact.dev/v1alpha1\nkind: ClusterConfig\nmetadata: {name: demo, region: us-west-2}\nmanagedNodeGroups: [{name: ng1, desiredCapacity: 1}]\n";
    let line = format!("components: [{{name: {component}}}]\n");
    it.file("cluster.yaml", &format!("{file}{line}"));
    it.eksact("create cluster -f cluster.yaml").exits(0);
    (it, line)
}

#[test]
fn what_may_be_left_inside_is_said() {
    let (it, line) = cluster("storage");
    it.edit("cluster.yaml", &line, "");
    for trouble in ["refused", "hanging"] {
        it.account.settings(json!({ "api": { "demo": trouble } }));
        let plan = it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
        plan.says("? cluster/demo                     objects in it were not compared");
        let told = it.eksact("plan -f cluster.yaml --skip-kubernetes").exits(0);
        assert!(!told.out.contains("not compared"), "on purpose: {}", told.out);
    }
    it.account.settings(json!({ "api": {} }));
    it.eksact("apply -f cluster.yaml --yes").exits(0);
    assert_eq!(it.kubectl("get storageclass -l app.kubernetes.io/managed-by=eksact -o name", None), "");
    let plan = it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0);
    assert!(!plan.out.contains("not compared"), "{}", plan.out);
}

#[test]
fn a_component_whose_objects_cannot_be_seen_keeps_its_role() {
    let (it, line) = cluster("cluster-autoscaler");
    it.edit("cluster.yaml", &line, "");
    it.account.settings(json!({ "api": { "demo": "refused" } }));
    it.account.calls();
    let left = it.eksact("apply -f cluster.yaml --yes").exits(4).says("every workload");
    left.says("role/component-cluster-autoscaler").says("may be used by");
    assert!(it.sent().iter().all(|call| !call.starts_with("iam:")), "its role stays");
    it.account.settings(json!({ "api": {} }));
    it.eksact("apply -f cluster.yaml --yes").exits(0);
    assert_eq!(it.kubectl("get deployment -A -l app.kubernetes.io/managed-by=eksact -o name", None), "");
    assert!(it.account.inventory().iter().all(|line| !line.contains("component-cluster-autoscaler")));
}
