//! Reads that fail or are behind: a lost one is made again, and what cannot be read is left alone.

use std::time::Duration;

use eksact::apply::Failure;
use eksact::plan::{Scope, Unseen};
use eksact::resource::ec2::{self, Subnet};
use eksact::resource::{Any, Remark, Tags, Type, Val, eks};
use eksact::sim::{Blindness, Sim};
use eksact::world::{Class, World};

use super::counts::{LOST_READS, UNREAD};
use super::demo::{Demo, pairs};
use super::desk::{Goal, account, living, planned, run};
use super::faults::Job;
use super::troubles::{jobs, reaches};

/// Looks and reads of updates alike; those with which a plan begins have a test of their own.
#[test]
fn reads_that_are_lost_are_made_again() {
    let mut cases = 0;
    for job in jobs() {
        let undisturbed = (job.start)();
        undisturbed.blind(None);
        run(&undisturbed, &job.goal).unwrap();
        let (reads, wanted) = (undisturbed.reads(), undisturbed.inventory());
        for from in (Type::ALL.len()..reads).step_by(11) {
            for class in [Class::Ambiguous, Class::Throttled] {
                let sim = (job.start)();
                sim.blind(Some(Blindness { from, reads: 5, class }));
                assert_eq!(run(&sim, &job.goal).unwrap().summary.failed, [], "{from} {class:?}");
                assert_eq!(sim.inventory(), wanted, "{from} {class:?}");
                cases += 1;
            }
        }
    }
    assert_eq!(cases, LOST_READS);
}

/// Nothing goes wrong, but what calls do is seen only later: no call is sent a second time for that.
#[test]
fn a_look_that_is_behind_repeats_nothing() {
    let edited = Demo { labels: pairs(&[("new", "yes")]), logging: vec![], ..Demo::default() };
    let edit = Job { start: living, goal: Goal::Graph(edited.graph()) };
    for job in jobs().into_iter().chain([edit]) {
        let sim = (job.start)();
        // Longer than the update of a nodegroup takes.
        sim.stale(Duration::from_secs(40));
        let outcome = run(&sim, &job.goal).unwrap();
        let planned = outcome.plan.changes().unwrap().iter().map(|change| change.operations.len());
        assert_eq!(outcome.summary.failed, []);
        assert_eq!(sim.log().operations.len(), planned.sum::<usize>());
    }
}

/// The caller's credentials are over: nothing goes on, and the next run gets there.
#[test]
fn reads_that_fail_for_good_fail_the_change() {
    let before = account().inventory();
    for job in jobs() {
        let sim = (job.start)();
        sim.blind(Some(Blindness { from: Type::ALL.len() + 3, reads: 1000, class: Class::Expired }));
        let failed = run(&sim, &job.goal).unwrap().summary.failed;
        let expired = |failure: &Failure| matches!(failure, Failure::World(it) if it.class == Class::Expired);
        assert!(!failed.is_empty() && failed.iter().all(|(_, failure)| expired(failure)), "{failed:?}");
        sim.blind(None);
        reaches(&sim, &job.goal, &before, "expired");
    }
}

/// Any type is not to be read when the plan is made, and then it is.
#[test]
fn a_type_that_is_not_read_is_left_alone_with_all_that_hangs_on_it() {
    let (before, mut cases) = (account().inventory(), 0);
    let edited = Demo { labels: pairs(&[]), logging: vec![], tags: pairs(&[]), ..Demo::default() };
    for goal in [Goal::Graph(Demo::default().graph()), Goal::Graph(edited.graph()), Goal::Nothing] {
        for (at, kind) in Type::ALL.iter().enumerate() {
            let sim = living();
            sim.blind(Some(Blindness { from: at, reads: 1, class: Class::Ambiguous }));
            let was = sim.inventory();
            let outcome = run(&sim, &goal).unwrap();
            let unread = outcome.plan.unread.first().map(|unread| &unread.what);
            // These go with their cluster, whether or not they can be seen.
            let along = [Type::AccessEntry, Type::PodIdentityAssociation];
            let goes_along = along.contains(kind) || kind.is_kubernetes();
            let is_in_plan = !goes_along || matches!(goal, Goal::Graph(_));
            // And of these no plan for a file speaks.
            let hides = is_in_plan && !matches!(kind, Type::Exposed | Type::Volume);
            assert_eq!(unread, Some(&Scope::All(*kind)).filter(|_| hides));
            assert_eq!(outcome.summary.failed, []);
            let now = sim.inventory();
            let of_kind = |id: &&String| id.starts_with(kind.word());
            let stays = was.keys().filter(of_kind).all(|id| was.get(id) == now.get(id));
            // Of objects in the cluster, and of what is made for them, the demo has none.
            let has_none = kind.is_kubernetes() || *kind == Type::Volume;
            assert_eq!(stays, hides || has_none, "{kind:?}");
            reaches(&sim, &goal, &before, &format!("{kind:?}"));
            cases += 1;
        }
    }
    assert_eq!(cases, UNREAD);
}

