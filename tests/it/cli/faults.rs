//! Calls that are throttled, and calls whose answers never come.

use serde_json::{Value, json};

use super::files::{DEFAULT, PRIVATE_SPOT, own_network};
use super::given::network;
use super::inventory::masked;
use super::shell::Shell;

/// That a run under these faults ends where one without them does, and that a deletion under them leaves nothing.
fn same_end(it: &Shell, undisturbed: &Shell, file: &str, faults: impl Fn() -> Value) {
    let before = it.account.inventory();
    undisturbed.file("cluster.yaml", file);
    undisturbed.eksact("apply -f cluster.yaml").exits(0);
    it.account.faults(faults());
    it.eksact("apply -f cluster.yaml").exits(0);
    it.account.faults(json!([]));
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
    assert_eq!(masked(&it.account), masked(&undisturbed.account));
    it.account.faults(faults());
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0).says("nothing of it is left");
    it.account.faults(json!([]));
    assert_eq!(it.account.inventory(), before);
}

/// A third of all calls.
fn throttled() -> Value {
    json!([{ "operation": "*", "kind": "throttle", "share": 0.3, "seed": 7 }])
}

/// The first answer of each kind of call that makes, changes or deletes something.
fn lost() -> Value {
    let made = [
        "CreateVpc",
        "CreateSubnet",
        "CreateInternetGateway",
        "AttachInternetGateway",
        "CreateRouteTable",
        "CreateRoute",
        "AssociateRouteTable",
        "AllocateAddress",
        "CreateNatGateway",
        "CreateLaunchTemplate",
        "CreateRole",
        "AttachRolePolicy",
        "PutRolePolicy",
        "CreateCluster",
        "CreateAddon",
        "CreateNodegroup",
        "ModifyVpcAttribute",
        "ModifySubnetAttribute",
        "Delete*",
        "ReleaseAddress",
        "Detach*",
        "Disassociate*",
    ];
    made.iter().map(|it| json!({ "operation": it, "kind": "close-after", "times": 1 })).collect()
}

#[test]
fn a_third_of_the_calls_is_throttled() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    same_end(&it, &Shell::new(), DEFAULT, throttled);
}

#[test]
fn each_answer_is_lost_once_for_the_default_file() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    same_end(&it, &Shell::new(), DEFAULT, lost);
}

#[test]
fn each_answer_is_lost_once_for_an_own_network() {
    let (it, undisturbed) = (Shell::new(), Shell::new());
    it.file("cluster.yaml", &own_network(&it.account.kms_key()));
    let file = own_network(&undisturbed.account.kms_key());
    same_end(&it, &undisturbed, &file, lost);
}

#[test]
fn each_answer_is_lost_once_for_private_spot_nodes() {
    let it = Shell::new();
    it.file("cluster.yaml", PRIVATE_SPOT);
    same_end(&it, &Shell::new(), PRIVATE_SPOT, lost);
}

#[tokio::test]
async fn each_answer_is_lost_once_in_a_given_network() {
    let (it, undisturbed) = (Shell::new(), Shell::new());
    it.file("cluster.yaml", &network(&it).await);
    same_end(&it, &undisturbed, &network(&undisturbed).await, lost);
}

#[test]
fn an_edit_is_made_once_though_its_answers_are_lost() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    it.edit(
        "cluster.yaml",
        "- name: ng1",
        "- name: ng1\n    labels: {team: web}\n    volumeSize: 100\n    maxSize: 3",
    );
    it.sent();
    let lost = ["Update*", "CreateLaunchTemplateVersion", "TagResource"];
    it.account.faults(
        lost.iter().map(|it| json!({ "operation": it, "kind": "close-after", "times": 1 })).collect(),
    );
    it.eksact("apply -f cluster.yaml").exits(0);
    it.account.faults(json!([]));
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
    it.edit("cluster.yaml", "- name: ng1", "- name: ng1\n    instanceType: m6i.large");
    it.account.faults(json!([{ "operation": "*Nodegroup", "kind": "close-after", "times": 4 }]));
    it.eksact("apply -f cluster.yaml --yes").exits(0);
    it.account.faults(json!([]));
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
    assert_eq!(it.account.inventory(), [""; 0]);
}

#[test]
fn a_denied_call_is_named_with_what_is_left_and_goes_on_once_it_is_allowed() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.account.faults(json!([{ "operation": "CreateNodegroup", "kind": "deny" }]));
    let failed = it.eksact("apply -f cluster.yaml --skip-preflight").exits(4);
    let failed = failed.says("eks:CreateNodegroup").says("AccessDenied");
    let failed = failed.says("where  cluster.yaml:7:");
    assert_eq!(it.account.count("eks:CreateNodegroup"), 1, "{}", failed.err);
    it.account.faults(json!([]));
    it.eksact("apply -f cluster.yaml").exits(0);
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
    assert_eq!(it.account.inventory(), [""; 0]);
}

#[test]
fn what_fails_after_a_call_that_was_accepted_has_changed_something() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    it.file(
        "cluster.yaml",
        &format!("{DEFAULT}vpc: {{clusterEndpoints: {{privateAccess: true, publicAccess: true}}}}\n"),
    );
    it.account.faults(json!([{ "operation": "UpdateClusterConfig", "kind": "delay", "ms": 1_000 }]));
    let mut run = it.start("apply -f cluster.yaml --skip-kubernetes");
    run.until_seen(&it.account, 1);
    it.account.faults(json!([
        { "operation": "*", "kind": "error", "code": "ExpiredTokenException", "message": "Expired.", "status": 403 }
    ]));
    let (code, said) = run.end();
    assert_eq!(code, Some(4), "{said}");
    it.account.faults(json!([]));
    it.eksact("apply -f cluster.yaml").exits(0);
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
}
