//! Clusters with a real API server: the kubeconfig, nodes until they are Ready, and what is said where that
//! does not come about.

use serde_json::json;

use super::files::DEFAULT;
use super::shell::Shell;

/// Where the kubeconfig is.
const KUBECONFIG: &str = "home/.kube/config";

#[test]
fn a_cluster_is_there_when_its_nodes_are_ready() {
    let it = Shell::with_kubernetes();
    it.file("cluster.yaml", DEFAULT);
    let created = it.eksact("create cluster -f cluster.yaml").exits(0);
    let created = created.says("2 of 2 nodes Ready");
    let created = created.says("written  kubeconfig ~/.kube/config, context demo.us-west-2, now current");
    let created = created.says("kubeconfig  ~/.kube/config, context demo.us-west-2, now current");
    created.says("kubectl get nodes");
    let written = it.read(KUBECONFIG);
    assert!(
        written.contains("current-context: demo.us-west-2") && written.contains("- token\n"),
        "{written}"
    );

    it.eksact("apply -f cluster.yaml").exits(0).says("No changes");
    let again = it.eksact("create cluster -f cluster.yaml -o json").exits(0).json();
    assert_eq!(
        again["kubernetes"]["nodes"],
        json!([{ "nodegroup": "ng1", "ready": 2, "wanted": 2, "short": [] }])
    );
    assert_eq!(it.read(KUBECONFIG), written);
    let whole = it.home().join(".kube/config");
    assert_eq!(again["kubernetes"]["kubeconfig"]["path"], json!(whole));
    it.eksact("apply -f cluster.yaml --events run.ndjson").exits(0);
    assert!(it.read("run.ndjson").contains(whole.to_str().unwrap()), "{}", it.read("run.ndjson"));

    let scale = "scale nodegroup --cluster demo ng1 --nodes 3 --nodes-max 3 --region us-west-2";
    it.eksact(scale).exits(0).says("3 of 3 nodes Ready");
    it.eksact("delete cluster -f cluster.yaml --yes")
        .exits(0)
        .says("~/.kube/config: the cluster's context is taken out");
    let left = it.read(KUBECONFIG);
    assert!(!left.contains("demo"), "{left}");
}

#[test]
fn flags_say_where_the_entry_goes_and_who_makes_tokens() {
    let it = Shell::with_kubernetes();
    it.file("cluster.yaml", DEFAULT);
    let apply = it.eksact("apply -f cluster.yaml --kubeconfig mine --authenticator aws").exits(0);
    apply.says("context demo.us-west-2\n").says("kubectl get nodes --context demo.us-west-2");
    let written = it.read("mine");
    assert!(written.contains("command: aws") && !written.contains("current-context"), "{written}");
    assert_eq!(it.read(KUBECONFIG), "");
    it.eksact("utils write-kubeconfig --cluster demo --region us-west-2 --set-kubeconfig-context=false")
        .exits(0);
    let written = it.read(KUBECONFIG);
    assert!(written.contains("name: demo.us-west-2") && !written.contains("current-context"), "{written}");
    it.eksact("utils write-kubeconfig --cluster other --region us-west-2").exits(1).says("cluster other");
    // A device in whose folder nobody can make a file: a mistake harms nothing.
    let device = it.eksact("apply -f cluster.yaml --kubeconfig /dev/pts/ptmx").exits(0);
    device.says("/dev/pts/ptmx is a device and no file: no kubeconfig is written");
    let device = it.eksact("utils write-kubeconfig --cluster demo --kubeconfig /dev/pts/ptmx").exits(3);
    device.says("/dev/pts/ptmx is a device and no file").says("--kubeconfig FILE");
    let folder = it.eksact("apply -f cluster.yaml --kubeconfig home").exits(3);
    folder.says("home is a folder and no file");
    it.eksact("delete cluster --name demo --region us-west-2 --yes --kubeconfig mine").exits(0);
    assert!(!it.read("mine").contains("demo"));
}

