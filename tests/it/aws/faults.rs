//! What goes wrong with calls, and what it is taken for.

use std::time::Duration;

use eksact::plan::{Change, delete, plan};
use eksact::resource::ec2::{self, Vpc};
use eksact::resource::eks::{self, ClusterUpdate};
use eksact::resource::{Operation, Scalar, Set, Tags, Type, Val, iam};
use eksact::world::{Class, Progress, World, WorldError};
use serde_json::json;

use super::demo::Demo;
use super::desk::{Desk, key};

fn vpc() -> Operation {
    let cidr_block = "10.0.0.0/16".to_owned();
    let mark = [("eksact.dev/cluster", "demo"), ("eksact.dev/key", "vpc/main")];
    let tags = Tags(mark.map(|(key, value)| (key.to_owned(), value.to_owned())).into());
    ec2::Operation::CreateVpc { vpc: Vpc { cidr_block, enable_dns_hostnames: None, tags } }.into()
}

#[tokio::test]
async fn a_lost_answer_is_ambiguous_and_the_call_is_not_made_again() {
    let desk = Desk::new("demo").await;
    for (kind, made) in [("close-before", 0), ("close-after", 1)] {
        desk.account.faults(json!({ "operation": "CreateVpc", "kind": kind }));
        let error = desk.aws.run(&vpc()).await.unwrap_err();
        assert_eq!((error.class, error.operation), (Class::Ambiguous, "ec2:CreateVpc"), "{error}");
        assert_eq!(error.request_id, None);
        assert_eq!(desk.account.count("ec2:CreateVpc"), 1, "{kind}");
        assert_eq!(desk.aws.look(&key("vpc/main")).await.unwrap().len(), made, "{kind}");
    }
}

#[tokio::test]
async fn an_error_of_aws_itself_is_ambiguous_and_the_call_is_not_made_again() {
    let desk = Desk::new("demo").await;
    for (code, status) in [("InternalError", 500), ("Unavailable", 503), ("SomethingNew", 502)] {
        let rule = json!({ "operation": "CreateVpc", "kind": "error", "code": code, "status": status });
        desk.account.faults(rule);
        let error = desk.aws.run(&vpc()).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (Class::Ambiguous, code));
        assert_eq!(desk.account.count("ec2:CreateVpc"), 1);
    }
    let delete: Operation = iam::Operation::DeleteRole { role_name: "demo".to_owned() }.into();
    let rule = json!({ "operation": "DeleteRole", "kind": "error", "code": "ServiceFailure", "status": 500 });
    desk.account.faults(rule);
    let error = desk.aws.run(&delete).await.unwrap_err();
    assert_eq!((error.class, error.message.as_str()), (Class::Ambiguous, "ServiceFailure, as asked for"));
    assert!(error.request_id.is_some(), "AWS's support asks for it");
}

#[tokio::test]
async fn a_throttled_call_is_made_until_it_is_heard() {
    let desk = Desk::new("demo").await;
    desk.account.faults(json!({ "operation": "CreateVpc", "kind": "throttle", "times": 2 }));
    desk.aws.run(&vpc()).await.unwrap();
    assert_eq!(desk.account.count("ec2:CreateVpc"), 3);
    let address = ec2::Operation::AllocateAddress { tags: Tags::default() };
    let addon = eks::Operation::DeleteAddon { cluster_name: known("demo"), name: "vpc-cni".to_owned() };
    let role = iam::Operation::DeleteRole { role_name: "demo".to_owned() };
    let calls: [Operation; 3] = [address.into(), addon.into(), role.into()];
    for call in calls {
        let operation = call.action();
        desk.account.faults(json!({ "operation": operation, "kind": "throttle", "times": 1 }));
        let heard = desk.aws.run(&call).await;
        assert!(heard.is_ok() || heard.is_err_and(|error| error.class == Class::NotFound));
        assert_eq!(desk.account.count(operation), 2, "{operation}");
    }
}

fn known<T: Scalar>(text: &str) -> Val<T> {
    Val::Known(text.to_owned().into())
}

