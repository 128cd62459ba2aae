//! What there is, what should be, and what it takes.

use std::collections::BTreeMap;

use super::owner::check_owner;
use super::{Lockout, OpsError, Site, Within, lockout, releases};
use crate::cluster::{Ask, Facts, Span};
use crate::config::{Choices, ClusterConfig};
use crate::desired::{self, ZONES};
use crate::graph::Graph;
use crate::plan::{Plan, plan};
use crate::resource::eks::Cluster;
use crate::resource::{Key, OneOf, Type};
use crate::world::{Snapshot, World};

/// A plan, and all that it was drawn up from.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What AWS has besides.
    pub facts: Facts,
    /// What there is.
    pub snapshot: Snapshot,
    /// What should be.
    pub graph: Graph,
    /// What it takes.
    pub plan: Plan,
}

impl Draft {
    /// Whether nothing of the cluster is there yet.
    pub fn is_new(&self) -> bool {
        // AWS shows a tombstone of what is gone, for an hour of a NAT gateway.
        self.snapshot.found.values().flatten().all(|found| found.living().is_none())
    }

    /// The choices that the file leaves open, as they were made, or would be.
    pub fn choices(&self) -> Choices {
        let nodes = self.graph.nodes();
        let all = |kind: Type| nodes.iter().filter(move |node| node.key.kind == kind);
        let zones = all(Type::Vpc).find_map(|node| node.resource.tags().get(ZONES));
        let cluster = all(Type::Cluster).find_map(|node| Cluster::of(&node.resource));
        Choices {
            zones: zones.into_iter().flat_map(str::split_whitespace).map(str::to_owned).collect(),
            version: cluster.and_then(|cluster| cluster.version.clone()),
            support: cluster.and_then(|cluster| cluster.upgrade_policy.support_type.clone()),
            addons: all(Type::Addon).map(|node| node.key.name.clone()).collect(),
        }
    }

    /// How it would lock the caller out of the cluster, if it would.
    pub fn lockout(&self) -> Option<Lockout> {
        lockout(&self.plan, &self.graph, &self.snapshot, &self.facts.caller)
    }
}

/// Looks, and draws up a plan for a file. Nothing is changed. `pinned` is the only account in which
/// that may be, where a flag says so; the file may say it too.
///
/// # Errors
/// Where a call fails, the account is another one, or AWS does not have what the file asks for.
pub async fn draft(world: &Site, cluster: &ClusterConfig, pinned: Option<&str>) -> Result<Draft, OpsError> {
    drawn(world, cluster, pinned, None).await
}

/// The same of a file that says nothing of node groups, for a cluster that has some, or has none.
///
/// # Errors
/// As of [`draft`].
pub async fn draft_beside(
    world: &Site,
    cluster: &ClusterConfig,
    pinned: Option<&str>,
    has_nodes: bool,
) -> Result<Draft, OpsError> {
    drawn(world, cluster, pinned, Some(has_nodes)).await
}

async fn drawn(
    world: &Site,
    cluster: &ClusterConfig,
    pinned: Option<&str>,
    has_nodes: Option<bool>,
) -> Result<Draft, OpsError> {
    let facts = world.facts(&desired::ask(cluster)).await?;
    if let Some(account) = pinned {
        check_account(&facts, account, None)?;
    }
    if let Some((account, place)) = cluster.pinned_account() {
        check_account(&facts, account, Some(place))?;
    }
    let names = match has_nodes {
        Some(has_nodes) => desired::names_beside(cluster, &facts, has_nodes),
        None => desired::names(cluster, &facts),
    };
    let snapshot = world.observe(&names).await?;
    check_owner(&snapshot)?;
    let drawn = match has_nodes {
        Some(has_nodes) => desired::beside(cluster, &facts, &snapshot, has_nodes),
        None => desired::desired(cluster, &facts, &snapshot),
    };
    let graph = match drawn {
        Ok(graph) => graph,
        Err(wrong) => {
            let ahead = has_nodes.is_none().then(|| Box::new(ahead_of(cluster, facts, snapshot)));
            return Err(OpsError::File { wrong, ahead });
        }
    };
    let graph = if world.inside() == Within::LeftOut { graph.without_objects() } else { graph };
    let plan = plan(&graph, &snapshot);
    let facts = Facts { releases: releases::of_new(world.aws(), &graph, &plan).await, ..facts };
    Ok(Draft { facts, snapshot, graph, plan })
}

/// What a file would take but for what is wrong with it. That is not to be carried out: what is wrong is not in it.
fn ahead_of(cluster: &ClusterConfig, facts: Facts, snapshot: Snapshot) -> Draft {
    let graph = desired::if_nothing_stood_in_the_way(cluster, &facts, &snapshot);
    let plan = plan(&graph, &snapshot);
    Draft { facts, snapshot, graph, plan }
}

/// Whether the credentials are for this account.
///
/// # Errors
/// Where they are for another one, or a call fails.
pub async fn pinned<W: World>(world: &W, account: &str) -> Result<(), OpsError> {
    check_account(&world.facts(&Ask::default()).await?, account, None)
}

/// Whether the caller's account is each of these; what says so may stand in the file.
pub(super) fn check_accounts(facts: &Facts, wanted: &[(String, Option<Span>)]) -> Result<(), OpsError> {
    wanted.iter().try_for_each(|(account, place)| check_account(facts, account, *place))
}

fn check_account(facts: &Facts, wanted: &str, place: Option<Span>) -> Result<(), OpsError> {
    let actual = facts.caller.account.clone();
    if actual == wanted {
        Ok(())
    } else {
        Err(OpsError::Account { wanted: wanted.to_owned(), actual, place })
    }
}

/// The name that a cluster holds, and no others.
pub(super) fn name_of(cluster: &str) -> BTreeMap<Key, String> {
    let key = Key { kind: Type::Cluster, name: cluster.to_owned() };
    BTreeMap::from([(key, cluster.to_owned())])
}
