//! What an answer leaves open, and what a refusal that passes is not.

use std::time::Duration;

use eksact::apply::{Cause, Event, Failure, What};
use eksact::cluster::since;
use eksact::resource::{Set, Type, eks};
use eksact::sim::{Fault, Kind, Sim};
use eksact::world::{Class, World};

use super::counts::FINAL;
use super::demo::{Demo, pairs};
use super::desk::{Goal, Outcome, account, living, planned, run};
use super::faults::{Job, calls, position};
use super::troubles::reaches;

/// An edit for each kind of call that sets off an update.
fn updates() -> [(Type, &'static str, Demo); 4] {
    [
        (Type::Cluster, "eks:UpdateClusterConfig", Demo { logging: vec![], ..Demo::default() }),
        (Type::Addon, "eks:UpdateAddon", Demo { log_level: "DEBUG", ..Demo::default() }),
        (Type::Nodegroup, "eks:UpdateNodegroupConfig", Demo { labels: pairs(&[]), ..Demo::default() }),
        (Type::Nodegroup, "eks:UpdateNodegroupVersion", Demo { volume_size: 100, ..Demo::default() }),
    ]
}

fn made(sim: &Sim, action: &str) -> usize {
    sim.log().operations.iter().filter(|operation| operation.action() == action).count()
}

#[test]
fn an_update_whose_answer_was_lost_is_found_and_if_it_fails_not_sent_again() {
    // How far looks, and lists of updates besides, are behind.
    let behind = [(0, 0), (2, 0), (15, 0), (0, 5)];
    for ((kind, action, edited), (stale, unlisted)) in
        updates().iter().flat_map(|it| behind.map(|behind| (it, behind)))
    {
        for fails in [false, true] {
            let goal = Goal::Graph(edited.graph());
            let at = position(&Job { start: living, goal: goal.clone() }, action);
            let sim = living();
            sim.stale(Duration::from_secs(stale));
            sim.unlisted(Duration::from_secs(unlisted));
            sim.failing(fails.then_some(*kind));
            sim.fault(Some(Fault { at, kind: Kind::AnswerLost }));
            let failed = run(&sim, &goal).unwrap().summary.failed;
            sim.fault(None);
            let case = format!("{action}, {stale} s and {unlisted} s behind, fails: {fails}");
            assert_eq!(made(&sim, action), 1, "{case}");
            let Some((key, failure)) = failed.first() else {
                assert!(!fails, "{case}");
                continue;
            };
            let Failure::Broken { status, troubles } = failure else { panic!("{case}: {failed:?}") };
            assert_eq!(
                (failed.len(), key.kind, status.as_str(), troubles.len()),
                (1, *kind, "Failed", 1),
                "{case}"
            );
            sim.failing(None);
            sim.drive(sim.wait(Duration::from_secs(stale)));
            assert_eq!(
                run(&sim, &goal).unwrap().summary.failed,
                [],
                "{case}: the next run tries it once more"
            );
            assert!(planned(&sim, &goal).changes().unwrap().is_empty(), "{case}");
        }
    }
}

#[test]
fn an_update_that_began_long_before_is_not_taken_for_ours() {
    let sim = living();
    sim.failing(Some(Type::Cluster));
    let update = eks::ClusterUpdate::LoggingUpdate(Set(Vec::new()));
    let theirs = eks::Operation::UpdateClusterConfig { name: "demo".to_owned(), update };
    sim.drive(sim.run(&theirs.into())).unwrap().unwrap();
    sim.drive(sim.wait(Duration::from_secs(200)));
    sim.failing(None);
    sim.log();
    sim.fault(Some(Fault { at: 0, kind: Kind::Unanswered }));
    let goal = Goal::Graph(Demo { logging: vec![], ..Demo::default() }.graph());
    assert_eq!(run(&sim, &goal).unwrap().summary.failed, [], "theirs has failed, ours has not");
    assert_eq!(made(&sim, "eks:UpdateClusterConfig"), 1);
}

/// Neither a quota that is used up nor a right that is lacking comes back by asking again, nor is a
/// call right that was wrong. Only for that of the cluster may it be that its role is young.
#[test]
fn a_limit_a_denial_and_a_refusal_are_final_and_stop_nothing_else() {
    let (before, mut cases) = (account().inventory(), 0);
    let create = Job { start: account, goal: Goal::Graph(Demo::default().graph()) };
    // Right after a role was made, a call that names it is not believed to be refused for good.
    let young = ["eks:CreateCluster", "eks:CreateAddon", "eks:CreatePodIdentityAssociation"];
    let young = young.map(|action| position(&create, action));
    let final_ones =
        [(Kind::Limited, Class::Limit), (Kind::Denied, Class::Denied), (Kind::Refused, Class::Refused)];
    for (at, (kind, class)) in (0..calls(&create)).flat_map(|at| final_ones.map(|it| (at, it))) {
        if young.contains(&at) && kind == Kind::Refused {
            continue;
        }
        let sim = account();
        sim.fault(Some(Fault { at, kind }));
        let outcome = run(&sim, &create.goal).unwrap();
        sim.fault(None);
        fails_once(&outcome, class, &format!("{at} {kind:?}"));
        reaches(&sim, &create.goal, &before, &format!("{at} {kind:?}"));
        cases += 1;
    }
    assert_eq!(cases, FINAL);
}

/// One change has failed, by one call; those that need it were not begun, and all others are made.
fn fails_once(outcome: &Outcome, class: Class, case: &str) {
    let summary = &outcome.summary;
    let [(key, Failure::World(error))] = &summary.failed[..] else { panic!("{case}: {summary:#?}") };
    assert_eq!((error.class, summary.halted), (class, None), "{case}");
    assert_eq!(summary.left, [], "{case}: AWS is at nothing");
    assert!(summary.skipped.iter().all(|(_, cause)| *cause == Cause::Failed(key.clone())), "{case}");
    let again = |event: &Event| matches!(event.what, What::Doubted(_) | What::Postponed { .. });
    assert!(!outcome.events.iter().any(again), "{case}: sent once");
}

#[test]
fn a_role_that_is_young_is_given_time_to_become_known() {
    let sim = account();
    sim.lagging(Duration::from_secs(12));
    let outcome = run(&sim, &Goal::Graph(Demo::default().graph())).unwrap();
    assert_eq!(outcome.summary.failed, []);
    let postponed: Vec<_> =
        outcome.events.iter().filter(|it| matches!(it.what, What::Postponed { .. })).collect();
    let takes_role = |kind| [Type::Cluster, Type::Addon, Type::PodIdentityAssociation].contains(&kind);
    assert!(!postponed.is_empty() && postponed.iter().all(|it| takes_role(it.key.kind)), "{postponed:#?}");
    let late = outcome.summary.took - outcome.plan.floor(outcome.events[0].at);
    // Of the control plane's role, and of that of pods, which is made only when the issuer is known.
    assert!(late < Duration::from_secs(40), "{late:?}");
    assert!(outcome.summary.waited >= late, "{:?} {late:?}", outcome.summary.waited);
}

/// IAM has made a role, but does not find it when something is to be done to it.
#[test]
fn a_role_that_iam_does_not_find_yet_is_waited_for_but_not_for_long() {
    let goal = Goal::Graph(Demo::default().graph());
    let sim = account();
    sim.unknown(Duration::from_secs(20));
    assert_eq!(run(&sim, &goal).unwrap().summary.failed, []);

    let sim = account();
    sim.unknown(Duration::from_secs(10_000));
    let outcome = run(&sim, &goal).unwrap();
    let (took, failed) = (outcome.summary.took, outcome.summary.failed);
    let roles = failed.iter().all(|(key, failure)| {
        let is_unknown = matches!(failure, Failure::World(error) if error.class == Class::NotFound);
        key.kind == Type::Role && is_unknown
    });
    assert!(roles && failed.len() == 2, "{failed:#?}");
    let ends = |event: &&Event| matches!(event.what, What::Failed(_));
    let of_role: Vec<_> = outcome.events.iter().filter(|event| event.key == failed[0].0).collect();
    let tried = since(of_role.iter().copied().find(ends).unwrap().at, of_role[0].at);
    assert!((30..45).contains(&tried.as_secs()), "{tried:?} of {took:?}");
}

/// Looks never show what an update has done: so it is said what they show.
#[test]
fn what_does_not_stay_as_it_is_made_is_told_with_what_differs() {
    let sim = living();
    sim.stale(Duration::from_secs(10_000));
    let outcome = run(&sim, &Goal::Graph(Demo { logging: vec!["api"], ..Demo::default() }.graph())).unwrap();
    let [(key, failure @ Failure::Unsteady { differences })] = &outcome.summary.failed[..] else {
        panic!("{:#?}", outcome.summary)
    };
    assert_eq!((key.kind, differences.len(), differences[0].path.as_str()), (Type::Cluster, 1, "Logging"));
    assert_eq!(
        failure.to_string(),
        r#"it does not stay as it is made: Logging is ["api","audit"], and is to be ["api"]"#
    );
}

#[test]
fn a_refusal_is_final_once_the_roles_are_old() {
    let goal = Goal::Graph(Demo::default().graph());
    let sim = account();
    sim.lagging(Duration::from_secs(1_000_000));
    let outcome = run(&sim, &goal).unwrap();
    let [(key, Failure::World(error))] = &outcome.summary.failed[..] else {
        panic!("{:#?}", outcome.summary)
    };
    assert_eq!((key.kind, error.class), (Type::Cluster, Class::Refused));
    let of_cluster: Vec<_> = outcome.events.iter().filter(|event| event.key == *key).collect();
    let tried = since(of_cluster.last().unwrap().at, of_cluster[0].at);
    assert!((120..180).contains(&tried.as_secs()), "{tried:?}");

    let again = run(&sim, &goal).unwrap();
    assert_eq!(again.summary.failed.len(), 1);
    assert!(
        again.summary.took < Duration::from_secs(1),
        "{:?}: the roles are old by now",
        again.summary.took
    );
    assert!(!again.events.iter().any(|event| matches!(event.what, What::Postponed { .. })));
}
