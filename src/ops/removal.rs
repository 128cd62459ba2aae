//! Taking all of a cluster away, and the proof that it is gone.

use std::collections::BTreeSet;

use futures::future::join_all;

use super::OpsError;
use super::draft::{check_accounts, name_of};
use super::owner::check_owner;
use crate::cluster::{Ask, Facts, Span, Timestamp};
use crate::plan::{Change, Plan, delete};
use crate::resource::ec2::{Stay, Volume};
use crate::resource::logs::LogGroup;
use crate::resource::{Any, Key, Live, OneOf, Standing, Type};
use crate::world::{Found, Snapshot, World};

/// How many volumes are looked at together.
const AT_ONCE: usize = 16;

/// A plan that takes all of a cluster away.
#[derive(Clone, Debug)]
pub struct Removal {
    /// Who does it, and where.
    pub facts: Facts,
    /// What there is.
    pub snapshot: Snapshot,
    /// What it takes.
    pub plan: Plan,
    /// A log group that was there before the cluster, and so stays.
    pub taken_over: Option<String>,
}

/// What is left of a cluster after it was taken away.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// When it was read.
    pub at: Timestamp,
    /// What is ours and still there.
    pub left: BTreeSet<Key>,
    /// What could not be read.
    pub unread: BTreeSet<Type>,
    /// Other people's things that stand in what is left.
    pub guests: Vec<String>,
    /// Whether volumes could not be looked for.
    pub hidden: bool,
    /// The log group, if EKS had something more to write after it was deleted.
    pub made_again: Option<String>,
}

impl Proof {
    /// What was read at a moment proves this.
    pub fn of(snapshot: &Snapshot, at: Timestamp) -> Self {
        Self {
            at,
            left: left(snapshot),
            unread: snapshot.unread.keys().copied().collect(),
            guests: snapshot.guests.iter().map(|guest| guest.id.clone()).collect(),
            hidden: snapshot.hidden.is_some(),
            made_again: None,
        }
    }

    /// Whether it is proven that nothing is left.
    pub fn is_clean(&self) -> bool {
        self.left.is_empty() && self.unread.is_empty()
    }
}

impl Removal {
    /// Whether nothing of the cluster is there.
    pub fn is_empty(&self) -> bool {
        self.snapshot.unread.is_empty() && left(&self.snapshot).is_empty()
    }

    /// Volumes with the data of pods that stay, and why.
    pub fn volumes(&self) -> Vec<(&Live, &Volume, Stay)> {
        let volumes = self.snapshot.volumes.iter();
        let volumes = volumes.filter_map(|live| Some((live, Volume::of(&live.properties)?)));
        let changes = self.plan.changes().unwrap_or_default();
        let goes = |live: &Live| changes.iter().filter_map(Change::doomed).any(|doomed| doomed.id == live.id);
        let kept = |live: &Live| (!goes(live)).then_some(Stay::WithCluster);
        let stay = |live: &Live, volume: &Volume| volume.stay().or_else(|| kept(live));
        volumes.filter_map(|(live, volume)| Some((live, volume, stay(live, volume)?))).collect()
    }

    /// The log group that was not made here and that stays, if control plane logs are on.
    pub fn log_group(&self) -> Option<String> {
        if self.taken_over.is_some() {
            return self.taken_over.clone();
        }
        if self.snapshot.found.keys().any(|key| key.kind == Type::LogGroup) {
            return None;
        }
        let lives = self.snapshot.found.values().flatten().filter_map(Found::present);
        lives
            .filter_map(|live| match &live.properties {
                Any::Cluster(cluster) if !cluster.logging.0.is_empty() => {
                    Some(LogGroup::name_of(&cluster.name))
                }
                _ => None,
            })
            .next()
    }
}