#[tokio::test]
async fn reads_are_made_again_whatever_passes() {
    let desk = Desk::with(&Demo::default().graph()).await;
    let whole = desk.observe(&Demo::default().graph()).await;
    desk.account.faults(json!([
        { "operation": "DescribeVpcs", "kind": "close-before", "times": 2 },
        { "operation": "DescribeSubnets", "kind": "error", "code": "InternalError", "status": 500, "times": 2 },
        { "operation": "DescribeAddon", "kind": "throttle", "times": 2 },
        { "operation": "GetRole", "kind": "throttle", "share": 0.3 },
        { "operation": "DescribeRouteTables", "kind": "close-after", "times": 1 },
    ]));
    assert_eq!(desk.observe(&Demo::default().graph()).await, whole);
}

#[tokio::test]
async fn a_code_decides_what_a_refusal_means() {
    let desk = Desk::new("demo").await;
    let cases = [
        ("VpcLimitExceeded", 400, Class::Limit),
        ("UnauthorizedOperation", 403, Class::Denied),
        ("RequestExpired", 400, Class::Expired),
        ("InvalidParameterValue", 400, Class::Refused),
        ("DependencyViolation", 400, Class::Busy),
        ("NotImplemented", 501, Class::Refused),
        // So LocalStack says that it has no such operation.
        ("InternalFailure", 501, Class::Refused),
    ];
    for (code, status, class) in cases {
        let rule = json!({ "operation": "CreateVpc", "kind": "error", "code": code, "status": status });
        desk.account.faults(rule);
        let error = desk.aws.run(&vpc()).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str(), error.operation), (class, code, "ec2:CreateVpc"));
        assert_eq!(desk.account.count("ec2:CreateVpc"), 1, "{code}");
    }
}

/// IAM has one code for a role that it does not find yet and for a policy that there is not.
#[tokio::test]
async fn a_policy_that_is_mistyped_is_refused_and_a_role_that_is_not_found_is_not() {
    let desk = Desk::new("demo").await;
    let create = iam::Operation::CreateRole {
        role_name: "demo".to_owned(),
        path: None,
        assume_role_policy_document: Val::Known(
            r#"{"Version":"2012-10-17","Statement":[]}"#.to_owned().into(),
        ),
        permissions_boundary: None,
        tags: Tags::default(),
    };
    desk.aws.run(&create.into()).await.unwrap();
    let cases = [
        ("demo", "AmazonEKSClusterPolice", Class::Refused),
        ("other", "AmazonEKSClusterPolicy", Class::NotFound),
    ];
    for (role, policy, class) in cases {
        let policy_arn = format!("arn:aws:iam::aws:policy/{policy}");
        let attach = iam::Operation::AttachRolePolicy { role_name: role.to_owned(), policy_arn };
        let error = desk.aws.run(&attach.into()).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (class, "NoSuchEntity"), "{error}");
    }
    // What is to go need not be there.
    let policy_arn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy".to_owned();
    let detach = iam::Operation::DetachRolePolicy { role_name: "demo".to_owned(), policy_arn };
    assert_eq!(desk.aws.run(&detach.into()).await.unwrap_err().class, Class::NotFound);
}

/// Nobody has refused what was answered with 200: it may well be done.
#[tokio::test]
async fn an_answer_that_cannot_be_read_is_ambiguous() {
    let desk = Desk::new("demo").await;
    let rule = json!({ "operation": "CreateVpc", "kind": "error", "code": "Odd", "status": 200 });
    desk.account.faults(rule);
    let error = desk.aws.run(&vpc()).await.unwrap_err();
    assert_eq!((error.class, error.code.as_str()), (Class::Ambiguous, "HTTP200"), "{error}");
    assert_eq!(desk.account.count("ec2:CreateVpc"), 1);
}

/// Only what AWS says is not found is absent.
#[tokio::test]
async fn an_answer_that_lacks_what_was_asked_for_is_no_absence() {
    let graph = Demo::default().graph();
    let desk = Desk::with(&graph).await;
    let reads = [
        ("DescribeCluster", Type::Cluster),
        ("DescribeNodegroup", Type::Nodegroup),
        ("DescribeAddon", Type::Addon),
        ("DescribeAccessEntry", Type::AccessEntry),
        ("DescribePodIdentityAssociation", Type::PodIdentityAssociation),
    ];
    for (operation, kind) in reads {
        // An error's body where an answer should be has none of its members.
        let rule = json!({ "operation": operation, "kind": "error", "code": "Odd", "status": 200 });
        desk.account.faults(rule);
        let seen = desk.aws.observe(&graph.names()).await.unwrap();
        let of_kind = seen.found.iter().filter(|(key, _)| key.kind == kind);
        let unknown = of_kind.flat_map(|(_, found)| found).any(|found| found.unknown().is_some());
        assert!(unknown || seen.unread.contains_key(&kind), "{operation}: {seen:#?}");
        let is_of_kind = |change: &&Change| change.key.kind == kind;
        let planned = plan(&graph, &seen);
        assert_eq!(planned.if_nothing_were_refused().iter().filter(is_of_kind).count(), 0, "{operation}");
        assert!(!planned.unread.is_empty(), "{operation}");
        let deleted = delete(&seen);
        // Entries and associations go with their cluster, whether or not they could be read.
        let stays = |change: &Change| change.key.kind != Type::Vpc;
        let goes_along = [Type::AccessEntry, Type::PodIdentityAssociation].contains(&kind);
        assert!(goes_along || deleted.if_nothing_were_refused().iter().all(stays), "{operation}");
    }
}

