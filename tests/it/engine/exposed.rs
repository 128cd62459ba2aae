//! What holds load balancers inside goes while its controller still works, and only with the whole cluster.

use std::collections::BTreeMap;
use std::time::Duration;

use eksact::plan::{Action, delete};
use eksact::resource::{Remark, Type};
use eksact::sim::Sim;
use eksact::world::{Found, Guest, Keeper, Snapshot, World};

use super::demo::{Demo, pairs};
use super::desk::{Goal, account, living, planned, run};
use super::unread::strange_nodegroup;

/// A living cluster with two Ingresses in it.
pub fn exposed() -> Sim {
    let sim = living();
    sim.expose("web", "api");
    sim.expose("web", "shop.v2");
    sim
}

fn seen(sim: &Sim) -> Snapshot {
    sim.drive(sim.observe(&BTreeMap::new())).unwrap().unwrap()
}

#[test]
fn it_goes_before_all_that_its_controller_needs() {
    let sim = exposed();
    sim.lasting("kubernetes:Delete", Duration::from_secs(300));
    let outcome = run(&sim, &Goal::Nothing).unwrap();
    assert_eq!(outcome.summary.failed, []);
    let log = sim.log();
    let first: Vec<&str> = log.operations.iter().take(2).map(|it| it.action()).collect();
    assert_eq!(first, ["kubernetes:Delete"; 2]);
    assert!(log.turned_away.is_empty(), "{:?}", log.turned_away);
    assert_eq!(sim.inventory(), account().inventory());
}

#[test]
fn no_plan_for_a_file_touches_it() {
    let sim = exposed();
    assert_eq!(seen(&sim).exposed.len(), 2);
    let edited = Demo { labels: pairs(&[]), nodegroup: false, ..Demo::default() };
    for demo in [Demo::default(), edited] {
        let plan = planned(&sim, &Goal::Graph(demo.graph()));
        assert!(plan.changes().unwrap().iter().all(|change| change.key.kind != Type::Exposed));
    }
}

#[test]
fn without_its_controller_nothing_goes_on() {
    let sim = exposed();
    let without = Goal::Graph(Demo { nodegroup: false, ..Demo::default() }.graph());
    assert_eq!(run(&sim, &without).unwrap().summary.failed, []);
    let before = sim.inventory();
    let outcome = run(&sim, &Goal::Nothing).unwrap();
    let failed: Vec<Type> = outcome.summary.failed.iter().map(|(key, _)| key.kind).collect();
    assert_eq!(failed, [Type::Exposed; 2]);
    let others = |it: &BTreeMap<String, String>| -> BTreeMap<String, String> {
        it.clone().into_iter().filter(|(id, _)| !id.starts_with("load-balancer")).collect()
    };
    assert_eq!(others(&sim.inventory()), others(&before), "nothing else is begun");
}

#[test]
fn where_it_cannot_be_looked_for_the_rest_goes_and_that_is_said() {
    let sim = living();
    sim.deny(Some(Type::Exposed));
    let outcome = run(&sim, &Goal::Nothing).unwrap();
    assert_eq!((outcome.summary.failed, outcome.plan.unread), (vec![], vec![]));
    let hidden = |remark: &Remark| matches!(remark, Remark::Hidden { why } if why.contains("AccessDenied"));
    assert!(outcome.plan.notes.iter().any(|note| hidden(&note.what)), "{:?}", outcome.plan.notes);
    assert_eq!(sim.inventory(), account().inventory());
}

#[test]
fn what_stands_in_ours_for_it_is_nobodys_guest() {
    let sim = exposed();
    let mut snapshot = seen(&sim);
    let subnet = "subnet-private-a-1".to_owned();
    let guest =
        |keepers: Vec<Keeper>| Guest { id: "eni-1".to_owned(), within: vec![subnet.clone()], keepers };
    let is_kept = |snapshot: &Snapshot| {
        let plan = delete(snapshot);
        let mut doomed = plan.changes().unwrap().iter().filter(|it| it.action == Action::Delete);
        !doomed.any(|change| change.doomed().unwrap().id == subnet)
    };
    let balancer = Keeper::Balancer("k8s-web-api-01".to_owned());
    for (keepers, kept) in
        [(vec![], true), (vec![balancer.clone()], true), (vec![balancer.clone(), Keeper::Controller], false)]
    {
        snapshot.guests = vec![guest(keepers)];
        assert_eq!(is_kept(&snapshot), kept);
    }
    snapshot.guests = vec![guest(vec![balancer])];
    for found in snapshot.exposed.values_mut().flatten() {
        let Found::Present(live) = found else { panic!("{found:?}") };
        let eksact::resource::Any::Exposed(it) = &mut live.properties else { panic!("{live:?}") };
        it.balancers = vec!["k8s-web-api-01".to_owned()];
    }
    assert!(!is_kept(&snapshot), "its status names the load balancer");
    snapshot.exposed.clear();
    assert!(is_kept(&snapshot), "nobody would take it away");
}

/// Whose pods go on, on nodes of others, is still asked for.
#[test]
fn it_stays_with_a_cluster_that_stays() {
    let sim = exposed();
    strange_nodegroup(&sim);
    let outcome = run(&sim, &Goal::Nothing).unwrap();
    assert_eq!(outcome.summary.failed, []);
    assert!(sim.log().operations.iter().all(|it| it.action() != "kubernetes:Delete"));
    assert_eq!(seen(&sim).exposed.len(), 2);
}
