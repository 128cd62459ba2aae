//! Load balancers of Ingresses and Services go with their cluster, while their controller still works.

use serde_json::{Value, json};

use super::shell::Shell;
use super::until::{if_so, until};

/// A cluster in which the controller runs.
const FILE: &str = "\
apiVersion: eksact.dev/v1alpha1
kind: ClusterConfig
metadata: {name: demo, region: us-west-2}
vpc: {nat: {gateway: Single}}
components: [{name: aws-load-balancer-controller, replicas: 1}]
managedNodeGroups: [{name: ng1, desiredCapacity: 1}]
";
const DELETE: &str = "delete cluster -f cluster.yaml --yes";
const BALANCERS: &str = "elbv2\tload-balancer\t";

/// An Ingress and a Service, each with a load balancer, as somebody else would put them there.
fn objects() -> Value {
    let service = json!({ "service": { "name": "frontend", "port": { "number": 80 } } });
    json!({ "apiVersion": "v1", "kind": "List", "items": [
        { "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "web" } },
        {
            "apiVersion": "v1", "kind": "Service", "metadata": { "name": "frontend", "namespace": "web" },
            "spec": {
                "type": "LoadBalancer", "loadBalancerClass": "service.k8s.aws/nlb",
                "selector": { "app": "web" }, "ports": [{ "port": 80 }],
            },
        },
        {
            "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
            "metadata": {
                "name": "api", "namespace": "web",
                "annotations": { "alb.ingress.kubernetes.io/scheme": "internet-facing" },
            },
            "spec": { "ingressClassName": "alb", "defaultBackend": service },
        },
    ] })
}

/// A cluster with two load balancers in it.
fn exposed() -> Shell {
    let it = Shell::with_workloads();
    // Whoever takes the controller's role away, or what leads to it, is found out.
    it.account.settings(json!({ "permissions": true }));
    it.file("cluster.yaml", FILE);
    it.eksact("create cluster -f cluster.yaml").exits(0);
    it.kubectl("apply -f -", Some(&objects()));
    until("both are there", || {
        let found = balancers(&it);
        if_so(found.len() == 2, format!("{found:?}"))
    });
    for thing in ["ingress/api", "service/frontend"] {
        let host = "jsonpath={.status.loadBalancer.ingress[0].hostname}";
        it.kubectl(&format!("wait {thing} -n web --for={host} --timeout=300s"), None);
    }
    it
}

fn balancers(it: &Shell) -> Vec<String> {
    it.account.inventory().into_iter().filter(|line| line.starts_with(BALANCERS)).collect()
}

#[test]
fn they_go_first_and_nothing_of_them_is_in_the_way() {
    let it = exposed();
    it.eksact("apply -f cluster.yaml").exits(0).says("No changes");
    it.account.calls();
    let gone = it.eksact(&format!("{DELETE} --receipt receipt.json")).exits(0);
    let gone = gone.says("- 2 load balancers ingress web/api, service web/frontend");
    let gone = gone.says("and what Kubernetes made there:").says("of its own, 2 load balancers.");
    gone.says("nothing of it is left");
    let calls = it.account.calls();
    assert!(calls.iter().all(|call| call.code != "DependencyViolation"), "{calls:#?}");
    assert_eq!(it.account.inventory(), [""; 0]);
    let receipt: Value = serde_json::from_str(&it.read("receipt.json")).unwrap();
    let resources = receipt["resources"].as_array().unwrap();
    let gone = |key: &str| resources.iter().find(|it| it["key"] == key).unwrap()["gone"].as_str().unwrap();
    for key in ["load-balancer/Ingress/web.api", "load-balancer/Service/web.frontend"] {
        assert!(gone(key) <= gone("nodegroup/ng1") && gone(key) <= gone("cluster/demo"), "{receipt}");
    }
    assert_eq!(receipt["complete"], json!(true));
}

#[test]
fn they_go_before_the_component_alone() {
    let it = exposed();
    let delete = "delete component aws-load-balancer-controller -f cluster.yaml";
    it.sent();
    let shown = it.eksact(&format!("{delete} --dry-run")).exits(0);
    shown.says("- 2 load balancers ingress web/api, service web/frontend");
    it.nothing_sent();
    assert_eq!(balancers(&it).len(), 2);
    it.eksact(&format!("{delete} --yes"))
        .exits(0)
        .says("component aws-load-balancer-controller of demo is gone");
    assert_eq!(balancers(&it), [""; 0]);
    assert_eq!(it.kubectl("get ingress,service -n web -o name", None), "");
    assert_eq!(it.kubectl("get crd -o name", None), "");
    it.eksact("plan -f cluster.yaml").exits(0).says("+ component aws-load-balancer-controller");
}

#[test]
fn without_their_controller_the_rest_stays_and_the_way_out_is_said() {
    let it = exposed();
    it.kubectl("scale deployment aws-load-balancer-controller -n kube-system --replicas 0", None);
    let available = "get deployment aws-load-balancer-controller -n kube-system \
                     -o jsonpath={.status.availableReplicas}";
    until("its controller is gone", || {
        let told = it.kubectl(available, None);
        if_so(told.is_empty(), told)
    });
    it.account.calls();
    let left = it.eksact(DELETE).exits(4).says("Ingress web/api hangs on the finalizer");
    let left = left.says("no Deployment of aws-load-balancer-controller is available to take it off");
    let patch = r#"-n web --type merge -p '{"metadata":{"finalizers":[]}}'"#;
    let left = left.says(&format!("kubectl patch ingress api {patch}"));
    left.says(&format!("kubectl patch service frontend {patch}")).says("--skip-kubernetes");
    assert_eq!(it.sent(), [""; 0], "nothing of AWS's is touched");
    assert_eq!(balancers(&it).len(), 2);

    // The controller is back, and does what it was kept from; then the same command goes on.
    it.kubectl("scale deployment aws-load-balancer-controller -n kube-system --replicas 1", None);
    until("all of it is gone", || {
        let left: Vec<String> =
            it.account.inventory().into_iter().filter(|line| line.contains("k8s-")).collect();
        if_so(left.is_empty(), format!("{left:?}"))
    });
    it.eksact(DELETE).exits(0).says("nothing of it is left");
    assert_eq!(it.account.inventory(), [""; 0]);
}

#[test]
fn what_may_not_be_looked_for_is_said_and_so_is_what_stands_in_the_way() {
    let it = exposed();
    // Somebody who may do everything in AWS, and is not let into the cluster.
    let other = it.colleague("OTHER").without("EKSACT_SKIP_KUBERNETES");
    let line = "delete cluster --name demo --region us-west-2 --yes";
    let left = other.eksact(line).exits(4).says("could not be looked for").says("not ours");
    left.says("vpc/main");
    assert_eq!(balancers(&it).len(), 2);
}

#[test]
fn they_are_left_out_on_purpose() {
    let it = exposed();
    let left = it.eksact(&format!("{DELETE} --skip-kubernetes")).exits(4).says("not ours");
    assert!(!left.out.contains("could not be looked for"), "{}", left.out);
    assert_eq!(balancers(&it).len(), 2);
}