/// What can only be in a cluster that is not there is not there either.
#[tokio::test]
async fn what_is_inside_of_no_cluster_need_not_be_listed() {
    let desk = Desk::new("demo").await;
    desk.aws.run(&vpc()).await.unwrap();
    let inside = ["ListAddons", "ListNodegroups", "ListAccessEntries", "ListPodIdentityAssociations"];
    let rules: Vec<_> =
        inside.iter().map(|operation| json!({ "operation": operation, "kind": "deny" })).collect();
    desk.account.faults(json!(rules));
    let seen = desk.aws.observe(&Default::default()).await.unwrap();
    assert_eq!(seen.unread, Default::default());
    let deleted: Vec<String> =
        delete(&seen).changes().unwrap().iter().map(|change| change.key.to_string()).collect();
    assert_eq!(deleted, ["vpc/main"]);
}

#[tokio::test]
async fn a_name_that_is_taken_exists_and_what_is_busy_is_busy() {
    let graph = Demo::default().graph();
    let mut desk = Desk::with(&graph).await;
    for name in ["cluster/demo", "nodegroup/ng1", "addon/vpc-cni", "role/cluster", "launch-template/ng1"] {
        let node = graph.node(&key(name)).unwrap();
        let error = create(&desk, &node.key, &node.resource).await.unwrap_err();
        assert_eq!(error.class, Class::Exists, "{name}: {error}");
    }
    let subnet = graph.node(&key("subnet/public-us-west-2a")).unwrap();
    assert_eq!(create(&desk, &subnet.key, &subnet.resource).await.unwrap_err().class, Class::Exists);
    desk.account.settings(json!({ "paused": true }));
    let update = ClusterUpdate::LoggingUpdate(Set(vec!["scheduler".to_owned()]));
    let update: Operation = eks::Operation::UpdateClusterConfig { name: "demo".to_owned(), update }.into();
    let answer = desk.aws.run(&update).await.unwrap();
    let error = desk.aws.run(&update).await.unwrap_err();
    assert_eq!((error.class, error.code.as_str()), (Class::Busy, "ResourceInUseException"));
    let told = desk.aws.update(&key("cluster/demo"), answer.update.as_deref()).await.unwrap().unwrap();
    assert_eq!(told.progress, Progress::InProgress);
    desk.account.settings(json!({ "paused": false }));
    desk.ready(&key("cluster/demo")).await;
    for name in ["vpc/main", "subnet/public-us-west-2a", "role/cluster", "eip/us-west-2a"] {
        let live = desk.aws.look(&key(name)).await.unwrap().remove(0);
        let delete = live.delete().unwrap().pop().unwrap();
        let error = desk.aws.run(&delete).await.unwrap_err();
        assert_eq!(error.class, Class::Busy, "{name}: {error}");
    }
}

async fn create(
    desk: &Desk,
    key: &eksact::resource::Key,
    resource: &eksact::resource::Any,
) -> Result<(), WorldError> {
    let mut resource = resource.clone();
    resource.take_name(key, &[]).unwrap();
    eksact::resource::Property::resolve(&mut resource, &desk.outputs);
    let first = resource.create(key, &[]).unwrap().remove(0);
    desk.aws.run(&first).await.map(drop)
}

