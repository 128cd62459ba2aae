//! Single components: made beside what there is, or taken away with what was made for them alone.

use crate::config::{COMPONENT_NAMESPACE as NAMESPACE, POD_IDENTITY_AGENT as AGENT};
use std::collections::BTreeSet;
use std::mem::take;

use super::draft::{check_accounts, name_of};
use super::nodegroups::{Addition, REST, Subtraction};
use super::otherwise::otherwise;
use super::owner::check_owner;
use super::{Asked, Draft, OpsError, Site};
use crate::cluster::{Ask, Span};
use crate::config::{Choice, ClusterConfig};
use crate::graph::Graph;
use crate::plan::{Action, Change, Plan, is_found, plan, remove};
use crate::resource::eks::{Addon, Cluster};
use crate::resource::iam::Role;
use crate::resource::kubernetes::{Address, Exposed, Inventory};
use crate::resource::{Key, OneOf, Standing, Type};
use crate::world::{Found, Names, Snapshot, World, WorldError};

/// How the list of all objects is named in the graph.
const ALL: &str = "objects";
/// As whom it takes them.
const AGENTS: &str = "pods.eks.amazonaws.com";
/// The one for which Ingresses and Services hold load balancers.
pub const BALANCERS: &str = "aws-load-balancer-controller";

/// Leaves nothing in a plan but the components of these names that are not there yet. What an earlier run has
/// begun is gone on with.
///
/// # Errors
/// Where there is no cluster that answers, or a component needs what is not there either.
pub fn component_addition(draft: Draft, names: &[String], asked: Asked) -> Result<Addition, OpsError> {
    let cluster = answering(&draft.snapshot, (draft.graph.name(), &draft.facts.region))?;
    let (made, there): (Vec<String>, Vec<String>) =
        names.iter().cloned().partition(|name| is_to_be_made(&draft, name));
    let graph = draft.graph.clone().with(ALL, listed(&draft, &made));
    let whole = plan(&graph, &draft.snapshot);
    let draft = Draft { graph, plan: whole, ..draft };
    let is_there = |key: &&&Key| there.iter().any(|name| is_of(&draft.graph, key, name));
    let otherwise =
        otherwise(&draft, &draft.plan.keys().iter().filter(is_there).copied().cloned().collect(), asked);
    let of_made = |key: &Key| made.iter().any(|name| is_of(&draft.graph, key, name));
    let found = draft.snapshot.found.keys().filter(|key| made.iter().any(|it| key.scope() == Some(it)));
    let mut keys: BTreeSet<Key> =
        draft.graph.nodes().iter().map(|it| &it.key).filter(|it| of_made(it)).cloned().collect();
    keys.extend(found.cloned());
    if keys.iter().any(|key| key.kind == Type::PodIdentityAssociation) {
        keys.insert(agent());
    }
    if keys.iter().any(|key| key.kind.is_kubernetes()) {
        keys.insert(inventory());
    }
    let differs = draft.plan.keys().into_iter().filter(|it| !keys.contains(it) && **it != inventory());
    let differs = differs.cloned().collect();
    let part = draft.plan.part(&keys).map_err(|lacking| {
        let what = format!("{lacking}: the rest of cluster {cluster} is not as its file says");
        OpsError::Contradiction { what, next: REST.to_owned() }
    })?;
    Ok(Addition { draft: Draft { plan: part, ..draft }, made, there, otherwise, differs })
}

/// Whether nothing of it is there, or nothing but what was begun and is as it should be.
fn is_to_be_made(draft: &Draft, name: &str) -> bool {
    let in_the_other_form = draft.snapshot.found.keys().any(|key| {
        let is_its = key.scope() == Some(name) || (key.kind == Type::Addon && key.name == name);
        is_its && draft.graph.node(key).is_none() && is_found(&draft.snapshot, key)
    });
    let keys = draft.plan.keys().into_iter().filter(|key| is_of(&draft.graph, key, name)).cloned().collect();
    // What it lacks, or why it is refused, is said of all that is made.
    let Ok(part) = draft.plan.part(&keys) else { return true };
    let Ok(changes) = part.changes() else { return true };
    // A role may have been made without its policy, by a run that was stopped or had no right to go on.
    let of_role = |it: &Change| it.key == role(name) && it.action == Action::Update;
    let none_lives =
        changes.iter().filter(|it| it.key.kind != Type::Role).all(|it| it.action == Action::Create);
    let is_begun = changes.iter().all(|it| {
        matches!(it.action, Action::Create | Action::Wait) || (of_role(it) && none_lives && changes.len() > 1)
    });
    !part.unread.is_empty() || (!changes.is_empty() && is_begun && !in_the_other_form)
}

