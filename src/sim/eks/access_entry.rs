use super::{INVALID, active, named};
use crate::resource::eks::{AccessEntry, AccessScope, AuthenticationMode, Cluster};
use crate::resource::{Attributes, Key, Live, OneOf, Set, Tags, Val};
use crate::sim::state::{Played, Refusal, State, text};
use crate::world::{Answer, Class};

/// Who makes everything.
const CALLER: &str = "arn:aws:iam::123456789012:user/dev";
/// What who makes a cluster may do in it.
const CLUSTER_ADMIN: &str = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";

/// The key that an entry has by its principal, where its tags name none.
pub(in crate::sim) fn key(live: &Live) -> Option<Key> {
    let entry = AccessEntry::of(&live.properties).filter(|entry| entry.tags.0.is_empty())?;
    Some(Key { kind: AccessEntry::TYPE, name: entry.principal_arn.clone() })
}

/// The entry that EKS itself makes for who makes a cluster.
pub(super) fn of_creator(state: &mut State, cluster: &str) {
    let entry = AccessEntry {
        cluster_name: Val::Known(cluster.to_owned().into()),
        principal_arn: CALLER.to_owned(),
        r#type: "STANDARD".to_owned(),
        kubernetes_groups: Set(Vec::new()),
        username: None,
        access_policies: [(CLUSTER_ADMIN.to_owned(), AccessScope::cluster())].into(),
        tags: Tags::default(),
    };
    put(state, entry);
}

fn put(state: &mut State, entry: AccessEntry) -> Attributes {
    let (name, made) = (entry.principal_arn.clone(), called(&entry));
    state.make(made.into(), Some(name), "").live.attributes.clone()
}

/// With what EKS calls it.
fn called(entry: &AccessEntry) -> AccessEntry {
    let usual = || AccessEntry::usual_username(&entry.principal_arn);
    AccessEntry { username: Some(entry.username.clone().unwrap_or_else(usual)), ..entry.clone() }
}

pub(super) fn create(state: &mut State, entry: &AccessEntry) -> Played {
    let cluster = text(&entry.cluster_name)?.to_owned();
    active(state, &cluster)?;
    looked_at(state, &cluster)?;
    if named(state, AccessEntry::TYPE, &entry.principal_arn).is_ok() {
        return Err((Class::Exists, "ResourceInUseException"));
    }
    state.log.actions.insert("eks:TagResource");
    let attributes = put(state, AccessEntry { access_policies: [].into(), ..entry.clone() });
    Ok(Answer { attributes, update: None })
}

/// EKS has no entries where it would not look at them.
fn looked_at(state: &mut State, cluster: &str) -> Result<(), Refusal> {
    let cluster = named(state, Cluster::TYPE, cluster)?;
    let mode = Cluster::of(&cluster.live.properties).map(|it| it.access_config.authentication_mode);
    match mode {
        Some(AuthenticationMode::ConfigMap) => Err((Class::Refused, "InvalidRequestException")),
        _ => Ok(()),
    }
}

pub(super) fn edit(state: &mut State, principal: &str, change: impl FnOnce(&mut AccessEntry)) -> Played {
    let entry = named(state, AccessEntry::TYPE, principal)?;
    change(AccessEntry::of_mut(&mut entry.live.properties).ok_or(INVALID)?);
    Ok(Answer::default())
}

pub(super) fn disassociate(state: &mut State, principal: &str, policy: &str) -> Played {
    let entry = named(state, AccessEntry::TYPE, principal)?;
    let entry = AccessEntry::of_mut(&mut entry.live.properties).ok_or(INVALID)?;
    let gone = entry.access_policies.remove(policy);
    gone.map(|_| Answer::default()).ok_or((Class::NotFound, "ResourceNotFoundException"))
}

pub(super) fn delete(state: &mut State, principal: &str) -> Played {
    let id = named(state, AccessEntry::TYPE, principal)?.live.id.clone();
    state.vanish(&id, "ResourceInUseException")
}

/// They go with their cluster, and so does what is in it.
pub(in crate::sim) fn go_with(state: &mut State, gone: &Live) {
    if gone.properties.kind() == Cluster::TYPE {
        state
            .items
            .retain(|item| AccessEntry::of(&item.live.properties).is_none() || !item.live.refers_to(gone));
        state.items.retain(|item| !item.live.properties.kind().is_kubernetes());
    }
}
