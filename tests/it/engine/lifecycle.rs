//! From nothing to a cluster, and back.

use eksact::apply::Options;
use eksact::plan::Action;
use eksact::resource::{Key, Type};
use eksact::world::{Found, World};
use serde_json::json;

use super::demo::{Demo, Nat};
use super::desk::{Goal, account, account_with, denied, planned, run};

#[test]
fn created_planned_again_and_deleted_an_account_is_as_before() {
    let sim = account();
    let before = sim.inventory();
    let goal = Goal::Graph(Demo::default().graph());

    let created = run(&sim, &goal).unwrap();
    assert_eq!(created.summary.failed, []);
    assert!(sim.log().turned_away.is_empty(), "the order was right");
    let again = planned(&sim, &goal);
    assert!(again.changes().unwrap().is_empty(), "{:#?}", again.changes());
    assert_eq!(again.notes, []);

    let deleted = run(&sim, &Goal::Nothing).unwrap();
    assert_eq!(deleted.summary.failed, []);
    assert!(sim.log().turned_away.is_empty(), "the order was right");
    assert_eq!(sim.inventory(), before);
}

#[test]
fn the_actions_of_a_plan_are_those_that_aws_asks_for() {
    let sim = account();
    let edited = Demo {
        logging: vec![],
        public_access_cidrs: vec!["10.0.0.0/8"],
        tags: Default::default(),
        labels: Default::default(),
        volume_size: 100,
        desired_size: 3,
        ..Demo::default()
    };
    for goal in [Goal::Graph(Demo::default().graph()), Goal::Graph(edited.graph()), Goal::Nothing] {
        let outcome = run(&sim, &goal).unwrap();
        let log = sim.log();
        assert_eq!(outcome.plan.actions(), log.actions);
        let planned = outcome.plan.changes().unwrap().iter().map(|change| change.operations.len());
        assert_eq!(planned.sum::<usize>(), log.operations.len(), "the plan shows every call");
    }
}

#[test]
fn a_nat_gateway_made_again_is_another_one() {
    let graph = Demo::default().graph();
    let sim = account_with(&graph);
    let without = Demo { nat: Nat::Disable, ..Demo::default() }.graph();
    for _ in 0..2 {
        assert_eq!(run(&sim, &Goal::Graph(without.clone())).unwrap().summary.failed, []);
        let made = run(&sim, &Goal::Graph(graph.clone())).unwrap();
        assert_eq!(made.summary.failed, []);
        assert_eq!(made.plan.changes().unwrap().len(), 4, "its address and two routes with it");
        assert!(planned(&sim, &Goal::Graph(graph.clone())).changes().unwrap().is_empty());
    }
}

#[test]
fn what_leaves_the_file_goes_but_not_the_protected() {
    let sim = account_with(&Demo::default().graph());
    let without = Demo { nodegroup: false, ..Demo::default() }.graph();
    let outcome = run(&sim, &Goal::Graph(without)).unwrap();
    let changes = outcome.plan.changes().unwrap();
    let mut went: Vec<_> = changes.iter().map(|change| (change.key.to_string(), change.action)).collect();
    went.sort();
    assert_eq!(
        went,
        [("launch-template/ng1".into(), Action::Delete), ("nodegroup/ng1".into(), Action::Delete)]
    );
    assert!(sim.log().turned_away.is_empty(), "the order was right");

    let nothing = planned(&sim, &Goal::Graph(eksact::graph::Graph::new("demo")));
    assert_eq!(nothing.changes().unwrap_err().len(), 2, "the cluster and the VPC");
}

#[test]
fn what_may_be_used_by_what_cannot_be_seen_is_not_deleted() {
    let sim = account_with(&Demo::default().graph());
    let mut snapshot = sim.drive(sim.observe(&Default::default())).unwrap().unwrap();
    let nodegroup = Key { kind: Type::Nodegroup, name: "ng1".to_owned() };
    snapshot.found.insert(nodegroup, vec![Found::Unknown(denied())]);
    let plan = eksact::plan::delete(&snapshot);
    assert_eq!(plan.changes().unwrap().len(), 0);
    // Access entries go with their cluster, and are not spoken of.
    assert_eq!(plan.unread.len(), snapshot.found.len() - 1);
}

#[test]
fn a_resource_reads_as_in_a_template() {
    let graph = Demo { identities: false, ..Demo::default() }.graph();
    let addon = graph.nodes().iter().find(|node| node.key.kind == Type::Addon).unwrap();
    let expected = json!({
        "ClusterName": { "Fn::GetAtt": ["cluster/demo", "Name"] },
        "ResolveConflicts": "OVERWRITE",
        "ConfigurationValues": { "Fn::Join": ["", [
            "{\"env\":{\"LOG_LEVEL\":\"INFO\",\"CLUSTER_ENDPOINT\":\"", { "Fn::GetAtt": ["cluster/demo", "Endpoint"] }, "\"}}",
        ]] },
    });
    let mut template = serde_json::to_value(&addon.resource).unwrap();
    let is_said = |value: &serde_json::Value| !value.is_null() && *value != json!({});
    template.as_object_mut().unwrap().retain(|name, value| name != "Tags" && is_said(value));
    assert_eq!(template, expected);
}

#[test]
fn the_future_of_a_run_can_go_to_another_thread() {
    fn is_send<T: Send>(_: &T) {}
    let sim = account();
    let plan = planned(&sim, &Goal::Nothing);
    let stop = tokio_util::sync::CancellationToken::new();
    let (events, _) = tokio::sync::mpsc::unbounded_channel();
    is_send(&eksact::apply::apply(&plan, &sim, Options { calls: 1, timeout: None }, &stop, events));
    is_send(&sim.observe(&Default::default()));
}