/// Whether a key is one of a component's own: its objects, or the add-on in their place, and its role with what
/// gives it to its pods.
fn is_of(graph: &Graph, key: &Key, name: &str) -> bool {
    let role = role(name);
    match key.kind {
        Type::Addon => key.name == name,
        Type::Role => *key == role,
        // Without a role of the component's an association of its name is the file's own.
        Type::PodIdentityAssociation => *key == association(name) && graph.node(&role).is_some(),
        _ => key.scope() == Some(name),
    }
}

fn role(name: &str) -> Key {
    Key { kind: Type::Role, name: format!("component-{name}") }
}

fn association(name: &str) -> Key {
    Key { kind: Type::PodIdentityAssociation, name: format!("{NAMESPACE}.{name}") }
}

fn agent() -> Key {
    Key { kind: Type::Addon, name: AGENT.to_owned() }
}

fn inventory() -> Key {
    Key { kind: Type::Inventory, name: ALL.to_owned() }
}

/// The name of the list of all objects: where it is asked for, an API server that does not answer is told of.
pub(super) fn names_inside(cluster: &str) -> Names {
    let mut names = name_of(cluster);
    names.insert(inventory(), Inventory::address().text().to_owned());
    names
}

/// All objects that there are, and those of the components that are made.
fn listed(draft: &Draft, made: &[String]) -> Inventory {
    let nodes = draft.graph.nodes().iter();
    let nodes = nodes.filter(|node| made.iter().any(|name| node.key.scope() == Some(name)));
    let desired = nodes.filter_map(|node| node.resource.name().map(str::to_owned));
    let all: BTreeSet<String> =
        living(&draft.snapshot, &BTreeSet::new()).into_iter().chain(desired).collect();
    Inventory::of(&all.into_iter().collect::<Vec<_>>())
}

/// The objects that there are, as people write them, but for those under some keys.
fn living(snapshot: &Snapshot, but: &BTreeSet<Key>) -> BTreeSet<String> {
    let objects = snapshot.found.iter().filter(|(key, _)| key.scope().is_some() && !but.contains(key));
    let lives = objects.flat_map(|(_, found)| found).filter_map(Found::present);
    lives.filter(|live| live.standing() != Standing::Gone).filter_map(|live| live.name.clone()).collect()
}

/// The name of a cluster that is there and whose API server has been asked.
pub(super) fn answering(snapshot: &Snapshot, (cluster, region): (&str, &str)) -> Result<String, OpsError> {
    check_owner(snapshot)?;
    if let Some(error) = snapshot.unread.get(&Type::Cluster) {
        return Err(error.clone().into());
    }
    let lives = snapshot.found.values().flatten().filter_map(Found::present);
    let mut clusters = lives.filter(|live| Cluster::of(&live.properties).is_some());
    let Some(found) = clusters.find(|live| live.standing() != Standing::Gone) else {
        return Err(OpsError::no_cluster(cluster, region));
    };
    if found.standing() == Standing::Deleting
        || found.status == "CREATING"
        || found.standing() == Standing::Failed
    {
        let what = format!("cluster {cluster} is {}", found.status);
        let of = format!("cluster --name {cluster} --region {region}");
        let next = match found.standing() {
            Standing::Failed => format!("eksact delete {of} takes it away"),
            _ => format!("eksact get {of} says how it is: wait until that is over"),
        };
        return Err(OpsError::Contradiction { what, next });
    }
    match unreached(snapshot) {
        Some(why) => Err(OpsError::Unreached { cluster: cluster.to_owned(), why: why.clone() }),
        None => Ok(cluster.to_owned()),
    }
}

/// Why its API server could not be asked, if it could not.
fn unreached(snapshot: &Snapshot) -> Option<&WorldError> {
    snapshot.unread.iter().find(|(kind, _)| kind.is_kubernetes()).map(|(_, error)| error)
}

/// Looks, and draws up the plan that takes these components of a cluster away with all that was made for them,
/// and before them what the load balancer controller holds in AWS. `file` is what still says what else there
/// is to be.
///
/// # Errors
/// Where a call fails, the account is another one, or there is no cluster that answers.
pub async fn component_subtraction(
    world: &Site,
    (cluster, file): (&str, Option<&ClusterConfig>),
    names: &[String],
    accounts: &[(String, Option<Span>)],
) -> Result<Subtraction, OpsError> {
    let facts = world.facts(&Ask::default()).await?;
    check_accounts(&facts, accounts)?;
    let mut snapshot = world.observe(&names_inside(cluster)).await?;
    answering(&snapshot, (cluster, &facts.region))?;
    if let Some(why) = snapshot.hidden.take() {
        return Err(OpsError::Unreached { cluster: cluster.to_owned(), why });
    }
    let (gone, absent): (Vec<String>, Vec<String>) =
        names.iter().cloned().partition(|name| doomed(&snapshot, name).next().is_some());
    let mut keys: BTreeSet<Key> = gone.iter().flat_map(|name| doomed(&snapshot, name)).cloned().collect();
    check_users(world, &keys, cluster).await?;
    if is_found(&snapshot, &agent()) && !needs_agent(world, &keys, &snapshot, (&gone, file)).await? {
        keys.insert(agent());
    }
    if gone.iter().any(|name| name == BALANCERS) {
        keys.extend(hold_from_inside(&mut snapshot));
    }
    let plan = subtract(&snapshot, cluster, keys);
    Ok(Subtraction { facts, snapshot, plan, gone, absent })
}

