//! Components in a cluster that is there already, without AWS.

use serde_json::{Value, json};

use super::files::DEFAULT;
use super::shell::Shell;

/// Where the kubeconfig is.
const KUBECONFIG: &str = "home/.kube/config";
const FILE: &str = "\
apiVersion: eksact.dev/v1alpha1
kind: ClusterConfig
metadata: {name: apart, region: us-west-2, version: \"1.34\"}
components:
  - {name: aws-load-balancer-controller, replicas: 1}
  - name: storage
";

/// A cluster that somebody has made otherwise, with nodes.
fn cluster() -> Shell {
    let it = Shell::with_workloads();
    let create = "create cluster --name demo --region us-west-2 --nodes 1 --skip-preflight";
    it.eksact(create).exits(0);
    it.file("apart.yaml", FILE);
    it.account.calls();
    it
}

#[test]
fn components_go_where_a_kubeconfig_leads() {
    let it = cluster();
    let bootstrap = "bootstrap -f apart.yaml --vpc-id vpc-12345678";
    it.eksact(bootstrap)
        .exits(0)
        .says("apart is as its file says: 21 changes made")
        .says("needs a role in AWS");
    let ready =
        "-n kube-system get deployment aws-load-balancer-controller -o jsonpath={.status.readyReplicas}";
    assert_eq!(it.kubectl(ready, None), "1");
    let again = it.eksact(bootstrap).exits(0).says("No changes");
    again.says("- ~/.kube/config");
    let asked: Vec<String> = it.account.calls().iter().map(|call| call.operation.clone()).collect();
    let others = asked.iter().filter(|call| !call.starts_with("sts:"));
    assert_eq!(others.count(), 0, "AWS is asked for nothing but tokens, by the kubeconfig: {asked:?}");

    it.edit("apart.yaml", "replicas: 1", "replicas: 2");
    it.edit("apart.yaml", "  - name: storage\n", "");
    it.eksact(bootstrap).exits(3).says("no terminal");
    it.eksact(&format!("{bootstrap} --yes")).exits(0);
    assert_eq!(it.kubectl(ready, None), "2");
    assert_eq!(it.kubectl("get storageclass -l app.kubernetes.io/managed-by=eksact -o name", None), "");
}

#[test]
fn what_would_be_applied_is_shown_without_asking_anybody() {
    let it = Shell::new().without("AWS_ACCESS_KEY_ID");
    it.file("apart.yaml", FILE);
    it.eksact("bootstrap -f apart.yaml --dry-run").exits(3).says("must be told its VPC").says("--vpc-id");
    let list = it.eksact("bootstrap -f apart.yaml --dry-run --vpc-id vpc-12345678 -o json").exits(0).json();
    let kinds: Vec<&str> =
        list["items"].as_array().unwrap().iter().filter_map(|it| it["kind"].as_str()).collect();
    assert!(kinds.contains(&"Deployment") && kinds.contains(&"StorageClass"), "{kinds:?}");
    assert!(!kinds.contains(&"Secret"), "a key is made when it is applied");
    let text = it.eksact("bootstrap -f apart.yaml --dry-run --vpc-id vpc-12345678").exits(0);
    assert!(!text.out.contains("hint"), "an answer is objects alone: {}", text.out);
    text.says("--aws-vpc-id=vpc-12345678").says("\n---\n");
    it.edit("apart.yaml", ", version: \"1.34\"", "");
    it.eksact("bootstrap -f apart.yaml --dry-run --vpc-id vpc-12345678").exits(3).says("metadata.version");
}

/// Roles are AWS's: which are needed is said, and the policy of each is printed.
#[test]
fn what_has_no_role_is_a_hint() {
    let it = Shell::new().without("AWS_ACCESS_KEY_ID");
    it.file("apart.yaml", &(FILE.to_owned() + "  - {name: cluster-autoscaler, identity: none}\n"));
    let told = it.eksact("bootstrap -f apart.yaml --dry-run --vpc-id vpc-12345678 -o yaml").exits(0);
    let told = told.says("kube-system/aws-load-balancer-controller needs a role in AWS");
    let told = told.says("eksact bootstrap -f apart.yaml --policy aws-load-balancer-controller");
    let told = told.says("aws eks create-pod-identity-association --cluster-name apart --region us-west-2");
    assert!(!told.err.contains("cluster-autoscaler"), "its role is somebody else's business: {}", told.err);
    let policy = it.eksact("bootstrap -f apart.yaml --policy aws-load-balancer-controller").exits(0).json();
    assert_eq!(policy["Version"], "2012-10-17");
    let text = policy.to_string();
    assert!(text.contains("elasticloadbalancing:CreateLoadBalancer") && !text.contains("${"), "{text}");
    let none = it.eksact("bootstrap -f apart.yaml --policy storage").exits(3);
    none.says("no component storage that needs a role").says("these do: aws-load-balancer-controller");
    it.eksact("bootstrap -f apart.yaml --policy nginx").exits(3).says("invalid value 'nginx'");
}

#[test]
fn what_helm_has_installed_is_left_alone_until_it_is_taken_over() {
    let it = cluster();
    let theirs = json!({ "apiVersion": "v1", "kind": "ServiceAccount", "metadata": {
        "name": "aws-load-balancer-controller", "namespace": "kube-system",
        "labels": { "app.kubernetes.io/managed-by": "Helm" } } });
    it.kubectl("apply -f -", Some(&theirs));
    let refused = it.eksact("bootstrap -f apart.yaml --vpc-id vpc-12345678").exits(1);
    refused.says("ServiceAccount kube-system/aws-load-balancer-controller, managed by Helm");
    assert_eq!(it.kubectl("get crd -o name", None), "", "nothing is half installed");
    it.eksact("bootstrap -f apart.yaml --vpc-id vpc-12345678 --force-conflicts").exits(0);
}

#[test]
fn a_server_that_does_not_answer_is_named() {
    let it = cluster();
    it.account.settings(json!({ "api": { "demo": "refused" } }));
    let failed = it.eksact("bootstrap -f apart.yaml --vpc-id vpc-12345678").exits(1);
    failed.says("kubernetes:Get");
    it.eksact("bootstrap -f apart.yaml --vpc-id vpc-12345678 --context other").exits(1).says("other");
    let none: Value = json!({ "api": {} });
    it.account.settings(none);
}

/// Somebody who may look, and change nothing.
#[test]
fn a_right_that_lacks_is_named_and_nothing_is_half_installed() {
    let it = Shell::with_workloads();
    let entries = format!(
        "accessConfig:
  accessEntries:
    - principalARN: arn:aws:iam::{}:user/reader
      accessPolicies:
        - policyARN: arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminViewPolicy
          accessScope: {{type: cluster}}
",
        it.account.number
    );
    it.file("cluster.yaml", &format!("{DEFAULT}{entries}"));
    it.eksact("create cluster -f cluster.yaml").exits(0);
    let reader = it.colleague("READER");
    reader.file("apart.yaml", FILE);
    let kubeconfig = it.path(KUBECONFIG);
    let bootstrap =
        format!("bootstrap -f apart.yaml --vpc-id vpc-12345678 --kubeconfig {}", kubeconfig.display());
    let refused = reader.eksact(&bootstrap).exits(1).says("Forbidden");
    refused.says("cannot patch resource").says("let somebody who may allow kubernetes:");
    assert_eq!(it.kubectl("get crd,deployment -A -l app.kubernetes.io/managed-by=eksact -o name", None), "");
}
