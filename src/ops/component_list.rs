//! The components that there are, for a list.

use futures::future::{join, try_join_all};

use super::components::{answering, names_inside};
use super::{OpsError, Site};
use crate::config::{ClusterConfig, newer_component_versions};
use crate::kubernetes::Pods;
use crate::resource::eks::{Addon, Cluster};
use crate::resource::kubernetes::Workload;
use crate::resource::{Live, OneOf, Timestamp, Trouble, Type};
use crate::world::{Found, Snapshot, World};

/// A component as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct ComponentSummary {
    /// Its name.
    pub name: String,
    /// Whether EKS looks after it, as an add-on.
    pub is_addon: bool,
    /// The version that runs; nothing of what has no program in it.
    pub version: Option<String>,
    /// Newer versions for the cluster's Kubernetes, newest first: those that are known here, or EKS's newest.
    pub newer: Vec<String>,
    /// In EKS's word, or `Ready`, or that of the first object that is not.
    pub status: String,
    /// How many of its pods are ready.
    pub pods: Option<Pods>,
    /// What is wrong.
    pub troubles: Vec<Trouble>,
    /// When the first of it was made.
    pub made: Option<Timestamp>,
}

/// The components of a cluster.
///
/// # Errors
/// Where there is no cluster that answers, or a call fails.
pub async fn components(world: &Site, cluster: &str) -> Result<Vec<ComponentSummary>, OpsError> {
    let (snapshot, addons) = join(world.observe(&names_inside(cluster)), world.aws().addons(None)).await;
    let snapshot = snapshot?;
    answering(&snapshot, (cluster, world.aws().region()))?;
    let mut all: Vec<ComponentSummary> =
        ClusterConfig::all_components().filter_map(|name| installed(&snapshot, name)).collect();
    for addon in addons?.unwrap_or_default() {
        let name = addon.live.name.clone().unwrap_or_default();
        if ClusterConfig::is_component(&name) {
            all.push(by_eks(name, &addon.live, addon.newer));
        }
    }
    let pods = try_join_all(all.iter().map(|it| world.pods(&it.name))).await?;
    for (component, pods) in all.iter_mut().zip(pods) {
        component.pods = pods;
    }
    all.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(all)
}

/// One whose objects are ours.
fn installed(snapshot: &Snapshot, name: &str) -> Option<ComponentSummary> {
    let own = snapshot.found.iter().filter(|(key, _)| key.scope() == Some(name));
    let lives: Vec<&Live> = own.flat_map(|(_, found)| found).filter_map(Found::present).collect();
    let made = lives.iter().filter_map(|live| live.made).min();
    let workload = lives.iter().find(|live| live.properties.kind() == Type::Workload);
    let version = workload.and_then(|live| version(live));
    let newer = |version: &String| newer_component_versions(name, version, &kubernetes(snapshot));
    let newer: Vec<&str> = version.iter().flat_map(newer).collect();
    let status = lives.iter().find(|live| !live.status.is_empty());
    let status = status.map_or("Ready", |live| &live.status).to_owned();
    let troubles = lives.iter().flat_map(|live| live.troubles.clone()).collect();
    let newer = newer.into_iter().map(str::to_owned).collect();
    let name = name.to_owned();
    (!lives.is_empty()).then_some(ComponentSummary {
        name,
        is_addon: false,
        version,
        newer,
        status,
        pods: None,
        troubles,
        made,
    })
}

/// As its label says.
fn version(live: &Live) -> Option<String> {
    let body = Workload::of(&live.properties)?.manifest.value();
    body["metadata"]["labels"]["app.kubernetes.io/version"].as_str().map(str::to_owned)
}

/// The minor version of Kubernetes.
fn kubernetes(snapshot: &Snapshot) -> String {
    let lives = snapshot.found.values().flatten().filter_map(Found::present);
    lives.filter_map(|live| Cluster::of(&live.properties)?.version.clone()).next().unwrap_or_default()
}

/// One that is an add-on.
fn by_eks(name: String, live: &Live, newer: Option<String>) -> ComponentSummary {
    ComponentSummary {
        name,
        is_addon: true,
        version: Addon::of(&live.properties).and_then(|addon| addon.addon_version.clone()),
        newer: newer.into_iter().collect(),
        status: live.status.clone(),
        pods: None,
        troubles: live.troubles.clone(),
        made: live.made,
    }
}
