//! Somebody has taken the tags off a control plane: it is somebody else's then, but what serves it is ours.

use std::collections::BTreeSet;

use eksact::ops::{OpsError, Removal, removal};
use eksact::plan::plan;
use eksact::resource::{Any, Key, Live, Set, Type, Val};
use eksact::sim::Sim;
use eksact::world::Snapshot;

use super::demo::Demo;
use super::desk::{account, carry_out, living};

/// The id of the control plane.
const CLUSTER: &str = "cluster-demo-1";

fn asked(sim: &Sim) -> Result<Removal, OpsError> {
    sim.drive(removal(sim, "demo", &[])).unwrap()
}

fn strip(live: &mut Live) {
    live.properties.tags_mut().0.clear();
}

/// Only a network and a control plane.
fn bare() -> Sim {
    let sim = account();
    let plan = plan(&Demo::default().graph(), &Snapshot::default());
    let is_in = |key: &&Key| {
        let outside = key.kind.all_needs().contains(&Type::Cluster) || key.kind == Type::LaunchTemplate;
        !outside && key.to_string() != "role/node" && key.to_string() != "role/pods"
    };
    let keys: BTreeSet<Key> = plan.keys().into_iter().filter(is_in).cloned().collect();
    carry_out(&sim, &plan.part(&keys).unwrap(), None);
    sim
}

fn edit(sim: &Sim, change: impl FnOnce(&mut eksact::resource::eks::Cluster)) {
    sim.meddle(CLUSTER, |live| {
        strip(live);
        let Any::Cluster(cluster) = &mut live.properties else { panic!("a cluster") };
        change(cluster);
    });
}

#[test]
fn what_serves_a_control_plane_without_tags_is_not_taken_from_it() {
    let sim = living();
    sim.meddle(CLUSTER, strip);
    let before = sim.inventory();
    let Err(OpsError::Untagged { name, id, .. }) = asked(&sim) else { panic!("it is refused") };
    assert_eq!((name.as_str(), id.as_str()), ("demo", CLUSTER));
    assert_eq!(sim.inventory(), before);
}

#[test]
fn each_thing_of_ours_that_it_stands_in_is_enough() {
    type Edit = fn(&mut eksact::resource::eks::Cluster);
    let nowhere = || Val::Known("arn:aws:iam::123456789012:role/theirs".to_owned().into());
    let edits: [(Edit, Type); 2] = [
        (|cluster| cluster.resources_vpc_config.subnet_ids = Set(Vec::new()), Type::Role),
        (|cluster| cluster.role_arn = Val::Known("theirs".to_owned().into()), Type::Subnet),
    ];
    for (change, kind) in edits {
        let sim = bare();
        edit(&sim, change);
        let Err(OpsError::Untagged { ours, .. }) = asked(&sim) else { panic!("it stands in a {kind:?}") };
        assert_eq!(ours.kind, kind);
    }
    let sim = bare();
    edit(&sim, |cluster| {
        cluster.role_arn = nowhere();
        cluster.resources_vpc_config.subnet_ids = Set(Vec::new());
    });
    let removal = asked(&sim).unwrap();
    let changes = removal.plan.changes().unwrap();
    assert!(changes.iter().any(|change| change.key.kind == Type::Vpc), "what is beside theirs goes");
    assert!(changes.iter().all(|change| change.key.kind != Type::Cluster));
}
