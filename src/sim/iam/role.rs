use crate::resource::iam::Role;
use crate::resource::{Json, Live, OneOf, Set, Tags, Val};
use crate::sim::state::{Played, Refusal, State};
use crate::world::Class;

const NONE: Refusal = (Class::NotFound, "NoSuchEntity");

pub(super) fn create(
    state: &mut State,
    name: &str,
    (trust, bound): (&Val<Json>, Option<&String>),
    tags: &Tags,
) -> Played {
    if id(state, name).is_ok() {
        return Err((Class::Exists, "EntityAlreadyExists"));
    }
    state.log.actions.insert("iam:TagRole");
    let role = Role {
        role_name: Some(name.to_owned()),
        path: None,
        assume_role_policy_document: trust.clone(),
        managed_policy_arns: Set(Vec::new()),
        policies: Default::default(),
        permissions_boundary: bound.cloned(),
        tags: tags.clone(),
    };
    let arn = format!("arn:aws:iam::123456789012:role/{name}");
    let made = state.now.to_string();
    let item = state.make(role.into(), Some(name.to_owned()), "");
    item.tells([("Arn", arn), ("RoleName", name.to_owned()), (Role::CREATED, made)])
}

pub(super) fn delete(state: &mut State, name: &str) -> Played {
    let role = named(state, name)?;
    if !role.managed_policy_arns.0.is_empty() || !role.policies.is_empty() {
        return Err((Class::Busy, "DeleteConflict"));
    }
    let id = id(state, name)?;
    state.vanish(&id, "DeleteConflict")
}

pub(super) fn named<'a>(state: &'a mut State, name: &str) -> Result<&'a mut Role, Refusal> {
    let (id, known_since) = (id(state, name)?, state.now - state.unknown);
    if state.by_id(&id)?.live.made.is_some_and(|made| made > known_since) {
        return Err(NONE);
    }
    state.edit(&id)
}

/// The role that somebody is to act as, once it has become known.
pub(in crate::sim) fn passed<'a>(state: &'a State, arn: &str) -> Option<&'a Role> {
    let is_meant = |live: &&Live| live.attributes.get("Arn").is_some_and(|it| it == arn);
    let known = |live: &&Live| live.made.is_none_or(|made| made + state.lag <= state.now);
    Role::of(&state.living().filter(is_meant).find(known)?.properties)
}

fn id(state: &State, name: &str) -> Result<String, Refusal> {
    let mut roles = state.living().filter(|live| Role::of(&live.properties).is_some());
    roles.find(|live| live.name.as_deref() == Some(name)).map(|live| live.id.clone()).ok_or(NONE)
}
