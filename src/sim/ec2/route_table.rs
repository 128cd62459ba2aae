use super::once;
use crate::resource::ec2::{Association, InternetGateway, RouteTable, SubnetId, Target, VpcId};
use crate::resource::{OneOf, Operation, Set, Standing, Tags, Val};
use crate::sim::state::{Played, State, text};
use crate::world::{Answer, Class};

pub(super) fn create(state: &mut State, vpc: &Val<VpcId>, tags: &Tags, call: &Operation) -> Played {
    once(state, call, |state| {
        state.by_id(text(vpc)?)?;
        state.log.actions.insert("ec2:CreateTags");
        let (vpc_id, tags, associations) = (vpc.clone(), tags.clone(), Set(Vec::new()));
        let table = RouteTable { vpc_id, routes: Default::default(), associations, tags };
        state.make(table.into(), None, "").tells([])
    })
}

pub(super) fn add(state: &mut State, id: &str, destination: &str, target: &Target) -> Played {
    if state.edit::<RouteTable>(id)?.routes.contains_key(destination) {
        return Err((Class::Exists, "RouteAlreadyExists"));
    }
    put(state, id, destination, target)
}

pub(super) fn replace(state: &mut State, id: &str, destination: &str, target: &Target) -> Played {
    if !state.edit::<RouteTable>(id)?.routes.contains_key(destination) {
        return Err((Class::Refused, "InvalidParameterValue"));
    }
    put(state, id, destination, target)
}

fn put(state: &mut State, id: &str, destination: &str, target: &Target) -> Played {
    let vpc = state.edit::<RouteTable>(id)?.vpc_id.clone();
    if let Some(gateway) = &target.gateway_id
        && state.edit::<InternetGateway>(text(gateway)?)?.vpc_id != Some(vpc)
    {
        return Err((Class::Refused, "InvalidParameterValue"));
    }
    if let Some(nat) = &target.nat_gateway_id
        && state.by_id(text(nat)?)?.live.standing() != Standing::Ready
    {
        return Err((Class::Refused, "InvalidNatGatewayID.NotFound"));
    }
    state.edit::<RouteTable>(id)?.routes.insert(destination.to_owned(), target.clone());
    Ok(Answer::default())
}

pub(super) fn drop_route(state: &mut State, id: &str, destination: &str) -> Played {
    let gone = state.edit::<RouteTable>(id)?.routes.remove(destination);
    gone.map(|_| Answer::default()).ok_or((Class::NotFound, "InvalidRoute.NotFound"))
}

pub(super) fn associate(state: &mut State, id: &str, subnet: &Val<SubnetId>) -> Played {
    let name = format!("rtbassoc-{id}-{}", text(subnet)?);
    let association = Association { subnet_id: subnet.clone(), id: Some(name) };
    let taken = state.tables().any(|(_, table)| table.associations.0.contains(&association));
    if taken {
        return Err((Class::Exists, "Resource.AlreadyAssociated"));
    }
    state.edit::<RouteTable>(id)?.associations.0.push(association);
    Ok(Answer::default())
}

pub(super) fn disassociate(state: &mut State, association: &str) -> Played {
    let has =
        |table: &RouteTable| table.associations.0.iter().any(|it| it.id.as_deref() == Some(association));
    let table = state.tables().find(|(_, table)| has(table)).map(|(id, _)| id.to_owned());
    let table = table.ok_or((Class::NotFound, "InvalidAssociationID.NotFound"))?;
    state.edit::<RouteTable>(&table)?.associations.0.retain(|it| it.id.as_deref() != Some(association));
    Ok(Answer::default())
}

pub(super) fn delete(state: &mut State, id: &str) -> Played {
    if !state.edit::<RouteTable>(id)?.associations.0.is_empty() {
        return Err((Class::Busy, super::IN_USE));
    }
    state.vanish(id, super::IN_USE)
}

impl State {
    fn tables(&self) -> impl Iterator<Item = (&str, &RouteTable)> {
        self.living().filter_map(|live| Some((live.id.as_str(), RouteTable::of(&live.properties)?)))
    }
}
