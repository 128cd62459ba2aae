//! Other people's things: those that have our names, and those that stand in ours.

use aws_sdk_ec2::types::InstanceType;
use eksact::aws::Aws;
use eksact::graph::Graph;
use eksact::plan::{Why, delete, plan};
use eksact::resource::{Key, Live, Remark};
use eksact::world::{Found, Guest, Keeper, World};

use super::demo::{Demo, statement};
use super::desk::{Desk, key, untag};

/// An account in which somebody else has a whole cluster of our name.
async fn taken(graph: &Graph) -> Desk {
    let desk = Desk::with(graph).await;
    let sdk = desk.account.sdk().await;
    for node in graph.nodes() {
        let live = desk.aws.look(&node.key).await.unwrap().remove(0);
        untag(&sdk, &node.key, &live).await;
    }
    desk
}

#[tokio::test]
async fn what_has_our_name_without_our_tag_is_a_clash() {
    let graph = Demo::default().graph();
    let desk = taken(&graph).await;
    let seen = desk.aws.observe(&graph.names()).await.unwrap();
    let roles = ["role/cluster", "role/nodegroup-ng1", "role/pods"];
    for name in roles.iter().chain(&["cluster/demo", "launch-template/ng1", "nodegroup/ng1"]) {
        let [Found::Foreign(id)] = &seen.found[&key(name)][..] else { panic!("{name}: {:#?}", seen.found) };
        assert!(id.starts_with("arn:") || id.starts_with("lt-"), "{id}");
    }
    let plan = plan(&graph, &seen);
    let clashes = plan.refused.iter().filter(|refusal| matches!(refusal.why, Why::Clash(_)));
    assert_eq!(clashes.count(), 6);
    // Without a file only the name of the cluster is known, and it is not ours.
    let seen = desk.aws.observe(&Default::default()).await.unwrap();
    let found: Vec<_> =
        seen.found.iter().map(|(key, found)| (key.to_string(), found[0].foreign().is_some())).collect();
    assert_eq!((found, seen.guests), (vec![("cluster/demo".to_owned(), true)], vec![]));
    assert!(desk.aws.look(&key("cluster/demo")).await.unwrap().is_empty());
    assert!(desk.aws.look(&key("nodegroup/ng1")).await.unwrap().is_empty());
    assert!(desk.aws.look(&key("role/cluster")).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_role_of_the_same_cluster_elsewhere_is_not_ours() {
    let graph = Demo::default().graph();
    let desk = Desk::new("demo").await;
    let iam = aws_sdk_iam::Client::new(&desk.account.sdk().await);
    let tag =
        |key: &str, value: &str| aws_sdk_iam::types::Tag::builder().key(key).value(value).build().unwrap();
    let create = iam.create_role().role_name("demo-us-west-2-cluster").path("/eksact/eu-west-1/demo/");
    let create = create.tags(tag("eksact.dev/cluster", "demo")).tags(tag("eksact.dev/key", "role/cluster"));
    let trust = statement("sts:AssumeRole").replace("\"Resource\":\"*\"", "\"Principal\":{\"AWS\":\"*\"}");
    create.assume_role_policy_document(trust).send().await.unwrap();
    let found = desk.observe(&graph).await;
    let [Found::Foreign(arn)] = &found[&key("role/cluster")][..] else { panic!("{found:#?}") };
    assert!(arn.contains("/eu-west-1/"), "{arn}");
}

#[tokio::test]
async fn an_untagged_addon_that_the_file_names_is_adopted() {
    let graph = Demo::default().graph();
    let mut desk = Desk::with(&graph).await;
    let addon = key("addon/vpc-cni");
    let live = desk.aws.look(&addon).await.unwrap().remove(0);
    let sdk = desk.account.sdk().await;
    let keys = live.properties.tags().0.keys().cloned().collect();
    let eks = aws_sdk_eks::Client::new(&sdk);
    eks.untag_resource().resource_arn(&live.id).set_tag_keys(Some(keys)).send().await.unwrap();
    let without = Graph::new("demo");
    assert!(!desk.observe(&without).await.contains_key(&addon), "nobody asks for it");
    let found = desk.observe(&graph).await;
    let seen = found[&addon][0].present().unwrap();
    assert!(seen.properties.tags().0.is_empty());
    let told = desk.change(&addon, &graph.node(&addon).unwrap().resource).await;
    assert!(told.iter().all(|path| path.starts_with("Tags.")), "{told:?}");
    assert_eq!(desk.aws.look(&addon).await.unwrap()[0].key(), Some(addon));
}

#[tokio::test]
async fn what_others_put_into_our_network_is_named_with_what_it_stands_in() {
    let graph = Demo::default().graph();
    let desk = Desk::with(&graph).await;
    assert_eq!(desk.aws.observe(&graph.names()).await.unwrap().guests, [], "nodes, gateways and EKS's own");
    let id = async |name: &str| desk.aws.look(&key(name)).await.unwrap().remove(0).id;
    let (vpc, private) = (id("vpc/main").await, id("subnet/private-us-west-2a").await);
    let (public, gateway) = (id("subnet/public-us-west-2b").await, id("internet-gateway/main").await);
    let ec2 = aws_sdk_ec2::Client::new(&desk.account.sdk().await);
    let group = ec2.create_security_group().group_name("theirs").description("x").vpc_id(&vpc);
    let group = group.send().await.unwrap().group_id.unwrap();
    let subnet = ec2.create_subnet().vpc_id(&vpc).cidr_block("192.168.250.0/24").send().await.unwrap();
    let subnet = subnet.subnet.unwrap().subnet_id.unwrap();
    let table = ec2.create_route_table().vpc_id(&vpc).send().await.unwrap();
    let table = table.route_table.unwrap().route_table_id.unwrap();
    let interface = ec2.create_network_interface().subnet_id(&private).description("ELB app/x/1");
    let interface = interface.send().await.unwrap().network_interface.unwrap().network_interface_id.unwrap();
    let instance = run(&ec2, &private).await;
    let reachable = run(&ec2, &public).await;
    let endpoint = ec2.create_vpc_endpoint().vpc_id(&vpc).service_name("com.amazonaws.us-west-2.s3");
    let endpoint = endpoint.send().await.unwrap().vpc_endpoint.unwrap().vpc_endpoint_id.unwrap();
    let mut guests = desk.aws.observe(&graph.names()).await.unwrap().guests;
    guests.sort_by(|one, other| one.id.cmp(&other.id));
    let guest = |id: &String, within: &[&String]| Guest {
        keepers: Vec::new(),
        id: id.clone(),
        within: within.iter().map(|id| id.to_string()).collect(),
    };
    let mut expected = vec![
        guest(&group, &[&vpc]),
        guest(&subnet, &[&vpc]),
        guest(&table, &[&vpc]),
        Guest { keepers: vec![Keeper::Balancer("x".to_owned())], ..guest(&interface, &[&private, &vpc]) },
        guest(&instance, &[&private, &vpc]),
        guest(&reachable, &[&public, &vpc, &gateway]),
        guest(&endpoint, &[&vpc]),
    ];
    expected.sort_by(|one, other| one.id.cmp(&other.id));
    assert_eq!(guests, expected);
    let plan = delete(&desk.aws.observe(&graph.names()).await.unwrap());
    let kept: std::collections::BTreeSet<_> = plan.notes.iter().map(|note| note.key.to_string()).collect();
    let stay = ["internet-gateway/main", "subnet/private-us-west-2a", "subnet/public-us-west-2b", "vpc/main"];
    assert_eq!(kept.iter().map(String::as_str).collect::<Vec<_>>(), stay);
    assert!(plan.notes.iter().all(|note| matches!(note.what, Remark::KeptFor(_))));
}

async fn run(ec2: &aws_sdk_ec2::Client, subnet: &str) -> String {
    let run = ec2.run_instances().image_id("ami-03cf127a").instance_type(InstanceType::T3Micro);
    let run = run.subnet_id(subnet).min_count(1).max_count(1).send().await.unwrap();
    run.instances.unwrap()[0].instance_id.clone().unwrap()
}

#[tokio::test]
async fn a_strange_node_group_in_our_cluster_is_a_guest_and_its_nodes_are_not_ours() {
    let graph = Demo::default().graph();
    let desk = Desk::with(&graph).await;
    let ours = desk.aws.look(&key("nodegroup/ng1")).await.unwrap().remove(0);
    let group =
        eksact::resource::eks::Nodegroup::clone(eksact::resource::OneOf::of(&ours.properties).unwrap());
    let eks = aws_sdk_eks::Client::new(&desk.account.sdk().await);
    let subnets = group.subnets.0.iter().map(|id| id.known().unwrap().0.clone()).collect();
    let create =
        eks.create_nodegroup().cluster_name("demo").nodegroup_name("theirs").set_subnets(Some(subnets));
    create.node_role(&group.node_role.known().unwrap().0).send().await.unwrap();
    while eks
        .describe_nodegroup()
        .cluster_name("demo")
        .nodegroup_name("theirs")
        .send()
        .await
        .unwrap()
        .nodegroup
        .unwrap()
        .status
        .unwrap()
        .as_str()
        != "ACTIVE"
    {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let seen = desk.aws.observe(&graph.names()).await.unwrap();
    assert_eq!(seen.found[&key("nodegroup/ng1")].len(), 1);
    let cluster = seen.found[&key("cluster/demo")][0].present().unwrap().id.clone();
    let strange = seen.guests.iter().find(|guest| guest.id.contains("nodegroup/demo/theirs")).unwrap();
    assert_eq!(strange.within, [cluster]);
    let nodes = seen.guests.iter().filter(|guest| guest.id.starts_with("i-")).count();
    assert_eq!(nodes, 2, "the other two are ours: {:#?}", seen.guests);
    let plan = delete(&seen);
    let spared = |name: &str| plan.notes.iter().any(|note| note.key == key(name));
    assert!(spared("cluster/demo") && spared("role/cluster") && spared("vpc/main"), "{:#?}", plan.notes);
    assert!(!spared("nodegroup/ng1"));
}

#[tokio::test]
async fn routes_of_others_in_our_tables_are_not_read() {
    let graph = Demo::default().graph();
    let desk = Desk::with(&graph).await;
    let before = desk.observe(&graph).await;
    let table = key("route-table/private-us-west-2a");
    let own = before[&table][0].present().unwrap().clone();
    let public = desk.aws.look(&key("subnet/public-us-west-2b")).await.unwrap().remove(0).id;
    let ec2 = aws_sdk_ec2::Client::new(&desk.account.sdk().await);
    let address = ec2.allocate_address().send().await.unwrap().allocation_id.unwrap();
    let nat = ec2.create_nat_gateway().subnet_id(public).allocation_id(address).send().await.unwrap();
    let nat = nat.nat_gateway.unwrap().nat_gateway_id.unwrap();
    let route = ec2.create_route().route_table_id(&own.id).destination_cidr_block("203.0.113.0/24");
    route.nat_gateway_id(&nat).send().await.unwrap();
    let seen = desk.aws.observe(&graph.names()).await.unwrap();
    assert!(seen.guests.iter().any(|guest| guest.id == nat), "{:#?}", seen.guests);
    assert_eq!(seen.found[&table][0].present().unwrap().properties, own.properties);
    assert_eq!(look(&desk.aws, &table).await, own, "and a look remembers whose the gateway is");
}

async fn look(aws: &Aws, key: &Key) -> Live {
    aws.look(key).await.unwrap().remove(0)
}
