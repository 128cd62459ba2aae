//! What is the cluster's, and what is said of what cannot be seen.

use std::collections::BTreeMap;

use eksact::resource::eks::AuthenticationMode;
use eksact::resource::{Leftover, Tags, Type};
use eksact::world::{Class, Found, World};
use serde_json::json;

use super::demo::Demo;
use super::desk::{Desk, key, untag};

#[tokio::test]
async fn pages_of_one_leave_nothing_out() {
    let graph = Demo::default().graph();
    let desk = Desk::with(&graph).await;
    let whole = desk.observe(&graph).await;
    desk.account.faults(json!({ "operation": "*", "kind": "pages", "size": 1 }));
    let pages = desk.observe(&graph).await;
    assert_eq!(pages, whole);
    assert_eq!(pages.len(), graph.nodes().len());
    assert!(desk.account.count("iam:ListAttachedRolePolicies") > 2, "there were pages");
}

#[tokio::test]
async fn without_names_the_same_is_found() {
    for mode in [AuthenticationMode::Both, AuthenticationMode::ConfigMap] {
        let graph = Demo { mode, ..Demo::default() }.graph();
        let desk = Desk::with(&graph).await;
        let whole = desk.observe(&graph).await;
        for names in [BTreeMap::new(), [(key("cluster/demo"), "demo".to_owned())].into()] {
            // By somebody who has not seen anything yet.
            let found = desk.account.aws("demo").await.observe(&names).await.unwrap();
            assert_eq!(found.found, whole, "{mode}");
            assert_eq!((found.guests, found.unread.len()), (vec![], 0));
        }
    }
}

/// A role at the root that the file does not name any more.
#[tokio::test]
async fn roles_at_the_root_are_found_by_what_uses_them_and_by_their_names() {
    let graph = Demo { mode: AuthenticationMode::ConfigMap, ..Demo::default() }.graph();
    let without = Demo { mode: AuthenticationMode::ConfigMap, nodegroup: false, ..Demo::default() }.graph();
    let mut desk = Desk::with(&graph).await;
    let role = key("role/nodegroup-ng1");
    assert!(desk.observe(&without).await.contains_key(&role));
    desk.delete(&key("nodegroup/ng1")).await;
    assert!(desk.observe(&without).await.contains_key(&role));
}

