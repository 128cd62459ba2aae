//! Single node groups, made and taken away beside everything else.

use serde_json::json;

use super::files::{DEFAULT, with};
use super::shell::Shell;

const TWO: &str = "\
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: demo, region: us-west-2, tags: {team: web}}
accessConfig: {authenticationMode: API}
managedNodeGroups:
  - name: ng1
  - {name: ng2, instanceType: m6i.large, desiredCapacity: 1}
  - {name: batch-1, spot: true, desiredCapacity: 1}
";

/// A cluster with the first of the three.
fn first() -> String {
    TWO.lines().take(6).map(|line| format!("{line}\n")).collect()
}

const OF_A_GROUP: [&str; 7] = [
    "ec2:CreateLaunchTemplate",
    "eks:CreateNodegroup",
    "iam:AttachRolePolicy",
    "iam:AttachRolePolicy",
    "iam:AttachRolePolicy",
    "iam:AttachRolePolicy",
    "iam:CreateRole",
];

#[test]
fn flags_stand_for_a_file_and_do_not_go_with_one() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    for flag in ["--nodes 3", "--nodes-max 3", "--spot", "--cluster demo"] {
        let line = format!("create nodegroup -f cluster.yaml {flag}");
        it.eksact(&line).exits(3).says("cannot be used with");
    }
    it.eksact("create cluster -f cluster.yaml --nodes-min 1").exits(3).says("cannot be used with");
    assert!(it.account.calls().is_empty());
}

#[test]
fn those_of_a_file_that_are_not_there_are_made_and_nothing_else_is_changed() {
    let it = Shell::new();
    it.file("cluster.yaml", &first());
    it.eksact("create nodegroup -f cluster.yaml")
        .exits(1)
        .says("error: there is no cluster demo")
        .says("eksact create cluster -f cluster.yaml");
    it.eksact("create cluster -f cluster.yaml").exits(0);
    it.eksact("create nodegroup -f cluster.yaml").exits(0).says("nodegroup ng1 of demo is there already.");
    // The file also changes a group that is there, and the control plane.
    let edited = TWO.replace("name: ng1", "name: ng1\n    labels: {a: b}")
        + "cloudWatch: {clusterLogging: {enableTypes: [api]}}\n";
    it.file("cluster.yaml", &edited);
    it.sent();
    let made = it.eksact("create nodegroup -f cluster.yaml --include ng?").exits(0);
    assert_eq!(it.sent(), OF_A_GROUP);
    let made = made.says("+ nodegroup ng2").says("demo has what was asked for");
    assert!(!made.err.contains("batch-1  "), "{}", made.err);
    made.says("not as cluster.yaml says, and left alone").says("eksact apply -f cluster.yaml");
    let other = it.eksact("create nodegroup -f cluster.yaml --exclude batch-*").exits(1);
    let other = other.says("2 nodegroups of demo are there, and not all as they are asked for:");
    other.says("~ nodegroup ng1").says("Labels.a").says("hint: eksact apply -f cluster.yaml");
    it.eksact("create nodegroup -f cluster.yaml --include ng2").exits(0).says("is there already");
    it.nothing_sent();
    it.eksact("create nodegroup -f cluster.yaml").exits(0).says("+ nodegroup batch-1");
    assert_eq!(it.sent(), OF_A_GROUP);
    let plan = it
        .eksact("plan -f cluster.yaml")
        .exits(0)
        .says("Labels.a")
        .says("Logging")
        .says("2 resources to change");
    assert!(!plan.out.contains("to create"), "{}", plan.out);
}

