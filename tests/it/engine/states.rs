//! Every state that AWS may tell of, and what does not work out.

use std::time::Duration;

use eksact::apply::{Failure, What};
use eksact::cluster::since;
use eksact::plan::Unseen;
use eksact::resource::{Standing, Type};
use eksact::sim::{Fault, Kind};
use eksact::world::World;

use super::demo::{Demo, pairs};
use super::desk::{Goal, account, account_with, living, planned, run, run_stopped_after};
use super::edits::{edit, told};
use super::faults::{Job, position};

/// AWS's words, as botocore 1.43.11 has them; nothing for a type of which it tells no status.
fn words(kind: Type) -> &'static [&'static str] {
    match kind {
        Type::Vpc => &["pending", "available"],
        Type::Subnet => &["pending", "available", "unavailable", "failed", "failed-insufficient-capacity"],
        Type::NatGateway => &["pending", "failed", "available", "deleting", "deleted"],
        Type::Volume => &["creating", "available", "in-use", "deleting", "deleted", "error"],
        Type::InternetGateway | Type::RouteTable | Type::Eip | Type::LaunchTemplate => &[""],
        Type::Role | Type::OidcProvider | Type::LogGroup | Type::AccessEntry => &[""],
        Type::PodIdentityAssociation | Type::Certificate => &[""],
        // Our own words for what an object shows of itself.
        Type::Inventory | Type::Namespace | Type::Definition | Type::Object => OBJECT,
        Type::Workload | Type::Webhook | Type::Custom => OBJECT,
        Type::Exposed => &["", "Terminating", "Abandoned"],
        Type::Cluster => &["CREATING", "ACTIVE", "DELETING", "FAILED", "UPDATING", "PENDING"],
        Type::Addon => &[
            "CREATING",
            "ACTIVE",
            "CREATE_FAILED",
            "UPDATING",
            "DELETING",
            "DELETE_FAILED",
            "DEGRADED",
            "UPDATE_FAILED",
        ],
        Type::Nodegroup => {
            &["CREATING", "ACTIVE", "UPDATING", "DELETING", "CREATE_FAILED", "DELETE_FAILED", "DEGRADED"]
        }
    }
}

const OBJECT: &[&str] = &["", "Progressing", "Terminating", "on its way, not waited for"];

#[test]
fn every_state_of_every_type_has_a_meaning_and_no_other_has() {
    for kind in Type::ALL {
        for word in words(*kind) {
            assert_ne!(kind.standing(word), Standing::Unclear, "{kind:?} {word}");
        }
        let own = kind.states().iter().filter(|(word, _)| !words(*kind).contains(word));
        let own: Vec<&str> = own.map(|(word, _)| *word).collect();
        let expected: &[&str] = if *kind == Type::Addon { &["CREATING, without nodes"] } else { &[] };
        assert_eq!(own, expected, "{kind:?}: no other word that AWS does not have");
        assert_eq!(kind.standing("SUSPENDED"), Standing::Unclear, "{kind:?}");
    }
}

#[test]
fn what_is_in_an_unknown_state_is_not_taken_for_ready() {
    let sim = living();
    sim.meddle("cluster-demo-1", |live| live.status = "SUSPENDED".to_owned());
    let edited = Demo { logging: vec![], labels: pairs(&[]), ..Demo::default() };
    let plan = planned(&sim, &Goal::Graph(edited.graph()));
    assert_eq!(told(&plan), [""; 0], "neither it nor what needs it is changed");
    assert_eq!(plan.unread[0].why, Unseen::Unclear("SUSPENDED".to_owned()));
    assert_eq!(plan.unread.len(), 7);
}

#[test]
fn a_deletion_that_has_failed_is_tried_again() {
    for goal in [Goal::Nothing, Goal::Graph(Demo { nodegroup: false, ..Demo::default() }.graph())] {
        let sim = living();
        sim.failing(Some(Type::Nodegroup));
        let failed = run(&sim, &goal).unwrap().summary.failed;
        let [(_, Failure::Broken { status, troubles })] = &failed[..] else { panic!("{failed:?}") };
        assert_eq!((status.as_str(), troubles.len()), ("DELETE_FAILED", 1), "with its cause");
        sim.failing(None);
        // For a while it still looks as if it had failed.
        sim.stale(Duration::from_secs(10));
        assert_eq!(run(&sim, &goal).unwrap().summary.failed, []);
        sim.drive(sim.wait(Duration::from_secs(10)));
        assert!(planned(&sim, &goal).changes().unwrap().is_empty());
    }
}