/// What there is of a component.
fn doomed<'a>(snapshot: &'a Snapshot, name: &'a str) -> impl Iterator<Item = &'a Key> {
    let is_its = move |key: &&Key| match key.kind {
        Type::Addon => key.name == name,
        Type::Role => **key == role(name),
        Type::PodIdentityAssociation => **key == association(name) && is_given_its_role(snapshot, name),
        _ => key.scope() == Some(name),
    };
    snapshot.found.keys().filter(is_its).filter(|key| is_found(snapshot, key))
}

/// What people have made of a component's kinds would hang without its controller, and keep the kinds.
async fn check_users(world: &Site, keys: &BTreeSet<Key>, cluster: &str) -> Result<(), OpsError> {
    let definitions: Vec<Address> =
        keys.iter().filter(|key| key.kind == Type::Definition).filter_map(Address::of).collect();
    let made = world.made_of(&definitions).await;
    let made = made.map_err(|why| OpsError::Unreached { cluster: cluster.to_owned(), why })?;
    match made.is_empty() {
        true => Ok(()),
        false => Err(OpsError::Contradiction {
            what: format!("without the component nobody would let go of {}", made.join(", ")),
            next: "delete that first, with kubectl, and then run this again".to_owned(),
        }),
    }
}

/// Whether the association of a component's name gives the role that was made for it, and not one of the file's.
fn is_given_its_role(snapshot: &Snapshot, name: &str) -> bool {
    let lives = |key: Key| snapshot.found.get(&key).into_iter().flatten().filter_map(Found::present);
    lives(association(name)).any(|it| lives(role(name)).any(|role| it.refers_to(role)))
}

/// Whether it is an association, or a role that only one can give; a run that was killed may have left that alone.
fn is_given_by_agent(snapshot: &Snapshot, key: &Key) -> bool {
    let lives = snapshot.found.get(key).into_iter().flatten().filter_map(Found::present);
    let trust =
        |role: &Role| role.assume_role_policy_document.known().is_some_and(|it| it.as_ref().contains(AGENTS));
    key.kind == Type::PodIdentityAssociation || lives.filter_map(|it| Role::of(&it.properties)).any(trust)
}

/// Whether anybody else gets a role by the agent on the nodes: whoever has made the association, an add-on, or
/// what the file asks for.
async fn needs_agent(
    world: &Site,
    keys: &BTreeSet<Key>,
    snapshot: &Snapshot,
    (gone, file): (&[String], Option<&ClusterConfig>),
) -> Result<bool, OpsError> {
    // What is not about roles that it gives leaves it alone.
    if !keys.iter().any(|key| is_given_by_agent(snapshot, key)) {
        return Ok(true);
    }
    let is_asked_for = |file: &ClusterConfig| {
        let others = file.components.iter().filter(|it| !gone.iter().any(|name| name == it.name.word()));
        file.addons.iter().any(|addon| addon.name.0 == AGENT) || others.into_iter().any(|it| it.wants_agent())
    };
    if file.is_some_and(is_asked_for) {
        return Ok(true);
    }
    let lives = snapshot.found.values().flatten().filter_map(Found::present);
    let mut addons = lives.filter_map(|live| Addon::of(&live.properties));
    if addons.any(|addon| !addon.pod_identity_associations.is_empty()) {
        return Ok(true);
    }
    Ok(world.aws().associated().await?.iter().any(|key| !keys.contains(key)))
}

/// What only the load balancer controller can let go becomes a part of what there is; answers with its keys.
fn hold_from_inside(snapshot: &mut Snapshot) -> Vec<Key> {
    let is_held = |found: &Found| {
        found
            .present()
            .and_then(|live| Exposed::of(&live.properties))
            .is_some_and(Exposed::is_held_from_inside)
    };
    let mut held = take(&mut snapshot.exposed);
    held.retain(|_, found| found.iter().any(is_held));
    let keys = held.keys().cloned().collect();
    snapshot.found.append(&mut held);
    keys
}

/// The plan that takes away what has these keys, and from the list of all objects what they are.
fn subtract(snapshot: &Snapshot, cluster: &str, mut keys: BTreeSet<Key>) -> Plan {
    let rest: Vec<String> = living(snapshot, &keys).into_iter().collect();
    let mut stays = Graph::new(cluster);
    // The last to go: a run that was killed may have left it, and nothing else.
    if rest.is_empty() {
        keys.insert(inventory());
    } else if keys.iter().any(|key| key.scope().is_some()) {
        stays.add(ALL, Inventory::of(&rest));
    }
    remove(snapshot, &keys, &stays)
}
