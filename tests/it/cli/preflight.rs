//! What would stop a run half-way is said before anything is made.

use insta::assert_snapshot;
use serde_json::json;

use super::files::{DEFAULT, with};
use super::shell::{Ended, Shell};

/// That nothing was begun, for these reasons.
#[track_caller]
fn blocked(it: &Shell, line: &str) -> Ended {
    let ended = it.eksact(line).exits(1).says("nothing was changed");
    it.nothing_sent();
    assert!(ended.out.starts_with("error: "), "{}", ended.out);
    ended
}

/// What is said, without what differs from run to run.
fn masked(it: &Shell, told: &str) -> String {
    let told = told.replace(&it.account.number, "ACCOUNT");
    let moments = told.split_inclusive([' ', ',', ';', '\n']).map(|word| {
        let moment = word.trim_end_matches([' ', ',', ';', '\n']);
        let is_one = moment.len() == 20 && moment.ends_with('Z') && moment.contains('T');
        if is_one { word.replace(moment, "MOMENT") } else { word.to_owned() }
    });
    moments.collect()
}

fn in_minutes(minutes: u64) -> String {
    let then = jiff::Timestamp::now() + std::time::Duration::from_secs(60 * minutes);
    then.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

#[test]
fn each_quota_by_its_name_with_what_to_do() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    let quotas = [
        ("L-F678F1CE", 1, "quota VPCs per Region: 1 of 1 used, 1 more needed"),
        ("L-A4707A72", 0, "quota Internet gateways per Region: 0 of 0 used, 1 more needed"),
        ("L-0263D0A3", 0, "quota EC2-VPC Elastic IPs: 0 of 0 used, 1 more needed"),
        (
            "L-FE5A380F",
            0,
            "quota NAT gateways per Availability Zone (us-west-2a): 0 of 0 used, 1 more needed",
        ),
        ("L-1216C47A", 3, "instances, in vCPUs: 0 of 3 used, 4 more needed"),
        ("L-1194D53C", 0, "quota Clusters: 0 of 0 used, 1 more needed"),
        ("L-6D54EA21", 0, "quota Managed node groups per cluster: 0 of 0 used, 1 more needed"),
        ("L-BD136A63", 1, "quota Nodes per managed node group: 0 of 1 used, 2 more needed"),
    ];
    for (code, limit, says) in quotas {
        it.account.settings(json!({ "quotas": { code: limit } }));
        let said = blocked(&it, "apply -f cluster.yaml").says(says);
        let said = said.says(&format!("raise {code} in Service Quotas"));
        assert!(said.out.contains("\n\n1 error; nothing was changed."), "{}", said.out);
    }
}

#[test]
fn all_at_once() {
    let it = Shell::new().with("AWS_CREDENTIAL_EXPIRATION", &in_minutes(3));
    it.file("cluster.yaml", DEFAULT);
    it.account.settings(json!({ "quotas": { "L-F678F1CE": 1, "L-0263D0A3": 0, "L-1216C47A": 2 } }));
    it.account.faults(json!([
        { "operation": "iam:CreateRole", "kind": "deny" },
        { "operation": "CreateNodegroup", "kind": "deny" },
    ]));
    let said = blocked(&it, "apply -f cluster.yaml");
    assert_snapshot!(masked(&it, &said.out));
    let flags = "create cluster --name demo --region us-west-2 --nodegroup-name ng1 --nodes 2";
    let said = blocked(&it, flags);
    assert!(
        said.out.contains("quota VPCs per Region")
            && said.out.ends_with("6 errors; nothing was changed. --skip-preflight goes on regardless.\n"),
        "{}",
        said.out
    );
}

#[test]
fn for_programs() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.account.settings(json!({ "quotas": { "L-1216C47A": 2 } }));
    it.account.faults(json!([{ "operation": "CreateCluster", "kind": "deny" }]));
    let told = it.eksact("apply -f cluster.yaml -o json").exits(1).json();
    it.nothing_sent();
    assert_eq!(
        (&told["kind"], &told["errors"], &told["warnings"]),
        (&json!("Preflight"), &json!(2), &json!(0))
    );
    let [quota, denied] = told["findings"].as_array().unwrap().as_slice() else { panic!("{told}") };
    assert_eq!((&quota["severity"], &quota["place"]), (&json!("error"), &json!("cluster.yaml:7:11")));
    let name = "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances, in vCPUs";
    let figures = json!({ "service": "ec2", "code": "L-1216C47A", "name": name, "limit": 2, "told": true, "used": 0, "needed": 4 });
    assert_eq!((&quota["kind"], &quota["quota"]), (&json!("quota"), &figures));
    assert_eq!(denied["denied"]["action"], "eks:CreateCluster");
}

