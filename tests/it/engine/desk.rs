//! The program as the tests run it: look, plan, apply.

use std::collections::BTreeMap;
use std::future::pending;
use std::time::Duration;

use eksact::apply::{Event, Options, Summary, What, apply};
use eksact::graph::Graph;
use eksact::plan::{Plan, delete, plan};
use eksact::resource::ec2::{self, Vpc};
use eksact::resource::{Tags, Val, iam};
use eksact::sim::{Fault, Kind, Sim};
use eksact::world::{Class, World, WorldError};
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;

use super::demo::{Demo, pairs};

/// What should be.
#[derive(Clone, Debug)]
pub enum Goal {
    Graph(Graph),
    Nothing,
}

/// What a run that was not killed came to.
pub struct Outcome {
    pub plan: Plan,
    pub summary: Summary,
    pub events: Vec<Event>,
}

/// An account with somebody else's things in it.
pub fn account() -> Sim {
    let sim = Sim::new("demo");
    let tags = Tags(pairs(&[("owner", "somebody else")]));
    let vpc = Vpc { cidr_block: "192.168.0.0/16".to_owned(), enable_dns_hostnames: None, tags: tags.clone() };
    let role = iam::Operation::CreateRole {
        role_name: "demo".to_owned(),
        path: None,
        assume_role_policy_document: Val::Known(String::new().into()),
        permissions_boundary: None,
        tags,
    };
    sim.drive(async {
        sim.run(&ec2::Operation::CreateVpc { vpc }.into()).await.unwrap();
        sim.run(&role.into()).await.unwrap();
    });
    sim.log();
    sim
}

/// An account in which this has been applied.
pub fn account_with(graph: &Graph) -> Sim {
    let sim = account();
    assert_eq!(run(&sim, &Goal::Graph(graph.clone())).unwrap().summary.failed, []);
    sim.log();
    sim
}

/// An account with the cluster in it.
pub fn living() -> Sim {
    account_with(&Demo::default().graph())
}

/// Looks and plans.
pub fn planned(sim: &Sim, goal: &Goal) -> Plan {
    sim.drive(look_and_plan(sim, goal)).unwrap()
}

async fn look_and_plan(sim: &Sim, goal: &Goal) -> Plan {
    match goal {
        Goal::Graph(graph) => plan(graph, &sim.observe(&graph.names()).await.unwrap()),
        Goal::Nothing => delete(&sim.observe(&BTreeMap::new()).await.unwrap()),
    }
}

/// One run of the program; `None` if it was killed.
pub fn run(sim: &Sim, goal: &Goal) -> Option<Outcome> {
    run_stopped_after(sim, goal, Duration::MAX / 2)
}

/// One run that is stopped in good order, if it lasts that long.
pub fn run_stopped_after(sim: &Sim, goal: &Goal, time: Duration) -> Option<Outcome> {
    let (events, mut received) = unbounded_channel();
    let stop = CancellationToken::new();
    let program = async {
        let plan = look_and_plan(sim, goal).await;
        let summary = apply(&plan, sim, Options::default(), &stop, events).await.expect("nothing is refused");
        (plan, summary)
    };
    let (plan, summary) = sim.drive(async {
        let stopper = async {
            sim.wait(time).await;
            stop.cancel();
            pending::<()>().await;
        };
        tokio::select! {
            biased;
            outcome = program => outcome,
            () = stopper => unreachable!("it stops, but does not end"),
        }
    })?;
    let events: Vec<Event> = std::iter::from_fn(|| received.try_recv().ok()).collect();
    each_ends_once(&plan, &events);
    Some(Outcome { plan, summary, events })
}

/// A run that may be killed, or refuse because what it sees does not fit together.
pub fn attempt(sim: &Sim, goal: &Goal) {
    sim.drive(async {
        let plan = look_and_plan(sim, goal).await;
        _ = apply(&plan, sim, Options::default(), &CancellationToken::new(), unbounded_channel().0).await;
    });
}

/// Carries out a plan that may be killed at a call.
pub fn carry_out(sim: &Sim, plan: &Plan, killed_at: Option<usize>) {
    sim.fault(killed_at.map(|at| Fault { at, kind: Kind::KilledBefore }));
    let stop = CancellationToken::new();
    _ = sim.drive(apply(plan, sim, Options::default(), &stop, unbounded_channel().0));
    sim.fault(None);
}

/// Two runs on one account, the second a little later, whatever becomes of them.
pub fn race(sim: &Sim, (first, second): (&Goal, &Goal), later: Duration) {
    let stop = CancellationToken::new();
    let program = async |goal, begin| {
        sim.wait(begin).await;
        let plan = look_and_plan(sim, goal).await;
        _ = apply(&plan, sim, Options::default(), &stop, unbounded_channel().0).await;
    };
    sim.drive(futures::future::join(program(first, Duration::ZERO), program(second, later))).unwrap();
}

/// What a caller without the right to is told.
pub fn denied() -> WorldError {
    let (code, message) = ("AccessDeniedException".to_owned(), "not authorized".to_owned());
    WorldError { class: Class::Denied, code, message, operation: "eks:DescribeCluster", request_id: None }
}

fn each_ends_once(plan: &Plan, events: &[Event]) {
    let mut ends = BTreeMap::new();
    for event in events {
        if matches!(event.what, What::Done { .. } | What::Failed(_) | What::Skipped { .. }) {
            *ends.entry(event.change).or_insert(0) += 1;
        }
    }
    let changes = plan.changes().unwrap().len();
    assert_eq!(ends, (0..changes).map(|change| (change, 1)).collect());
}