/// Looks, and draws up the plan that takes everything away that carries the cluster's tag. It needs no file.
///
/// # Errors
/// Where a call fails, the account is another one, there is only somebody else's cluster of this name, or one that has
/// lost its tags, or it is protected.
pub async fn removal<W: World>(
    world: &W,
    name: &str,
    accounts: &[(String, Option<Span>)],
) -> Result<Removal, OpsError> {
    let facts = world.facts(&Ask::default()).await?;
    check_accounts(&facts, accounts)?;
    let mut snapshot = world.observe(&name_of(name)).await?;
    let taken_over = without_taken_over(&mut snapshot);
    match check_owner(&snapshot) {
        // What is left of ours beside somebody else's cluster of the name goes all the same.
        Err(OpsError::NotOurs { .. }) if !left(&snapshot).is_empty() => {}
        owner => owner?,
    }
    if is_protected(&snapshot) {
        return Err(OpsError::Protected { name: name.to_owned(), region: facts.region });
    }
    let plan = delete(&snapshot);
    Ok(Removal { facts, snapshot, plan, taken_over })
}

/// Leaves out a log group that was only taken over, and says its name.
fn without_taken_over(snapshot: &mut Snapshot) -> Option<String> {
    let of_another = |found: &Found| {
        let group = found.present().and_then(|live| LogGroup::of(&live.properties));
        group.filter(|group| !group.is_made()).map(|group| group.log_group_name.clone())
    };
    let found = snapshot
        .found
        .iter()
        .find_map(|(key, found)| found.iter().find_map(of_another).map(|name| (key.clone(), name)));
    let (key, name) = found?;
    snapshot.found.remove(&key);
    Some(name)
}

/// Whether AWS refuses to delete the control plane, which goes last but for the network. It refuses for none that has
/// failed.
fn is_protected(snapshot: &Snapshot) -> bool {
    let mut lives = snapshot.found.values().flatten().filter_map(Found::present);
    lives.any(|live| match &live.properties {
        Any::Cluster(cluster) => {
            let is_over = matches!(live.standing(), Standing::Failed | Standing::Deleting | Standing::Gone);
            cluster.deletion_protection == Some(true) && !is_over
        }
        _ => false,
    })
}

/// Reads again what is left of what a plan was to take away.
///
/// # Errors
/// Where nothing at all can be read.
pub async fn prove<W: World>(world: &W, name: &str, plan: &Plan) -> Result<Proof, OpsError> {
    let mut snapshot = world.observe(&name_of(name)).await?;
    _ = without_taken_over(&mut snapshot);
    let mut proof = Proof::of(&snapshot, world.now());
    let changes = plan.changes().unwrap_or_default().iter();
    for key in changes.clone().map(|change| &change.key).filter(|key| key.kind == Type::LogGroup) {
        let lives = world.look(key).await.unwrap_or_default();
        let again = lives.iter().filter_map(|live| LogGroup::of(&live.properties)).find(|it| !it.is_made());
        proof.made_again = again.map(|group| group.log_group_name.clone());
    }
    let doomed: BTreeSet<&Key> =
        changes.map(|change| &change.key).filter(|key| key.kind == Type::Volume).collect();
    // Not all of them carry the cluster's tag, by which alone they are listed now.
    for keys in doomed.into_iter().collect::<Vec<_>>().chunks(AT_ONCE) {
        let seen = join_all(keys.iter().map(|key| world.look(key))).await;
        for (key, seen) in keys.iter().zip(seen) {
            match seen {
                Ok(lives) if lives.iter().all(|live| live.standing() == Standing::Gone) => {}
                Ok(_) => _ = proof.left.insert((*key).clone()),
                Err(_) => _ = proof.unread.insert(Type::Volume),
            }
        }
    }
    Ok(proof)
}

/// What is there, or may be: a tombstone is not.
fn left(snapshot: &Snapshot) -> BTreeSet<Key> {
    let left = snapshot.found.iter().filter(|(_, found)| found.iter().any(Found::may_live));
    left.map(|(key, _)| key.clone()).collect()
}
