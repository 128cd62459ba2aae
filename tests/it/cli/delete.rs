//! Taking all of it away, and nothing else.

use aws_sdk_ec2::types::{Filter, InstanceType};
use serde_json::json;

use super::files::DEFAULT;
use super::shell::{MAKING, Shell};
use super::until::{if_so, until};

async fn ec2(it: &Shell) -> aws_sdk_ec2::Client {
    aws_sdk_ec2::Client::new(&it.account.sdk().await)
}

/// The ids of the cluster's VPC and of one of its subnets.
async fn network(ec2: &aws_sdk_ec2::Client) -> (String, String) {
    let ours = Filter::builder().name("tag:eksact.dev/cluster").values("demo").build();
    let subnets = ec2.describe_subnets().filters(ours).send().await.unwrap().subnets.unwrap();
    let subnet = subnets[0].clone();
    (subnet.vpc_id.unwrap(), subnet.subnet_id.unwrap())
}

#[tokio::test]
async fn what_others_put_into_our_network_stays_and_so_does_what_it_stands_in() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    let ec2 = ec2(&it).await;
    let (vpc, subnet) = network(&ec2).await;
    let group = ec2.create_security_group().group_name("theirs").description("theirs").vpc_id(&vpc);
    let group = group.send().await.unwrap().group_id.unwrap();
    let run = ec2.run_instances().image_id("ami-03cf127a").instance_type(InstanceType::T3Micro);
    let run =
        run.subnet_id(&subnet).security_group_ids(&group).min_count(1).max_count(1).send().await.unwrap();
    let instance = run.instances.unwrap()[0].instance_id.clone().unwrap();
    let foreign = |line: &String| line.contains(&instance) || line.contains(&group);
    let theirs: Vec<String> = it.account.inventory().into_iter().filter(foreign).collect();
    it.account.calls();
    let left = it.eksact("delete cluster -f cluster.yaml --yes").exits(4).says(&instance).says(&group);
    let left = left.says("not ours").says("vpc/main").says("next");
    let calls = it.account.calls();
    assert!(calls.iter().all(|call| call.code != "DependencyViolation"), "{calls:#?}");
    assert!(calls.iter().all(|call| call.operation != "ec2:DeleteVpc"), "{calls:#?}");
    let now = it.account.inventory();
    assert_eq!(now.iter().filter(|line| foreign(line)).cloned().collect::<Vec<_>>(), theirs);
    let ours =
        ["eks\t", "iam\t", "autoscaling\t", "ec2\tnat-gateway", "ec2\tlaunch-template", "ec2\telastic-ip"];
    let stays = now.iter().filter(|line| ours.iter().any(|kind| line.starts_with(kind))).collect::<Vec<_>>();
    assert!(stays.is_empty(), "{stays:#?}\n{}", left.out);
    it.sent();
    it.eksact("delete cluster -f cluster.yaml --yes").exits(4).says(&instance);
    it.nothing_sent();
    ec2.terminate_instances().instance_ids(&instance).send().await.unwrap();
    until("the instance is gone", || {
        if_so(it.account.inventory().iter().all(|line| !line.contains(&instance)), instance.clone())
    });
    ec2.delete_security_group().group_id(&group).send().await.unwrap();
    it.eksact("delete cluster --name demo --region us-west-2 --yes").exits(0).says("nothing of it is left");
    assert_eq!(it.account.inventory(), [""; 0]);
}

/// EKS deletes no cluster that it is still making: how long that usually takes is said before, and while it is waited for.
#[test]
fn what_is_still_being_made_is_waited_for_with_how_long_that_takes() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.account.settings(json!({ "factor": 20 }));
    let mut made = it.start("apply -f cluster.yaml");
    while !made.said().contains("waiting  cluster/demo CREATING") && made.is_running() {}
    made.kill();
    let mut gone = it.start("delete cluster -f cluster.yaml --yes");
    while !gone.said().contains("waiting  cluster/demo CREATING") && gone.is_running() {}
    it.account.settings(json!({ "factor": 5000 }));
    let (code, said) = gone.end();
    assert_eq!(code, Some(0), "{said}");
    let before = " once cluster/demo is no longer CREATING, usually 10 minutes after its start; ";
    assert!(said.contains(before), "{said}");
    let told = said.lines().find(|line| line.contains("Z waiting  cluster/demo CREATING ")).unwrap();
    assert!(told.ends_with(" of about 10m"), "{told}");
    assert_eq!(it.account.inventory(), [""; 0]);
}

