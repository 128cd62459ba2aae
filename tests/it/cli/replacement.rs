//! A node group that cannot change in place.

use super::files::DEFAULT;
use super::shell::Shell;

#[test]
fn the_new_one_is_active_before_the_old_one_goes_and_is_found_by_its_name() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    it.edit("cluster.yaml", "- name: ng1", "- name: ng1\n    instanceType: m6i.large\n    maxSize: 4");
    it.eksact("plan -f cluster.yaml").exits(0).says("(+2 x m6i.large, up to 60 addresses) first");
    it.sent();
    it.eksact("apply -f cluster.yaml").exits(3).says("add --yes");
    it.eksact("create cluster -f cluster.yaml").exits(1).says("deleted or replaced");
    it.nothing_sent();
    it.eksact("apply -f cluster.yaml --yes").exits(0);
    let calls = it.account.calls();
    let changes: Vec<_> = calls.iter().filter(|call| call.mutating).map(|call| &*call.operation).collect();
    assert_eq!(changes, ["eks:CreateNodegroup", "eks:DeleteNodegroup"]);
    let at = |operation: &str| calls.iter().position(|call| call.operation == operation).unwrap();
    let (made, gone) = (at("eks:CreateNodegroup"), at("eks:DeleteNodegroup"));
    let name = |call: &crate::stack::Call| call.params.to_string();
    assert!(name(&calls[made]).contains("ng1-"), "{}", name(&calls[made]));
    assert!(!name(&calls[gone]).contains("ng1-"), "{}", name(&calls[gone]));
    let polled = calls[made..gone].iter().any(|call| call.operation == "eks:DescribeNodegroup");
    assert!(polled, "the new one was waited for");
    let listed = it.eksact("get nodegroup --cluster demo --region us-west-2 -o json").exits(0).json();
    let items = listed["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["name"], &items[0]["status"]), (1, &"ng1".into(), &"ACTIVE".into()));
    assert!(items[0]["nodegroupName"].as_str().unwrap().starts_with("ng1-"), "{listed}");
    it.eksact("get nodegroup ng1 --cluster demo --region us-west-2").exits(0).says("m6i.large");
    it.eksact("scale nodegroup --cluster demo --name ng1 --nodes 3 --region us-west-2")
        .exits(0)
        .says("3 nodes");
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("3 nodes, 2 when");
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
    assert_eq!(it.account.inventory(), [""; 0]);
}

#[test]
fn the_old_one_stays_until_the_new_one_is_active() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    it.edit("cluster.yaml", "- name: ng1", "- name: ng1\n    instanceType: m6i.large");
    it.account.fail(serde_json::json!({ "what": "nodegroup-create", "code": "AsgInstanceLaunchFailures" }));
    it.account.calls();
    it.eksact("apply -f cluster.yaml --yes").exits(4).says("AsgInstanceLaunchFailures").says("next");
    assert_eq!(it.account.count("eks:DeleteNodegroup"), 0);
    it.eksact("get nodegroup --cluster demo --region us-west-2").exits(0).says("m5.large");
    it.eksact("apply -f cluster.yaml --yes").exits(0);
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
    assert_eq!(it.account.inventory(), [""; 0]);
}
