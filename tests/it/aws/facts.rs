//! What AWS offers.

use std::collections::BTreeSet;

use eksact::cluster::{Architecture, Ask};
use eksact::world::{Class, World};
use serde_json::json;

use super::demo::Demo;
use super::desk::{Desk, key};

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| name.to_string()).collect()
}

#[tokio::test]
async fn what_nobody_wants_to_know_is_not_asked() {
    let desk = Desk::new("demo").await;
    let facts = desk.aws.facts(&Ask::default()).await.unwrap();
    assert_eq!(facts.caller.account, desk.account.number);
    assert!(facts.caller.arn.starts_with("arn:aws:iam::"), "{}", facts.caller.arn);
    assert_eq!((facts.region.as_str(), facts.partition()), ("us-west-2", "aws"));
    let zones: Vec<_> = facts.zones.iter().map(|zone| (zone.name.as_str(), zone.id.as_str())).collect();
    assert_eq!(zones[..2], [("us-west-2a", "usw2-az2"), ("us-west-2b", "usw2-az1")]);
    assert_eq!(facts.versions.iter().filter(|version| version.default).count(), 1);
    assert!(facts.versions.iter().all(|version| version.standard_until.is_some()));
    let mut asked: Vec<_> = desk.account.calls().into_iter().map(|call| call.operation).collect();
    asked.sort();
    assert_eq!(
        asked,
        ["ec2:DescribeAvailabilityZones", "eks:DescribeClusterVersions", "sts:GetCallerIdentity"]
    );
}

#[tokio::test]
async fn zones_without_eks_are_left_out() {
    let desk = Desk::new("demo").await;
    let aws = desk.account.aws_in("us-east-1", "demo").await;
    let zones = aws.facts(&Ask::default()).await.unwrap().zones;
    assert!(zones.len() >= 4, "{zones:?}");
    assert!(zones.iter().all(|zone| zone.id != "use1-az3" && zone.id.starts_with("use1-az")), "{zones:?}");
}

#[tokio::test]
async fn versions_of_addons_are_newest_first_and_an_unknown_one_has_none() {
    let desk = Desk::new("demo").await;
    desk.account.faults(json!({ "operation": "DescribeAddonVersions", "kind": "pages", "size": 1 }));
    let ask = Ask { addons: names(&["vpc-cni", "coredns", "no-such-addon"]), ..Ask::default() };
    let facts = desk.aws.facts(&ask).await.unwrap();
    assert_eq!(facts.addons.keys().collect::<Vec<_>>(), ["coredns", "no-such-addon", "vpc-cni"]);
    assert_eq!(facts.addons["no-such-addon"], []);
    for (name, versions) in &facts.addons {
        let numbers = |text: &str| -> Vec<u64> {
            text.split(|letter: char| !letter.is_ascii_digit()).filter_map(|it| it.parse().ok()).collect()
        };
        let order: Vec<_> = versions.iter().map(|it| numbers(&it.version)).collect();
        assert!(order.is_sorted_by(|one, next| one >= next), "{name}: {versions:?}");
    }
    let default = facts.versions.iter().find(|version| version.default).unwrap();
    let fits: Vec<_> = facts.addon_versions("vpc-cni", &default.version).collect();
    assert_eq!(fits.iter().filter(|it| it.kubernetes[&default.version]).count(), 1, "{fits:?}");
}

#[tokio::test]
async fn instance_types_say_what_they_are_and_where() {
    let desk = Desk::new("demo").await;
    let types = ["m5.large", "m6g.large", "g5.xlarge", "inf1.xlarge", "m5.nosuch"];
    let facts = desk.aws.facts(&Ask { instance_types: names(&types), ..Ask::default() }).await.unwrap();
    let architecture = |name: &str| facts.instance_types[name].architecture;
    assert_eq!(facts.instance_types.len(), 4);
    assert_eq!(architecture("m5.large"), Architecture::X86);
    assert_eq!(architecture("m6g.large"), Architecture::Arm);
    assert_eq!(architecture("g5.xlarge"), Architecture::X86Nvidia);
    assert_eq!(architecture("inf1.xlarge"), Architecture::Neuron);
    let addresses = |name: &str| facts.instance_types[name].addresses;
    assert_eq!((addresses("m5.large"), addresses("m6g.large")), (Some(30), Some(30)));
    assert_eq!(addresses("g5.xlarge"), Some(60));
    let zones = &facts.instance_types["m5.large"].zones;
    assert!(zones.contains("us-west-2a") && zones.contains("us-west-2b"), "{zones:?}");
}

#[tokio::test]
async fn given_things_are_told_if_they_exist() {
    let graph = Demo::default().graph();
    let desk = Desk::with(&graph).await;
    let found = desk.observe(&graph).await;
    let live = |name: &str| found[&key(name)][0].present().unwrap().clone();
    let (vpc, subnet, role) = (live("vpc/main"), live("subnet/public-us-west-2a"), live("role/cluster"));
    let arn = role.attributes["Arn"].clone();
    let (strange, absent) = (arn.replace("/eksact/", "/else/"), arn.clone() + "-not");
    let ask = Ask {
        subnets: [subnet.id.clone(), "subnet-00000000000000000".to_owned()].into(),
        vpc: Some(vpc.id.clone()),
        roles: [arn.clone(), strange, absent].into(),
        ..Ask::default()
    };
    let facts = desk.aws.facts(&ask).await.unwrap();
    assert_eq!(facts.vpc_cidr.as_deref(), Some("192.168.0.0/16"));
    assert_eq!(facts.subnets.keys().collect::<Vec<_>>(), [&subnet.id]);
    let given = &facts.subnets[&subnet.id];
    let told = (given.vpc_id.as_str(), given.zone.as_str(), given.cidr.as_str());
    assert_eq!(told, (vpc.id.as_str(), "us-west-2a", "192.168.0.0/19"));
    assert_eq!(facts.roles, [arn].into());
    // Without a VPC it is that of the subnets.
    let facts = desk.aws.facts(&Ask { vpc: None, ..ask.clone() }).await.unwrap();
    assert_eq!(facts.vpc_cidr.as_deref(), Some("192.168.0.0/16"));
    let nowhere = Ask { vpc: Some("vpc-00000000000000000".to_owned()), ..Ask::default() };
    assert_eq!(desk.aws.facts(&nowhere).await.unwrap().vpc_cidr, None);
}

#[tokio::test]
async fn what_an_endpoint_lacks_is_named() {
    let desk = Desk::new("demo").await;
    let (code, status) = ("NotImplemented", 501);
    let rule = |operation| json!({ "operation": operation, "kind": "error", "code": code, "status": status });
    desk.account.faults(rule("DescribeAvailabilityZones"));
    let error = desk.aws.facts(&Ask::default()).await.unwrap_err();
    assert_eq!((error.class, error.operation), (Class::Refused, "ec2:DescribeAvailabilityZones"));
    assert_eq!(desk.account.count("ec2:DescribeAvailabilityZones"), 1, "it is not tried again");
    // Who names a version can do without the list of them.
    desk.account.faults(rule("DescribeClusterVersions"));
    assert!(desk.aws.facts(&Ask::default()).await.unwrap().versions.is_empty());
}

#[tokio::test]
async fn the_clusters_of_a_region_are_listed() {
    let desk = Desk::with(&Demo::default().graph()).await;
    assert_eq!(desk.aws.cluster_names().await.unwrap(), ["demo"]);
}
