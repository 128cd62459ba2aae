//! All that is the cluster's, and who else has its names or stands in its things.

use futures::FutureExt;
use futures::future::join;

use super::guests::{self, Ours};
use super::iam::role::Where;
use super::{Aws, ec2::route_table};
use crate::resource::{Live, Type};
use crate::world::{Found, Guest, Names, Snapshot, WorldError};

mod control_plane;
mod network;
mod roles;
mod sight;

use control_plane::ControlPlane;
use network::Network;
use roles::{Roles, linked};
use sight::Sight;

/// Lists everything at once; what a list leads to is asked for next. At most four calls wait for each
/// other.
pub(super) async fn observe(aws: &Aws, names: &Names) -> Result<Snapshot, WorldError> {
    let at = if is_without_file(names) { Where::Anywhere } else { Where::Filed };
    let (near, filed) = join(near(aws, names).boxed(), Roles::of(aws, names, at).boxed()).await;
    let (mut sight, stranger) = near?;
    filed.tell(&mut sight);
    let mut snapshot = sight.end()?;
    let guest = stranger.map(|stranger| guest(&stranger, &snapshot));
    snapshot.guests.extend(guest.filter(|guest| !guest.within.is_empty()));
    Ok(snapshot)
}

/// Somebody else's cluster of the name, with what of ours it stands in.
fn guest(stranger: &Live, snapshot: &Snapshot) -> Guest {
    let lives = snapshot.found.values().flatten().filter_map(Found::present);
    let within = lives.filter(|live| stranger.refers_to(live)).map(|live| live.id.clone());
    Guest { id: stranger.id.clone(), within: within.collect(), keepers: Vec::new() }
}

/// Whether nobody says which names there are to ask for.
fn is_without_file(names: &Names) -> bool {
    names.keys().all(|key| key.kind == Type::Cluster)
}

/// The network and the control plane, and what these lead to; and a cluster of the name that is not ours.
async fn near(aws: &Aws, names: &Names) -> Result<(Sight, Option<Live>), WorldError> {
    let (network, control_plane) =
        join(Network::read(aws, names).boxed(), ControlPlane::read(aws, names).boxed()).await;
    let ours = Ours {
        lives: network.lives().chain(control_plane.cluster()).collect(),
        nodegroups: control_plane.strange_nodegroups(),
        fargate_profiles: control_plane.fargate_profiles(),
    };
    let linked = linked(aws, names, &control_plane);
    let (around, linked) = join(guests::find(aws, &ours).boxed(), linked.boxed()).await;
    let around = around?;
    aws.memory().strangers.extend(around.nat_gateways.iter().cloned());
    let (mut sight, stranger) = (Sight::default(), control_plane.stranger().cloned());
    network.with_leftovers(&around, control_plane.is_absent()).tell(&mut sight);
    control_plane.with_leftovers(&around).tell(aws, names, &mut sight);
    match linked {
        Ok(items) => sight.items(items),
        Err(error) => sight.unread(Type::Role, error),
    }
    sight.snapshot.guests = around.guests;
    Ok((sight, stranger))
}
