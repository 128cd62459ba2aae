//! Files as they end in an account: made, changed field by field, and taken away again.

use std::collections::BTreeMap;

use eksact::apply::{Options, apply};
use eksact::config::{ClusterConfig, Source};
use eksact::desired::{desired, names};
use eksact::plan::{Plan, delete, plan};
use eksact::sim::Sim;
use eksact::world::World;
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;

use super::desk::{facts, model};
use super::graphs::examples;
use crate::fields::{edits, fields, tell};

/// Looks and plans; nothing where the file cannot be carried out here.
async fn planned(sim: &Sim, file: &ClusterConfig) -> Option<Plan> {
    let snapshot = sim.observe(&names(file, &facts())).await.unwrap();
    Some(plan(&desired(file, &facts(), &snapshot).ok()?, &snapshot))
}

/// Looks, plans and applies; what was planned, and what is to be done afterwards.
fn run(sim: &Sim, file: &ClusterConfig) -> Option<[Vec<String>; 2]> {
    let program = async {
        let plan = planned(sim, file).await?;
        if plan.changes().is_ok() {
            let (stop, events) = (CancellationToken::new(), unbounded_channel().0);
            let summary = apply(&plan, sim, Options::default(), &stop, events).await.unwrap();
            assert_eq!(summary.failed, [], "{:#?}", tell(&plan));
        }
        Some([tell(&plan), tell(&planned(sim, file).await?)])
    };
    sim.drive(program).unwrap()
}

/// The account is empty: what a file takes to exist does not.
fn needs_nothing(text: &str) -> bool {
    !text.contains("{id: subnet-") && !text.contains(":role/")
}

fn file(text: &str) -> ClusterConfig {
    model(&Source::new("cluster.yaml", text))
}

#[test]
fn each_example_is_made_in_one_run_and_nothing_of_it_is_left_after_a_delete() {
    for (name, source) in examples().into_iter().filter(|(_, source)| needs_nothing(&source.text)) {
        let file = model(&source);
        let (_, cluster) = source.text.split_once("\n  name: ").unwrap();
        let sim = Sim::new(cluster.lines().next().unwrap());
        let [_, left] = run(&sim, &file).unwrap();
        assert_eq!(left, [""; 0], "{name}");
        assert_eq!(sim.log().turned_away, [""; 0], "{name}: the order was right");
        sim.drive(async {
            let plan = delete(&sim.observe(&BTreeMap::new()).await.unwrap());
            let (stop, events) = (CancellationToken::new(), unbounded_channel().0);
            apply(&plan, &sim, Options::default(), &stop, events).await.unwrap();
        });
        assert!(sim.inventory().is_empty(), "{name}: {:?}", sim.inventory().keys());
    }
}

#[test]
fn each_field_of_a_living_cluster_can_be_changed_and_then_there_is_nothing_more_to_do() {
    for field in fields() {
        for (title, before, after, changes) in edits(&field) {
            if !needs_nothing(before) || !needs_nothing(after) {
                continue;
            }
            let sim = Sim::new("demo");
            if run(&sim, &file(before)).is_none() {
                run(&sim, &file(&field.none)).unwrap();
            }
            let Some([planned, left]) = run(&sim, &file(after)) else { continue };
            assert_eq!(planned, changes, "{title}");
            let refused: Vec<String> =
                planned.into_iter().filter(|line| line.starts_with("Refused")).collect();
            assert_eq!(left, refused, "{title}: what is refused stays refused, and nothing else is left");
        }
    }
}
