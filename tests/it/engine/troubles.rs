//! More than one thing goes wrong, or what AWS shows is behind, or the file changes in between.

use std::collections::BTreeMap;
use std::time::Duration;

use eksact::plan::Action;
use eksact::resource::Standing;
use eksact::sim::{Fault, Kind, Sim};
use eksact::world::{Found, World};

use super::counts::{BEHIND, PAIRS, RACES, REDIRECTED, UNDOUBLED};
use super::demo::{Demo, Nat, pairs};
use super::desk::{Goal, account, attempt, living, planned, race, run};
use super::faults::{Job, calls};

fn replaced() -> Demo {
    Demo { instance_types: vec!["m6i.large"], volume_size: 100, ..Demo::default() }
}

/// A network that changes, an add-on that moves, and nodes of another kind with other properties.
fn rebuilt() -> Demo {
    Demo {
        nat: Nat::HighlyAvailable,
        private_access: true,
        namespace: Some("elsewhere"),
        taints: vec![("gpu", "yes")],
        max_unavailable: 2,
        ..Demo::default()
    }
}

pub fn jobs() -> [Job; 4] {
    [
        Job { start: account, goal: Goal::Graph(Demo::default().graph()) },
        Job { start: living, goal: Goal::Graph(replaced().graph()) },
        Job { start: living, goal: Goal::Graph(rebuilt().graph()) },
        Job { start: living, goal: Goal::Nothing },
    ]
}

/// The file changes, or is given up, before the first run has got where it was going.
#[test]
fn another_goal_after_every_fault() {
    let before = account().inventory();
    let mut cases = 0;
    for (job, at) in jobs().iter().flat_map(|job| (0..calls(job)).map(move |at| (job, at))) {
        for kind in [Kind::Refused, Kind::KilledBefore, Kind::KilledAfter] {
            for other in
                [Goal::Nothing, Goal::Graph(Demo::default().graph()), Goal::Graph(replaced().graph())]
            {
                let sim = (job.start)();
                sim.fault(Some(Fault { at, kind }));
                run(&sim, &job.goal);
                sim.fault(None);
                reaches(&sim, &other, &before, &format!("{at} {kind:?}"));
                cases += 1;
            }
        }
    }
    assert_eq!(cases, REDIRECTED);
}

/// What calls do is seen only later than we are prepared to wait for it: things may be made twice,
/// and a later run takes one of them away again.
#[test]
fn doubles_are_found_and_taken_away() {
    let before = account().inventory();
    let (mut cases, mut doubled) = (0, 0);
    for job in jobs() {
        for (at, kind) in (0..calls(&job)).flat_map(|at| Kind::ALL.map(|kind| (at, kind))) {
            let sim = (job.start)();
            sim.stale(Duration::from_secs(30));
            sim.fault(Some(Fault { at, kind }));
            run(&sim, &job.goal);
            sim.fault(None);
            run(&sim, &job.goal);
            sim.stale(Duration::ZERO);
            sim.drive(sim.wait(Duration::from_secs(30)));
            let plan = planned(&sim, &job.goal);
            let deletions = plan.changes().unwrap().iter().filter(|change| change.action == Action::Delete);
            doubled += usize::from(matches!(job.goal, Goal::Graph(_)) && deletions.count() > 0);
            cases += 1;
            reaches(&sim, &job.goal, &before, &format!("{at} {kind:?}"));
        }
    }
    assert_eq!((cases, doubled), BEHIND);
}

/// As long as we look for longer than looks are behind, nothing is made twice.
#[test]
fn a_lost_answer_and_a_look_that_is_behind_double_nothing() {
    let mut cases = 0;
    for job in jobs() {
        let undisturbed = (job.start)();
        run(&undisturbed, &job.goal).unwrap();
        for (at, kind) in (0..calls(&job)).flat_map(|at| Kind::ALL.map(|kind| (at, kind))) {
            if kind.is_survived() {
                let sim = (job.start)();
                sim.stale(Duration::from_secs(15));
                sim.fault(Some(Fault { at, kind }));
                assert_eq!(run(&sim, &job.goal).unwrap().summary.failed, [], "{at} {kind:?}");
                assert_eq!(sim.inventory(), undisturbed.inventory(), "{at} {kind:?}");
                cases += 1;
            }
        }
    }
    assert_eq!(cases, UNDOUBLED);
}

