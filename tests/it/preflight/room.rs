//! What an account has room for, as the local AWS tells it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

use aws_sdk_ec2::types::DomainType;
use eksact::aws::{Aws, Settings};
use eksact::cluster::{AskRoom, Pool, Quota, Room};
use serde_json::json;

use crate::stack::{Account, REGION};

const STANDARD: Quota = Quota::Vcpus(Pool::Standard);

fn all() -> BTreeSet<Quota> {
    let zone = |letter| Quota::NatGateways(format!("{REGION}{letter}"));
    [
        Quota::Vpcs,
        Quota::InternetGateways,
        Quota::ElasticIps,
        zone("a"),
        zone("b"),
        STANDARD,
        Quota::Clusters,
        Quota::Nodegroups,
    ]
    .into()
}

fn ask(account: &Account) -> AskRoom {
    let arn = |service: &str, what: &str| format!("arn:aws:{service}:{REGION}:{}:{what}", account.number);
    let actions = BTreeMap::from([
        (arn("ec2", "vpc/vpc-0123456789abcdef0"), BTreeSet::from(["ec2:CreateVpc", "ec2:CreateTags"])),
        (arn("eks", "cluster/demo"), BTreeSet::from(["eks:CreateCluster"])),
    ]);
    let caller = format!("arn:aws:iam::{}:user/dev", account.number);
    AskRoom { quotas: all(), actions, caller, tags: [("team".to_owned(), "web".to_owned())].into() }
}

/// What is told, and that nothing was sent for it that changes anything.
async fn told(account: &Account, ask: &AskRoom) -> Room {
    let aws = account.aws("demo").await;
    account.calls();
    let room = aws.room(ask).await;
    let calls = account.calls();
    assert!(!calls.is_empty() && calls.iter().all(|call| !call.mutating), "{calls:?}");
    room
}

fn number(told: &BTreeMap<Quota, u64>, quota: &Quota) -> Option<u64> {
    told.get(quota).copied()
}

#[tokio::test]
async fn limits_are_those_of_the_account() {
    let account = Account::new();
    account.settings(json!({ "quotas": { "L-F678F1CE": 9, "L-1216C47A": 32, "L-FE5A380F": 7 } }));
    let limits = told(&account, &ask(&account)).await.limits;
    assert_eq!(limits.keys().cloned().collect::<BTreeSet<_>>(), all());
    let expected = [(Quota::Vpcs, 9), (STANDARD, 32), (Quota::ElasticIps, 5), (Quota::Nodegroups, 30)];
    for (quota, limit) in expected {
        assert_eq!(number(&limits, &quota), Some(limit), "{quota:?}");
    }
    assert_eq!(number(&limits, &Quota::NatGateways(format!("{REGION}b"))), Some(7));
}

#[tokio::test]
async fn where_nobody_asked_for_more_the_default_counts() {
    let account = Account::new();
    let none = json!({ "operation": "GetServiceQuota", "kind": "error", "code": "NoSuchResourceException" });
    account.faults(none);
    let limits = told(&account, &ask(&account)).await.limits;
    assert_eq!(limits.len(), all().len());
    assert_eq!(number(&limits, &Quota::Clusters), Some(100));
}

#[tokio::test]
async fn what_is_used_is_counted() {
    let account = Account::new();
    let before = told(&account, &ask(&account)).await.used;
    let ec2 = aws_sdk_ec2::Client::new(&account.sdk().await);
    let vpc = ec2.create_vpc().cidr_block("10.0.0.0/16").send().await.unwrap().vpc.unwrap().vpc_id.unwrap();
    let gateway = ec2.create_internet_gateway().send().await.unwrap().internet_gateway.unwrap();
    let attach = ec2.attach_internet_gateway().set_internet_gateway_id(gateway.internet_gateway_id);
    attach.vpc_id(&vpc).send().await.unwrap();
    for (index, letter) in ["a", "b", "b"].into_iter().enumerate() {
        let subnet = ec2.create_subnet().vpc_id(&vpc).cidr_block(format!("10.0.{index}.0/24"));
        let subnet = subnet.availability_zone(format!("{REGION}{letter}")).send().await.unwrap();
        let address = ec2.allocate_address().domain(DomainType::Vpc).send().await.unwrap();
        let create = ec2.create_nat_gateway().set_subnet_id(subnet.subnet.unwrap().subnet_id);
        create.set_allocation_id(address.allocation_id).send().await.unwrap();
    }
    let after = told(&account, &ask(&account)).await.used;
    let more = |quota: &Quota| number(&after, quota).unwrap() - number(&before, quota).unwrap();
    let zone = |letter| Quota::NatGateways(format!("{REGION}{letter}"));
    assert_eq!([Quota::Vpcs, Quota::InternetGateways, Quota::ElasticIps].map(|it| more(&it)), [1, 1, 3]);
    assert_eq!((number(&before, &Quota::Vpcs), more(&zone("a")), more(&zone("b"))), (Some(1), 1, 2));
    assert_eq!((more(&STANDARD), more(&Quota::Clusters)), (0, 0));
    assert_eq!(number(&after, &Quota::Nodegroups), None, "that is known from the cluster");
}