#[tokio::test]
async fn what_is_gone_is_not_found() {
    let graph = Demo::default().graph();
    let mut desk = Desk::with(&graph).await;
    let mut deletions = Vec::new();
    for node in graph.nodes().iter().rev() {
        let live = desk.ready(&node.key).await;
        deletions.push(live.delete().unwrap().pop().unwrap());
        desk.delete(&node.key).await;
    }
    for operation in deletions {
        // A NAT gateway of which AWS still tells it deletes again; and of a provider IAM does not tell.
        if let Err(error) = desk.aws.run(&operation).await {
            assert_eq!(error.class, Class::NotFound, "{error}");
        } else {
            let again = ["ec2:DeleteNatGateway", "iam:DeleteOpenIDConnectProvider"];
            assert!(again.contains(&operation.action()), "{operation:?}");
        }
    }
}

#[tokio::test]
async fn the_newest_update_is_told_without_its_id() {
    let mut desk = Desk::with(&Demo::default().graph()).await;
    let cluster = key("cluster/demo");
    assert_eq!(desk.aws.update(&cluster, None).await.unwrap(), None, "there was none yet");
    assert_eq!(desk.aws.update(&key("vpc/main"), None).await.unwrap(), None);
    for types in [vec!["scheduler"], vec!["api", "audit"]] {
        let types = Set(types.into_iter().map(str::to_owned).collect());
        let update = ClusterUpdate::LoggingUpdate(types);
        let call = eks::Operation::UpdateClusterConfig { name: "demo".to_owned(), update };
        let id = desk.aws.run(&call.clone().into()).await.unwrap().update;
        desk.ready(&cluster).await;
        let newest = desk.aws.update(&cluster, None).await.unwrap().unwrap();
        assert_eq!(Some(newest.id), id);
        assert!(newest.began.is_some());
        desk.ready(&cluster).await;
    }
    let error = desk.aws.update(&cluster, Some("b7d5a4e0-0000-4000-8000-000000000000")).await.unwrap_err();
    assert_eq!(error.class, Class::NotFound);
}

#[tokio::test]
async fn an_update_that_fails_tells_its_causes() {
    let desk = Desk::with(&Demo::default().graph()).await;
    for (what, name) in [("nodegroup-update", "nodegroup/ng1"), ("addon-update", "addon/vpc-cni")] {
        let failure = json!({ "what": what, "code": "PodEvictionFailure", "message": "a budget" });
        let code = if what == "addon-update" { "ConfigurationConflict" } else { "PodEvictionFailure" };
        desk.account.fail(json!({ "what": what, "code": code, "message": failure["message"] }));
        let edited = Demo { labels: Default::default(), settings: None, ..Demo::default() }.graph();
        let live = desk.aws.look(&key(name)).await.unwrap().remove(0);
        let mut desired = edited.node(&key(name)).unwrap().resource.clone();
        eksact::resource::Property::resolve(&mut desired, &desk.outputs);
        let how = desired.differences(&desired.face(&live).unwrap().properties);
        let call = desired.update(&live, &how).unwrap().remove(0);
        let id = desk.aws.run(&call).await.unwrap().update;
        let troubles = loop {
            match desk.aws.update(&key(name), id.as_deref()).await.unwrap().unwrap().progress {
                Progress::Failed(troubles) => break troubles,
                Progress::Successful => panic!("{name}: it was to fail"),
                Progress::InProgress => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        };
        assert_eq!((troubles[0].code.as_str(), troubles[0].message.as_str()), (code, "a budget"), "{name}");
        let newest = desk.aws.update(&key(name), None).await.unwrap().unwrap();
        assert_eq!(Some(newest.id), id, "{name}");
    }
}

#[tokio::test]
async fn what_fails_by_itself_tells_its_causes() {
    let graph = Demo::default().graph();
    let mut desk = Desk::new("demo").await;
    let nat = key("nat-gateway/us-west-2a");
    desk.account.fail(json!([{ "what": "nat-gateway-create" }, { "what": "nodegroup-create" }]));
    for node in graph.nodes() {
        let (kind, troubled) = (node.key.kind, ["nat-gateway", "nodegroup"]);
        if !troubled.contains(&kind.word()) {
            if !node.key.name.starts_with("private") || kind.word() == "subnet" {
                desk.make(&node.key, &node.resource).await;
            }
            continue;
        }
        create(&desk, &node.key, &node.resource).await.unwrap();
        let live = loop {
            let live = desk.aws.look(&node.key).await.unwrap().remove(0);
            if live.status.to_lowercase().contains("failed") {
                break live;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        assert!(!live.troubles[0].code.is_empty() && !live.troubles[0].message.is_empty(), "{live:#?}");
        if node.key == nat {
            assert_eq!(live.standing(), eksact::resource::Standing::Gone);
        }
    }
}