#[test]
fn what_is_denied_is_told_with_what_is_spared_for_it() {
    let sim = living();
    sim.deny(Some(Type::Nodegroup));
    let plan = planned(&sim, &Goal::Nothing);
    assert_eq!(plan.changes().unwrap().len(), 0, "nodes may use all of it");
    let Unseen::Failed(error) = &plan.unread[0].why else { panic!("{:?}", plan.unread) };
    assert_eq!((error.class, error.code.as_str()), (Class::Denied, "AccessDeniedException"));
    let spared = Unseen::MayBeUsedBy(Scope::All(Type::Nodegroup));
    assert!(plan.unread[1..].iter().all(|unread| unread.why == spared), "{:#?}", plan.unread);
}

#[test]
fn what_others_have_put_into_our_vpc_is_left_with_what_it_stands_in() {
    let sim = living();
    let subnet = Subnet {
        vpc_id: Val::Known("vpc-main-1".to_owned().into()),
        cidr_block: "192.168.19.0/24".to_owned(),
        availability_zone: "us-west-2c".to_owned(),
        map_public_ip_on_launch: None,
        tags: Tags::default(),
    };
    sim.drive(sim.run(&ec2::Operation::CreateSubnet { subnet }.into())).unwrap().unwrap();
    sim.log();
    let outcome = run(&sim, &Goal::Nothing).unwrap();
    assert_eq!((outcome.summary.failed, sim.log().turned_away), (vec![], vec![]), "it is not even tried");
    let [note] = &outcome.plan.notes[..] else { panic!("{:?}", outcome.plan.notes) };
    let kept = Remark::KeptFor("subnet-foreign-1".to_owned());
    assert_eq!((note.key.to_string().as_str(), &note.what), ("vpc/main", &kept));
    let there = sim.inventory();
    assert!(there.contains_key("vpc-main-1") && there.contains_key("subnet-foreign-1"), "{there:#?}");
}

/// Somebody else makes a node group in our cluster.
pub fn strange_nodegroup(sim: &Sim) {
    let found = |key: &str| {
        let key = key.parse().unwrap();
        sim.drive(sim.look(&key)).unwrap().unwrap().remove(0).properties
    };
    let Any::Nodegroup(ours) = found("nodegroup/ng1") else { panic!("a node group") };
    let nodegroup = eks::Nodegroup { tags: Tags::default(), ..ours };
    let theirs = eks::Operation::CreateNodegroup { name: "theirs".to_owned(), nodegroup };
    sim.drive(sim.run(&theirs.into())).unwrap().unwrap();
    sim.drive(sim.wait(Duration::from_secs(200)));
    sim.log();
}

/// That stays with all that it needs, and the rest goes.
#[test]
fn what_others_have_put_into_our_cluster_is_left_with_all_that_it_needs() {
    let (sim, before) = (living(), account().inventory());
    strange_nodegroup(&sim);
    let outcome = run(&sim, &Goal::Nothing).unwrap();
    assert_eq!((outcome.summary.failed, sim.log().turned_away), (vec![], vec![]), "it is not even tried");
    let kept = Remark::KeptFor("nodegroup-theirs-1".to_owned());
    assert!(outcome.plan.notes.iter().all(|note| note.what == kept));
    let mut spared: Vec<String> = outcome.plan.notes.iter().map(|note| note.key.to_string()).collect();
    spared.sort();
    let needed = [
        "cluster/demo",
        "launch-template/ng1",
        "role/cluster",
        "role/node",
        "subnet/private-a",
        "subnet/private-b",
        "subnet/public-a",
        "subnet/public-b",
        "vpc/main",
    ];
    assert_eq!(spared, needed);
    let there = sim.inventory();
    let entries = there.keys().filter(|id| id.starts_with("access-entry")).count();
    assert_eq!(entries, 2, "who looks why the cluster stays is let in: {there:#?}");
    assert_eq!(there.len(), before.len() + needed.len() + entries + 1, "{there:#?}");

    // They take it away, and the rest goes too.
    let cluster_name = Val::Known("demo".to_owned().into());
    let gone = eks::Operation::DeleteNodegroup { cluster_name, name: "theirs".to_owned() };
    sim.drive(sim.run(&gone.into())).unwrap().unwrap();
    sim.drive(sim.wait(Duration::from_secs(300)));
    reaches(&sim, &Goal::Nothing, &before, "without guests");
}
