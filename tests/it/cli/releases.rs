//! What AWS has released of the images that nodes start from.

use serde_json::{Value, json};

use super::shell::{Ended, Shell};

const ONE: &str = "\
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: demo, region: us-west-2}
accessConfig: {authenticationMode: API}
managedNodeGroups:
  - name: ng1
";

#[test]
fn how_many_releases_of_its_image_a_group_is_behind_is_told() {
    let it = Shell::new();
    it.file("cluster.yaml", ONE);
    it.eksact("plan -f cluster.yaml").exits(0).says("on demand, AL2023 1.34.4-20261105, 80 GiB gp3");
    let plan = it.eksact("plan -f cluster.yaml -o json").exits(0).json();
    assert_eq!(plan["amiReleases"], json!({ "AL2023_x86_64_STANDARD": "1.34.4-20261105" }));
    it.eksact("create cluster -f cluster.yaml").exits(0);
    let get = "get nodegroup --cluster demo --region us-west-2";
    let figures = |ended: &Ended| {
        let item = &ended.json()["items"][0];
        (item["releasesBehind"].clone(), item["newestRelease"].clone())
    };
    let listed = it.eksact(get).exits(0).says("1.34.4-20261105  ok");
    assert!(listed.err.is_empty() && !listed.out.contains("behind"), "{}{}", listed.err, listed.out);
    let current = it.eksact(&format!("{get} -o json")).exits(0);
    assert_eq!(figures(&current), (json!(0), json!("1.34.4-20261105")));

    it.account.settings(json!({ "releases": { "ami_release": "20261119" } }));
    it.eksact(get).exits(0).says("1.34.4-20261105 (1 behind)  ok");
    let behind = it.eksact(&format!("{get} -o json")).exits(0);
    assert_eq!(figures(&behind), (json!(1), json!("1.34.4-20261119")));
    it.account.calls();
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
    assert_eq!(it.account.count("ec2:DescribeImages"), 0);
    it.file(
        "cluster.yaml",
        &format!("{ONE}  - {{name: ng2, instanceType: m6i.large, desiredCapacity: 1}}\n"),
    );
    it.eksact("plan -f cluster.yaml").exits(0).says("m6i.large (1 to 1), on demand, AL2023 1.34.4-20261119");
}

#[test]
fn where_aws_does_not_tell_of_releases_the_rest_is_told_all_the_same() {
    let it = Shell::new();
    it.file("cluster.yaml", ONE);
    let get = "get nodegroup --cluster demo --region us-west-2";
    let fault = |fault: Value| it.account.faults(json!([with_operation(fault)]));
    fault(json!({ "kind": "deny" }));
    let plan = it.eksact("plan -f cluster.yaml").exits(0).says("on demand, AL2023 x86_64, 80 GiB gp3");
    assert!(plan.err.is_empty(), "{}", plan.err);
    it.eksact("create cluster -f cluster.yaml").exits(0);
    let denied = it.eksact(get).exits(0).says("1.34.4-20261105  ok");
    assert_eq!(denied.err.lines().count(), 1, "{}", denied.err);
    denied.says("? newer releases of images cannot be looked for: ec2:DescribeImages: UnauthorizedOperation");
    let day = 86_400_000;
    for quiet in [
        json!({ "kind": "error", "code": "NotImplemented", "status": 501 }),
        json!({ "kind": "delay", "ms": day }),
    ] {
        fault(quiet);
        let quiet = it.eksact(get).exits(0).says("1.34.4-20261105  ok");
        assert!(quiet.err.is_empty(), "{}", quiet.err);
        let item = it.eksact(&format!("{get} -o json")).exits(0).json()["items"][0].clone();
        assert_eq!((&item["releasesBehind"], &item["newestRelease"]), (&json!(null), &json!(null)));
    }
}

/// A fault of the call that asks for images.
fn with_operation(mut fault: Value) -> Value {
    fault["operation"] = json!("DescribeImages");
    fault
}