/// A network with eleven free addresses in each of two zones.
async fn narrow(it: &Shell) -> String {
    let ec2 = aws_sdk_ec2::Client::new(&it.account.sdk().await);
    let vpc = ec2.create_vpc().cidr_block("10.0.0.0/16").send().await.unwrap().vpc.unwrap().vpc_id.unwrap();
    let mut subnets = Vec::new();
    for (zone, range) in [("us-west-2a", "10.0.0.0/28"), ("us-west-2b", "10.0.0.16/28")] {
        let subnet = ec2.create_subnet().vpc_id(&vpc).cidr_block(range).availability_zone(zone);
        let id = subnet.send().await.unwrap().subnet.unwrap().subnet_id.unwrap();
        subnets.push(format!("{zone}: {{id: {id}}}"));
    }
    it.account.calls();
    let group = "managedNodeGroups: [{name: ng1, privateNetworking: true, desiredCapacity: 23}]";
    with(&format!("vpc: {{id: {vpc}, subnets: {{private: {{{}}}}}}}\n{group}", subnets.join(", ")))
}

#[tokio::test]
async fn addresses_of_given_subnets() {
    let it = Shell::new();
    it.file("cluster.yaml", &narrow(&it).await);
    let said = blocked(&it, "apply -f cluster.yaml");
    let said = said.says("nodegroup ng1: 23 addresses needed, 22 free in 2 subnets").says(" has 11 left");
    let said = said.says("each node takes one at least, and with its pods up to 30");
    let said = said.says("  where  cluster.yaml:").says("name other subnets, or begin with fewer nodes");
    assert!(said.out.contains("1 error;"), "{}", said.out);
    it.edit("cluster.yaml", "desiredCapacity: 23", "desiredCapacity: 22");
    it.eksact("apply -f cluster.yaml").exits(0);
}

#[test]
fn credentials_from_the_environment_that_end() {
    let it = Shell::new().with("AWS_CREDENTIAL_EXPIRATION", &in_minutes(3));
    it.file("cluster.yaml", DEFAULT);
    blocked(&it, "apply -f cluster.yaml")
        .says("before the run can be over")
        .says("renew them, and run again");
    for enough in [&in_minutes(60), "soon", ""] {
        let it = Shell::new().with("AWS_CREDENTIAL_EXPIRATION", enough);
        it.file("cluster.yaml", DEFAULT);
        let done = it.eksact("apply -f cluster.yaml").exits(0);
        assert!(!done.err.contains("credentials"), "{}", done.err);
        let it = it.with("AWS_CREDENTIAL_EXPIRATION", &in_minutes(3));
        it.edit("cluster.yaml", "- name: ng1", "- name: ng1\n    labels: {team: web}");
        it.eksact("apply -f cluster.yaml").exits(0);
    }
}

#[test]
fn a_warning_is_said_and_the_run_goes_on() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.file("other.yaml", &with("vpc: {nat: {gateway: Disable}}").replace("demo", "other"));
    for number in 0..4 {
        let file = with("vpc: {nat: {gateway: Disable}}").replace("demo", &format!("other-{number}"));
        it.file("other.yaml", &file);
        it.eksact("apply -f other.yaml").exits(0);
    }
    it.account.faults(
        json!([{ "operation": "servicequotas:*", "kind": "error", "code": "NotImplemented", "status": 501 }]),
    );
    let done =
        it.eksact("apply -f cluster.yaml").exits(0).says("warning: quota VPCs per Region: 5 of 5 used");
    assert!(
        done.err.contains("Service Quotas did not tell") && !done.out.contains("warning"),
        "{}",
        done.out
    );
}

#[test]
fn it_can_be_left_out() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.account.settings(json!({ "quotas": { "L-1194D53C": 0 } }));
    let failed = it.eksact("apply -f cluster.yaml --skip-preflight").exits(4);
    assert!(failed.out.contains("ResourceLimitExceededException"), "{}", failed.out);
    assert!(it.account.calls().iter().all(|call| !call.operation.starts_with("servicequotas:")));
    it.account.settings(json!({ "quotas": {} }));
    it.eksact("apply -f cluster.yaml").exits(0);
    let flags = "create cluster -f cluster.yaml --skip-preflight";
    it.eksact(flags).exits(0).says("No changes");
}