#[test]
fn a_group_that_no_file_names_is_made_as_the_cluster_lives_and_said_to_go_with_the_next_apply() {
    let it = Shell::new();
    it.file("cluster.yaml", &first());
    it.eksact("create cluster -f cluster.yaml").exits(0);
    it.sent();
    let flags = "create nodegroup --cluster demo --name more --region us-west-2 --node-type m6i.large --nodes 1 \
                 --nodes-min 0 --nodes-max 3 --node-volume-size 50 --node-labels tier=back,stage=beta --spot \
                 --node-private-networking";
    let made = it
        .eksact(flags)
        .exits(0)
        .says("+ nodegroup more")
        .says("m6i.large (0 to 3), spot")
        .says("$0.37/h -> $0.47/h");
    made.says("No file names nodegroup more").says("    - ").says("volumeSize: 50").says("tier: back");
    assert_eq!(it.sent(), OF_A_GROUP);
    it.eksact(flags).exits(0).says("nodegroup more of demo is there already.");
    // Only what is said is asked for.
    let few = "create nodegroup --cluster demo --name more --region us-west-2";
    it.eksact(few).exits(0).says("is there already");
    it.eksact(&format!("{few} --nodes-max 3 --spot")).exits(0).says("is there already");
    let other = it.eksact(&flags.replace("--nodes-max 3", "--nodes-max 4").replace("beta", "live")).exits(1);
    let other = other.says("nodegroup more of demo is there, and not as it is asked for:");
    let other = other.says("ScalingConfig.MaxSize").says("3 -> 4").says("Labels.stage").says("beta -> live");
    other.says("set it in the cluster's file").says("then eksact apply -f FILE").says("maxSize: 4");
    let other = it.eksact(&format!("{few} --nodes-max 4")).exits(1).says("~ nodegroup more");
    assert!(!other.err.contains("InstanceTypes"), "{}", other.err);
    it.nothing_sent();
    // It is what a file with the same would have made.
    it.file(
        "more.yaml",
        &(first()
            + "  - name: more
    instanceType: m6i.large
    desiredCapacity: 1
    minSize: 0
    maxSize: 3
    volumeSize: 50
    labels: {tier: back, stage: beta}
    spot: true
    privateNetworking: true
"),
    );
    it.eksact("plan -f more.yaml --detailed-exitcode").exits(0).says("No changes");
    it.eksact("plan -f cluster.yaml").exits(0).says("- nodegroup more").says("3 resources to delete");
}

#[test]
fn what_flags_cannot_mean_is_bad_usage() {
    let it = Shell::new();
    it.file("cluster.yaml", DEFAULT);
    let lines = [
        "create nodegroup",
        "create nodegroup --cluster demo --region us-west-2",
        "create nodegroup -f cluster.yaml --cluster demo",
        "create nodegroup -f cluster.yaml --nodes 3",
        "create nodegroup --cluster demo --name a --include b --region us-west-2",
        "create nodegroup --cluster demo --name a --node-labels a --region us-west-2",
        "create nodegroup -f cluster.yaml --include ng[12]",
        "create nodegroup -f cluster.yaml --include other",
        "create nodegroup -f cluster.yaml --exclude *",
        "delete nodegroup",
        "delete nodegroup --cluster demo --region us-west-2",
        "delete nodegroup -f cluster.yaml --name ng1",
        "delete nodegroup --cluster demo --name a --exclude b",
    ];
    for line in lines {
        it.eksact(line).exits(3);
    }
    it.nothing_sent();
}

#[test]
fn what_is_wrong_with_flags_is_said_as_of_a_file() {
    let it = Shell::new();
    it.file("cluster.yaml", &first());
    it.eksact("create cluster -f cluster.yaml").exits(0);
    it.sent();
    let create = "create nodegroup --cluster demo --region us-west-2 --name";
    it.eksact(&format!("{create} more --nodes 5 --nodes-max 4"))
        .exits(3)
        .says("desiredCapacity 5 is above maxSize 4");
    it.eksact(&format!("{create} more --node-ami-family Bottlerocket")).exits(3).says("not supported yet");
    it.eksact(&format!("{create} more --node-type m9.huge")).exits(1).says("error[E0406]");
    it.eksact(&format!("{create} 1more")).exits(3).says("is not a node group name");
    it.eksact("create nodegroup --cluster other --name a --region us-west-2")
        .exits(1)
        .says("there is no cluster other");
    it.nothing_sent();
}

#[test]
fn groups_are_deleted_with_what_was_made_for_them_alone() {
    let it = Shell::new();
    it.file("cluster.yaml", TWO);
    it.eksact("create cluster -f cluster.yaml").exits(0);
    let whole = it.account.inventory();
    it.sent();
    let delete = "delete nodegroup --cluster demo --name ng2 --region us-west-2";
    it.eksact(delete).exits(3).says("- nodegroup ng2").says("add --yes to go on without asking");
    it.nothing_sent();
    let gone = it.eksact(&format!("{delete} --yes")).exits(0).says("nodegroup ng2 of demo is gone.");
    gone.says("a file that still names it makes it again");
    let left = it.account.inventory();
    assert!(left.iter().all(|line| !line.contains("ng2")), "{left:#?}");
    let others = whole.iter().filter(|line| !line.contains("ng2")).count();
    assert!(left.len() >= others.saturating_sub(2) && left.len() < whole.len(), "{left:#?}");
    it.sent();
    it.eksact(&format!("{delete} --yes")).exits(0).says("not there: ng2").says("nothing to delete");
    it.eksact("delete nodegroup --cluster other --name a --region us-west-2 --yes")
        .exits(0)
        .says("nothing to delete");
    it.nothing_sent();
    let gone = it.eksact("delete nodegroup -f cluster.yaml --include *1 --exclude ng1 --yes").exits(0);
    gone.says("nodegroup batch-1 of demo is gone.")
        .says("cluster.yaml still names it: eksact apply -f cluster.yaml");
    let plan = it.eksact("plan -f cluster.yaml").exits(0).says("+ nodegroup ng2").says("+ nodegroup batch-1");
    assert!(!plan.out.contains("ng1"), "{}", plan.out);
    it.eksact("apply -f cluster.yaml").exits(0);
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
    assert_eq!(it.account.inventory(), [""; 0]);
}

#[test]
fn other_peoples_groups_and_clusters_are_left_alone() {
    let it = Shell::new();
    it.file("cluster.yaml", &first());
    it.eksact("create cluster -f cluster.yaml").exits(0);
    let own = |line: &String| line.contains("nodegroup") && line.contains("ng1");
    assert!(it.account.inventory().iter().any(own));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let eks = aws_sdk_eks::Client::new(&it.account.sdk().await);
        let group = eks.describe_nodegroup().cluster_name("demo").nodegroup_name("ng1").send().await.unwrap();
        let group = group.nodegroup.unwrap();
        let create = eks.create_nodegroup().cluster_name("demo").nodegroup_name("theirs");
        let create = create.node_role(group.node_role.unwrap()).set_subnets(group.subnets);
        create.send().await.unwrap();
    });
    it.sent();
    let flags = "--cluster demo --name theirs --region us-west-2";
    it.eksact(&format!("delete nodegroup {flags} --yes"))
        .exits(1)
        .says("nodegroup theirs of cluster demo is not ours");
    it.eksact(&format!("create nodegroup {flags}")).exits(1).says("its name is taken by");
    it.nothing_sent();
}

