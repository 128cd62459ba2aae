//! A run that ends before its time: what it still does, and what it says is left.

use std::time::Duration;

use eksact::apply::{Cause, Failure, Halt, Options, Summary, What, apply};
use eksact::cluster::since;
use eksact::resource::{CALL, Key, Standing, Type};
use eksact::sim::{Blindness, Fault, Kind, Sim};
use eksact::world::{Class, Found, World};
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;

use super::counts::{DENIED_READS, EXPIRIES, STOPS};
use super::demo::Demo;
use super::desk::{Goal, account, living, planned, run, run_stopped_after};
use super::faults::{Job, calls};
use super::troubles::{jobs, reaches};

/// What AWS is at, by key.
fn under_way(sim: &Sim) -> Vec<Key> {
    let snapshot = sim.drive(sim.observe(&Default::default())).unwrap().unwrap();
    let busy = |found: &Found| {
        let standing = found.present().map(|live| live.standing());
        matches!(standing, Some(Standing::Settling | Standing::Deleting))
    };
    let busy = snapshot.found.into_iter().filter(|(_, found)| found.iter().any(busy));
    busy.map(|(key, _)| key).collect()
}

/// That all of it, and nothing but what it had to, ended for this one reason.
fn ended_for(summary: &Summary, halt: Halt, case: &str) {
    assert_eq!(summary.halted, Some(halt), "{case}");
    let cause = |cause: &Cause| *cause == Cause::Halted(halt);
    assert!(summary.skipped.iter().all(|(_, because)| cause(because)), "{case}: {summary:#?}");
    let failure = |failure: &Failure| match failure {
        Failure::Halted(because) => *because == halt,
        Failure::World(error) => halt == Halt::Expired && error.class == Class::Expired,
        _ => false,
    };
    assert!(summary.failed.iter().all(|(_, it)| failure(it)), "{case}: {summary:#?}");
}

#[test]
fn a_run_is_stopped_at_once_wherever_it_is_and_can_be_gone_on_with() {
    let (before, mut cases) = (account().inventory(), 0);
    for job in jobs() {
        let undisturbed = run(&(job.start)(), &job.goal).unwrap();
        let began = undisturbed.events[0].at;
        let called = undisturbed.events.iter().filter(|event| matches!(event.what, What::Calling(_)));
        let called = called.map(|event| since(event.at, began));
        // A plan takes a call of its own.
        let mut moments: Vec<Duration> = called.flat_map(|at| [at + CALL, at + CALL + CALL / 2]).collect();
        moments.extend((0..20).map(|part| CALL + undisturbed.summary.took * part / 20));
        moments.sort();
        moments.dedup();
        for moment in moments {
            let (sim, case) = ((job.start)(), format!("{moment:?}"));
            let summary = run_stopped_after(&sim, &job.goal, moment).unwrap().summary;
            if summary.halted.is_some() {
                ended_for(&summary, Halt::Stopped, &case);
            }
            assert!(summary.took <= moment, "{case}: calls finish, and waits are over at once: {summary:#?}");
            let under_way = under_way(&sim);
            assert!(
                under_way.iter().all(|key| summary.left.contains(key)),
                "{case}: {under_way:?} {summary:#?}"
            );
            reaches(&sim, &job.goal, &before, &case);
            cases += 1;
        }
    }
    assert_eq!(cases, STOPS);
}

#[test]
fn a_run_that_takes_too_long_ends_as_if_it_were_stopped() {
    let (sim, minutes) = (account(), Duration::from_secs(300));
    let plan = planned(&sim, &Goal::Graph(Demo::default().graph()));
    let options = Options { timeout: Some(minutes), ..Options::default() };
    let stop = CancellationToken::new();
    let summary = sim.drive(apply(&plan, &sim, options, &stop, unbounded_channel().0)).unwrap().unwrap();
    ended_for(&summary, Halt::TimedOut, "");
    let cluster = Key { kind: Type::Cluster, name: "demo".to_owned() };
    assert_eq!((summary.took, &summary.left[..]), (minutes, std::slice::from_ref(&cluster)));
    assert_eq!(summary.failed, [(cluster, Failure::Halted(Halt::TimedOut))]);

    // One that is done in time is not waited for.
    let options = Options { timeout: Some(Duration::from_secs(3600)), ..Options::default() };
    let plan = planned(&sim, &Goal::Graph(Demo::default().graph()));
    let summary = sim.drive(apply(&plan, &sim, options, &stop, unbounded_channel().0)).unwrap().unwrap();
    assert_eq!((summary.failed, summary.halted), (vec![], None));
    assert!(summary.took < Duration::from_secs(600), "{:?}", summary.took);
}

