//! CoreDNS's pods, as the file has them: as EKS's add-on, and as a manifest.

use super::shell::Shell;
use super::until::{if_so, until};

const FILE: &str = "\
apiVersion: eksact.dev/v1alpha1
kind: ClusterConfig
metadata: {name: demo, region: us-west-2, version: \"1.34\"}
kubernetesNetworkConfig: {serviceIPv4CIDR: 172.20.0.0/16}
vpc: {nat: {gateway: Single}}
components:
  - name: coredns
    autoscaling: {minReplicas: 3}
    podDisruptionBudget: {minAvailable: 2}
    topologySpread: [{topologyKey: kubernetes.io/hostname}]
managedNodeGroups: [{name: ng1, desiredCapacity: 1}]
";
const BUDGET: &str = "-n kube-system get pdb coredns -o jsonpath={.spec.minAvailable}/{.spec.maxUnavailable}";
const PODS: &str = "-n kube-system get deployment coredns -o \
                    jsonpath={.spec.replicas}-{.spec.template.spec.topologySpreadConstraints[*].topologyKey}";

fn cluster(file: &str) -> Shell {
    let it = Shell::with_workloads();
    it.file("cluster.yaml", file);
    it.eksact("create cluster -f cluster.yaml --skip-preflight").exits(0);
    it.sent();
    it
}

#[test]
fn as_an_add_on_they_are_what_its_configuration_says() {
    let it = cluster(FILE);
    until("EKS has made its objects", || {
        let (pods, budget) = (it.kubectl(PODS, None), it.kubectl(BUDGET, None));
        if_so(pods == "3-kubernetes.io/hostname" && budget == "2/", format!("{pods} {budget}"))
    });
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
    it.edit("cluster.yaml", "{minReplicas: 3}", "{minReplicas: 4, maxReplicas: 8}");
    it.edit("cluster.yaml", "    podDisruptionBudget: {minAvailable: 2}\n", "");
    it.eksact("apply -f cluster.yaml").exits(0).says("~ addon/coredns").says("ConfigurationValues");
    assert_eq!(it.sent(), ["eks:UpdateAddon"]);
    until("EKS has changed them", || {
        let (pods, budget) = (it.kubectl(PODS, None), it.kubectl(BUDGET, None));
        if_so(pods.starts_with("4-") && budget == "/1", format!("{pods} {budget}"))
    });
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
}

#[test]
fn as_a_manifest_they_are_what_is_applied_and_nobody_counts_them() {
    let without =
        "addonsConfig: {disableDefaultAddons: true}\naddons: [{name: vpc-cni}, {name: kube-proxy}]\n";
    let it = Shell::with_workloads();
    it.file("cluster.yaml", &(FILE.to_owned() + without));
    it.eksact("plan -f cluster.yaml").exits(3).says("cluster.yaml:8:5").says("done by EKS's add-on");
    it.nothing_sent();
    it.edit("cluster.yaml", "autoscaling: {minReplicas: 3}", "replicas: 3");
    it.eksact("create cluster -f cluster.yaml --skip-preflight").exits(0);
    assert_eq!([it.kubectl(PODS, None), it.kubectl(BUDGET, None)], ["3-kubernetes.io/hostname", "2/"]);
    it.edit("cluster.yaml", "minAvailable: 2", "maxUnavailable: 50%");
    let changed = it.eksact("apply -f cluster.yaml").exits(0);
    changed.says("spec.minAvailable").says("spec.maxUnavailable");
    assert_eq!(it.kubectl(BUDGET, None), "/50%");
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");

    // What leaves an item of a list is a change, too, and a server adds nothing to it.
    let own = "    tolerations: [{key: own, operator: Exists, effect: NoExecute, tolerationSeconds: 60}]\n";
    it.edit("cluster.yaml", "  - name: coredns\n", &format!("  - name: coredns\n{own}"));
    it.eksact("apply -f cluster.yaml").exits(0).says("spec.template.spec.tolerations");
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
    it.edit("cluster.yaml", ", effect: NoExecute, tolerationSeconds: 60", "");
    it.eksact("apply -f cluster.yaml").exits(0).says("spec.template.spec.tolerations");
    let last = "-n kube-system get deployment coredns -o jsonpath={.spec.template.spec.tolerations[-1:]}";
    assert_eq!(it.kubectl(last, None), r#"{"key":"own","operator":"Exists"}"#);
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
}
