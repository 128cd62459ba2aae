//! A cluster that lives, as far as a node group or a component that no file names depends on it.

use super::OpsError;
use super::draft::name_of;
use super::owner::check_owner;
use crate::config::Habitat;
use crate::resource::eks::{Cluster, Nodegroup};
use crate::resource::{Live, OneOf, Standing, Type, Val};
use crate::world::{Found, World};

/// What eksctl is told whose it is by; every cluster has it, and no file need say it.
const EKSCTL: &str = "alpha.eksctl.io/";

/// Looks at a cluster.
///
/// # Errors
/// Where it is not there or not ours, or a call fails.
pub async fn habitat<W: World>(world: &W, cluster: &str, region: &str) -> Result<Habitat, OpsError> {
    let snapshot = world.observe(&name_of(cluster)).await?;
    check_owner(&snapshot)?;
    if let Some(error) = snapshot.unread.get(&Type::Cluster) {
        return Err(error.clone().into());
    }
    let lives = || snapshot.found.values().flatten().filter_map(Found::present);
    let living = lives().find_map(|live| Cluster::of(&live.properties));
    let Some(living) = living else {
        return Err(OpsError::no_cluster(cluster, region));
    };
    let has_network = lives().any(|live| live.properties.kind() == Type::Vpc);
    let subnets = living.resources_vpc_config.subnet_ids.0.iter();
    let subnets = subnets.filter_map(Val::known).map(|id| id.0.clone());
    Ok(Habitat {
        cluster: cluster.to_owned(),
        region: region.to_owned(),
        authentication_mode: living.access_config.authentication_mode.word().to_owned(),
        tags: living.tags.own().filter(|(key, _)| !key.starts_with(EKSCTL)).collect(),
        given: (!has_network).then(|| subnets.collect()),
        has_nodes: lives().any(has_nodes),
        has_provider: lives().any(|live| live.properties.kind() == Type::OidcProvider),
    })
}

/// Whether it is a node group with nodes, now or soon.
fn has_nodes(live: &Live) -> bool {
    let is_usable = matches!(live.standing(), Standing::Ready | Standing::Settling);
    Nodegroup::of(&live.properties).is_some_and(|group| group.scaling_config.desired_size.size > 0)
        && is_usable
}
