//! What should exist: the file, with what AWS offers and what has been chosen before.
//!
//! ```text
//! ClusterConfig ─▶ ask ─▶ Ask        what is to be known of AWS
//! ClusterConfig, Facts, Snapshot ─▶ desired ─▶ Graph
//!                                     │  kept: choices that the file leaves open, as they were made
//!                                     ├─ network, zones, subnets · given (what exists already)
//!                                     ├─ roles, policies · cluster, version · access · identities
//!                                     ├─ addons, addon_identity · nodegroups, images · service_accounts
//!                                     ├─ components, and the list of all objects
//!                                     └─ tags, on all of it
//! ```
//!
//! **Invariant:** pure, and the same for every caller: nothing desired depends on who runs it, and what AWS
//! releases changes nothing that lives. Each problem that only AWS's answers show has its place in the file.

mod access;
mod addon_identity;
mod addons;
mod ask;
mod cluster;
mod components;
mod draft;
mod given;
mod identities;
mod images;
mod kept;
mod logs;
mod machines;
mod network;
mod newer;
mod nodegroups;
mod objects;
mod policies;
mod roles;
mod service_accounts;
mod sites;
mod subnets;
mod support;
mod tags;
mod templates;
mod version;
mod zones;

use crate::cluster::Facts;
use crate::config::{ClusterConfig, Diagnostic};
use crate::graph::Graph;
use crate::world::{Names, Snapshot};

use addon_identity::Means;
pub use ask::ask;
pub use components::{Apart, OF_COMPONENT, Surroundings, manifests, written_dns_address};
use draft::Draft;
pub use kept::Kept;
pub use policies::component_policy;
pub use subnets::blocks;
pub use zones::ZONES;

/// What should exist of a cluster; or everything that stands in the way and that AWS alone could tell.
pub fn desired(c: &ClusterConfig, f: &Facts, s: &Snapshot) -> Result<Graph, Vec<Diagnostic>> {
    draw(Draft::new(c, f, Kept::of(s))).finish()
}

/// The same of a file that says nothing of node groups, for a cluster that has some, or has none.
pub fn beside(c: &ClusterConfig, f: &Facts, s: &Snapshot, has_nodes: bool) -> Result<Graph, Vec<Diagnostic>> {
    draw(Draft::new(c, f, Kept::of(s)).with_nodes(has_nodes)).finish()
}

/// What should exist of a cluster but for what something stands in the way of: to look ahead, and not to be carried out.
pub fn if_nothing_stood_in_the_way(c: &ClusterConfig, f: &Facts, s: &Snapshot) -> Graph {
    draw(Draft::new(c, f, Kept::of(s))).graph
}

/// What should exist in a cluster that is there already, of which AWS is not asked; or everything that stands in the way.
pub fn inside(c: &ClusterConfig, f: &Facts, apart: &Apart) -> Result<Graph, Vec<Diagnostic>> {
    let mut draft = Draft::new(c, f, Kept::default());
    components::draw_apart(&mut draft, apart);
    objects::list(&mut draft);
    draft.finish()
}

/// The names that the graph will take, before it is known what lives: whatever stands in the way may turn out
/// not to, for what runs goes on.
pub fn names(c: &ClusterConfig, f: &Facts) -> Names {
    draw(Draft::new(c, f, Kept::default())).graph.names()
}

/// The same of [`beside`].
pub fn names_beside(c: &ClusterConfig, f: &Facts, has_nodes: bool) -> Names {
    draw(Draft::new(c, f, Kept::default()).with_nodes(has_nodes)).graph.names()
}

fn draw(mut draft: Draft<'_>) -> Draft<'_> {
    draft.right_place();
    let version = version::choose(&mut draft);
    let network = network::draw(&mut draft);
    let role = roles::control_plane(&mut draft);
    let cluster = cluster::draw(&mut draft, version.clone(), role, &network);
    access::draw(&mut draft, &cluster);
    let issued = identities::provider(&mut draft, &cluster);
    let accounts = identities::accounts(&mut draft, issued.as_ref());
    let means = Means { issued, accounts };
    addons::draw(&mut draft, &cluster, version.as_deref(), &means);
    identities::associations(&mut draft, &cluster);
    nodegroups::draw(&mut draft, &cluster, &network);
    let roles = components::Roles { cluster: &cluster, issued: means.issued.as_ref() };
    components::draw(&mut draft, &network, &roles, version.as_deref());
    service_accounts::draw(&mut draft, &means.accounts);
    objects::list(&mut draft);
    tags::place_all(&mut draft);
    tags::within_limits(&mut draft);
    draft
}
