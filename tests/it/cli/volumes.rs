//! Volumes of claims: with their cluster go those whose policy says so, and the others are named.

use serde_json::{Value, json};

use super::shell::Shell;

/// A cluster in which claims get volumes.
const FILE: &str = "\
apiVersion: eksact.dev/v1alpha1
kind: ClusterConfig
metadata: {name: demo, region: us-west-2}
vpc: {nat: {gateway: Single}}
addons:
  - name: eks-pod-identity-agent
  - {name: aws-ebs-csi-driver, useDefaultPodIdentityAssociations: true}
components: [{name: storage}]
managedNodeGroups: [{name: ng1, desiredCapacity: 1}]
";
const DELETE: &str = "delete cluster -f cluster.yaml --yes";

fn claim(name: &str, class: &str, size: &str) -> Value {
    let spec = json!({ "accessModes": ["ReadWriteOnce"], "storageClassName": class,
        "resources": { "requests": { "storage": size } } });
    json!({ "apiVersion": "v1", "kind": "PersistentVolumeClaim",
        "metadata": { "name": name, "namespace": "web" }, "spec": spec })
}

/// A claim with a pod, of our class, and one of a class that keeps what was written.
fn objects() -> Value {
    let volume = json!({ "name": "data", "persistentVolumeClaim": { "claimName": "cache" } });
    let class = json!({ "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass",
        "metadata": { "name": "kept" }, "provisioner": "ebs.csi.aws.com", "reclaimPolicy": "Retain",
        "volumeBindingMode": "Immediate", "parameters": { "type": "gp3" } });
    json!({ "apiVersion": "v1", "kind": "List", "items": [
        { "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "web" } },
        class, claim("cache", "gp3", "20Gi"), claim("data", "kept", "100Gi"),
        { "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "cache", "namespace": "web" },
          "spec": { "containers": [{ "name": "c", "image": "i" }], "volumes": [volume] } },
    ] })
}

/// A cluster with a volume for each of the two claims.
fn claimed() -> Shell {
    let it = Shell::with_workloads();
    it.file("cluster.yaml", FILE);
    it.eksact("create cluster -f cluster.yaml").exits(0);
    it.kubectl("apply -f -", Some(&objects()));
    for name in ["cache", "data"] {
        it.kubectl(
            &format!("wait pvc {name} -n web --for=jsonpath={{.status.phase}}=Bound --timeout=120s"),
            None,
        );
    }
    it
}

/// The ids of volumes that claims have made, by claim.
fn volume(it: &Shell, claim: &str) -> Option<String> {
    let tag = format!("kubernetes.io/created-for/pvc/name={claim}");
    let line = it.account.inventory().into_iter().find(|line| line.contains(&tag))?;
    line.split('\t').nth(2)?.split_once('/').map(|(_, id)| id.to_owned())
}

/// What is there besides AWS's own key, by which it encrypts volumes.
fn inventory(it: &Shell) -> Vec<String> {
    it.account.inventory().into_iter().filter(|line| !line.starts_with("kms\t")).collect()
}

#[test]
fn the_policy_says_which_go_and_which_stay() {
    let it = claimed();
    it.eksact("apply -f cluster.yaml").exits(0).says("No changes");
    let (cache, data) = (volume(&it, "cache").unwrap(), volume(&it, "data").unwrap());
    it.account.calls();
    let gone = it.eksact(&format!("{DELETE} --receipt receipt.json")).exits(0);
    let gone =
        gone.says("and what Kubernetes made there:").says("- 1 volume         claim web/cache 20 GiB\n");
    let gone = gone.says("= 1 volume         claim web/data 100 GiB, policy Retain: stays, $8 a month\n");
    let gone = gone.says("of its own, 1 volume. Read again: nothing of it is left.");
    let stays = format!("volume {data} (claim web/data, 100 GiB, policy Retain), $8 a month");
    gone.says(&format!("  stays  {stays}\n"));
    let calls = it.account.calls();
    assert!(calls.iter().all(|call| call.code != "VolumeInUse"), "{calls:#?}");
    assert_eq!(inventory(&it).len(), 1, "{:#?}", inventory(&it));
    assert_eq!(volume(&it, "data").as_deref(), Some(data.as_str()));

    let receipt: Value = serde_json::from_str(&it.read("receipt.json")).unwrap();
    let resources = receipt["resources"].as_array().unwrap();
    let gone = |key: &str| resources.iter().find(|it| it["key"] == key).unwrap()["gone"].as_str().unwrap();
    let volume = format!("volume/{cache}");
    assert!(gone("nodegroup/ng1") <= gone(&volume) && gone(&volume) <= gone("cluster/demo"), "{receipt}");
    let all = json!(["log group /aws/eks/demo/cluster", stays]);
    assert_eq!((&receipt["stays"], &receipt["complete"]), (&all, &json!(true)));
    assert!(resources.iter().all(|it| it["key"] != format!("volume/{data}")), "{receipt}");

    // It goes on costing: asked again, it is named again.
    let again = it.eksact(DELETE).exits(0).says("nothing to delete").says("policy not read");
    again.says(&format!("aws ec2 delete-volume --region us-west-2 --volume-id {data}"));
}

#[test]
fn a_deletion_that_was_killed_goes_on_with_them() {
    let it = claimed();
    assert!(it.killed_before(DELETE, "DeleteVolume", 1));
    it.eksact(DELETE).exits(0).says("- 1 volume ").says("policy Retain: stays");
    assert!(volume(&it, "cache").is_none() && volume(&it, "data").is_some());
    assert_eq!(inventory(&it).len(), 1);
}

#[test]
fn whose_policy_cannot_be_read_stays_and_is_named() {
    let it = claimed();
    let (cache, data) = (volume(&it, "cache").unwrap(), volume(&it, "data").unwrap());
    it.account.settings(json!({ "api": { "demo": "refused" } }));
    it.account.calls();
    let left = it.eksact(DELETE).exits(0).says("and volumes of its claims, could not be looked for");
    let left = left.says("= 2 volumes ").says(", policy not read: stay, $9.60 a month");
    let left = left.says("web/cache 20 GiB").says("web/data 100 GiB");
    for id in [&cache, &data] {
        let delete = format!("; aws ec2 delete-volume --region us-west-2 --volume-id {id} deletes it");
        assert!(format!("{}{}", left.err, left.out).contains(&delete), "{}", left.out);
    }
    assert_eq!(it.account.count("ec2:DeleteVolume"), 0);
    assert_eq!(inventory(&it).len(), 2);
}

#[test]
fn they_are_left_out_on_purpose() {
    let it = claimed();
    let left = it.eksact(&format!("{DELETE} --skip-kubernetes -o json")).exits(0);
    assert!(!left.err.contains("could not be looked for"), "{}", left.err);
    let stays = left.json()["stays"].clone();
    let volumes = stays.as_array().unwrap().iter().filter_map(Value::as_str);
    let volumes = volumes.filter(|it| it.starts_with("volume ") && it.contains("policy not read"));
    assert_eq!(volumes.count(), 2, "{stays}");
    assert_eq!(inventory(&it).len(), 2);
}