#[test]
fn of_several_files_each_is_looked_at_and_a_backup_is_named() {
    let it = Shell::new().with("KUBECONFIG", "absent:kube");
    it.file("cluster.yaml", DEFAULT);
    it.file("kube", r#"{"apiVersion":"v1","kind":"Config"}"#);
    it.eksact("create cluster -f cluster.yaml").exits(0);
    let written = it.eksact("utils write-kubeconfig --cluster demo --region us-west-2").exits(0);
    written.says("kube, context demo.us-west-2, now current; as it was: ").says("kube.eksact-backup-");
    it.file("first", "");
    let it = it.with("KUBECONFIG", "first:kube:/dev/pts/ptmx");
    let deleted = it.eksact("delete cluster --name demo --region us-west-2 --yes").exits(0);
    deleted.says("kube: the cluster's context is taken out; as it was: ").says("kube.eksact-backup-");
    assert!(!it.read("kube").contains("demo"), "{}", it.read("kube"));
    assert_eq!(it.read("first"), "");
}

#[test]
fn left_out_on_purpose_nothing_is_written() {
    let it = Shell::new().without("EKSACT_SKIP_KUBERNETES");
    it.file("cluster.yaml", DEFAULT);
    let ended = it.eksact("create cluster -f cluster.yaml --skip-kubernetes").exits(0).says("is ready");
    let command = "eksact utils write-kubeconfig --cluster demo --region us-west-2";
    ended.says(&format!("next        {command}\n"));
    assert_eq!(it.read(KUBECONFIG), "");
    it.eksact(command.strip_prefix("eksact ").unwrap()).exits(0);
    assert!(it.read(KUBECONFIG).contains("current-context: demo.us-west-2"));
}

#[test]
fn an_api_server_that_is_not_reached_leaves_all_else_done() {
    let it = Shell::new().without("EKSACT_SKIP_KUBERNETES");
    it.file("cluster.yaml", DEFAULT);
    let ended = it.eksact("create cluster -f cluster.yaml --timeout 25s").exits(4);
    let ended = ended.says("API server was not reached").says("--skip-kubernetes").says("23 changes");
    ended.says("eksact utils write-kubeconfig --cluster demo --region us-west-2");
    assert!(it.read(KUBECONFIG).contains("demo.us-west-2"), "it is of use from elsewhere");
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0);

    it.edit("cluster.yaml", "- name: ng1", "- name: ng1\n    labels: {stage: beta}");
    let json = it.eksact("apply -f cluster.yaml --timeout 15s -o json").exits(4).json();
    assert!(
        json["kubernetes"]["apiServer"].as_str().is_some_and(|it| it.contains("nobody answers")),
        "{json}"
    );
    assert!(
        json["tookSeconds"].as_f64().is_some_and(|took| took > 4.0),
        "the wait belongs to the run: {json}"
    );
}

#[test]
fn an_apply_that_has_nothing_to_change_sees_that_all_is_well_and_says_where_it_is_not() {
    let it = Shell::with_kubernetes();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("create cluster -f cluster.yaml --skip-kubernetes").exits(0);
    assert_eq!(it.read(KUBECONFIG), "");
    it.sent();
    let applied = it.eksact("apply -f cluster.yaml").exits(0).says("No changes");
    applied.says("2 of 2 nodes Ready").says("context demo.us-west-2");
    it.nothing_sent();
    let written = it.read(KUBECONFIG);
    assert!(written.contains("name: demo.us-west-2"), "{written}");
    it.account.settings(json!({ "api": { "demo": "refused" } }));
    let ended = it.eksact("apply -f cluster.yaml --timeout 12s").exits(4).says("No changes");
    ended.says("API server was not reached").says("nobody answers");
    it.eksact("apply -f cluster.yaml --skip-kubernetes").exits(0).says("No changes");
    assert_eq!(it.read(KUBECONFIG), written);
}

/// Private nodes, and nothing that leads out of their subnets.
const CUT_OFF: &str = "\
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: demo, region: us-west-2}
vpc: {nat: {gateway: Disable}}
managedNodeGroups:
  - {name: ng1, privateNetworking: true, minSize: 0, desiredCapacity: 2, maxSize: 4}
";

#[test]
fn nodes_that_nothing_leads_out_for_are_told_so_while_eks_still_waits_and_at_the_end() {
    let it = Shell::with_kubernetes();
    it.account.settings(json!({ "factor": 40 }));
    it.file("cluster.yaml", CUT_OFF);
    let ended = it.eksact("create cluster -f cluster.yaml").exits(4).says("NodeCreationFailure");
    let ended = ended.says("missing  nodes/ng1 no route to 0.0.0.0/0 leads out of subnet-");
    let ended = ended.says("  cause  no route to 0.0.0.0/0 leads out of subnet-");
    let ended = ended.says("vpc.nat.gateway: Single").says("do as hinted above, then eksact create");
    assert!(!ended.err.contains("edit cluster.yaml"), "{}", ended.err);
}

