//! How many nodes there are is left to a cluster autoscaler, whoever has installed it.

use serde_json::{Value, json};

use super::shell::Shell;

const FILE: &str = "\
apiVersion: eksact.dev/v1alpha1
kind: ClusterConfig
metadata: {name: demo, region: us-west-2}
components: [{name: cluster-autoscaler}]
managedNodeGroups: [{name: ng1, desiredCapacity: 2, minSize: 1, maxSize: 4}]
";
const SCALE: &str = "scale nodegroup ng1 --cluster demo --region us-west-2";
const GET: &str = "get nodegroup --cluster demo --region us-west-2 -o json";

fn cluster(file: &str) -> Shell {
    let it = Shell::with_workloads();
    it.file("cluster.yaml", file);
    it.eksact("create cluster -f cluster.yaml").exits(0);
    it
}

/// Least, desired, most.
fn sizes(it: &Shell) -> Value {
    let group = it.eksact(GET).exits(0).json()["items"][0].clone();
    json!([group["minSize"], group["desiredSize"], group["maxSize"]])
}

/// A Deployment as Helm's chart makes it, of a program.
fn deployment(image: &str, replicas: u32) -> Value {
    let labels = json!({ "app.kubernetes.io/name": "ca", "app.kubernetes.io/managed-by": "Helm" });
    let container = json!({ "name": "ca", "image": image });
    json!({ "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": { "name": "ca-aws", "namespace": "default", "labels": labels },
        "spec": { "replicas": replicas, "selector": { "matchLabels": labels },
            "template": { "metadata": { "labels": labels }, "spec": { "containers": [container] } } } })
}

/// What an autoscaler writes about itself.
fn status(at: &str) -> Value {
    let written = json!({ "cluster-autoscaler.kubernetes.io/last-updated": at });
    json!({ "apiVersion": "v1", "kind": "ConfigMap", "data": { "status": "any" },
        "metadata": { "name": "cluster-autoscaler-status", "namespace": "kube-system", "annotations": written } })
}

#[test]
fn plan_and_apply_leave_it_to_the_files_component() {
    let it = cluster(FILE);
    // As the autoscaler would, behind everybody's back.
    it.eksact(&format!("{SCALE} --nodes 4 --despite-autoscaler")).exits(0).says("4 of 4 nodes Ready");
    it.edit("cluster.yaml", "desiredCapacity: 2", "desiredCapacity: 3");
    let plan = it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
    plan.says("= nodegroup ng1                    4 nodes, 3 in the file: left to cluster-autoscaler (a component of the file), between minSize and maxSize");
    let notes = it.eksact("plan -f cluster.yaml -o json").exits(0).json()["notes"].clone();
    let note = json!({ "Autoscaled": { "file": 3, "live": 4, "by": "a component of the file" } });
    assert!(notes.as_array().unwrap().iter().any(|it| it["note"] == note), "{notes}");

    // AWS refuses bounds that exclude the size: it is moved as far as they demand.
    it.edit("cluster.yaml", "maxSize: 4", "maxSize: 3");
    it.edit("cluster.yaml", "desiredCapacity: 3", "desiredCapacity: 2");
    let applied = it.eksact("apply -f cluster.yaml").exits(0).says("ScalingConfig.DesiredSize");
    applied.says("3 nodes, 2 in the file: left to cluster-autoscaler");
    assert_eq!(sizes(&it), json!([1, 3, 3]));
    it.eksact("apply -f cluster.yaml").exits(0).says("No changes");
    it.edit("cluster.yaml", "minSize: 1, maxSize: 3", "minSize: 2, maxSize: 2");
    it.eksact("apply -f cluster.yaml").exits(0);
    assert_eq!(sizes(&it), json!([2, 2, 2]));
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");

    // Without the component, the file decides again, in the same run.
    it.edit("cluster.yaml", "components: [{name: cluster-autoscaler}]\n", "");
    it.edit(
        "cluster.yaml",
        "desiredCapacity: 2, minSize: 2, maxSize: 2",
        "desiredCapacity: 1, minSize: 1, maxSize: 4",
    );
    it.eksact("apply -f cluster.yaml --yes").exits(0);
    assert_eq!(sizes(&it), json!([1, 1, 4]));
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
}