#[test]
fn by_name_without_a_file_and_with_an_empty_home() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    let other = it.colleague("OTHER");
    other.eksact("delete cluster --name demo --region us-west-2").exits(3).says("add --yes");
    other.eksact("delete cluster demo --region us-west-2 --yes").exits(0).says("demo is gone");
    assert_eq!(it.account.inventory(), [""; 0]);
}

#[test]
fn while_the_cluster_is_still_creating() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.account.settings(json!({ "factor": 20 }));
    let mut run = it.start("apply -f cluster.yaml");
    run.until_it_says("waiting  cluster/demo");
    run.kill();
    it.eksact("get cluster demo --region us-west-2").exits(0).says("CREATING");
    let mut run = it.start("delete cluster -f cluster.yaml --yes");
    run.until_it_says("waiting  cluster/demo");
    assert!(run.is_running(), "{}", run.said());
    it.account.settings(json!({ "factor": 5000 }));
    run.until_it_ends();
    assert!(run.said().contains("deleted  cluster/demo"), "{}", run.said());
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0).says("nothing to delete");
    assert_eq!(it.account.inventory(), [""; 0]);
}

#[test]
fn a_cluster_that_failed_is_made_again_or_deleted() {
    for line in ["apply -f cluster.yaml --yes", "delete cluster -f cluster.yaml --yes"] {
        let it = Shell::new();
        it.file("cluster.yaml", DEFAULT);
        it.account.fail(json!({ "what": "cluster-create", "code": "InternalFailure" }));
        it.eksact("apply -f cluster.yaml").exits(4).says("cluster demo failed").says("next");
        it.eksact(line).exits(0);
        it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
        assert_eq!(it.account.inventory(), [""; 0]);
    }
}

#[test]
fn a_deletion_that_aws_could_not_finish_is_told_and_tried_again() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    it.account.fail(json!({ "what": "nodegroup-delete", "code": "AutoScalingGroupNotFound" }));
    it.eksact("delete cluster -f cluster.yaml --yes").exits(4).says("nodegroup ng1").says("next");
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
    assert_eq!(it.account.inventory(), [""; 0]);
}

#[test]
fn what_may_not_be_read_is_said_and_spared() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    it.account.faults(json!([{ "operation": "DescribeNatGateways", "kind": "deny" }]));
    it.eksact("plan -f cluster.yaml").exits(4).says("nat-gateway");
    let left = it.eksact("delete cluster -f cluster.yaml --yes").exits(4).says("nat-gateway");
    assert!(it.account.inventory().iter().any(|line| line.starts_with("ec2\tvpc")), "{}", left.out);
    it.account.faults(json!([]));
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
    assert_eq!(it.account.inventory(), [""; 0]);
}

#[test]
fn the_log_group_that_eks_made_is_named_as_staying() {
    let it = Shell::new();
    it.file("cluster.yaml", &format!("{DEFAULT}cloudWatch: {{clusterLogging: {{enableTypes: [api]}}}}\n"));
    it.eksact("apply -f cluster.yaml").exits(0);
    let gone = it.eksact("delete cluster -f cluster.yaml --yes -o json").exits(0).json();
    assert_eq!(gone["stays"], json!(["log group /aws/eks/demo/cluster"]));
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    let gone = it.eksact("delete cluster -f cluster.yaml --yes -o json").exits(0).json();
    assert_eq!((&gone["stays"], &gone["gone"]), (&json!([]), &json!(true)));
}