/// It goes, whatever its creation comes to; and one that failed is made again.
#[test]
fn a_control_plane_that_is_being_made_and_fails_can_go() {
    let goal = Goal::Graph(Demo::default().graph());
    for next in [&Goal::Nothing, &goal] {
        let sim = account();
        let before = sim.inventory();
        sim.failing(Some(Type::Cluster));
        assert!(run_stopped_after(&sim, &goal, Duration::from_secs(300)).unwrap().summary.halted.is_some());
        sim.failing(None);
        let outcome = run(&sim, next).unwrap();
        if matches!(next, Goal::Nothing) {
            assert_eq!((outcome.summary.failed, sim.inventory()), (vec![], before));
            continue;
        }
        let [(key, Failure::Broken { status, .. })] = &outcome.summary.failed[..] else {
            panic!("{:?}", outcome.summary)
        };
        assert_eq!((key.kind, status.as_str()), (Type::Cluster, "FAILED"), "it was waited for");
        assert_eq!(run(&sim, &goal).unwrap().summary.failed, [], "and is made again by the next run");
        assert!(sim.inventory().contains_key("cluster-demo-2"));
    }
}

#[test]
fn what_could_not_be_deleted_and_is_wanted_again_is_made_again() {
    let sim = living();
    sim.meddle("addon-vpc-cni-1", |live| live.status = "DELETE_FAILED".to_owned());
    assert_eq!(edit(&sim, Demo::default()), ["Create addon/vpc-cni: "]);
    assert!(sim.inventory().contains_key("addon-vpc-cni-2"));
}

#[test]
fn a_nat_gateway_that_has_failed_gets_another_one_beside_it() {
    let sim = account();
    sim.failing(Some(Type::NatGateway));
    let goal = Goal::Graph(Demo::default().graph());
    let failed = run(&sim, &goal).unwrap().summary.failed;
    let [(key, Failure::Broken { status, troubles })] = &failed[..] else { panic!("{failed:?}") };
    assert_eq!((key.kind, status.as_str(), troubles.len()), (Type::NatGateway, "failed", 1));
    let made = |sim: &eksact::sim::Sim, action| {
        sim.log().operations.iter().filter(|operation| operation.action() == action).count()
    };
    assert_eq!(made(&sim, "ec2:CreateNatGateway"), 1, "not again in the same run");
    sim.failing(None);
    assert_eq!(run(&sim, &goal).unwrap().summary.failed, []);
    assert_eq!(made(&sim, "ec2:DeleteNatGateway"), 0, "AWS takes the failed one away");
    assert!(sim.inventory().contains_key("nat-gateway-a-2"));
}

#[test]
fn an_update_that_fails_is_shown_and_not_repeated_in_the_same_run() {
    for (kind, edited) in [
        (Type::Nodegroup, Demo { labels: pairs(&[("new", "yes")]), ..Demo::default() }),
        (Type::Cluster, Demo { logging: vec![], ..Demo::default() }),
    ] {
        let sim = living();
        sim.failing(Some(kind));
        let goal = Goal::Graph(edited.graph());
        let failed = run(&sim, &goal).unwrap().summary.failed;
        let [(key, Failure::Broken { status, troubles })] = &failed[..] else { panic!("{failed:?}") };
        assert_eq!((key.kind, status.as_str(), troubles.len()), (kind, "Failed", 1));
        assert_eq!(sim.log().operations.len(), 1, "one call");
        sim.failing(None);
        assert_eq!(run(&sim, &goal).unwrap().summary.failed, [], "the next run tries it once more");
    }
}

