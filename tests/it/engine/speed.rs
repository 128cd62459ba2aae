//! Nothing waits for what it does not need.

use std::time::Duration;

use eksact::apply::{Event, Options, What};
use eksact::cluster::{Timestamp, since};
use eksact::resource::{CALL, Type};
use eksact::sim::{Fault, Kind};
use tokio_util::sync::CancellationToken;

use super::demo::Demo;
use super::desk::{Goal, account, account_with, planned, run};
use super::faults::{Job, position};

fn within_a_hundredth(took: Duration, floor: Duration) {
    assert!(took >= floor, "took {took:?}, less than its floor {floor:?}");
    assert!(took <= floor.mul_f64(1.01), "took {took:?}, floor {floor:?}");
}

#[test]
fn a_create_takes_as_long_as_its_critical_path() {
    let sim = account();
    let outcome = run(&sim, &Goal::Graph(Demo::default().graph())).unwrap();
    within_a_hundredth(outcome.summary.took, outcome.plan.floor(outcome.events[0].at));
    // By hand: VPC and its attribute, a subnet and its attribute, the cluster, its provider, the role of pods and
    // its policy, vpc-cni requested, nodes.
    assert_eq!(
        outcome.plan.floor(outcome.events[0].at),
        10 * CALL + Duration::from_secs(1 + 3 + 600 + 1 + 1 + 110)
    );
}

#[test]
fn nodes_need_vpc_cni_requested_and_the_nat_gateway_stands_beside_the_control_plane() {
    let sim = account();
    sim.lasting("eks:CreateAddon", Duration::from_secs(590));
    sim.lasting("ec2:CreateNatGateway", Duration::from_secs(590));
    let outcome = run(&sim, &Goal::Graph(Demo::default().graph())).unwrap();
    let began = outcome.events[0].at;
    let done = |key: &str| {
        let mut ends = outcome.events.iter().filter(|event| matches!(event.what, What::Done { .. }));
        ends.find(|event| event.key.to_string() == key).unwrap().at
    };
    within_a_hundredth(since(done("nodegroup/ng1"), began), outcome.plan.floor(outcome.events[0].at));
    assert!(done("addon/vpc-cni") > done("nodegroup/ng1"));
}

#[test]
fn a_delete_takes_as_long_as_its_critical_path() {
    let sim = account_with(&Demo::default().graph());
    let outcome = run(&sim, &Goal::Nothing).unwrap();
    within_a_hundredth(outcome.summary.took, outcome.plan.floor(outcome.events[0].at));
}

#[test]
fn one_call_at_a_time_is_slower_but_waits_run_side_by_side() {
    let sim = account();
    let goal = Goal::Graph(Demo::default().graph());
    let plan = planned(&sim, &goal);
    let (events, _) = tokio::sync::mpsc::unbounded_channel();
    let stop = CancellationToken::new();
    let summary = sim
        .drive(eksact::apply::apply(&plan, &sim, Options { calls: 1, timeout: None }, &stop, events))
        .unwrap()
        .unwrap();
    assert!(summary.took < plan.floor(Timestamp::UNIX_EPOCH) + 40 * CALL, "{:?}", summary.took);
}

/// What a run took beyond its floor is what it waited itself, and no less.
#[test]
fn a_summary_tells_what_the_tool_itself_has_waited() {
    let goal = Goal::Graph(Demo::default().graph());
    let with = |kind: Option<Kind>, action| {
        let at = position(&Job { start: account, goal: goal.clone() }, action);
        let sim = account();
        sim.fault(kind.map(|kind| Fault { at, kind }));
        let outcome = run(&sim, &goal).unwrap();
        let (took, waited, floor) =
            (outcome.summary.took, outcome.summary.waited, outcome.plan.floor(outcome.events[0].at));
        assert!(
            took <= floor + waited,
            "{action} {kind:?}: took {took:?}, waited {waited:?}, floor {floor:?}"
        );
        waited
    };
    let undisturbed = with(None, "ec2:CreateVpc");
    assert!(undisturbed < Duration::from_secs(10), "a hundredth of the longest waits: {undisturbed:?}");
    let throttled = with(Some(Kind::Throttled), "ec2:CreateVpc");
    assert!(throttled >= undisturbed + Duration::from_millis(900), "{throttled:?}");
    let doubted = with(Some(Kind::Unanswered), "eks:CreateCluster");
    assert!(doubted >= undisturbed + Duration::from_secs(20), "it was looked for: {doubted:?}");
    let beside = with(Some(Kind::Throttled), "ec2:CreateNatGateway");
    assert!(beside < undisturbed + Duration::from_millis(900), "it cost no time: {beside:?}");

    let sim = account();
    let outcome = run(&sim, &goal).unwrap();
    let of = |what: fn(&What) -> bool| {
        let nodegroup = |event: &&Event| event.key.kind == Type::Nodegroup && what(&event.what);
        outcome.events.iter().find(nodegroup).unwrap().at
    };
    let took = since(of(|what| matches!(what, What::Done { .. })), of(|what| *what == What::Started));
    assert!((110..112).contains(&took.as_secs()), "and its events how long each change took: {took:?}");
}

#[test]
fn updates_that_name_one_mutex_do_not_overlap() {
    let sim = account_with(&Demo::default().two_control_planes());
    let edited = Demo { logging: vec![], ..Demo::default() }.two_control_planes();
    let outcome = run(&sim, &Goal::Graph(edited)).unwrap();
    assert_eq!(outcome.plan.changes().unwrap().len(), 2);
    assert!(outcome.summary.took >= Duration::from_secs(2 * 150), "{:?}", outcome.summary.took);
}

#[test]
fn many_nodegroups_take_hardly_longer_than_one() {
    let sim = account();
    let begin = std::time::Instant::now();
    let outcome = run(&sim, &Goal::Graph(Demo::default().graph_with(300))).unwrap();
    let (took, floor) = (outcome.summary.took, outcome.plan.floor(outcome.events[0].at));
    eprintln!("{took:?} {floor:?} {:?}", begin.elapsed());
    let begin = std::time::Instant::now();
    assert!(planned(&sim, &Goal::Graph(Demo::default().graph_with(300))).changes().unwrap().is_empty());
    eprintln!("{:?}", begin.elapsed());
    assert!(took <= floor.mul_f64(1.05), "took {took:?}, floor {floor:?}");
}
