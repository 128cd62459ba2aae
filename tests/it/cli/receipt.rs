//! The receipt of a deletion.

use std::fs;

use serde_json::{Value, json};

use super::files::DEFAULT;
use super::shell::Shell;

fn receipt(it: &Shell) -> Value {
    serde_json::from_str(&it.read("receipt.json")).unwrap()
}

fn of<'a>(receipt: &'a Value, key: &str) -> &'a Value {
    receipt["resources"].as_array().unwrap().iter().find(|it| it["key"] == key).unwrap()
}

const DELETE: &str = "delete cluster -f cluster.yaml --yes --receipt receipt.json";

#[test]
fn it_names_everything_with_when_it_went_and_the_proof() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.edit(
        "cluster.yaml",
        "metadata:",
        "accessConfig:\n  accessEntries:\n    - principalARN: arn:aws:iam::123456789012:role/ops\nmetadata:",
    );
    let planned = it.eksact("apply -f cluster.yaml -o json").exits(0).json();
    it.file("receipt.json", &"what was there before\n".repeat(1000));
    it.eksact(DELETE).exits(0).says("the receipt is in receipt.json");
    let told = receipt(&it);
    assert_eq!(
        (&told["kind"], &told["apiVersion"]),
        (&json!("DeletionReceipt"), &json!("eksact.dev/v1alpha1"))
    );
    assert_eq!((&told["complete"], &told["account"]), (&json!(true), &json!(it.account.number)));
    let resources = told["resources"].as_array().unwrap();
    assert_eq!(resources.len(), planned["done"].as_u64().unwrap() as usize);
    let (begun, read) = (told["begun"].as_str().unwrap(), told["proof"]["at"].as_str().unwrap());
    for it in resources {
        let gone = it["gone"].as_str().unwrap();
        assert!(begun <= gone && gone <= read && gone.ends_with('Z') && it["id"] != "", "{it}");
    }
    let entry = of(&told, "access-entry/arn:aws:iam::123456789012:role/ops");
    assert_eq!(
        (&entry["with"], &entry["gone"]),
        (&json!("cluster/demo"), &of(&told, "cluster/demo")["gone"])
    );
    let proof = &told["proof"];
    assert_eq!(
        (&proof["nothingLeft"], &proof["left"], &proof["unread"]),
        (&json!(true), &json!([]), &json!([]))
    );
    let read = proof["read"].as_array().unwrap();
    assert!(read.contains(&json!("AWS::EC2::VPC")), "{proof}");
    assert!(read.iter().all(|kind| kind.as_str().unwrap().starts_with("AWS::")), "{proof}");

    it.eksact(DELETE).exits(0).says("nothing to delete");
    let told = receipt(&it);
    assert_eq!((&told["resources"], &told["proof"]["nothingLeft"]), (&json!([]), &json!(true)));
}

#[test]
fn what_went_so_far_is_in_it_where_something_fails_or_it_is_stopped() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    it.account.faults(json!({ "operation": "DeleteCluster", "kind": "deny" }));
    it.eksact(DELETE).exits(4);
    let told = receipt(&it);
    assert_eq!((&told["complete"], &told["proof"]), (&json!(false), &json!(null)));
    assert!(of(&told, "nodegroup/ng1")["gone"].is_string(), "{told}");
    let cluster = of(&told, "cluster/demo");
    assert!(
        cluster["gone"].is_null() && cluster["why"].as_str().unwrap().contains("AccessDenied"),
        "{cluster}"
    );
    assert!(of(&told, "vpc/main")["why"].as_str().unwrap().contains("failed"), "{told}");

    it.account.faults(json!([]));
    it.account.settings(json!({ "factor": 20 }));
    let mut run = it.start(DELETE);
    run.until_it_says("waiting  cluster/demo");
    run.signal("TERM");
    let (code, said) = run.end();
    assert_eq!(code, Some(130), "{said}");
    let told = receipt(&it);
    assert_eq!((&told["complete"], of(&told, "cluster/demo")["gone"].is_null()), (&json!(false), true));
    assert!(told["halted"].is_string(), "{told}");
}

#[test]
fn what_others_hold_is_named() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    let group = tokio::runtime::Runtime::new().unwrap().block_on(async {
        let ec2 = aws_sdk_ec2::Client::new(&it.account.sdk().await);
        let ours =
            aws_sdk_ec2::types::Filter::builder().name("tag:eksact.dev/cluster").values("demo").build();
        let vpcs = ec2.describe_vpcs().filters(ours).send().await.unwrap().vpcs.unwrap();
        let group = ec2.create_security_group().group_name("theirs").description("theirs");
        group.vpc_id(vpcs[0].vpc_id().unwrap()).send().await.unwrap().group_id.unwrap()
    });
    it.eksact(DELETE).exits(4);
    let told = receipt(&it);
    assert_eq!((&told["complete"], &told["proof"]["left"]), (&json!(false), &json!(["vpc/main"])));
    assert_eq!(told["proof"]["notOurs"], json!([group]));
    assert!(of(&told, "vpc/main")["why"].as_str().unwrap().contains(&group), "{told}");
}

#[test]
fn one_that_cannot_be_written_is_found_out_before_anything_is_deleted() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    let line = "delete cluster -f cluster.yaml --yes --receipt none/receipt.json";
    it.eksact(line).exits(3).says("cannot write none/receipt.json");
    assert!(it.account.calls().is_empty());
    it.eksact("apply -f cluster.yaml").exits(0);
    // Nobody has agreed: there is nothing to be written, and what is there stays.
    it.eksact("delete cluster -f cluster.yaml --receipt receipt.json").exits(3);
    assert!(!fs::exists(it.path("receipt.json")).unwrap());
    it.file("receipt.json", "of another one");
    it.eksact("delete cluster -f cluster.yaml --receipt receipt.json").exits(3);
    assert_eq!(it.read("receipt.json"), "of another one");
}
