use super::{INVALID, active, named};
use crate::resource::eks::{Cluster, PodIdentityAssociation, PodIdentityUpdate, SessionPolicy};
use crate::resource::{Key, Live, OneOf};
use crate::sim::iam::passed;
use crate::sim::state::{Played, Refusal, State, text};
use crate::world::{Answer, Class};

/// The key that one has by its service account, where its tags name none.
pub(in crate::sim) fn key(live: &Live) -> Option<Key> {
    let it = PodIdentityAssociation::of(&live.properties).filter(|it| it.tags.0.is_empty())?;
    let name = PodIdentityAssociation::called(&it.namespace, &it.service_account);
    Some(Key { kind: PodIdentityAssociation::TYPE, name })
}

pub(super) fn create(state: &mut State, wanted: &PodIdentityAssociation) -> Played {
    active(state, text(&wanted.cluster_name)?)?;
    passed(state, text(&wanted.role_arn)?).ok_or(INVALID)?;
    let (namespace, account) = (&wanted.namespace, &wanted.service_account);
    let is_its = |live: &Live| {
        let its = PodIdentityAssociation::of(&live.properties);
        its.is_some_and(|it| (&it.namespace, &it.service_account) == (namespace, account))
    };
    if state.living().any(is_its) {
        return Err((Class::Exists, "ResourceInUseException"));
    }
    state.log.actions.extend(["eks:TagResource", "iam:GetRole", "iam:PassRole"]);
    let item = state.make(wanted.clone().into(), Some(account.clone()), "");
    let id = format!("a-{}", item.live.id);
    item.tells([("AssociationId", id)])
}

pub(super) fn update(state: &mut State, id: &str, to: &PodIdentityUpdate) -> Played {
    passed(state, text(&to.role_arn)?).ok_or(INVALID)?;
    state.log.actions.extend(["iam:GetRole", "iam:PassRole"]);
    let id = by_association_id(state, id)?;
    let it = state.edit::<PodIdentityAssociation>(&id)?;
    it.role_arn = to.role_arn.clone();
    it.target_role_arn = to.target_role_arn.clone();
    it.disable_session_tags = to.disable_session_tags;
    if to.policy.is_some() {
        it.policy = SessionPolicy(to.policy.clone());
    }
    Ok(Answer::default())
}

pub(super) fn delete(state: &mut State, cluster: &str, id: &str) -> Played {
    named(state, Cluster::TYPE, cluster)?;
    let id = by_association_id(state, id)?;
    state.vanish(&id, "ResourceInUseException")
}

fn by_association_id(state: &State, id: &str) -> Result<String, Refusal> {
    let is = |live: &&Live| live.attributes.get("AssociationId").is_some_and(|it| it == id);
    let found = state.living().find(is).map(|live| live.id.clone());
    found.ok_or((Class::NotFound, "ResourceNotFoundException"))
}

/// They go with their cluster.
pub(in crate::sim) fn go_with(state: &mut State, gone: &Live) {
    if gone.properties.kind() == Cluster::TYPE {
        let is = |live: &Live| PodIdentityAssociation::of(&live.properties).is_some();
        state.items.retain(|item| !is(&item.live) || !item.live.refers_to(gone));
    }
}