#[test]
fn half_a_cluster_goes_as_a_whole_one_does() {
    for nth in [3, 12, 30] {
        let it = Shell::new();
        it.file("cluster.yaml", DEFAULT);
        it.killed("apply -f cluster.yaml", MAKING, nth);
        it.eksact("delete cluster --name demo --region us-west-2 --yes").exits(0);
        assert_eq!(it.account.inventory(), [""; 0], "killed after {nth} calls");
    }
}

#[test]
fn a_protected_cluster_is_not_begun_to_be_deleted() {
    let it = Shell::new();
    let ours = DEFAULT.replace("eksctl.io/v1alpha5", "eksact.dev/v1alpha1");
    it.file("cluster.yaml", &format!("{ours}deletionProtection: true\n"));
    it.eksact("apply -f cluster.yaml").exits(0);
    it.account.calls();
    let refused =
        it.eksact("delete cluster -f cluster.yaml --yes").exits(1).says("is protected from deletion");
    refused
        .says("deletionProtection: false")
        .says("eksact apply -f cluster.yaml")
        .says("nothing was touched");
    let by_name = it.eksact("delete cluster --name demo --region us-west-2 --yes").exits(1);
    by_name.says("aws eks update-cluster-config --region us-west-2 --name demo --no-deletion-protection");
    assert!(it.account.calls().iter().all(|call| !call.mutating));
    // Without the line, what lives stays as it is.
    it.file("cluster.yaml", &ours);
    it.eksact("plan -f cluster.yaml").exits(0).says("No changes");
    it.file("cluster.yaml", &format!("{ours}deletionProtection: false\n"));
    it.eksact("apply -f cluster.yaml --yes").exits(0).says("DeletionProtection");
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
    assert_eq!(it.account.inventory(), [""; 0]);
}

/// The names and retentions of log groups.
async fn log_groups(it: &Shell) -> Vec<(String, Option<i32>)> {
    let logs = aws_sdk_cloudwatchlogs::Client::new(&it.account.sdk().await);
    let told = logs.describe_log_groups().send().await.unwrap().log_groups.unwrap_or_default();
    told.into_iter().map(|it| (it.log_group_name.unwrap(), it.retention_in_days)).collect()
}

#[tokio::test]
async fn a_log_group_of_its_own_keeps_logs_so_long_and_goes_with_the_cluster() {
    let it = Shell::new();
    let file = |retention: &str| {
        let logging = format!("cloudWatch: {{clusterLogging: {{enableTypes: [api]{retention}}}}}\n");
        it.file("cluster.yaml", &format!("{DEFAULT}{logging}"));
    };
    let name = || "/aws/eks/demo/cluster".to_owned();
    file(", logRetentionInDays: 30");
    it.eksact("plan -f cluster.yaml").exits(0).says("log group /aws/eks/demo/cluster, kept for 30 days");
    it.eksact("apply -f cluster.yaml").exits(0);
    assert_eq!(log_groups(&it).await, [(name(), Some(30))]);
    it.eksact("plan -f cluster.yaml").exits(0).says("No changes");
    // What is older is gone for good: that is asked for.
    file(", logRetentionInDays: 7");
    it.eksact("apply -f cluster.yaml").exits(3).says("logs that are older than 7 days are deleted");
    assert_eq!(log_groups(&it).await, [(name(), Some(30))]);
    it.eksact("apply -f cluster.yaml --yes").exits(0).says("RetentionInDays");
    assert_eq!(log_groups(&it).await, [(name(), Some(7))]);
    // A line that leaves the file takes no logs along.
    file("");
    it.eksact("apply -f cluster.yaml").exits(0).says("RetentionInDays");
    assert_eq!(log_groups(&it).await, [(name(), None)]);
    it.eksact("plan -f cluster.yaml").exits(0).says("No changes");
    let gone = it.eksact("delete cluster --name demo --region us-west-2 --yes -o json").exits(0).json();
    assert_eq!((&gone["stays"], log_groups(&it).await), (&json!([]), vec![]));
}