#[tokio::test]
async fn a_list_that_is_denied_is_unread_and_the_rest_is_read() {
    let graph = Demo::default().graph();
    let desk = Desk::with(&graph).await;
    for (operation, kind) in [
        ("ec2:DescribeVpcs", Type::Vpc),
        ("ec2:DescribeSubnets", Type::Subnet),
        ("ec2:DescribeRouteTables", Type::RouteTable),
        ("ec2:DescribeInternetGateways", Type::InternetGateway),
        ("ec2:DescribeAddresses", Type::Eip),
        ("ec2:DescribeNatGateways", Type::NatGateway),
        ("ec2:DescribeLaunchTemplates", Type::LaunchTemplate),
        ("iam:ListRoles", Type::Role),
        ("eks:DescribeCluster", Type::Cluster),
        ("eks:ListAccessEntries", Type::AccessEntry),
        ("eks:ListPodIdentityAssociations", Type::PodIdentityAssociation),
        ("iam:ListOpenIDConnectProviders", Type::OidcProvider),
        ("logs:DescribeLogGroups", Type::LogGroup),
        ("eks:ListAddons", Type::Addon),
        ("eks:ListNodegroups", Type::Nodegroup),
    ] {
        desk.account.faults(json!({ "operation": operation, "kind": "deny" }));
        let seen = desk.aws.observe(&graph.names()).await.unwrap();
        let [(unread, why)] = &seen.unread.iter().collect::<Vec<_>>()[..] else { panic!("{seen:#?}") };
        assert_eq!((**unread, why.class, why.operation), (kind, Class::Denied, operation));
        assert!(why.message.contains(operation), "AWS names the action: {}", why.message);
        let others = graph.nodes().iter().filter(|node| node.key.kind != kind);
        assert!(others.clone().all(|node| seen.found.contains_key(&node.key)), "{operation}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_of_one_thing_makes_that_unknown() {
    let graph = Demo::default().graph();
    let desk = Desk::with(&graph).await;
    for (operation, name) in [
        ("ec2:DescribeVpcAttribute", "vpc/main"),
        ("ec2:DescribeLaunchTemplateVersions", "launch-template/ng1"),
        ("iam:GetRole", "role/cluster"),
        ("iam:ListAttachedRolePolicies", "role/nodegroup-ng1"),
        ("iam:GetRolePolicy", "role/cluster"),
        ("eks:DescribeAccessEntry", "access-entry/arn:aws:iam::123456789012:user/people/ann"),
        ("eks:ListAssociatedAccessPolicies", "access-entry/arn:aws:iam::123456789012:user/people/ann"),
        ("eks:DescribeAddon", "addon/vpc-cni"),
        ("eks:DescribeNodegroup", "nodegroup/ng1"),
    ] {
        desk.account.faults(json!({ "operation": operation, "kind": "deny" }));
        let found = desk.observe(&graph).await;
        let [Found::Unknown(why)] = &found[&key(name)][..] else {
            panic!("{operation}: {:?}", found[&key(name)])
        };
        assert_eq!((why.class, why.operation), (Class::Denied, operation));
    }
    // Nobody knows which key a node group has that no file names.
    desk.account.faults(json!({ "operation": "eks:DescribeNodegroup", "kind": "deny" }));
    let seen = desk.aws.observe(&BTreeMap::new()).await.unwrap();
    assert_eq!(seen.unread.keys().collect::<Vec<_>>(), [&Type::Nodegroup]);
}

#[tokio::test]
async fn strangers_lists_that_are_denied_hide_nothing_of_ours() {
    let graph = Demo::default().graph();
    let desk = Desk::with(&graph).await;
    let whole = desk.observe(&graph).await;
    let denied = ["Instances", "VpcEndpoints", "NetworkInterfaces", "SecurityGroups"];
    let deny = |name| json!({ "operation": format!("ec2:Describe{name}"), "kind": "deny" });
    desk.account.faults(denied.map(deny).into_iter().collect());
    let seen = desk.aws.observe(&graph.names()).await.unwrap();
    assert_eq!((seen.found, seen.unread.len()), (whole, 0));
}

#[tokio::test]
async fn an_optional_field_that_is_absent_fails_nothing() {
    let mut desk = Desk::with(&Demo::default().graph()).await;
    // While a cluster is being made there is no endpoint, no certificate, no security group yet.
    desk.account.settings(json!({ "paused": true }));
    let other = Demo { name: "other", ..Demo::default() }.graph();
    let cluster = other.node(&key("cluster/other")).unwrap();
    let mut resource = cluster.resource.clone();
    let subnets = ["public-us-west-2a", "public-us-west-2b", "private-us-west-2a", "private-us-west-2b"];
    for name in subnets.map(|name| format!("subnet/{name}")) {
        let live = desk.aws.look(&key(&name)).await.unwrap().remove(0);
        desk.outputs.learn(&key(&name), live.attributes);
    }
    eksact::resource::Property::resolve(&mut resource, &desk.outputs);
    for operation in resource.create(&cluster.key, &[]).unwrap() {
        desk.aws.run(&operation).await.unwrap();
    }
    let aws = desk.account.aws("other").await;
    let live = aws.look(&cluster.key).await.unwrap().remove(0);
    assert_eq!(live.status, "CREATING");
    assert!(!live.attributes.contains_key("Endpoint"), "{:?}", live.attributes);
    assert_eq!(live.leftovers, []);
}

#[tokio::test]
async fn what_nodes_leave_behind_goes_with_what_it_is_in() {
    let graph = Demo::default().graph();
    let mut desk = Desk::with(&graph).await;
    desk.delete(&key("nodegroup/ng1")).await;
    let interfaces =
        |found: &[Leftover]| found.iter().filter(|it| matches!(it, Leftover::NetworkInterface(_))).count();
    let of = async |name: &str| desk.aws.look(&key(name)).await.unwrap().remove(0).leftovers;
    let in_subnets = interfaces(&of("subnet/private-us-west-2a").await)
        + interfaces(&of("subnet/private-us-west-2b").await);
    assert!(in_subnets > 0);
    assert_eq!(interfaces(&of("cluster/demo").await), in_subnets);
    assert_eq!(of("vpc/main").await, [], "as long as there is a cluster its group is its business");
    let found = desk.observe(&graph).await;
    for name in ["subnet/private-us-west-2a", "subnet/private-us-west-2b", "cluster/demo"] {
        let seen = found[&key(name)][0].present().unwrap();
        assert_eq!(seen.leftovers, of(name).await, "{name}");
    }
}

/// The network is somebody else's: only the cluster's group tells what is the cluster's in it.
#[tokio::test]
async fn what_nodes_leave_behind_in_a_given_network_goes_with_the_cluster() {
    let graph = Demo::default().graph();
    let mut desk = Desk::with(&graph).await;
    desk.delete(&key("nodegroup/ng1")).await;
    let sdk = desk.account.sdk().await;
    let network = graph.nodes().iter().map(|node| &node.key).filter(|key| key.kind <= Type::NatGateway);
    for key in network {
        let live = desk.aws.look(key).await.unwrap().remove(0);
        untag(&sdk, key, &live).await;
    }
    let seen = desk.aws.observe(&graph.names()).await.unwrap();
    let cluster = seen.found[&key("cluster/demo")][0].present().unwrap();
    assert!(!cluster.leftovers.is_empty());
    assert_eq!(cluster.leftovers, desk.aws.look(&key("cluster/demo")).await.unwrap()[0].leftovers);
    assert_eq!(seen.guests, [], "their network is no guest in ours");
}

#[tokio::test]
async fn the_security_group_of_a_cluster_that_is_gone_goes_with_the_vpc() {
    let graph = Demo::default().graph();
    let mut desk = Desk::with(&graph).await;
    for name in ["nodegroup/ng1", "addon/vpc-cni"] {
        desk.delete(&key(name)).await;
    }
    // Without clearing what nodes have left: EKS then cannot take its group along.
    let delete = eksact::resource::eks::Operation::DeleteCluster { name: "demo".to_owned() };
    desk.call(&key("cluster/demo"), &delete.into()).await.unwrap();
    while !desk.aws.look(&key("cluster/demo")).await.unwrap().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let looked = desk.aws.look(&key("vpc/main")).await.unwrap().remove(0).leftovers;
    let Some(Leftover::SecurityGroup(group)) = looked.last() else { panic!("{looked:?}") };
    assert!(group.starts_with("sg-"));
    let (last, held) = looked.split_last().unwrap();
    assert!(
        !held.is_empty() && held.iter().all(|it| matches!(it, Leftover::NetworkInterface(_))),
        "{last:?}"
    );
    let found = desk.observe(&graph).await;
    assert_eq!(found[&key("vpc/main")][0].present().unwrap().leftovers, looked);
    for node in graph.nodes().iter().rev().filter(|node| found.contains_key(&node.key)) {
        desk.delete(&node.key).await;
    }
    assert_eq!(desk.account.inventory(), [""; 0]);
}

#[tokio::test]
async fn of_two_node_groups_under_one_key_both_are_seen() {
    let graph = Demo::default().graph();
    let mut desk = Desk::with(&graph).await;
    let node = graph.node(&key("nodegroup/ng1")).unwrap();
    let mut second = node.resource.clone();
    second.take_name(&node.key, &["ng1"]).unwrap();
    eksact::resource::Property::resolve(&mut second, &desk.outputs);
    let name = second.name().unwrap().to_owned();
    assert!(name.starts_with("ng1-"));
    for operation in second.create(&node.key, &[]).unwrap() {
        desk.call(&node.key, &operation).await.unwrap();
    }
    let mut names: Vec<_> =
        desk.aws.look(&node.key).await.unwrap().into_iter().map(|live| live.name).collect();
    names.sort();
    assert_eq!(names, [Some("ng1".to_owned()), Some(name.clone())]);
    assert_eq!(desk.observe(&graph).await[&node.key].len(), 2);
    // Polling asks for those that are known and lists, no more.
    desk.account.calls();
    desk.aws.look(&node.key).await.unwrap();
    assert_eq!(desk.account.calls().len(), 3);
}

#[tokio::test]
async fn two_clusters_in_one_account_do_not_see_each_other() {
    let demo = Demo::default().graph();
    let other = Demo { name: "demo-2", ..Demo::default() }.graph();
    let mut desk = Desk::with(&demo).await;
    let mine = desk.observe(&demo).await;
    let (first, second) = (desk.account.aws("demo").await, desk.account.aws("demo-2").await);
    desk.aws = second;
    for node in other.nodes() {
        desk.make(&node.key, &node.resource).await;
    }
    let theirs = desk.observe(&other).await;
    let ids = |found: &BTreeMap<_, Vec<Found>>| {
        let lives = found.values().flatten().filter_map(Found::present);
        lives.map(|live| live.id.clone()).collect::<std::collections::BTreeSet<_>>()
    };
    assert!(ids(&mine).is_disjoint(&ids(&theirs)));
    let again = first.observe(&demo.names()).await.unwrap();
    assert_eq!((again.found, again.guests), (mine, vec![]));
}

#[tokio::test]
async fn one_name_in_two_regions_is_two_clusters() {
    let graph = Demo::default().graph();
    for mode in [AuthenticationMode::Both, AuthenticationMode::ConfigMap] {
        let graph = if mode == AuthenticationMode::Both {
            graph.clone()
        } else {
            Demo { mode, ..Demo::default() }.graph()
        };
        let desk = Desk::with(&graph).await;
        let elsewhere = desk.account.aws_in("eu-west-1", "demo").await;
        let seen = elsewhere.observe(&BTreeMap::new()).await.unwrap();
        assert_eq!((seen.found, seen.unread.len()), (BTreeMap::new(), 0), "{mode}");
    }
}

/// So long that the names of its roles are cut within that of the region.
const LONG: &str = "a-cluster-with-a-name-that-is-as-long-as-only-a-few-ever-are";

#[tokio::test]
async fn roles_at_the_root_whose_names_were_cut_are_told_apart_by_region() {
    let graph = Demo { name: LONG, mode: AuthenticationMode::ConfigMap, ..Demo::default() }.graph();
    let desk = Desk::with(&graph).await;
    let role = desk.aws.look(&key("role/nodegroup-ng1")).await.unwrap().remove(0);
    assert!(!role.name.as_deref().unwrap().contains("us-west-2"), "{:?}", role.name);
    let here = desk.account.aws(LONG).await.observe(&BTreeMap::new()).await.unwrap();
    assert_eq!(here.found.len(), graph.nodes().len());
    let elsewhere = desk.account.aws_in("us-west-1", LONG).await;
    assert_eq!(elsewhere.observe(&BTreeMap::new()).await.unwrap().found, BTreeMap::new());
}

#[tokio::test]
async fn a_tag_without_a_valid_key_is_not_ours() {
    let graph = Demo::default().graph();
    let desk = Desk::with(&graph).await;
    let ec2 = aws_sdk_ec2::Client::new(&desk.account.sdk().await);
    let tag = |key: &str, value: &str| aws_sdk_ec2::types::Tag::builder().key(key).value(value).build();
    let tags = [("eksact.dev/cluster", "demo"), ("eksact.dev/key", "subnet/x"), ("Name", "x")];
    let specification = aws_sdk_ec2::types::TagSpecification::builder()
        .resource_type(aws_sdk_ec2::types::ResourceType::Vpc)
        .set_tags(Some(tags.iter().map(|(key, value)| tag(key, value)).collect()))
        .build();
    ec2.create_vpc().cidr_block("10.9.0.0/16").tag_specifications(specification).send().await.unwrap();
    let found = desk.observe(&graph).await;
    assert_eq!(found.len(), graph.nodes().len());
    assert_ne!(found[&key("vpc/main")][0].present().unwrap().properties.tags(), &Tags::default());
}
