//! Amazon EKS.

use super::iam::{self, key_of_provider};
use super::state::{Item, Next, Ongoing, Played, Refusal, State, text};
use crate::resource::eks::{Addon, ClusterUpdate, Nodegroup, Operation as Call};
use crate::resource::{Any, Attributes, Key, Live, OneOf, Resource, Standing, Timestamp, Trouble, Type};
use crate::world::{Answer, Class, Progress, Update};

mod access_entry;
mod addon;
mod cluster;
mod nodegroup;
mod pod_identity_association;

/// The key of what has one by what it is, where its tags name none.
pub(super) fn key_of_unmarked(live: &Live) -> Option<Key> {
    access_entry::key(live).or_else(|| pod_identity_association::key(live)).or_else(|| key_of_provider(live))
}

/// What goes with its cluster.
pub(super) fn go_with(state: &mut State, gone: &Live) {
    access_entry::go_with(state, gone);
    pod_identity_association::go_with(state, gone);
    iam::go_with(state, gone);
}

const BUSY: Refusal = (Class::Busy, "ResourceInUseException");
const INVALID: Refusal = (Class::Refused, "InvalidParameterException");

pub(super) fn play(state: &mut State, call: &Call, ends: Timestamp) -> Played {
    match call {
        Call::CreateCluster { cluster } => cluster::create(state, cluster, ends),
        Call::UpdateClusterConfig { name, update: ClusterUpdate::LoggingUpdate(types) } => {
            cluster::log(state, name, types, ends)
        }
        Call::UpdateClusterConfig { name, update: ClusterUpdate::EndpointAccessUpdate(access) } => {
            cluster::open(state, name, access, ends)
        }
        Call::UpdateClusterConfig { name, update: ClusterUpdate::AccessConfigUpdate(mode) } => {
            cluster::let_in(state, name, *mode, ends)
        }
        Call::UpdateClusterConfig { name, update: ClusterUpdate::UpgradePolicyUpdate(support_type) } => {
            cluster::support(state, name, support_type, ends)
        }
        Call::UpdateClusterConfig { name, update: ClusterUpdate::DeletionProtectionUpdate(protected) } => {
            cluster::protect(state, name, *protected, ends)
        }
        Call::DeleteCluster { name } => cluster::delete(state, name, ends),
        Call::CreateAddon { name, addon } => addon::create(state, name, addon, ends),
        Call::UpdateAddon { name, addon, .. } => addon::update(state, name, addon, ends),
        Call::DeleteAddon { cluster_name, name } => {
            active(state, text(cluster_name)?)?;
            delete(state, Addon::TYPE, name, ends)
        }
        Call::CreateNodegroup { name, nodegroup } => nodegroup::create(state, name, nodegroup, ends),
        Call::UpdateNodegroupConfig { name, update, .. } => nodegroup::configure(state, name, update, ends),
        Call::UpdateNodegroupVersion { name, launch_template, .. } => {
            nodegroup::turn(state, name, &launch_template.version, ends)
        }
        Call::DeleteNodegroup { cluster_name, name } => {
            active(state, text(cluster_name)?)?;
            delete(state, Nodegroup::TYPE, name, ends)
        }
        Call::CreateAccessEntry { access_entry } => access_entry::create(state, access_entry),
        Call::UpdateAccessEntry { principal_arn, kubernetes_groups, username, .. } => {
            access_entry::edit(state, principal_arn, |it| {
                (it.kubernetes_groups, it.username) = (kubernetes_groups.clone(), Some(username.clone()));
            })
        }
        Call::AssociateAccessPolicy { principal_arn, policy_arn, access_scope, .. } => {
            access_entry::edit(state, principal_arn, |it| {
                it.access_policies.insert(policy_arn.clone(), access_scope.clone());
            })
        }
        Call::DisassociateAccessPolicy { principal_arn, policy_arn, .. } => {
            access_entry::disassociate(state, principal_arn, policy_arn)
        }
        Call::DeleteAccessEntry { principal_arn, .. } => access_entry::delete(state, principal_arn),
        Call::CreatePodIdentityAssociation { pod_identity_association: wanted } => {
            pod_identity_association::create(state, wanted)
        }
        Call::UpdatePodIdentityAssociation { association_id, update, .. } => {
            pod_identity_association::update(state, association_id, update)
        }
        Call::DeletePodIdentityAssociation { cluster_name, association_id } => {
            pod_identity_association::delete(state, text(cluster_name)?, association_id)
        }
        Call::TagResource { resource_arn, tags } => {
            state.by_id(resource_arn)?.live.properties.tags_mut().0.extend(tags.0.clone());
            Ok(Answer::default())
        }
        Call::UntagResource { resource_arn, tag_keys } => {
            let tags = state.by_id(resource_arn)?.live.properties.tags_mut();
            tags.0.retain(|key, _| !tag_keys.0.contains(key));
            Ok(Answer::default())
        }
    }
}