#[tokio::test]
async fn a_log_group_that_was_there_is_taken_over_where_the_file_says_how_long_it_keeps_logs_and_stays() {
    let it = Shell::new();
    let file = |retention: &str| {
        let logging = format!("cloudWatch: {{clusterLogging: {{enableTypes: [api]{retention}}}}}\n");
        it.file("cluster.yaml", &format!("{DEFAULT}{logging}"));
    };
    file("");
    it.eksact("apply -f cluster.yaml").exits(0);
    assert_eq!(log_groups(&it).await, [("/aws/eks/demo/cluster".to_owned(), None)]);
    file(", logRetentionInDays: 90");
    it.eksact("apply -f cluster.yaml").exits(3).says("logs that are older than 90 days are deleted");
    it.eksact("apply -f cluster.yaml --yes").exits(0).says("RetentionInDays");
    it.eksact("plan -f cluster.yaml").exits(0).says("No changes");
    let gone = it.eksact("delete cluster -f cluster.yaml --yes -o json").exits(0).json();
    assert_eq!(gone["stays"], json!(["log group /aws/eks/demo/cluster"]));
    assert_eq!(log_groups(&it).await, [("/aws/eks/demo/cluster".to_owned(), Some(90))]);
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0).says("demo is not there");
}

#[test]
fn who_may_not_ask_for_log_groups_needs_none() {
    let it = Shell::new();
    it.account.faults(json!([{ "operation": "DescribeLogGroups", "kind": "deny" }]));
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    it.eksact("plan -f cluster.yaml").exits(0).says("No changes");
    it.eksact("delete cluster --name demo --region us-west-2 --yes").exits(0);
    assert_eq!(it.account.inventory(), [""; 0]);
}

/// EKS writes to the end, and so makes the group again; and a run may be killed between the group and how long it keeps.
#[tokio::test]
async fn a_log_group_of_before_keeps_nobody_from_making_a_cluster() {
    let it = Shell::new();
    let logging = "cloudWatch: {clusterLogging: {enableTypes: [api], logRetentionInDays: 7}}\n";
    it.file("cluster.yaml", &format!("{DEFAULT}{logging}"));
    let logs = aws_sdk_cloudwatchlogs::Client::new(&it.account.sdk().await);
    logs.create_log_group().log_group_name("/aws/eks/demo/cluster").send().await.unwrap();
    let made = it.eksact("create cluster -f cluster.yaml").exits(0);
    made.says("logs that are older than 7 days are deleted");
    assert_eq!(log_groups(&it).await, [("/aws/eks/demo/cluster".to_owned(), Some(7))]);
    it.eksact("create cluster -f cluster.yaml").exits(0).says("No changes");
}

/// AWS shows for a while what is gone.
#[test]
fn after_a_deletion_a_cluster_is_as_new_as_the_first() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
    it.eksact("plan -f cluster.yaml").exits(0).says("new cluster").says("/h when it runs");
    it.eksact("create cluster -f cluster.yaml").exits(0).says("demo is ready");
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
}

#[test]
fn that_nothing_could_be_read_again_is_not_that_nothing_was_done() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("apply -f cluster.yaml").exits(0);
    it.account.faults(json!([{ "operation": "DeleteVpc", "kind": "delay", "ms": 2_000 }]));
    let mut run = it.start("delete cluster -f cluster.yaml --yes");
    run.until_seen(&it.account, 1);
    it.account.faults(json!([
        { "operation": "*", "kind": "error", "code": "RequestExpired", "message": "Request has expired.", "status": 400 }
    ]));
    let (code, said) = run.end();
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("done, as planned; what is left could not be read again"), "{said}");
    assert!(!said.contains("nothing was changed") && said.contains("proves that nothing is left"), "{said}");
    it.account.faults(json!([]));
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0).says("nothing to delete");
    assert_eq!(it.account.inventory(), [""; 0]);
}
