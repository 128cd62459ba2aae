//! Volumes of claims go with their whole cluster where their policy says so, after the pods and before the cluster.

use std::collections::BTreeMap;
use std::time::Duration;

use eksact::cluster::{Ask, Facts, Timestamp};
use eksact::ops::{prove, removal};
use eksact::plan::Action;
use eksact::resource::ec2::{Stay, Volume};
use eksact::resource::{Key, Live, OneOf, Operation, Remark, Type};
use eksact::sim::Sim;
use eksact::view::volumes::stays as stays_of;
use eksact::world::{Answer, Names, Snapshot, Update, World, WorldError};

use super::demo::{Demo, pairs};
use super::desk::{Goal, account, living, planned, run};
use super::unread::strange_nodegroup;

/// A living cluster with two volumes that go with it.
pub fn claimed() -> Sim {
    let sim = living();
    sim.claim("web/cache-0", "Delete");
    sim.claim("web/cache-1", "Delete");
    sim
}

#[test]
fn they_go_between_the_nodes_and_the_cluster() {
    let sim = claimed();
    let outcome = run(&sim, &Goal::Nothing).unwrap();
    assert_eq!(outcome.summary.failed, []);
    let log = sim.log();
    assert!(log.turned_away.is_empty(), "no pod has one any more: {:?}", log.turned_away);
    let calls: Vec<&str> = log.operations.iter().map(|it| it.action()).collect();
    let place = |call: &str| calls.iter().position(|it| *it == call).unwrap();
    assert!(place("eks:DeleteNodegroup") < place("ec2:DeleteVolume"), "{calls:?}");
    assert!(place("ec2:DeleteVolume") < place("eks:DeleteCluster"), "{calls:?}");
    assert!(outcome.plan.actions().contains("ec2:DeleteVolume"));
    assert_eq!(sim.inventory(), account().inventory());
}

#[test]
fn no_plan_for_a_file_touches_them() {
    let sim = claimed();
    let edited = Demo { labels: pairs(&[]), nodegroup: false, ..Demo::default() };
    for demo in [Demo::default(), edited] {
        let plan = planned(&sim, &Goal::Graph(demo.graph()));
        assert!(plan.changes().unwrap().iter().all(|change| change.key.kind != Type::Volume));
    }
}

#[test]
fn what_is_not_certainly_to_go_stays_and_is_told() {
    let sim = claimed();
    sim.claim("web/data", "Retain");
    let planned = sim.drive(removal(&sim, "demo", &[])).unwrap().unwrap();
    let stays: Vec<Stay> = planned.volumes().into_iter().map(|(.., why)| why).collect();
    assert_eq!(stays, [Stay::Policy("Retain".to_owned())]);
    assert_eq!(run(&sim, &Goal::Nothing).unwrap().summary.failed, []);
    let left = sim.inventory().into_keys().filter(|id| id.starts_with("volume")).count();
    assert_eq!(left, 1);
    let proof = sim.drive(prove(&sim, "demo", &planned.plan)).unwrap().unwrap();
    assert!(proof.is_clean(), "{proof:?}");

    // A cluster that is gone says nothing of policies any more.
    let sim = claimed();
    let planned = sim.drive(removal(&sim, "demo", &[])).unwrap().unwrap();
    sim.deny(Some(Type::Volume));
    let proof = sim.drive(prove(&sim, "demo", &planned.plan)).unwrap().unwrap();
    assert!(proof.unread.contains(&Type::Volume), "it cannot be said that they are gone");
    sim.deny(None);
    let proof = sim.drive(prove(&sim, "demo", &planned.plan)).unwrap().unwrap();
    assert_eq!(proof.left.iter().filter(|key| key.kind == Type::Volume).count(), 2);
}

#[test]
fn they_stay_with_a_cluster_that_stays() {
    // Pods move to the node group that somebody else has made; and what cannot be listed may be in the cluster.
    for keep in [strange_nodegroup, |sim: &Sim| sim.deny(Some(Type::Addon))] {
        let sim = claimed();
        sim.claim("web/data", "Retain");
        keep(&sim);
        let planned = sim.drive(removal(&sim, "demo", &[])).unwrap().unwrap();
        let kinds: Vec<Type> = planned.plan.changes().unwrap().iter().map(|it| it.key.kind).collect();
        assert!(!kinds.is_empty() && !kinds.contains(&Type::Cluster), "{kinds:?}");
        let stays: Vec<Stay> = planned.volumes().into_iter().map(|(.., why)| why).collect();
        assert_eq!(stays, [Stay::WithCluster, Stay::WithCluster, Stay::Policy("Retain".to_owned())]);
        assert_eq!(run(&sim, &Goal::Nothing).unwrap().summary.failed, []);
        let left = sim.inventory().into_keys().filter(|id| id.starts_with("volume")).count();
        assert_eq!(left, 3);
        assert!(sim.log().operations.iter().all(|it| it.action() != "ec2:DeleteVolume"));
    }
}

