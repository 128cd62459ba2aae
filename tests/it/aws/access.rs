//! Entries that EKS makes by itself, and those of other people.

use std::collections::BTreeMap;

use eksact::graph::Graph;
use eksact::resource::eks::{AccessEntry, AuthenticationMode};
use eksact::resource::{Any, Key, OneOf, Type};
use eksact::world::{Found, World};

use super::demo::{ANN, Demo, policy};
use super::desk::{Desk, key};

/// Whom there are entries for, that are seen as the cluster's.
async fn seen(desk: &Desk, graph: &Graph) -> Vec<String> {
    let found = desk.observe(graph).await.into_keys().filter(|key| key.kind == Type::AccessEntry);
    found.map(|key| key.name).collect()
}

fn creator(desk: &Desk) -> String {
    format!("arn:aws:iam::{}:user/dev", desk.account.number)
}

async fn listed(desk: &Desk) -> Vec<String> {
    let eks = aws_sdk_eks::Client::new(&desk.account.sdk().await);
    let mut listed =
        eks.list_access_entries().cluster_name("demo").send().await.unwrap().access_entries.unwrap();
    listed.sort();
    listed
}

#[tokio::test]
async fn what_eks_makes_for_the_creator_and_for_nodes_is_not_the_clusters() {
    let graph = Demo::default().graph();
    let desk = Desk::with(&graph).await;
    assert_eq!(listed(&desk).await.len(), 3, "ours, the creator's, that of the nodes' role");
    assert_eq!(seen(&desk, &graph).await, [ANN]);
    let snapshot = desk.aws.observe(&BTreeMap::new()).await.unwrap();
    assert_eq!(snapshot.guests, [], "nor is it anybody else's");
    assert!(snapshot.found.contains_key(&Key { kind: Type::AccessEntry, name: ANN.to_owned() }));
}

#[tokio::test]
async fn the_creators_entry_is_adopted_where_the_file_names_it() {
    let mut desk = Desk::with(&Demo::default().graph()).await;
    let mut graph = Demo::default().graph();
    let entry = graph.nodes().iter().find(|node| node.key.kind == Type::AccessEntry).unwrap();
    let entry = AccessEntry::of(&entry.resource).unwrap();
    let (creator, none) = (creator(&desk), Vec::new());
    let named = AccessEntry {
        principal_arn: creator.clone(),
        kubernetes_groups: eksact::resource::Set(none),
        access_policies: [policy("View", &[])].into(),
        ..entry.clone()
    };
    graph.add(&creator, named);
    assert_eq!(seen(&desk, &graph).await.len(), 2);
    let at = Key { kind: Type::AccessEntry, name: creator };
    let told = desk.change(&at, &graph.node(&at).unwrap().resource).await;
    let arn =
        |name: &str| format!("AccessPolicies.arn:aws:eks::aws:cluster-access-policy/AmazonEKS{name}Policy");
    let own: Vec<_> = told.iter().filter(|path| !path.starts_with("Tags.")).collect();
    assert_eq!(own, [&arn("View"), &arn("ClusterAdmin")], "all but what the file says is taken from it");
    let calls: Vec<_> = desk.account.calls().into_iter().filter(|call| call.mutating).collect();
    let calls: Vec<_> = calls.iter().map(|call| call.operation.as_str()).collect();
    assert_eq!(calls, ["eks:TagResource", "eks:AssociateAccessPolicy", "eks:DisassociateAccessPolicy"]);
}

#[tokio::test]
async fn an_entry_of_another_tool_is_neither_seen_nor_touched_unless_the_file_names_it() {
    let graph = Demo::default().graph();
    let desk = Desk::with(&graph).await;
    let eks = aws_sdk_eks::Client::new(&desk.account.sdk().await);
    let theirs = format!("arn:aws:iam::{}:user/theirs", desk.account.number);
    eks.create_access_entry().cluster_name("demo").principal_arn(&theirs).send().await.unwrap();
    let other = "arn:aws:iam::123456789012:user/others";
    let create = eks.create_access_entry().cluster_name("demo").principal_arn(other);
    create.tags("eksact.dev/cluster", "another").send().await.unwrap();
    assert_eq!(seen(&desk, &graph).await, [ANN]);
    // Not even where it says that it is another cluster's.
    let at = Key { kind: Type::AccessEntry, name: other.to_owned() };
    assert_eq!(desk.aws.look(&at).await.unwrap(), []);
    let names = [(at.clone(), other.to_owned())].into();
    assert!(!desk.aws.observe(&names).await.unwrap().found.contains_key(&at));
}

#[tokio::test]
async fn where_eks_looks_at_no_entries_there_are_none() {
    let graph = Demo { mode: AuthenticationMode::ConfigMap, ..Demo::default() }.graph();
    let desk = Desk::with(&graph).await;
    let seen = desk.aws.observe(&Demo::default().graph().names()).await.unwrap();
    assert_eq!(seen.unread.len(), 0, "{:?}", seen.unread);
    assert!(seen.found.keys().all(|key| key.kind != Type::AccessEntry));
    assert_eq!(desk.aws.look(&Key { kind: Type::AccessEntry, name: ANN.to_owned() }).await.unwrap(), []);
}

#[tokio::test]
async fn a_role_is_read_back_with_the_name_that_eks_gives_it() {
    let graph = Demo::default().graph();
    let mut desk = Desk::with(&graph).await;
    let iam = aws_sdk_iam::Client::new(&desk.account.sdk().await);
    let trust = super::demo::statement("sts:AssumeRole")
        .replace("\"Resource\":\"*\"", "\"Principal\":{\"AWS\":\"*\"}");
    let role = iam.create_role().role_name("team").path("/teams/").assume_role_policy_document(trust);
    let arn = role.send().await.unwrap().role.unwrap().arn;
    let mut entry =
        AccessEntry::of(&graph.nodes().iter().find(|node| node.key.name == ANN).unwrap().resource)
            .unwrap()
            .clone();
    (entry.principal_arn, entry.username) = (arn.clone(), None);
    let mut other = Graph::new("demo");
    other.add(
        "demo",
        match &graph.node(&key("cluster/demo")).unwrap().resource {
            Any::Cluster(cluster) => cluster.clone(),
            _ => panic!("a cluster"),
        },
    );
    other.add(&arn, entry.clone());
    let at = Key { kind: Type::AccessEntry, name: arn.clone() };
    let live = desk.make(&at, &other.node(&at).unwrap().resource).await;
    let username = format!("arn:aws:sts::{}:assumed-role/team/{{{{SessionName}}}}", desk.account.number);
    assert_eq!(live.attributes["Username"], username);
    assert_eq!(desk.differences(&other.node(&at).unwrap().resource, &live), [""; 0]);
    // Another name, and then EKS's again.
    for name in [Some("team:{{SessionName}}".to_owned()), None] {
        let mut graph = Graph::new("demo");
        graph.add(&arn, AccessEntry { username: name.clone(), ..entry.clone() });
        assert_eq!(desk.change(&at, &graph.node(&at).unwrap().resource).await, ["Username"]);
        let [live] = &desk.aws.look(&at).await.unwrap()[..] else { panic!("one entry") };
        assert_eq!(live.attributes["Username"], name.unwrap_or_else(|| username.clone()));
    }
    let found = desk.observe(&other).await;
    assert!(matches!(&found[&at][..], [Found::Present(_)]));
}
