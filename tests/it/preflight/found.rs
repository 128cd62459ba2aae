//! What stands in the way, by what is needed and what there is room for.

use eksact::cluster::{Pool, Quota, Room, Timestamp};
use eksact::ops::Draft;
use eksact::ops::preflight::{Finding, ask, findings};
use eksact::world::Snapshot;

use super::{NG1, draft, edit, facts, new, over, room};

const STANDARD: Quota = Quota::Vcpus(Pool::Standard);

fn nat(zone: &str) -> Quota {
    Quota::NatGateways(format!("us-west-2{zone}"))
}

#[test]
fn a_limit_is_reached_and_not_passed() {
    let draft = new(NG1);
    let quotas = [Quota::Vpcs, Quota::InternetGateways, Quota::ElasticIps, nat("a"), Quota::Clusters];
    for quota in quotas {
        assert_eq!(over(&draft, room(&[(quota.clone(), 5, 4)])), [""; 0], "{quota:?}");
        assert_eq!(over(&draft, room(&[(quota.clone(), 5, 5)])), [format!("{quota:?} 5+1>5")]);
        assert_eq!(over(&draft, room(&[(quota.clone(), 0, 0)])), [format!("{quota:?} 0+1>0")]);
    }
    // Two nodes of two.
    assert_eq!(over(&draft, room(&[(STANDARD, 8, 4)])), [""; 0]);
    assert_eq!(over(&draft, room(&[(STANDARD, 8, 5)])), ["Vcpus(Standard) 5+4>8"]);
}

#[test]
fn all_are_found_at_once_with_what_blocks_first() {
    let told = [(Quota::Vpcs, 5, 5), (Quota::ElasticIps, 5, 5), (STANDARD, 1, 0)];
    let mut all = room(&told);
    all.used.insert(Quota::Clusters, 100);
    all.denied.insert("ec2:CreateVpc".to_owned(), ["arn".to_owned()].into());
    let found =
        ["Vpcs 5+1>5", "ElasticIps 5+1>5", "Vcpus(Standard) 0+4>1", "ec2:CreateVpc", "Clusters 100+1>100?"];
    assert_eq!(over(&new(NG1), all), found);
}

#[test]
fn an_id_that_aws_has_yet_to_give_is_told_as_any() {
    let draft = new(NG1);
    let asked = ask(&draft).actions;
    assert!(asked.keys().any(|it| it.ends_with(":vpc/vpc-0123456789abcdef0")), "the simulator takes no `*`");
    let denied = [("iam:*".to_owned(), asked.into_keys().collect())].into();
    let found = findings(&draft, Room { denied, ..Room::default() }, None);
    let [Finding::Denied { resources, .. }] = found.as_slice() else { panic!("{found:?}") };
    let resources: Vec<&str> = resources.iter().map(String::as_str).collect();
    insta::assert_snapshot!(resources.join("\n"));
}

#[test]
fn where_aws_does_not_tell_its_usual_limit_is_a_warning() {
    let draft = new(NG1);
    let used = |quota: Quota, used| Room { used: [(quota, used)].into(), ..Room::default() };
    assert_eq!(over(&draft, used(Quota::Vpcs, 5)), ["Vpcs 5+1>5?"]);
    assert_eq!(over(&draft, used(Quota::Vpcs, 4)), [""; 0]);
    assert_eq!(over(&draft, used(STANDARD, 100_000)), [""; 0], "that differs from account to account");
    assert!(!findings(&draft, used(Quota::Vpcs, 5), None)[0].blocks());
    // What is used could not be counted.
    let limits = [(Quota::Vpcs, 0), (Quota::Clusters, 0)].into();
    assert_eq!(over(&draft, Room { limits, ..Room::default() }), [""; 0]);
}

#[test]
fn a_nat_gateway_counts_in_its_zone() {
    let draft = new(&format!("vpc: {{nat: {{gateway: HighlyAvailable}}}}\n{NG1}"));
    let told = [(nat("a"), 5, 4), (nat("b"), 5, 5), (nat("c"), 5, 6), (Quota::ElasticIps, 5, 3)];
    let found =
        ["ElasticIps 3+3>5".to_owned(), format!("{:?} 5+1>5", nat("b")), format!("{:?} 6+1>5", nat("c"))];
    assert_eq!(over(&draft, room(&told)), found);
}

#[test]
fn groups_and_their_nodes_are_counted() {
    let three = "managedNodeGroups: [{name: a, maxSize: 9}, {name: b, maxSize: 12}, {name: c}]";
    let groups = |draft: &Draft, limit| {
        over(draft, Room { limits: [(Quota::Nodegroups, limit)].into(), ..Room::default() })
    };
    assert_eq!(groups(&new(three), 3), [""; 0]);
    assert_eq!(groups(&new(three), 2), ["Nodegroups 0+3>2"]);
    assert_eq!(
        groups(&edit(NG1, &format!("{three}\n").replace("name: c", "name: ng1")), 2),
        ["Nodegroups 1+2>2"]
    );
    let nodes = Room { limits: [(Quota::NodesOfNodegroup, 10)].into(), ..Room::default() };
    assert_eq!(over(&new(three), nodes), ["NodesOfNodegroup 0+12>10"]);
    assert_eq!(over(&new(three), Room::default()), [""; 0]);
}

