//! The whole engine against it: planned, made, planned again, changed, deleted to nothing.

use std::collections::BTreeMap;

use eksact::apply::{Event, Options, Summary, What, apply};
use eksact::aws::Aws;
use eksact::graph::Graph;
use eksact::plan::{Action, Plan, delete, plan};
use eksact::world::World;
use serde_json::json;
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;

use super::demo::{Demo, pairs};
use crate::stack::Account;

async fn planned(aws: &Aws, graph: Option<&Graph>) -> Plan {
    match graph {
        Some(graph) => plan(graph, &aws.observe(&graph.names()).await.unwrap()),
        None => delete(&aws.observe(&BTreeMap::new()).await.unwrap()),
    }
}

/// Looks, plans and does it.
async fn run(aws: &Aws, graph: Option<&Graph>) -> (Plan, Summary, Vec<Event>) {
    let plan = planned(aws, graph).await;
    let (events, mut received) = unbounded_channel();
    let summary = apply(&plan, aws, Options::default(), &CancellationToken::new(), events).await.unwrap();
    assert_eq!(summary.failed, [], "{:#?}", summary.skipped);
    (plan, summary, std::iter::from_fn(|| received.try_recv().ok()).collect())
}

async fn is_reached(aws: &Aws, graph: &Graph) {
    let plan = planned(aws, Some(graph)).await;
    let changes: Vec<_> = plan.changes().unwrap().iter().map(|it| (&it.key, &it.differences)).collect();
    assert!(changes.is_empty(), "{changes:#?}");
    assert_eq!((plan.unread.len(), plan.unchanged.len()), (0, graph.nodes().len()));
}

#[tokio::test]
async fn made_edited_and_deleted_an_account_is_as_before() {
    let account = Account::new();
    let aws = account.aws("demo").await;
    let before = account.inventory();
    let graph = Demo::default().graph();
    let (made, summary, _) = run(&aws, Some(&graph)).await;
    assert_eq!(summary.done, graph.nodes().len());
    let planned: Vec<_> = made.changes().unwrap().iter().flat_map(|change| &change.operations).collect();
    let calls: Vec<_> = account.calls().into_iter().filter(|call| call.mutating).collect();
    let turned_away: Vec<_> = calls.iter().filter(|call| !call.code.is_empty()).collect();
    let lag = turned_away.iter().filter(|call| call.code == "InvalidParameterException").count();
    assert_eq!(turned_away.len(), lag, "{turned_away:#?}");
    assert_eq!(calls.len() - lag, planned.len(), "the plan shows every call");
    let tokens = ["ec2:CreateNatGateway", "ec2:CreateRouteTable"];
    for call in calls.iter().filter(|call| tokens.contains(&call.operation.as_str())) {
        let token = call.params["ClientToken"].as_str().unwrap();
        assert!(token.starts_with("eksact-"), "ours, not the SDK's: {token}");
    }
    is_reached(&aws, &graph).await;

    let edited = Demo {
        tags: pairs(&[("team", "billing")]),
        logging: vec![],
        volume_size: 100,
        labels: pairs(&[("stage", "prod")]),
        sizes: (1, 5, 3),
        ..Demo::default()
    };
    let edited = edited.graph();
    let (plan, ..) = run(&aws, Some(&edited)).await;
    assert!(plan.changes().unwrap().iter().all(|change| change.action == Action::Update));
    is_reached(&aws, &edited).await;

    run(&aws, None).await;
    assert_eq!(account.inventory(), before);
}

#[tokio::test]
async fn a_node_group_is_replaced_by_one_beside_it() {
    let account = Account::new();
    let aws = account.aws("demo").await;
    run(&aws, Some(&Demo::default().graph())).await;
    account.calls();
    let other = Demo { instance_types: vec!["m6i.large"], ..Demo::default() }.graph();
    let (plan, _, events) = run(&aws, Some(&other)).await;
    let actions: Vec<_> = plan.changes().unwrap().iter().map(|it| (it.key.to_string(), it.action)).collect();
    let group = "nodegroup/ng1".to_owned();
    assert_eq!(actions, [(group.clone(), Action::Create), (group, Action::Delete)]);
    let ends: Vec<_> =
        events.iter().filter(|it| matches!(it.what, What::Done { .. })).map(|it| it.action).collect();
    assert_eq!(ends, [Action::Create, Action::Delete]);
    is_reached(&aws, &other).await;
    run(&aws, None).await;
    assert_eq!(account.inventory(), [""; 0]);
}

#[tokio::test]
async fn answers_lost_and_throttled_make_nothing_twice() {
    let account = Account::new();
    let aws = account.aws("demo").await;
    let graph = Demo::default().graph();
    let lost =
        ["CreateVpc", "CreateSubnet", "CreateNatGateway", "CreateCluster", "CreateNodegroup", "CreateRole"];
    let lose = |operation: &&str| json!({ "operation": operation, "kind": "close-after", "nth": 1 });
    let throttle = json!({ "operation": "*", "kind": "throttle", "share": 0.1 });
    account.faults(lost.iter().map(lose).chain([throttle]).collect());
    run(&aws, Some(&graph)).await;
    account.faults(json!([]));
    is_reached(&aws, &graph).await;
    let found = aws.observe(&graph.names()).await.unwrap().found;
    assert!(found.values().all(|found| found.len() == 1), "{found:#?}");
    run(&aws, None).await;
    assert_eq!(account.inventory(), [""; 0]);
}

#[tokio::test]
async fn a_cluster_that_is_still_being_made_is_deleted_too() {
    let account = Account::new();
    let aws = account.aws("demo").await;
    account.settings(json!({ "factor": 300 }));
    let graph = Demo::default().graph();
    let plan = planned(&aws, Some(&graph)).await;
    let (events, mut received) = unbounded_channel::<Event>();
    let stop = CancellationToken::new();
    let stopper = async {
        while let Some(event) = received.recv().await {
            if matches!(&event.what, What::Waiting { status, .. } if status == "CREATING") {
                stop.cancel();
            }
        }
    };
    let (summary, ()) =
        futures::future::join(apply(&plan, &aws, Options::default(), &stop, events), stopper).await;
    assert!(!summary.unwrap().left.is_empty());
    account.settings(json!({ "factor": 5000 }));
    // Another run, which remembers nothing.
    run(&account.aws("demo").await, None).await;
    assert_eq!(account.inventory(), [""; 0]);
}
