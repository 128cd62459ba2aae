//! Whatever goes wrong at whichever call, running again gets there, and nothing is there twice.

use std::collections::BTreeMap;

use eksact::apply::What;
use eksact::sim::{Fault, Kind, Sim};

use super::demo::{Demo, pairs};
use super::desk::{Goal, account, living, planned, run};

/// One job of the program, from one world to another.
pub struct Job {
    pub start: fn() -> Sim,
    pub goal: Goal,
}

#[test]
fn create() {
    every_fault_at_every_call(&Job { start: account, goal: Goal::Graph(Demo::default().graph()) }, 19);
}

#[test]
fn edit() {
    let edited = Demo {
        logging: vec!["audit"],
        public_access_cidrs: vec!["10.0.0.0/8"],
        tags: pairs(&[("cost", "17")]),
        labels: pairs(&[("stage", "prod"), ("new", "yes")]),
        volume_size: 100,
        desired_size: 3,
        ..Demo::default()
    };
    every_fault_at_every_call(&Job { start: living, goal: Goal::Graph(edited.graph()) }, 23);
}

#[test]
fn replacement_of_a_nodegroup() {
    let replaced = Demo { instance_types: Some(vec!["m6i.large".to_owned()]), ..Demo::default() };
    every_fault_at_every_call(&Job { start: living, goal: Goal::Graph(replaced.graph()) }, 2);
}

#[test]
fn replacement_with_a_new_volume_and_tags_at_once() {
    let replaced = Demo {
        instance_types: Some(vec!["m6i.large".to_owned()]),
        volume_size: 100,
        tags: BTreeMap::new(),
        ..Demo::default()
    };
    every_fault_at_every_call(&Job { start: living, goal: Goal::Graph(replaced.graph()) }, 19);
}

#[test]
fn remake_of_an_addon() {
    let moved = Demo { namespace: Some("elsewhere"), ..Demo::default() };
    every_fault_at_every_call(&Job { start: living, goal: Goal::Graph(moved.graph()) }, 2);
}

#[test]
fn delete() {
    every_fault_at_every_call(&Job { start: living, goal: Goal::Nothing }, 17);
}

/// How many calls a job takes.
pub fn calls(job: &Job) -> usize {
    let undisturbed = (job.start)();
    run(&undisturbed, &job.goal).unwrap();
    undisturbed.log().operations.len()
}

fn every_fault_at_every_call(job: &Job, expected_calls: usize) {
    let undisturbed = (job.start)();
    run(&undisturbed, &job.goal).unwrap();
    let (calls, wanted) = (undisturbed.log().operations.len(), undisturbed.inventory());
    assert_eq!(calls, expected_calls);
    for at in 0..calls {
        for kind in Kind::ALL {
            let sim = (job.start)();
            converges(&sim, job, Fault { at, kind }, &wanted);
        }
    }
}

fn converges(sim: &Sim, job: &Job, fault: Fault, wanted: &BTreeMap<String, String>) {
    sim.fault(Some(fault));
    let first = run(sim, &job.goal);
    sim.fault(None);
    if fault.kind.is_survived() {
        let first = first.expect("it was not killed");
        let failed = first.summary.failed;
        assert_eq!(failed, [], "{fault:?} is got over in the same run");
        let doubted = first.events.iter().any(|event| matches!(event.what, What::Doubted(_)));
        assert_eq!(doubted, fault.kind != Kind::Throttled, "{fault:?}: throttling is no doubt");
    }
    let second = run(sim, &job.goal).unwrap();
    assert_eq!(second.summary.failed, [], "{fault:?}");
    assert_eq!(&sim.inventory(), wanted, "{fault:?}");
    let third = planned(sim, &job.goal);
    assert!(third.changes().unwrap().is_empty(), "{fault:?}: {:#?}", third.changes());

    assert_eq!(run(sim, &Goal::Nothing).unwrap().summary.failed, [], "{fault:?}");
    assert_eq!(sim.inventory(), account().inventory(), "{fault:?}");
}
