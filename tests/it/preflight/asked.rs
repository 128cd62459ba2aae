//! What a plan needs to know beforehand: nothing of what it does not make.

use std::collections::BTreeSet;

use eksact::cluster::{Pool, Quota};
use eksact::ops::preflight::ask;

use super::{NG1, edit, new};

#[test]
fn a_new_cluster_asks_of_all_that_it_makes() {
    let asked = ask(&new(NG1));
    let zone = Quota::NatGateways("us-west-2a".to_owned());
    let all = [
        Quota::Vpcs,
        Quota::InternetGateways,
        Quota::ElasticIps,
        zone,
        Quota::Vcpus(Pool::Standard),
        Quota::Clusters,
        Quota::Nodegroups,
        Quota::NodesOfNodegroup,
    ];
    assert_eq!(asked.quotas, BTreeSet::from(all));
    assert_eq!(asked.caller, "arn:aws:sts::123456789012:assumed-role/deploy/me");
    assert_eq!(asked.tags["eksact.dev/cluster"], "demo");
    assert!(!asked.tags.contains_key("eksact.dev/key"), "{:?}", asked.tags);
}

#[test]
fn each_action_is_asked_about_what_it_is_done_to() {
    let asked = ask(&new(NG1)).actions;
    let lines = asked.iter().map(|(resource, actions)| {
        let actions: Vec<&str> = actions.iter().copied().collect();
        format!("{resource}: {}", actions.join(" "))
    });
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn of_what_is_given_nothing_is_asked() {
    let given = "vpc: {id: vpc-11111111, subnets: {private: {us-west-2a: {id: subnet-bbbbbbb1}, us-west-2b: {id: subnet-bbbbbbb2}}}}
iam: {serviceRoleARN: 'arn:aws:iam::123456789012:role/control-plane'}
managedNodeGroups: [{name: ng1, privateNetworking: true, iam: {instanceRoleARN: 'arn:aws:iam::123456789012:role/nodes'}}]";
    let asked = ask(&new(given));
    for quota in [Quota::Vpcs, Quota::InternetGateways, Quota::ElasticIps] {
        assert!(!asked.quotas.contains(&quota), "{quota:?}");
    }
    let roles: Vec<_> = asked.actions.iter().filter(|(resource, _)| resource.contains(":role/")).collect();
    assert_eq!(roles.len(), 2);
    for (role, actions) in roles {
        assert_eq!(*actions, BTreeSet::from(["iam:PassRole"]), "{role}");
    }
}

#[test]
fn an_edit_that_makes_nothing_asks_nothing() {
    for edited in [NG1, "managedNodeGroups: [{name: ng1, labels: {team: web}, volumeSize: 100, maxSize: 3}]"]
    {
        let asked = ask(&edit(NG1, edited));
        assert!(asked.quotas.is_empty() && asked.actions.is_empty(), "{edited}: {asked:?}");
    }
    let more = ask(&edit(NG1, "managedNodeGroups: [{name: ng1, desiredCapacity: 4}]"));
    assert_eq!(more.quotas, [Quota::Vcpus(Pool::Standard), Quota::NodesOfNodegroup].into());
    assert!(more.actions.is_empty());
}

#[test]
fn instances_count_in_the_pool_of_their_family() {
    let pools = [
        ("m5.large", false, Some(Pool::Standard)),
        ("m7g.large", false, Some(Pool::Standard)),
        ("t3a.medium", true, Some(Pool::SpotStandard)),
        ("im4gn.large", false, Some(Pool::Standard)),
        ("z1d.large", false, Some(Pool::Standard)),
        ("g5.xlarge", false, Some(Pool::Graphics)),
        ("gr6.4xlarge", true, Some(Pool::SpotGraphics)),
        ("vt1.3xlarge", false, Some(Pool::Graphics)),
        ("p5.48xlarge", false, Some(Pool::Parallel)),
        ("p5.48xlarge", true, None),
        ("inf2.xlarge", false, None),
        ("trn1.2xlarge", false, None),
        ("x2gd.large", false, None),
        ("u-6tb1.metal", false, None),
        ("mac2.metal", false, None),
        ("hpc7g.4xlarge", false, None),
        ("", false, None),
    ];
    for (name, spot, pool) in pools {
        assert_eq!(Pool::of(name, spot), pool, "{name} {spot}");
    }
}
