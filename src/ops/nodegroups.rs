//! Single node groups: made beside what there is, or taken away, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{check_accounts, name_of};
use super::otherwise::otherwise;
use super::owner::check_owner;
use super::{Asked, Draft, OpsError};
use crate::cluster::{Ask, Facts, Span};
use crate::graph::Graph;
use crate::plan::{Action, Change, Plan, is_found, remove};
use crate::resource::{Key, Live, Standing, Type};
use crate::world::{Found, Snapshot, World};

/// What is to be done first, where a part of a file cannot be made without the rest.
pub const REST: &str = "apply the whole file first: eksact apply -f FILE";

/// Node groups or components that are made, out of a plan for the whole file.
#[derive(Clone, Debug)]
pub struct Addition {
    /// The plan, of which nothing but these is left.
    pub draft: Draft,
    /// Those that are made, or are being made.
    pub made: Vec<String>,
    /// Those that are there already.
    pub there: Vec<String>,
    /// What of those that are there lives otherwise than was asked for.
    pub otherwise: Vec<Change>,
    /// What else is not as the file says, and stays so.
    pub differs: BTreeSet<Key>,
}

/// Leaves nothing in a plan but the node groups of these names that are not there yet.
///
/// # Errors
/// Where there is no cluster, or a node group needs what is not there either.
pub fn addition(draft: Draft, names: &[String], asked: Asked) -> Result<Addition, OpsError> {
    let cluster = draft.graph.nodes().iter().find(|node| node.key.kind == Type::Cluster);
    let cluster = cluster.map(|node| node.key.clone()).filter(|key| is_found(&draft.snapshot, key));
    let Some(cluster) = cluster else {
        return Err(OpsError::no_cluster(draft.graph.name(), &draft.facts.region));
    };
    let absent = |name: &&String| is_absent(&draft.snapshot, &key(Type::Nodegroup, name));
    let (made, there): (Vec<&String>, Vec<&String>) = names.iter().partition(absent);
    let (made, there): (Vec<_>, Vec<_>) =
        (made.into_iter().cloned().collect(), there.into_iter().cloned().collect());
    let keys: BTreeSet<Key> = made.iter().flat_map(|name| keys(name)).collect();
    let differs = draft.plan.keys().into_iter().filter(|key| !keys.contains(key)).cloned().collect();
    let of_there = there.iter().flat_map(|name| self::keys(name)).collect();
    let otherwise = otherwise(&draft, &of_there, asked);
    let part = if made.is_empty() { Ok(draft.plan.doubts(&of_there)) } else { draft.plan.part(&keys) };
    let plan = part.map_err(|lacking| {
        let what = format!("{lacking}: the rest of cluster {} is not as its file says", cluster.name);
        OpsError::Contradiction { what, next: REST.to_owned() }
    })?;
    Ok(Addition { draft: Draft { plan, ..draft }, made, there, otherwise, differs })
}

/// Whether there is no node group under a key but one that never came to be, or is being made.
fn is_absent(snapshot: &Snapshot, key: &Key) -> bool {
    let fails =
        |live: &Live| matches!(live.standing(), Standing::Failed | Standing::Deleting | Standing::Gone);
    let found = snapshot.found.get(key).into_iter().flatten();
    found.filter_map(Found::present).all(|live| fails(live) || live.is_being_made())
}

/// What a node group is made of, as far as it is made for that group alone.
fn keys(name: &str) -> [Key; 3] {
    let role = format!("nodegroup-{name}");
    [key(Type::Nodegroup, name), key(Type::LaunchTemplate, name), key(Type::Role, &role)]
}

fn key(kind: Type, name: &str) -> Key {
    Key { kind, name: name.to_owned() }
}

/// A plan that takes node groups or components away.
#[derive(Clone, Debug)]
pub struct Subtraction {
    /// Who does it, and where.
    pub facts: Facts,
    /// What there is.
    pub snapshot: Snapshot,
    /// What it takes.
    pub plan: Plan,
    /// Those that go.
    pub gone: Vec<String>,
    /// Those that are not there.
    pub absent: Vec<String>,
}

/// Looks, and draws up the plan that takes these node groups of a cluster away with all that was made for them.
///
/// # Errors
/// Where a call fails, the account is another one, or what has such a name is not ours.
pub async fn subtraction<W: World>(
    world: &W,
    cluster: &str,
    names: &[String],
    accounts: &[(String, Option<Span>)],
) -> Result<Subtraction, OpsError> {
    let facts = world.facts(&Ask::default()).await?;
    check_accounts(&facts, accounts)?;
    let held = names.iter().map(|name| (key(Type::Nodegroup, name), name.clone()));
    let asked: BTreeMap<Key, String> = name_of(cluster).into_iter().chain(held).collect();
    let snapshot = world.observe(&asked).await?;
    check_owner(&snapshot)?;
    for name in names {
        let found = snapshot.found.get(&key(Type::Nodegroup, name)).into_iter().flatten();
        if let Some(id) = found.filter_map(Found::foreign).next() {
            let what = format!(
                "nodegroup {name} of cluster {cluster} is not ours: it carries no tag of eksact ({id})"
            );
            let next = "it was made by another tool, or by hand, and is left as it is: what has made it takes it away";
            return Err(OpsError::Contradiction { what, next: next.to_owned() });
        }
    }
    let there = |name: &&String| keys(name).iter().any(|key| is_found(&snapshot, key));
    let (gone, absent): (Vec<&String>, Vec<&String>) = names.iter().partition(there);
    let keys = gone.iter().flat_map(|name| keys(name)).collect();
    let plan = remove(&snapshot, &keys, &Graph::default());
    let owned = |names: Vec<&String>| names.into_iter().cloned().collect();
    let (gone, absent) = (owned(gone), owned(absent));
    Ok(Subtraction { facts, snapshot, plan, gone, absent })
}

impl Subtraction {
    /// Whether there is nothing to be done.
    pub fn is_empty(&self) -> bool {
        self.plan.changes().is_ok_and(|changes| changes.iter().all(|it| it.action != Action::Delete))
    }
}