#[test]
fn nothing_is_asked_for_what_is_not_made() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    it.account.calls();
    it.eksact("apply -f cluster.yaml").exits(0).says("No changes");
    it.edit("cluster.yaml", "- name: ng1", "- name: ng1\n    labels: {team: web}");
    it.eksact("plan -f cluster.yaml").exits(0);
    it.eksact("apply -f cluster.yaml").exits(0);
    for call in it.account.calls() {
        let asked =
            call.operation.starts_with("servicequotas:") || call.operation == "iam:SimulatePrincipalPolicy";
        assert!(!asked, "{}", call.operation);
    }
}

#[test]
fn what_the_file_and_the_plan_show_is_told_at_once_too() {
    let it = Shell::new();
    it.file("cluster.yaml", &with("managedNodeGroups: [{name: a, instanceType: m99.large}, {name: b, instanceType: x0.huge}, {name: c, availabilityZones: [us-west-2z]}]"));
    let said = it.eksact("apply -f cluster.yaml").exits(1);
    for name in ["m99.large", "x0.huge", "us-west-2z"] {
        assert!(said.err.contains(name), "{name}: {}", said.err);
    }
    it.nothing_sent();
}

/// Whoever mends what a plan is refused for wants to know of what stands in the way behind it.
#[test]
fn what_a_refused_plan_would_run_into_is_told_beside_the_refusal() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let iam = aws_sdk_iam::Client::new(&it.account.sdk().await);
        let role = iam.create_role().role_name("demo-us-west-2-cluster");
        role.assume_role_policy_document("{}").send().await.unwrap();
    });
    it.account.calls();
    it.account.settings(json!({ "quotas": { "L-F678F1CE": 1 } }));
    let refused = it.eksact("apply -f cluster.yaml").exits(1).says("its name is taken by");
    refused.says("quota VPCs per Region: 1 of 1 used, 1 more needed").says("raise L-F678F1CE");
    let json = it.eksact("apply -f cluster.yaml -o json").exits(1).json();
    assert_eq!(json["refused"].as_array().map(Vec::len), Some(1));
    assert_eq!(json["preflight"][0]["quota"]["code"], "L-F678F1CE");
    let skipped = it.eksact("apply -f cluster.yaml --skip-preflight").exits(1).says("its name is taken by");
    assert!(!skipped.out.contains("quota"), "{}", skipped.out);
    it.nothing_sent();
}

/// Whoever mends a file wants to know of what the rest of it would run into.
#[test]
fn what_the_rest_of_a_bad_file_would_run_into_is_told_in_the_same_run() {
    let it = Shell::new();
    it.file("cluster.yaml", &with("managedNodeGroups: [{name: a, instanceType: m99.large}, {name: b}]"));
    it.account.settings(json!({ "quotas": { "L-F678F1CE": 1, "L-1216C47A": 3 } }));
    for command in ["plan", "apply", "create cluster"] {
        let line = format!("{command} -f cluster.yaml");
        let told = it.eksact(&line).exits(1).says("error[E0406]: there is no instance type `m99.large`");
        let told = told.says("--> cluster.yaml:").says("1 error; nothing was touched.");
        let told = told.says("quota VPCs per Region: 1 of 1 used, 1 more needed");
        let told = told.says("in vCPUs: 0 of 3 used, 4 more needed").says("raise L-1216C47A");
        let told = told.says("\n\n2 errors beside that; nothing was changed.\n");
        assert_eq!(told.out, "");
        let told = it.eksact(&format!("{line} -o json")).exits(1).json();
        let codes = [&told["diagnostics"][0]["code"], &told["preflight"][0]["quota"]["code"]];
        assert_eq!((&told["kind"], codes), (&json!("Diagnostics"), [&json!("E0406"), &json!("L-F678F1CE")]));
    }
    it.nothing_sent();
    let skipped = it.eksact("apply -f cluster.yaml --skip-preflight").exits(1).says("E0406");
    assert!(!skipped.err.contains("quota"), "{}", skipped.err);
    it.account.settings(json!({ "quotas": {} }));
    let alone = it.eksact("plan -f cluster.yaml").exits(1).says("E0406");
    assert!(!alone.err.contains("beside that"), "{}", alone.err);
    assert_eq!(it.eksact("plan -f cluster.yaml -o json").exits(1).json()["preflight"], json!(null));
}

#[test]
fn what_the_rest_of_an_edit_would_run_into_is_told_too() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    it.sent();
    it.edit(
        "cluster.yaml",
        "- name: ng1",
        "- {name: new, desiredCapacity: 3}\n  - name: ng1\n    instanceType: m99.large",
    );
    it.account.settings(json!({ "quotas": { "L-1216C47A": 5 } }));
    let told = it.eksact("apply -f cluster.yaml --yes").exits(1).says("`m99.large`");
    told.says(" of 5 used, 6 more needed").says("1 error beside that; nothing was changed.");
    it.nothing_sent();
}
