//! Two runs that have not seen each other make two networks; the cluster stands in one of them.

use std::collections::BTreeSet;

use eksact::plan::{Action, Plan};
use eksact::resource::{Key, Type};
use eksact::world::{Snapshot, World};

use super::demo::{Demo, Nat};
use super::desk::{Goal, account, carry_out, planned, run};
use super::troubles::reaches;

/// A cluster with addresses and gateways in both zones.
fn goal() -> Goal {
    Goal::Graph(Demo { nat: Nat::HighlyAvailable, ..Demo::default() }.graph())
}

/// What a run plans that sees nothing of what is there.
fn blind() -> Plan {
    let Goal::Graph(graph) = goal() else { unreachable!() };
    eksact::plan::plan(&graph, &Snapshot::default())
}

/// The same, but only of the network.
fn blind_network() -> Plan {
    let plan = blind();
    let network = [Type::Vpc, Type::Subnet, Type::InternetGateway, Type::RouteTable, Type::Eip];
    let is_network = |key: &&Key| network.contains(&key.kind) || key.kind == Type::NatGateway;
    let keys: BTreeSet<Key> = plan.keys().into_iter().filter(is_network).cloned().collect();
    plan.part(&keys).unwrap()
}

fn calls(plan: &Plan) -> usize {
    plan.changes().unwrap().iter().map(|change| change.operations.len()).sum()
}

/// What of the network would go or be made again, other than the doubles: nothing that a control plane stands in, nor
/// what stands beside it.
fn touched(plan: &Plan, doubles: &str) -> Vec<String> {
    let goes = |action| matches!(action, Action::Delete | Action::Remake | Action::Create);
    let changes = plan.changes().unwrap().iter().filter(|change| goes(change.action));
    let told = changes.map(|change| {
        let id = change.found().map_or("nothing", |live| live.id.as_str());
        format!("{:?} {} ({id})", change.action, change.key)
    });
    told.filter(|it| !(it.starts_with("Delete") && it.ends_with(&format!("{doubles})")))).collect()
}

#[test]
fn the_network_that_the_control_plane_stands_in_is_kept_whichever_is_older() {
    let before = account().inventory();
    for (cluster_in, doubles) in [(1, "-2"), (2, "-1")] {
        let sim = account();
        if cluster_in == 2 {
            carry_out(&sim, &blind_network(), None);
        }
        carry_out(&sim, &blind(), None);
        if cluster_in == 1 {
            carry_out(&sim, &blind_network(), None);
        }
        let cluster = format!("subnet-private-a-{cluster_in}");
        assert!(sim.inventory()["cluster-demo-1"].contains(&cluster));
        let plan = planned(&sim, &goal());
        assert_eq!(plan.refused, []);
        assert_eq!(touched(&plan, doubles), [""; 0], "in the network {cluster_in}");
        let deleted = plan.changes().unwrap().iter().filter(|change| change.action == Action::Delete);
        assert_eq!(
            deleted.count(),
            13,
            "a VPC, 4 subnets, a gateway, 3 tables, 2 addresses and 2 NAT gateways"
        );
        reaches(&sim, &goal(), &before, &format!("in the network {cluster_in}"));
    }
}

/// Of the other network there is only what a run had made by the time that it was killed.
#[test]
fn what_there_is_of_another_network_goes_however_much_that_is() {
    let before = account().inventory();
    for at in 1..calls(&blind_network()) {
        for first in [true, false] {
            let sim = account();
            if first {
                carry_out(&sim, &blind_network(), Some(at));
            }
            carry_out(&sim, &blind(), None);
            if !first {
                carry_out(&sim, &blind_network(), Some(at));
            }
            let doubles = if first { "-1" } else { "-2" };
            let plan = planned(&sim, &goal());
            // What has not come to work goes, too: its id tells of no order where nothing was made before it.
            let touched = touched(&plan, doubles);
            assert!(touched.iter().all(|it| it.starts_with("Delete")), "{at} {first}: {touched:#?}");
            reaches(&sim, &goal(), &before, &format!("{at} {first}"));
        }
    }
}

/// No control plane tells which of two networks is meant, and neither is whole.
#[test]
fn two_halves_of_a_network_become_one() {
    let before = account().inventory();
    let calls = calls(&blind_network());
    for (one, other) in (1..calls).flat_map(|one| (1..calls).step_by(3).map(move |other| (one, other))) {
        let sim = account();
        carry_out(&sim, &blind_network(), Some(one));
        carry_out(&sim, &blind_network(), Some(other));
        let case = format!("{one} and {other}");
        assert_eq!(planned(&sim, &goal()).refused, [], "{case}");
        reaches(&sim, &goal(), &before, &case);
    }
}

/// A control plane that cannot be read may stand in either: then nothing is made in place of anything.
#[test]
fn nothing_goes_with_its_network_while_a_control_plane_cannot_be_read() {
    let sim = account();
    carry_out(&sim, &blind_network(), Some(2));
    carry_out(&sim, &blind(), None);
    sim.deny(Some(Type::Cluster));
    let plan = planned(&sim, &goal());
    assert!(plan.if_nothing_were_refused().iter().all(|it| it.key.kind != Type::Subnet), "{plan:#?}");
    sim.deny(None);
    assert_eq!(run(&sim, &goal()).unwrap().summary.failed, []);
    let there = sim.drive(sim.look(&"vpc/main".parse().unwrap())).unwrap().unwrap();
    assert_eq!(there.iter().map(|live| live.id.as_str()).collect::<Vec<_>>(), ["vpc-main-2"]);
}