fn trouble() -> Trouble {
    Trouble { code: "InternalFailure".to_owned(), message: "it was not to be".to_owned() }
}

fn create(
    state: &mut State,
    properties: Any,
    name: &str,
    (attributes, later): (Attributes, Attributes),
    ends: Timestamp,
) -> Played {
    if named(state, properties.kind(), name).is_ok() {
        return Err((Class::Exists, "ResourceInUseException"));
    }
    state.log.actions.insert("eks:TagResource");
    let fails = state.failing == Some(properties.kind());
    let failed = if properties.kind() == Type::Cluster { "FAILED" } else { "CREATE_FAILED" };
    let end = if fails { failed } else { "ACTIVE" };
    let item = state.make(properties.clone(), Some(name.to_owned()), "CREATING");
    item.live.troubles.extend(fails.then(trouble));
    item.live.attributes.extend(attributes);
    item.next = Some((ends, Next::Become(end, Box::new(properties), later)));
    item.tells([])
}

/// Updates show only when they are over: whoever looks in between sees the old values.
fn update<R: Resource>(
    state: &mut State,
    name: &str,
    ends: Timestamp,
    change: impl FnOnce(&mut R),
) -> Played {
    let fails = state.failing == Some(R::TYPE);
    let id = format!("update-{}", state.updates.len());
    let item = idle(state, R::TYPE, name)?;
    let mut properties = item.live.properties.clone();
    if !fails {
        change(R::of_mut(&mut properties).ok_or(INVALID)?);
    }
    let end = if fails && R::TYPE == Type::Addon { "UPDATE_FAILED" } else { "ACTIVE" };
    item.live.status = "UPDATING".to_owned();
    item.next = Some((ends, Next::Become(end, Box::new(properties), Attributes::new())));
    let of = item.live.key();
    let progress = if fails { Progress::Failed(vec![trouble()]) } else { Progress::Successful };
    let update = Update { id: id.clone(), began: Some(state.now), progress };
    state.updates.push(Ongoing { of, ends, update });
    Ok(Answer { attributes: Attributes::new(), update: Some(id) })
}

fn delete(state: &mut State, kind: Type, name: &str, ends: Timestamp) -> Played {
    // One that waits for nodes can be deleted as it is.
    let item = if kind == Type::Addon { named(state, kind, name)? } else { idle(state, kind, name)? };
    let id = item.live.id.clone();
    let fails = state.failing == Some(kind);
    let item = state.take_away(&id, BUSY.1)?;
    let properties = Box::new(item.live.properties.clone());
    item.live.status = "DELETING".to_owned();
    item.live.troubles.extend(fails.then(trouble));
    let failed = if kind == Type::Cluster { "FAILED" } else { "DELETE_FAILED" };
    let failed = Next::Become(failed, properties, Attributes::new());
    item.next = Some((ends, if fails { failed } else { Next::Vanish }));
    Ok(Answer::default())
}

fn named<'a>(state: &'a mut State, kind: Type, name: &str) -> Result<&'a mut Item, Refusal> {
    let is =
        |item: &&mut Item| item.live.properties.kind() == kind && item.live.name.as_deref() == Some(name);
    state.items.iter_mut().find(is).ok_or((Class::NotFound, "ResourceNotFoundException"))
}

fn idle<'a>(state: &'a mut State, kind: Type, name: &str) -> Result<&'a mut Item, Refusal> {
    let item = named(state, kind, name)?;
    let idle = matches!(item.live.standing(), Standing::Ready | Standing::Failed);
    if idle { Ok(item) } else { Err(BUSY) }
}

/// Nothing is made in a cluster that is not ACTIVE; nor, to be strict, taken out of it.
fn active(state: &mut State, name: &str) -> Result<(), Refusal> {
    idle(state, Type::Cluster, name).map(|_| ())
}