/// Any two things go wrong, one in the first run and one in the next.
#[test]
fn pairs_of_faults() {
    let (before, mut dice, mut cases) = (account().inventory(), Dice(42), 0);
    for job in jobs() {
        for _ in 0..100 {
            let (sim, calls) = ((job.start)(), calls(&job));
            let faults = [(); 2].map(|()| dice.fault(calls));
            for fault in faults {
                sim.fault(Some(fault));
                run(&sim, &job.goal);
            }
            sim.fault(None);
            reaches(&sim, &job.goal, &before, &format!("{faults:?}"));
            cases += 1;
        }
    }
    assert_eq!(cases, PAIRS);
}

/// Nothing keeps two runs apart here; but whatever they do to each other, one more puts it right.
#[test]
fn two_runs_at_once() {
    let (before, mut cases) = (account().inventory(), 0);
    let starts = [0, 1, 2, 5, 10, 13, 20, 40, 100, 300, 3000, 6060, 6500]
        .map(|tenths| Duration::from_millis(tenths * 100));
    for (job, later) in jobs().iter().flat_map(|job| starts.map(move |later| (job, later))) {
        for other in [&job.goal, &Goal::Nothing, &Goal::Graph(replaced().graph())] {
            let sim = (job.start)();
            sim.leaking(Duration::ZERO);
            race(&sim, (&job.goal, other), later);
            reaches(&sim, other, &before, &format!("{later:?}"));
            cases += 1;
        }
    }
    assert_eq!(cases, RACES);
}

/// The file changes again and again, almost every run meets a fault, and looks may be behind.
#[test]
fn walks() {
    let before = account().inventory();
    for seed in 0..400 {
        let (sim, mut dice) = (account(), Dice(seed));
        sim.stale(Duration::from_secs([0, 5, 30][dice.below(3)]));
        for _ in 0..6 {
            sim.fault(Some(dice.fault(24)));
            attempt(&sim, &dice.goal());
        }
        sim.fault(None);
        sim.stale(Duration::ZERO);
        sim.drive(sim.wait(Duration::from_secs(30)));
        reaches(&sim, &dice.goal(), &before, &format!("seed {seed}"));
    }
}

/// Numbers that look random, and are the same every time.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    pub fn fault(&mut self, calls: usize) -> Fault {
        Fault { at: self.below(calls), kind: Kind::ALL[self.below(Kind::ALL.len())] }
    }

    pub fn goal(&mut self) -> Goal {
        let nats = [Nat::Disable, Nat::Single, Nat::Elsewhere, Nat::HighlyAvailable];
        let nat = nats[self.below(nats.len())];
        let mut coin = || self.below(2) == 0;
        let demo = Demo {
            nat,
            private_access: coin(),
            taints: if coin() {
                vec![("dedicated", "batch")]
            } else {
                vec![("dedicated", "web"), ("gpu", "yes")]
            },
            max_unavailable: if coin() { 1 } else { 2 },
            spot: coin() && coin(),
            log_level: if coin() { "INFO" } else { "DEBUG" },
            namespace: coin().then_some("elsewhere"),
            logging: if coin() { vec![] } else { vec!["audit"] },
            public_access_cidrs: vec![if coin() { "0.0.0.0/0" } else { "10.0.0.0/8" }],
            tags: pairs(if coin() { &[("team", "payments")] } else { &[("cost", "17")] }),
            labels: pairs(if coin() { &[("stage", "beta")] } else { &[("new", "yes")] }),
            volume_size: if coin() { 80 } else { 100 },
            instance_types: vec![if coin() { "m5.large" } else { "m6i.large" }],
            max_size: if coin() { 8 } else { 9 },
            desired_size: if coin() { 2 } else { 3 },
            nodegroup: coin() || coin(),
            ..Demo::default()
        };
        if self.below(5) == 0 { Goal::Nothing } else { Goal::Graph(demo.graph()) }
    }
}

/// One run more reaches a goal, with one of each thing; and deleting reaches what was before.
pub fn reaches(sim: &Sim, goal: &Goal, before: &BTreeMap<String, String>, case: &str) {
    assert_eq!(run(sim, goal).unwrap().summary.failed, [], "{case}");
    let plan = planned(sim, goal);
    assert!(plan.changes().unwrap().is_empty(), "{case}: {:#?}", plan.changes());
    let snapshot = sim.drive(sim.observe(&Default::default())).unwrap().unwrap();
    let alive = |found: &&Found| matches!(found, Found::Present(live) if live.standing() != Standing::Gone);
    let single = |found: &Vec<Found>| found.iter().filter(alive).count() <= 1;
    assert!(snapshot.found.values().all(single), "{case}: {snapshot:#?}");
    assert_eq!(run(sim, &Goal::Nothing).unwrap().summary.failed, [], "{case}");
    assert_eq!(&sim.inventory(), before, "{case}");
}