#[test]
fn a_wait_has_an_end_and_says_what_is_left() {
    let sim = account();
    sim.lasting("eks:CreateAddon", Duration::from_secs(5000));
    let summary = run(&sim, &Goal::Graph(Demo::default().graph())).unwrap().summary;
    let [(key, Failure::Late { status, waited, .. })] = &summary.failed[..] else { panic!("{summary:?}") };
    assert_eq!((status.as_str(), waited.as_secs() / 10), ("CREATING", 60), "four times its 35 s are less");
    assert_eq!(summary.left, std::slice::from_ref(key));

    let sim = account();
    sim.lasting("eks:CreateCluster", Duration::from_secs(5000));
    let summary = run(&sim, &Goal::Graph(Demo::default().graph())).unwrap().summary;
    let [(_, Failure::Late { waited, .. })] = &summary.failed[..] else { panic!("{summary:?}") };
    assert_eq!(waited.as_secs() / 100, 24, "four times its 600 s");
    sim.drive(sim.wait(Duration::from_secs(5000)));
    assert_eq!(run(&sim, &Goal::Graph(Demo::default().graph())).unwrap().summary.failed, []);
}

/// Without nodes most add-ons stay CREATING: nobody waits for one, and it is as it should be.
#[test]
fn an_addon_that_waits_for_nodes_is_not_waited_for() {
    let demo = Demo { awaited: false, nodegroup: false, ..Demo::default() };
    let goal = Goal::Graph(demo.graph());
    for kind in [None, Some(Kind::Unanswered), Some(Kind::AnswerLost), Some(Kind::KilledAfter)] {
        let sim = account();
        let before = sim.inventory();
        sim.lasting("eks:CreateAddon", Duration::from_secs(1_000_000));
        sim.lasting("eks:UpdateAddon", Duration::from_secs(1_000_000));
        let at = position(&Job { start: account, goal: goal.clone() }, "eks:CreateAddon");
        sim.fault(kind.map(|kind| Fault { at, kind }));
        let first = run(&sim, &goal);
        sim.fault(None);
        assert_eq!(first.is_none(), kind == Some(Kind::KilledAfter));
        let took = first
            .map(|first| (first.summary.failed, first.summary.took, first.plan.floor(first.events[0].at)));
        assert!(took.is_none_or(|(failed, took, floor)| failed.is_empty() && took < floor.mul_f64(1.1)));
        assert_eq!(run(&sim, &goal).unwrap().summary.failed, []);
        assert_eq!(told(&planned(&sim, &goal)), [""; 0], "{kind:?}");
        assert!(sim.inventory()["addon-vpc-cni-1"].starts_with("CREATING"));

        let deleted = run(&sim, &Goal::Nothing).unwrap().summary;
        assert!(deleted.failed.is_empty() && deleted.took < Duration::from_secs(300), "{deleted:#?}");
        assert_eq!(sim.inventory(), before);
    }
}

#[test]
fn an_update_of_an_addon_that_waits_for_nodes_is_not_followed() {
    let demo = Demo { awaited: false, nodegroup: false, ..Demo::default() };
    let sim = account_with(&demo.graph());
    sim.lasting("eks:UpdateAddon", Duration::from_secs(1_000_000));
    let edited = Goal::Graph(Demo { log_level: "DEBUG", ..demo }.graph());
    let summary = run(&sim, &edited).unwrap().summary;
    assert!(summary.failed.is_empty() && summary.took < Duration::from_secs(1), "{summary:#?}");
}

#[test]
fn events_tell_what_is_waited_for_and_what_has_come_of_it() {
    let sim = account();
    let events = run(&sim, &Goal::Graph(Demo::default().graph())).unwrap().events;
    let of_cluster = |it: &&eksact::apply::Event| it.key.kind == Type::Cluster;
    let waits = events.iter().filter(of_cluster).find_map(|event| match &event.what {
        What::Waiting { status, since: from, usual, .. } => {
            Some((status.as_str(), since(event.at, *from), *usual))
        }
        _ => None,
    });
    let (status, after, usual) = waits.unwrap();
    assert_eq!((status, usual), ("CREATING", Duration::from_secs(600)));
    assert!(after < Duration::from_secs(1));
    let end = events.iter().rfind(of_cluster).unwrap();
    assert_eq!(end.what, What::Done { id: "cluster-demo-1".to_owned() });
    let plan = planned(&sim, &Goal::Graph(Demo::default().graph()));
    assert_eq!(plan.unchanged.len(), 22, "and all of it is as it should be");
}