/// Whichever call or look is the first that the credentials are too old for, it is the last.
#[test]
fn credentials_that_expire_end_the_run_and_nothing_further_is_called() {
    let (before, mut cases) = (account().inventory(), 0);
    for job in jobs() {
        for at in 0..calls(&job) {
            let sim = (job.start)();
            sim.fault(Some(Fault { at, kind: Kind::Expired }));
            expires(&sim, &job, &before, &format!("call {at}"));
            cases += 1;
        }
        let undisturbed = (job.start)();
        undisturbed.blind(None);
        run(&undisturbed, &job.goal).unwrap();
        for from in (Type::ALL.len()..undisturbed.reads()).step_by(23) {
            let sim = (job.start)();
            sim.blind(Some(Blindness { from, reads: 1, class: Class::Expired }));
            expires(&sim, &job, &before, &format!("read {from}"));
            cases += 1;
        }
    }
    assert_eq!(cases, EXPIRIES);
}

fn expires(sim: &Sim, job: &Job, before: &std::collections::BTreeMap<String, String>, case: &str) {
    let summary = run(sim, &job.goal).unwrap().summary;
    ended_for(&summary, Halt::Expired, case);
    assert!(!summary.failed.is_empty(), "{case}");
    assert_eq!(sim.log().in_vain, 0, "{case}");
    sim.fault(None);
    sim.blind(None);
    let under_way = under_way(sim);
    assert!(under_way.iter().all(|key| summary.left.contains(key)), "{case}: {under_way:?} {summary:#?}");
    reaches(sim, &job.goal, before, case);
}

/// Any look is denied: its change fails, and AWS may still be at what was asked of it.
#[test]
fn a_look_that_is_denied_fails_its_change_alone() {
    let (before, mut cases) = (account().inventory(), 0);
    for job in jobs() {
        let undisturbed = (job.start)();
        undisturbed.blind(None);
        run(&undisturbed, &job.goal).unwrap();
        for from in (Type::ALL.len()..undisturbed.reads()).step_by(13) {
            let (sim, case) = ((job.start)(), format!("{from}"));
            sim.blind(Some(Blindness { from, reads: 1, class: Class::Denied }));
            let summary = run(&sim, &job.goal).unwrap().summary;
            let [(key, Failure::World(error))] = &summary.failed[..] else { panic!("{case}: {summary:#?}") };
            assert_eq!((error.class, summary.halted), (Class::Denied, None), "{case}");
            assert!(summary.skipped.iter().all(|(_, cause)| *cause == Cause::Failed(key.clone())), "{case}");
            assert!(under_way(&sim).iter().all(|key| summary.left.contains(key)), "{case}: {summary:#?}");
            sim.blind(None);
            reaches(&sim, &job.goal, &before, &case);
            cases += 1;
        }
    }
    assert_eq!(cases, DENIED_READS);
}

#[test]
fn a_run_that_is_stopped_before_it_begins_does_nothing() {
    let sim = living();
    let plan = planned(&sim, &Goal::Nothing);
    let (stop, events) = (CancellationToken::new(), unbounded_channel().0);
    stop.cancel();
    let summary = sim.drive(apply(&plan, &sim, Options::default(), &stop, events)).unwrap().unwrap();
    ended_for(&summary, Halt::Stopped, "");
    assert_eq!((summary.skipped.len(), sim.log().operations.len()), (plan.changes().unwrap().len(), 0));
}
