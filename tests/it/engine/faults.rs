//! Whatever goes wrong at whichever call, running again gets there, and nothing is there twice.

use std::collections::BTreeMap;

use eksact::apply::What;
use eksact::resource::{Any, Key, Set, Type, Val, ec2};
use eksact::sim::{Fault, Kind, Sim};
use eksact::world::World;

use super::demo::{Demo, Nat, pairs};
use super::desk::{Goal, account, account_with, living, planned, run};

/// One job of the program, from one world to another.
pub struct Job {
    pub start: fn() -> Sim,
    pub goal: Goal,
}

#[test]
fn create() {
    every_fault_at_every_call(&Job { start: account, goal: Goal::Graph(Demo::default().graph()) }, 33);
}

#[test]
fn edit() {
    let edited = Demo {
        logging: vec!["audit"],
        public_access_cidrs: vec!["10.0.0.0/8"],
        tags: pairs(&[("cost", "17")]),
        labels: pairs(&[("stage", "prod"), ("new", "yes")]),
        taints: vec![("dedicated", "web"), ("gpu", "yes")],
        max_unavailable: 2,
        log_level: "DEBUG",
        volume_size: 100,
        desired_size: 3,
        ..Demo::default()
    };
    every_fault_at_every_call(&Job { start: living, goal: Goal::Graph(edited.graph()) }, 36);
}

#[test]
fn replacement_of_a_nodegroup() {
    let replaced = Demo { instance_types: vec!["m6i.large"], ..Demo::default() };
    every_fault_at_every_call(&Job { start: living, goal: Goal::Graph(replaced.graph()) }, 2);
}

#[test]
fn replacement_with_a_new_volume_and_tags_at_once() {
    let replaced = Demo {
        instance_types: vec!["m6i.large"],
        volume_size: 100,
        tags: BTreeMap::new(),
        ..Demo::default()
    };
    every_fault_at_every_call(&Job { start: living, goal: Goal::Graph(replaced.graph()) }, 31);
}

#[test]
fn remake_of_an_addon() {
    let moved = Demo { namespace: Some("elsewhere"), ..Demo::default() };
    every_fault_at_every_call(&Job { start: living, goal: Goal::Graph(moved.graph()) }, 2);
}

#[test]
fn replacement_by_spot() {
    let replaced = Demo { spot: true, ..Demo::default() };
    every_fault_at_every_call(&Job { start: living, goal: Goal::Graph(replaced.graph()) }, 2);
}

#[test]
fn a_nat_gateway_for_each_zone() {
    every_fault_at_every_call(&nat(living, Nat::HighlyAvailable), 3);
}

#[test]
fn one_nat_gateway_instead_of_two() {
    every_fault_at_every_call(&nat(with_two, Nat::Single), 3);
}

#[test]
fn no_nat_gateway_any_more() {
    every_fault_at_every_call(&nat(with_two, Nat::Disable), 6);
}

#[test]
fn remake_of_a_nat_gateway() {
    every_fault_at_every_call(&nat(living, Nat::Elsewhere), 4);
}

fn nat(start: fn() -> Sim, nat: Nat) -> Job {
    Job { start, goal: Goal::Graph(Demo { nat, ..Demo::default() }.graph()) }
}

fn with_two() -> Sim {
    account_with(&Demo { nat: Nat::HighlyAvailable, ..Demo::default() }.graph())
}

#[test]
fn two_route_tables_that_have_one_subnet_each() {
    every_fault_at_every_call(&Job { start: torn, goal: Goal::Graph(Demo::default().graph()) }, 3);
}

/// Another table beside the one of the public subnets, and one of those goes by it.
fn torn() -> Sim {
    let sim = living();
    let key = Key { kind: Type::RouteTable, name: "public".to_owned() };
    let first = sim.drive(sim.look(&key)).unwrap().unwrap().remove(0);
    let Any::RouteTable(table) = first.properties else { panic!("a route table") };
    let (vpc_id, tags, predecessors) = (table.vpc_id, table.tags, Set(vec![first.id]));
    let send = |operation: ec2::Operation| sim.drive(sim.run(&operation.into())).unwrap().unwrap();
    let made = send(ec2::Operation::CreateRouteTable { vpc_id, tags, predecessors });
    let route_table_id = Val::Known(made.attributes["RouteTableId"].clone().into());
    let ec2::Association { subnet_id, id } = table.associations.0[1].clone();
    send(ec2::Operation::DisassociateRouteTable { association_id: id.unwrap() });
    send(ec2::Operation::AssociateRouteTable { route_table_id, subnet_id });
    sim.log();
    sim
}

#[test]
fn delete() {
    every_fault_at_every_call(&Job { start: living, goal: Goal::Nothing }, 27);
}

/// How many calls a job takes.
pub fn calls(job: &Job) -> usize {
    let undisturbed = (job.start)();
    run(&undisturbed, &job.goal).unwrap();
    undisturbed.log().operations.len()
}

/// Which of the calls of a job is the first of an action.
pub fn position(job: &Job, action: &str) -> usize {
    let undisturbed = (job.start)();
    run(&undisturbed, &job.goal).unwrap();
    undisturbed.log().operations.iter().position(|operation| operation.action() == action).unwrap()
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