/// AWS sees a group that is being made and nodes that do not come, and nothing against them.
#[test]
fn nodes_that_do_not_join_for_no_visible_cause_are_told_so_while_eks_still_waits_and_at_the_end() {
    let it = Shell::with_kubernetes();
    it.file("cluster.yaml", DEFAULT);
    it.account.settings(json!({ "nodes": { "ng1": "never-join" } }));
    // EKS waits for a quarter of an hour: here for a minute and a half, of which all else is to take nothing.
    it.account.faults(json!({ "operation": "CreateNodegroup", "kind": "delay", "ms": 3000 }));
    let mut run = it.start("create cluster -f cluster.yaml");
    while !run.said().contains("created  cluster/demo") && run.is_running() {}
    it.account.settings(json!({ "factor": 10 }));
    while !run.said().contains("missing  nodes/ng1") && run.is_running() {}
    it.account.settings(json!({ "factor": 5000 }));
    let (code, said) = run.end();
    assert_eq!(code, Some(4), "{said}");
    let looked = "no cause is to be seen in EKS's word on the group, the ways out of their subnets, their role's access entry";
    let look = "aws ec2 get-console-output --region us-west-2 ";
    let told =
        said.lines().find(|line| line.contains("Z missing  nodes/ng1 ")).unwrap_or_else(|| panic!("{said}"));
    assert!(told.contains(&format!("2 instances have not joined the cluster; {looked}")), "{told}");
    assert!(told.contains(look) && told.contains("Values=demo") && told.contains("Values=ng1"), "{told}");
    for line in ["why    NodeCreationFailure", &format!("cause  {looked}"), look] {
        assert!(said.contains(line), "no {line}: {said}");
    }
}

#[test]
fn nodes_that_are_scaled_to_where_nothing_leads_out_are_told_so() {
    let it = Shell::with_kubernetes();
    it.file("cluster.yaml", &CUT_OFF.replace("desiredCapacity: 2", "desiredCapacity: 0"));
    it.eksact("create cluster -f cluster.yaml").exits(0);
    let scale = "scale nodegroup --cluster demo ng1 --nodes 2 --region us-west-2 --timeout 10s";
    let ended = it.eksact(scale).exits(4).says("2 instances have not joined the cluster");
    ended.says("no route to 0.0.0.0/0 leads out of subnet-").says("vpc.nat.gateway: Single");
}

#[test]
fn nodes_that_are_not_ready_are_named_with_the_reason() {
    let it = Shell::with_kubernetes();
    it.file("cluster.yaml", DEFAULT);
    it.account.settings(json!({ "nodes": { "ng1": "never-ready" } }));
    let ended = it.eksact("create cluster -f cluster.yaml --timeout 25s").exits(4);
    let ended = ended
        .says("nodegroup ng1: 0 of 2 nodes Ready")
        .says("KubeletNotReady")
        .says("cni plugin not initialized");
    ended.says("kubectl describe node ip-");
    let mut run = it.start("apply -f cluster.yaml --events run.ndjson");
    run.until_it_says("waiting  nodes/ng1 0 of 2 Ready");
    let (code, said) = run.interrupt();
    assert_eq!(code, Some(130), "{said}");
    for line in [
        "demo is not finished: the run was stopped",
        "  left   nodegroup ng1: 0 of 2 nodes Ready: ip-",
        "goes on from here",
    ] {
        assert!(said.contains(line), "no {line}: {said}");
    }
    let last: serde_json::Value =
        serde_json::from_str(it.read("run.ndjson").lines().last().unwrap()).unwrap();
    assert_eq!((&last["halted"], &last["exitCode"]), (&json!("the run was stopped"), &json!(130)));
    it.account.settings(json!({ "nodes": {} }));
    it.eksact("create cluster -f cluster.yaml").exits(0).says("2 of 2 nodes Ready");
}

#[test]
fn nodes_whose_role_has_lost_its_access_entry_are_told_so() {
    let it = Shell::with_kubernetes();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("create cluster -f cluster.yaml").exits(0);
    let role = without_node_entry(&it);
    it.account.settings(json!({ "nodes": { "ng1": "never-join" } }));
    let scale = "scale nodegroup --cluster demo ng1 --nodes 3 --nodes-max 4 --region us-west-2 --timeout 8s";
    let ended = it.eksact(scale).exits(4).says("1 instance has not joined").says(&role);
    ended.says(&format!(
        "aws eks create-access-entry --cluster-name demo --region us-west-2 --principal-arn {role} --type EC2_LINUX"
    ));
    // Who may not read it says nothing of it.
    it.account.faults(json!({ "operation": "DescribeAccessEntry", "kind": "deny" }));
    let told = it.eksact(&scale.replace("nodes 3", "nodes 4")).exits(4).says("2 instances have not joined");
    let told =
        told.says("no cause is to be seen in EKS's word on the group, the ways out of their subnets\n");
    assert!(!format!("{}{}", told.out, told.err).contains("access entry"), "{}{}", told.out, told.err);
}