#[test]
fn scale_sets_bounds_and_says_whose_the_rest_is() {
    let it = cluster(FILE);
    it.account.calls();
    let refused = it.eksact(&format!("{SCALE} --nodes 3")).exits(1);
    let refused =
        refused.says("cluster-autoscaler (Deployment kube-system/cluster-autoscaler) chooses how many");
    refused.says("--nodes-min 3 holds at least that many").says("--despite-autoscaler sets 3 all the same");
    let refused = it.eksact(&format!("{SCALE} --nodes 9")).exits(1);
    refused.says("--nodes-min 9 --nodes-max 9 holds that many");
    it.nothing_sent();

    it.eksact(&format!("{SCALE} --nodes 2")).exits(0).says("has 2 nodes (1 to 4) already");
    let scaled = it.eksact(&format!("{SCALE} --nodes 5 --nodes-max 6")).exits(0);
    let scaled = scaled.says("nodegroup ng1: 2 nodes (1 to 4) -> 2 nodes (1 to 6)");
    scaled
        .says("5 nodes are not set: cluster-autoscaler (Deployment kube-system/cluster-autoscaler) chooses");
    assert_eq!(sizes(&it), json!([1, 2, 6]));
    let scaled = it.eksact(&format!("{SCALE} --nodes 3 --nodes-min 3 -o json")).exits(0).json();
    assert_eq!((&scaled["after"]["desired"], &scaled["leftToAutoscaler"]), (&json!(3), &json!(null)));
    let scaled = it.eksact(&format!("{SCALE} --nodes 5 --nodes-min 4 -o json")).exits(0).json();
    let left = json!({ "desired": 5, "by": "Deployment kube-system/cluster-autoscaler" });
    assert_eq!((&scaled["after"]["desired"], &scaled["leftToAutoscaler"]), (&json!(4), &left));
    it.eksact(&format!("{SCALE} --nodes 5 --despite-autoscaler")).exits(0).says("5 of 5 nodes Ready");
    assert_eq!(sizes(&it), json!([4, 5, 6]));
}

#[test]
fn one_that_others_have_installed_shows_by_what_runs_or_what_it_writes() {
    let file = FILE.replace("components: [{name: cluster-autoscaler}]\n", "");
    let it = cluster(&file);
    it.edit("cluster.yaml", "desiredCapacity: 2", "desiredCapacity: 3");
    let plan = || it.eksact("plan -f cluster.yaml");
    let is_left_to = |by: &str| {
        plan()
            .exits(0)
            .says("No changes")
            .says(&format!("2 nodes, 3 in the file: left to cluster-autoscaler ({by})"));
        it.eksact(&format!("{SCALE} --nodes 3")).exits(1).says(by);
    };
    let decides = || plan().exits(0).says("ScalingConfig.DesiredSize");
    decides();
    let image = "registry.k8s.io/autoscaling/cluster-autoscaler:v1.34.0";
    it.kubectl("apply -f -", Some(&deployment(image, 1)));
    is_left_to("Deployment default/ca-aws");
    it.kubectl("apply -f -", Some(&deployment(image, 0)));
    decides();
    // It may run elsewhere, and tell of itself here.
    let now = jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:%S.%9f +0000 UTC").to_string();
    it.kubectl("apply -f -", Some(&status(&now)));
    is_left_to("ConfigMap kube-system/cluster-autoscaler-status");
    it.kubectl("apply -f -", Some(&status("2026-01-02 03:04:05.678 +0000 UTC")));
    decides();

    // Who cannot be asked does not hold anybody up.
    it.kubectl("apply -f -", Some(&deployment(image, 1)));
    for trouble in ["refused", "hanging"] {
        it.account.settings(json!({ "api": { "demo": trouble } }));
        decides();
    }
    it.account.settings(json!({ "api": {} }));
    it.eksact("apply -f cluster.yaml --skip-kubernetes").exits(0);
    assert_eq!(sizes(&it), json!([1, 3, 4]));
}