#[test]
fn a_group_whose_making_was_killed_is_gone_on_with() {
    let it = Shell::new();
    it.file("cluster.yaml", &first());
    it.eksact("create cluster -f cluster.yaml").exits(0);
    it.file("cluster.yaml", TWO);
    let line = "create nodegroup -f cluster.yaml --include ng2";
    assert!(it.killed(line, "CreateNodegroup", 1));
    it.sent();
    it.eksact(line).exits(0);
    it.eksact("create nodegroup -f cluster.yaml --include ng2").exits(0).says("is there already");
    assert!(it.killed("delete nodegroup -f cluster.yaml --include ng2 --yes", "DeleteNodegroup", 1));
    it.eksact("delete nodegroup -f cluster.yaml --include ng2 --yes").exits(0);
    let left = it.account.inventory();
    assert!(left.iter().all(|line| !line.contains("ng2")), "{left:#?}");
}

#[test]
fn a_group_that_cannot_be_made_says_why_and_the_rest_stays() {
    let it = Shell::new();
    it.file("cluster.yaml", &first());
    it.eksact("create cluster -f cluster.yaml").exits(0);
    it.file("cluster.yaml", TWO);
    it.account.faults(json!({ "operation": "CreateNodegroup", "kind": "deny" }));
    let line = "create nodegroup -f cluster.yaml --include ng2";
    it.eksact(line).exits(1).says("error: the caller may not eks:CreateNodegroup");
    it.eksact(&format!("{line} --skip-preflight")).exits(4).says("nodegroup ng2 failed");
    it.account.faults(json!([]));
    it.eksact("create nodegroup -f cluster.yaml --include ng2").exits(0);
}

/// Where the network was given the subnets are, too.
#[test]
fn in_a_given_network_subnets_are_named() {
    let it = Shell::new();
    let subnets = it.network();
    let given = |body: &str| {
        let [a, b] = &subnets;
        with(&format!(
            "vpc: {{subnets: {{private: {{a: {{id: {a}}}, b: {{id: {b}}}}}}}}}\nmanagedNodeGroups:{body}"
        ))
    };
    it.file("cluster.yaml", &given("\n  - {name: ng1, privateNetworking: true}"));
    it.eksact("create cluster -f cluster.yaml").exits(0);
    it.sent();
    let create = "create nodegroup --cluster demo --name more --region us-west-2";
    it.eksact(create).exits(3).says("name the subnets of the nodes: --subnet-ids");
    it.nothing_sent();
    it.eksact(&format!("{create} --subnet-ids {} --nodes 1", subnets[0])).exits(0);
    let body = format!(
        "\n  - {{name: ng1, privateNetworking: true}}\n  - {{name: more, subnets: [{}], desiredCapacity: 1}}",
        subnets[0]
    );
    it.file("cluster.yaml", &given(&body));
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
}

#[test]
fn of_a_group_that_cannot_be_read_nobody_says_that_it_is_as_asked() {
    let it = Shell::new();
    it.file("cluster.yaml", &first());
    it.eksact("create cluster -f cluster.yaml").exits(0);
    it.account.faults(json!({ "operation": "DescribeLaunchTemplateVersions", "kind": "deny" }));
    let told =
        it.eksact("create nodegroup -f cluster.yaml").exits(4).says("ec2:DescribeLaunchTemplateVersions");
    assert!(!told.out.contains("is there already"), "{}", told.out);
    it.account.faults(json!([]));
    it.eksact("create nodegroup -f cluster.yaml").exits(0).says("nodegroup ng1 of demo is there already.");
    it.eksact("delete cluster -f cluster.yaml --yes").exits(0);
}