#[test]
fn virtual_cpus_are_those_of_the_nodes_that_are_started() {
    let vcpus = |yaml: &str, pool| over(&new(yaml), room(&[(Quota::Vcpus(pool), 0, 0)]));
    let of = |yaml: &str| format!("managedNodeGroups: [{{name: a, {yaml}}}]");
    assert_eq!(vcpus(&of("desiredCapacity: 3"), Pool::Standard), ["Vcpus(Standard) 0+6>0"]);
    assert_eq!(vcpus(&of("desiredCapacity: 0, minSize: 0"), Pool::Standard), [""; 0]);
    let spot = of("spot: true, instanceTypes: [m5.large, m6i.large]");
    assert_eq!(vcpus(&spot, Pool::Standard), [""; 0]);
    assert_eq!(vcpus(&spot, Pool::SpotStandard), ["Vcpus(SpotStandard) 0+4>0"]);
    assert_eq!(vcpus(&of("instanceType: g5.xlarge"), Pool::Graphics), ["Vcpus(Graphics) 0+4>0"]);
    let more = edit(NG1, "managedNodeGroups: [{name: ng1, desiredCapacity: 5}]");
    assert_eq!(over(&more, room(&[(STANDARD, 4, 4)])), ["Vcpus(Standard) 4+6>4"]);
    let replaced = edit(NG1, "managedNodeGroups: [{name: ng1, instanceType: m6i.large}]");
    assert_eq!(
        over(&replaced, room(&[(STANDARD, 4, 4)])),
        ["Vcpus(Standard) 4+4>4"],
        "both live for a while"
    );
    let fewer = edit(NG1, "managedNodeGroups: [{name: ng1, desiredCapacity: 1, minSize: 1}]");
    assert_eq!(over(&fewer, room(&[(STANDARD, 0, 4)])), [""; 0]);
}

const GIVEN: &str = "vpc: {id: vpc-11111111, subnets: {private: {us-west-2a: {id: subnet-bbbbbbb1}, us-west-2b: {id: subnet-bbbbbbb2}}}}
managedNodeGroups: [{name: ng1, privateNetworking: true, desiredCapacity: 8}, {name: ng2, privateNetworking: true, desiredCapacity: 8}]";

/// The plan for given subnets with so many free addresses.
fn given(one: Option<u32>, two: Option<u32>) -> Draft {
    let mut facts = facts();
    for (id, free) in [("subnet-bbbbbbb1", one), ("subnet-bbbbbbb2", two)] {
        facts.subnets.get_mut(id).unwrap().free = free;
    }
    draft(GIVEN, facts, Snapshot::default())
}

#[test]
fn given_subnets_have_room_for_the_control_plane_and_all_nodes() {
    let found = |one, two| over(&given(one, two), Room::default());
    assert_eq!(found(Some(10), Some(10)), [""; 0]);
    assert_eq!(found(None, None), [""; 0], "AWS does not tell");
    assert_eq!(
        found(None, Some(0)),
        [r#"cluster/demo 6>[("subnet-bbbbbbb2", 0)]"#],
        "the other may have enough"
    );
    assert_eq!(found(Some(5), Some(200)), [r#"cluster/demo 6>[("subnet-bbbbbbb1", 5)]"#]);
    assert_eq!(found(Some(6), Some(14)), [""; 0], "where one has none left, the other has");
    // Eight nodes have theirs, the other eight have not.
    let none = r#"nodegroup/ng2 8>[("subnet-bbbbbbb1", 4), ("subnet-bbbbbbb2", 3)]"#;
    assert_eq!(found(Some(7), Some(8)), [none]);
    let Finding::Addresses(told) = &findings(&given(Some(7), Some(8)), Room::default(), None)[0] else {
        panic!("addresses are wanting")
    };
    assert!(told.place.is_some() && told.needed == 8 && told.most_each == Some(30));
}

#[test]
fn credentials_last_until_the_end() {
    let draft = new(NG1);
    let floor = draft.plan.floor(draft.facts.now);
    let after = |quarters: u32| draft.facts.now + floor * quarters / 4;
    let found = |renewed: Option<Timestamp>, fixed| {
        let room = Room { credentials_end: renewed, ..Room::default() };
        findings(&draft, room, fixed).iter().map(Finding::blocks).collect::<Vec<_>>()
    };
    assert_eq!(found(None, None), [false; 0]);
    assert_eq!(found(None, Some(after(5))), [false; 0]);
    assert_eq!(found(None, Some(after(4))), [false], "it may take longer");
    assert_eq!(found(None, Some(after(3))), [true]);
    assert_eq!(found(Some(after(3)), None), [false], "they may be renewed");
    assert_eq!(found(Some(after(5)), None), [false; 0]);
    assert_eq!(found(Some(after(9)), Some(after(3))), [true]);
    assert_eq!(found(None, Some("2001-01-01T00:00:00Z".parse().unwrap())), [true]);
    let nothing = edit(NG1, "managedNodeGroups: [{name: ng1, labels: {a: b}}]");
    let soon = nothing.facts.now + std::time::Duration::from_secs(60);
    assert_eq!(findings(&nothing, Room::default(), Some(soon)), [], "it is over by then");
}