/// Somebody deletes the entry that EKS has made for the nodes of ng1; whose it was.
fn without_node_entry(it: &Shell) -> String {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let eks = aws_sdk_eks::Client::new(&it.account.sdk().await);
        let group = eks.describe_nodegroup().cluster_name("demo").nodegroup_name("ng1").send().await.unwrap();
        let role = group.nodegroup.unwrap().node_role.unwrap();
        eks.delete_access_entry().cluster_name("demo").principal_arn(&role).send().await.unwrap();
        role
    })
}

#[test]
fn a_group_that_a_late_answer_leaves_out_is_waited_for_and_named() {
    let it = Shell::with_kubernetes();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("create cluster -f cluster.yaml").exits(0);
    it.account.calls();
    it.eksact("create cluster -f cluster.yaml").exits(0).says("2 of 2 nodes Ready");
    // The last of them is the one that asks how many nodes there should be.
    let last = it.account.count("eks:DescribeNodegroup");
    let gone = |nth: usize| {
        json!({ "operation": "DescribeNodegroup", "kind": "error", "nth": nth, "status": 404,
                "code": "ResourceNotFoundException", "message": "No node group found for name: ng1." })
    };
    it.account.faults(gone(last));
    it.eksact("create cluster -f cluster.yaml").exits(0).says("2 of 2 nodes Ready");
    // A rule that has hit ends it for those behind: each hits one call later than the one before.
    it.account.faults(vec![gone(last); 100].into());
    let ended = it.eksact("create cluster -f cluster.yaml --timeout 12s").exits(4);
    ended.says("nodegroup ng1: 0 of 2 nodes Ready").says("EKS does not show the group");
}

#[test]
fn a_list_of_node_groups_says_how_many_nodes_are_ready_where_that_is_told_soon() {
    let it = Shell::with_kubernetes();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("create cluster -f cluster.yaml").exits(0);
    let get = "get nodegroup --cluster demo --region us-west-2";
    let ready = |line: &str| it.eksact(line).exits(0).json()["items"][0]["readyNodes"].clone();
    assert_eq!(ready(&format!("{get} -o json")), 2);
    let row = |told: &str| {
        told.lines().nth(1).unwrap().split_whitespace().take(4).map(str::to_owned).collect::<Vec<_>>()
    };
    let listed = it.eksact(get).exits(0).says("NAME  STATUS  READY  DESIRED  MIN");
    assert_eq!(row(&listed.out), ["ng1", "ACTIVE", "2", "2"]);
    assert_eq!(ready(&format!("{get} -o json --skip-kubernetes")), json!(null));
    for trouble in ["refused", "hanging"] {
        it.account.settings(json!({ "api": { "demo": trouble } }));
        assert_eq!(row(&it.eksact(get).exits(0).out), ["ng1", "ACTIVE", "-", "2"], "{trouble}");
    }
}

#[test]
fn a_caller_without_an_entry_is_told_so() {
    let it = Shell::with_kubernetes();
    it.file("cluster.yaml", DEFAULT);
    it.eksact("create cluster -f cluster.yaml").exits(0);
    let reader = it.colleague("READER").without("EKSACT_SKIP_KUBERNETES");
    let scale = "scale nodegroup --cluster demo ng1 --nodes 1 --nodes-min 1 --region us-west-2 --timeout 15s";
    reader.eksact(scale).exits(4).says("does not let the caller in").says("accessConfig.accessEntries");

    reader.file("cluster.yaml", DEFAULT);
    let ended =
        reader.eksact("apply -f cluster.yaml --timeout 12s").exits(4).says("does not let the caller in");
    let of = format!("--principal-arn arn:aws:iam::{}:user/reader", it.account.number);
    let ended = ended.says("aws eks create-access-entry --cluster-name demo --region us-west-2").says(&of);
    let ended = ended.says("aws eks associate-access-policy").says("then eksact apply -f cluster.yaml");
    assert!(!ended.err.contains("write-kubeconfig") && !ended.out.contains("write-kubeconfig"));
}

#[test]
fn a_create_that_was_killed_ends_with_nodes_and_a_kubeconfig() {
    let it = Shell::with_kubernetes();
    it.file("cluster.yaml", DEFAULT);
    assert!(it.killed("create cluster -f cluster.yaml", "CreateNodegroup", 1));
    it.eksact("create cluster -f cluster.yaml").exits(0).says("2 of 2 nodes Ready");
    assert!(it.read(KUBECONFIG).contains("current-context: demo.us-west-2"));
}