#[tokio::test]
async fn what_the_caller_may_not_do_is_told_by_resource() {
    let account = Account::new();
    assert_eq!(told(&account, &ask(&account)).await.denied, BTreeMap::new());
    account.faults(json!([{ "operation": "CreateVpc", "kind": "deny" }]));
    let denied = told(&account, &ask(&account)).await.denied;
    let vpc = format!("arn:aws:ec2:{REGION}:{}:vpc/vpc-0123456789abcdef0", account.number);
    assert_eq!(denied, [("ec2:CreateVpc".to_owned(), [vpc].into())].into());
}

#[tokio::test]
async fn a_simulator_that_denies_what_has_just_been_done_is_not_believed() {
    let account = Account::new();
    account.faults(json!([{ "operation": "ec2:*", "kind": "deny" }]));
    let room = told(&account, &AskRoom { quotas: BTreeSet::new(), ..ask(&account) }).await;
    assert_eq!(room.denied, BTreeMap::new());
}

#[tokio::test]
async fn a_session_is_asked_about_by_its_role() {
    let account = Account::new();
    let session = AskRoom {
        caller: format!("arn:aws:sts::{}:assumed-role/deploy/me", account.number),
        quotas: BTreeSet::new(),
        ..ask(&account)
    };
    account.faults(json!([{ "operation": "CreateCluster", "kind": "deny" }]));
    assert_eq!(told(&account, &session).await.denied, BTreeMap::new(), "there is no such role");
    let iam = aws_sdk_iam::Client::new(&account.sdk().await);
    let trust = r#"{"Version":"2012-10-17","Statement":[]}"#;
    let create = iam.create_role().role_name("deploy").path("/ci/").assume_role_policy_document(trust);
    create.send().await.unwrap();
    let denied = told(&account, &session).await.denied;
    assert_eq!(denied.keys().collect::<Vec<_>>(), ["eks:CreateCluster"]);
    let root = AskRoom { caller: format!("arn:aws:iam::{}:root", account.number), ..session };
    account.calls();
    assert_eq!(account.aws("demo").await.room(&root).await.denied, BTreeMap::new());
    assert_eq!(account.calls().len(), 0);
}

#[tokio::test]
async fn where_nothing_is_told_nothing_is_waited_for() {
    let account = Account::new();
    let day = 86_400_000;
    let faults = [
        json!({ "operation": "servicequotas:*", "kind": "error", "code": "NotImplemented", "status": 501 }),
        json!({ "operation": "servicequotas:*", "kind": "error", "code": "InternalError", "status": 500 }),
        json!({ "operation": "servicequotas:*", "kind": "deny" }),
        json!({ "operation": "servicequotas:*", "kind": "throttle" }),
        json!({ "operation": "servicequotas:*", "kind": "close-before" }),
        json!({ "operation": "servicequotas:*", "kind": "delay", "ms": day }),
    ];
    for fault in faults {
        account.faults(fault.clone());
        let room = told(&account, &ask(&account)).await;
        assert_eq!(room.limits, BTreeMap::new(), "{fault}");
        assert_eq!(number(&room.used, &Quota::Vpcs), Some(1), "{fault}");
    }
    for fault in
        [json!({ "operation": "*", "kind": "delay", "ms": day }), json!({ "operation": "*", "kind": "deny" })]
    {
        account.faults(fault.clone());
        assert_eq!(told(&account, &ask(&account)).await, Room::default(), "{fault}");
    }
}

/// Somebody who answers everything with a page for people.
fn page(status: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            let body = "<html><body>It works!</body></html>";
            let head = format!("HTTP/1.1 {status}\r\ncontent-type: text/html\r\nconnection: close\r\n");
            _ = write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len());
        }
    });
    format!("http://{address}")
}

#[tokio::test]
async fn pages_for_people_tell_nothing() {
    for status in ["200 OK", "404 Not Found", "502 Bad Gateway"] {
        let account = Account::new();
        let settings = Settings { region: Some(REGION.to_owned()), ..Settings::new("demo") };
        let loader = account.loader().endpoint_url(page(status));
        let room = Aws::connect_with(loader, &settings).await.unwrap().room(&ask(&account)).await;
        assert_eq!(room.limits, BTreeMap::new(), "{status}");
        assert_eq!(room.denied, BTreeMap::new(), "{status}");
    }
}