#[test]
fn one_that_an_instance_of_others_has_stays_and_stops_nothing() {
    let sim = claimed();
    let held = sim.inventory().into_keys().find(|id| id.starts_with("volume")).unwrap();
    sim.meddle(&held, |live| {
        Volume::of_mut(&mut live.properties).unwrap().held_by = Some("i-1".to_owned());
    });
    let planned = sim.drive(removal(&sim, "demo", &[])).unwrap().unwrap();
    let stays: Vec<(&str, Stay)> =
        planned.volumes().into_iter().map(|(live, _, why)| (live.id.as_str(), why)).collect();
    assert_eq!(stays, [(held.as_str(), Stay::Attached("i-1".to_owned()))]);
    let [told] = &stays_of(&planned)[..] else { panic!("one stays") };
    assert!(told.contains("attached to i-1") && told.ends_with("deletes it once i-1 is gone"), "{told}");
    assert_eq!(run(&sim, &Goal::Nothing).unwrap().summary.failed, []);
    let mut expected = account().inventory();
    expected.extend(sim.inventory().remove_entry(&held));
    assert_eq!(sim.inventory(), expected, "the cluster goes, and the other volume");
}

/// An account in which no volume is listed: none carries the cluster's tag.
struct Untagged<'a>(&'a Sim);

impl World for Untagged<'_> {
    async fn facts(&self, ask: &Ask) -> Result<Facts, WorldError> {
        self.0.facts(ask).await
    }

    async fn observe(&self, names: &Names) -> Result<Snapshot, WorldError> {
        Ok(Snapshot { volumes: Vec::new(), hidden: None, ..self.0.observe(names).await? })
    }

    async fn look(&self, key: &Key) -> Result<Vec<Live>, WorldError> {
        self.0.look(key).await
    }

    async fn run(&self, operation: &Operation) -> Result<Answer, WorldError> {
        self.0.run(operation).await
    }

    async fn update(&self, key: &Key, id: Option<&str>) -> Result<Option<Update>, WorldError> {
        self.0.update(key, id).await
    }

    fn now(&self) -> Timestamp {
        self.0.now()
    }

    async fn wait(&self, duration: Duration) {
        self.0.wait(duration).await;
    }
}

#[test]
fn each_that_was_to_go_is_looked_at_again_by_its_id() {
    let sim = claimed();
    let planned = sim.drive(removal(&sim, "demo", &[])).unwrap().unwrap();
    let proof = || sim.drive(prove(&Untagged(&sim), "demo", &planned.plan)).unwrap().unwrap();
    assert_eq!(proof().left.iter().filter(|key| key.kind == Type::Volume).count(), 2);
    sim.deny(Some(Type::Volume));
    assert_eq!(proof().unread, [Type::Volume].into());
    sim.deny(None);
    assert_eq!(run(&sim, &Goal::Nothing).unwrap().summary.failed, []);
    let proof = proof();
    assert!(proof.is_clean(), "{proof:?}");
}

#[test]
fn where_they_cannot_be_looked_for_the_rest_goes_and_that_is_said() {
    let sim = claimed();
    sim.deny(Some(Type::Volume));
    let outcome = run(&sim, &Goal::Nothing).unwrap();
    assert_eq!((outcome.summary.failed, outcome.plan.unread), (vec![], vec![]));
    let hidden = |remark: &Remark| matches!(remark, Remark::Hidden { why } if why.contains("AccessDenied"));
    assert!(outcome.plan.notes.iter().any(|note| hidden(&note.what)), "{:?}", outcome.plan.notes);
    let left = sim.inventory().into_keys().filter(|id| !account().inventory().contains_key(id));
    assert!(left.collect::<Vec<_>>().iter().all(|id| id.starts_with("volume")));

    // What is left when the cluster is gone has a policy that nobody can read.
    sim.deny(None);
    let snapshot = sim.drive(sim.observe(&BTreeMap::new())).unwrap().unwrap();
    assert_eq!(snapshot.volumes.len(), 2);
    let plan = eksact::plan::delete(&snapshot);
    assert!(
        plan.changes().unwrap().iter().all(|change| change.action != Action::Delete),
        "no data go unasked"
    );
}
