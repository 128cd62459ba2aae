//! Whatever goes wrong at whichever call, running again gets there, and nothing is there twice.

use std::collections::BTreeMap;
use std::time::Duration;

use eksact::apply::What;
use eksact::resource::{Any, Key, Set, Type, Val, ec2};
use eksact::sim::{Fault, Kind, Sim};
use eksact::world::World;

use super::counts::{CALLS, FAULTS};
use super::demo::{Admission, Demo, Nat, Workload, pairs};
use super::desk::{Goal, Outcome, account, account_with, living, planned, run};
use super::exposed::exposed;
use super::leftovers::leaking;
use super::volumes::claimed;

/// One job of the program, from one world to another.
pub struct Job {
    pub start: fn() -> Sim,
    pub goal: Goal,
}

/// A test of one job, by its name in [`CALLS`].
macro_rules! every_fault {
    ($($test:ident: $name:literal, $start:expr => $goal:expr;)*) => {
        $(#[test]
        fn $test() {
            every_fault_at_every_call($name, &Job { start: $start, goal: $goal });
        })*

        #[test]
        fn every_job_is_played() {
            let (names, calls): (Vec<&str>, Vec<usize>) = CALLS.iter().copied().unzip();
            assert_eq!(names, [$($name),*]);
            assert_eq!(calls.iter().sum::<usize>() * Kind::ALL.len(), FAULTS);
        }
    };
}

every_fault! {
    create: "create", account => file(Demo::default());
    create_while_roles_lag: "create while roles lag", lagging => file(Demo::default());
    edit: "edit", living => file(edited());
    replacement: "replacement", living => file(Demo { instance_types: vec!["m6i.large"], ..Demo::default() });
    replacement_with_edits: "replacement with edits", living => file(Demo {
        instance_types: vec!["m6i.large"],
        volume_size: 100,
        tags: BTreeMap::new(),
        ..Demo::default()
    });
    replacement_by_spot: "replacement by spot", living => file(Demo { spot: true, ..Demo::default() });
    remake_of_an_addon: "remake of an add-on", living => file(Demo { namespace: Some("elsewhere"), ..Demo::default() });
    remake_of_a_nat_gateway: "remake of a NAT gateway", living => nat(Nat::Elsewhere);
    a_nat_gateway_for_each_zone: "a NAT gateway for each zone", living => nat(Nat::HighlyAvailable);
    one_nat_gateway_instead_of_two: "one NAT gateway instead of two", with_two => nat(Nat::Single);
    no_nat_gateway_any_more: "no NAT gateway any more", with_two => nat(Nat::Disable);
    two_route_tables_torn_apart: "two route tables torn apart", torn => file(Demo::default());
    two_nat_gateways_with_an_address_each: "two NAT gateways with an address each", doubled => nat(Nat::Elsewhere);
    create_with_the_creators_entry: "create with the creator's own access entry", account => file(Demo {
        access: vec![creator()],
        ..Demo::default()
    });
    other_access_entries: "other access entries", let_in => file(Demo {
        access: vec![
            Admission { kind: "EC2_LINUX", ..Admission::of("role/nodes") },
            Admission { policies: vec![("AmazonEKSViewPolicy", vec![])], ..creator() },
            Admission { groups: vec!["new"], ..Admission::of("user/new") },
        ],
        ..Demo::default()
    });
    delete: "delete", living => Goal::Nothing;
    delete_with_load_balancers: "delete with load balancers", exposed => Goal::Nothing;
    delete_with_volumes: "delete with volumes", claimed => Goal::Nothing;
    delete_with_what_nodes_leave_behind: "delete with what nodes leave behind", || leaking(0) => Goal::Nothing;
    delete_with_what_shows_only_later: "delete with what shows only later", || leaking(60) => Goal::Nothing;
}

/// Who makes the cluster, and so is let in by an entry that EKS has made.
fn creator() -> Admission {
    Admission { policies: vec![("AmazonEKSClusterAdminPolicy", vec![])], ..Admission::of("user/dev") }
}

/// A cluster that a role is let in to by mistake as if it were a person.
fn let_in() -> Sim {
    let nodes = Admission { groups: vec!["nodes"], ..Admission::of("role/nodes") };
    account_with(&Demo { access: vec![Admission::team(), nodes], ..Demo::default() }.graph())
}

fn file(demo: Demo) -> Goal {
    Goal::Graph(demo.graph())
}

fn nat(nat: Nat) -> Goal {
    file(Demo { nat, ..Demo::default() })
}

