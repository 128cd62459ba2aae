//! Whose a cluster is.

use super::OpsError;
use crate::resource::{Key, Live, Type};
use crate::world::{Found, Snapshot};

/// A cluster of the name that somebody else has made is said first: it explains all that follows. Where it stands in
/// what is ours, or has such things in it, it has lost its tags.
///
/// # Errors
/// Where there is one.
pub(super) fn check_owner(snapshot: &Snapshot) -> Result<(), OpsError> {
    let mut clusters = snapshot.found.iter().filter(|(key, _)| key.kind == Type::Cluster);
    let foreign = clusters.find_map(|(key, found)| Some((key, found.iter().find_map(Found::foreign)?)));
    let Some((key, id)) = foreign else { return Ok(()) };
    let (name, id) = (key.name.clone(), id.to_owned());
    match what_it_lives_on(snapshot, &id) {
        Some(ours) => Err(OpsError::Untagged { name, id, ours }),
        None => Err(OpsError::NotOurs { name, id }),
    }
}

/// What of ours somebody else's cluster of the name stands in or has in it, if anything: then it is ours in all but
/// its tags, and none of it goes. What is left of another one beside it goes.
fn what_it_lives_on(snapshot: &Snapshot, id: &str) -> Option<Key> {
    let guest = snapshot.guests.iter().find(|guest| guest.id == id);
    let is_under = |live: &Live| guest.is_some_and(|guest| guest.within.contains(&live.id));
    let inside = [Type::Nodegroup, Type::Addon, Type::AccessEntry, Type::PodIdentityAssociation];
    let is_inside = |live: &Live| inside.contains(&live.properties.kind());
    let lives = |found: &Found| found.living().is_some_and(|live| is_under(live) || is_inside(live));
    let mut all = snapshot.found.iter();
    all.find(|(_, found)| found.iter().any(lives)).map(|(key, _)| key.clone())
}
