//! What nodes leave behind in the network goes with what it is in.

use std::time::Duration;

use eksact::sim::Sim;
use eksact::world::World;

use super::counts::WALKS;
use super::demo::Demo;
use super::desk::{Goal, account, living, run};
use super::troubles::{Dice, reaches};

/// A living cluster whose nodes will leave a network interface behind, to be seen so much later.
pub fn leaking(later: u64) -> Sim {
    let sim = living();
    sim.leaking(Duration::from_secs(later));
    sim
}

#[test]
fn what_has_gathered_meanwhile_is_taken_away_before_what_it_is_in() {
    let before = account().inventory();
    // At once; after the cluster's deletion has begun; after it is over.
    for (later, extra) in [(0, 1), (60, 2), (300, 2)] {
        let sim = leaking(later);
        let outcome = run(&sim, &Goal::Nothing).unwrap();
        assert_eq!(outcome.summary.failed, [], "{later} s");
        assert_eq!(sim.inventory(), before, "{later} s");
        let (log, changes) = (sim.log(), outcome.plan.changes().unwrap());
        let planned: usize = changes.iter().map(|change| change.operations.len()).sum();
        assert_eq!(log.operations.len(), planned + extra, "{later} s");
        // Only what nobody could have seen is run into.
        assert_eq!(log.turned_away.is_empty(), later < 300, "{later} s: {:?}", log.turned_away);
    }
}

#[test]
fn what_was_left_behind_before_is_in_the_plan() {
    let sim = leaking(0);
    let without = Goal::Graph(Demo { nodegroup: false, ..Demo::default() }.graph());
    assert_eq!(run(&sim, &without).unwrap().summary.failed, []);
    sim.log();
    let outcome = run(&sim, &Goal::Nothing).unwrap();
    assert!(outcome.plan.actions().contains("ec2:DeleteNetworkInterface"));
    assert_eq!((outcome.summary.failed, sim.log().turned_away), (vec![], vec![]));
}

#[test]
fn walks_with_leaks() {
    let before = account().inventory();
    for seed in 400..WALKS as u64 {
        let (sim, mut dice) = (account(), Dice(seed));
        sim.leaking(Duration::from_secs([0, 20, 90][dice.below(3)]));
        sim.stale(Duration::from_secs([0, 5][dice.below(2)]));
        for _ in 0..4 {
            sim.fault(Some(dice.fault(30)));
            super::desk::attempt(&sim, &dice.goal());
        }
        sim.fault(None);
        sim.stale(Duration::ZERO);
        sim.drive(sim.wait(Duration::from_secs(30)));
        reaches(&sim, &dice.goal(), &before, &format!("seed {seed}"));
    }
}