fn edited() -> Demo {
    Demo {
        logging: vec!["audit"],
        retention: Some(90),
        support: "STANDARD",
        public_access_cidrs: vec!["10.0.0.0/8"],
        tags: pairs(&[("cost", "17")]),
        labels: pairs(&[("stage", "prod"), ("new", "yes")]),
        taints: vec![("dedicated", "web"), ("gpu", "yes")],
        max_unavailable: 2,
        log_level: "DEBUG",
        volume_size: 100,
        desired_size: 3,
        audiences: vec!["sts.us-west-2.amazonaws.com"],
        boundary: Some("arn:aws:iam::aws:policy/PowerUserAccess"),
        workload: Workload { target: Some("arn:aws:iam::210987654321:role/there"), ..Workload::default() },
        access: vec![Admission {
            groups: vec!["editors"],
            username: Some("team:{{SessionName}}"),
            policies: vec![("AmazonEKSViewPolicy", vec![]), ("AmazonEKSAdminPolicy", vec!["web"])],
            ..Admission::team()
        }],
        ..Demo::default()
    }
}

/// An account in which EKS hears of a role only later.
fn lagging() -> Sim {
    let sim = account();
    sim.lagging(Duration::from_secs(12));
    sim
}

fn with_two() -> Sim {
    account_with(&Demo { nat: Nat::HighlyAvailable, ..Demo::default() }.graph())
}

/// Another NAT gateway with an address of its own, where one is desired, and the routes go through it.
fn doubled() -> Sim {
    let sim = living();
    let found = |key: &str| sim.drive(sim.look(&key.parse().unwrap())).unwrap().unwrap().remove(0).properties;
    let send = |operation: ec2::Operation| sim.drive(sim.run(&operation.into())).unwrap().unwrap().attributes;
    let value = |id: &str| id.to_owned();
    let address = send(ec2::Operation::AllocateAddress { tags: found("eip/a").tags().clone() });
    let nat_gateway = ec2::NatGateway {
        subnet_id: Val::Known(value("subnet-public-b-1").into()),
        allocation_id: Val::Known(address["AllocationId"].clone().into()),
        tags: found("nat-gateway/a").tags().clone(),
    };
    let made = send(ec2::Operation::CreateNatGateway { nat_gateway, predecessors: Set(Vec::new()) });
    sim.drive(sim.wait(Duration::from_secs(200)));
    for table in ["route-table-private-a-1", "route-table-private-b-1"] {
        let nat = Val::Known(made["NatGatewayId"].clone().into());
        send(ec2::Operation::ReplaceRoute {
            route_table_id: Val::Known(value(table).into()),
            destination_cidr_block: value("0.0.0.0/0"),
            target: ec2::Target { gateway_id: None, nat_gateway_id: Some(nat) },
        });
    }
    sim.log();
    sim
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

/// How many calls a job takes.
pub fn calls(job: &Job) -> usize {
    let undisturbed = (job.start)();
    undisturbed.fault(None);
    run(&undisturbed, &job.goal).unwrap();
    undisturbed.calls()
}

/// Which of the calls of a job is the first of an action.
pub fn position(job: &Job, action: &str) -> usize {
    let undisturbed = (job.start)();
    run(&undisturbed, &job.goal).unwrap();
    undisturbed.log().operations.iter().position(|operation| operation.action() == action).unwrap()
}

fn every_fault_at_every_call(name: &str, job: &Job) {
    let undisturbed = (job.start)();
    let doubted = is_doubted(&run(&undisturbed, &job.goal).unwrap());
    let (calls, wanted) = (calls(job), undisturbed.inventory());
    assert_eq!(CALLS.iter().find(|it| it.0 == name), Some(&(name, calls)));
    for at in 0..calls {
        for kind in Kind::ALL {
            let sim = (job.start)();
            converges(&sim, job, Fault { at, kind }, (&wanted, doubted));
        }
    }
}

/// Whether an answer has left doubt.
fn is_doubted(outcome: &Outcome) -> bool {
    outcome.events.iter().any(|event| matches!(event.what, What::Doubted(_)))
}

/// What is wanted in the end, and whether even an undisturbed run meets doubt: a name that EKS has given
/// meanwhile.
type End<'a> = (&'a BTreeMap<String, String>, bool);

fn converges(sim: &Sim, job: &Job, fault: Fault, (wanted, always): End<'_>) {
    sim.fault(Some(fault));
    let first = run(sim, &job.goal);
    sim.fault(None);
    if fault.kind.is_survived() {
        let first = first.expect("it was not killed");
        let doubts = always || fault.kind != Kind::Throttled;
        assert_eq!(is_doubted(&first), doubts, "{fault:?}: throttling is no doubt");
        let failed = first.summary.failed;
        assert_eq!(failed, [], "{fault:?} is got over in the same run");
    }
    let second = run(sim, &job.goal).unwrap();
    assert_eq!(second.summary.failed, [], "{fault:?}");
    assert_eq!(&sim.inventory(), wanted, "{fault:?}");
    let third = planned(sim, &job.goal);
    assert!(third.changes().unwrap().is_empty(), "{fault:?}: {:#?}", third.changes());

    assert_eq!(run(sim, &Goal::Nothing).unwrap().summary.failed, [], "{fault:?}");
    assert_eq!(sim.inventory(), account().inventory(), "{fault:?}");
}
