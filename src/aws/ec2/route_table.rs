use std::collections::BTreeMap;

use aws_sdk_ec2::types::{self, ResourceType, RouteOrigin, RouteTableAssociationStateCode};

use super::ours;
use crate::aws::Aws;
use crate::aws::call::{Call, done, made, unread};
use crate::aws::live::{Listed, attributes, live, text};
use crate::aws::tags::{of_ec2, with};
use crate::resource::ec2::{Association, RouteTable, Target};
use crate::resource::{Key, Live, OneOf, Tags, Val};
use crate::world::{Answer, WorldError};

/// Route tables of the cluster.
pub(in crate::aws) async fn read(aws: &Aws, key: Option<&Key>) -> Listed {
    let describe = aws.reads.ec2.describe_route_tables().set_filters(ours(aws, key));
    let tables = describe.into_paginator().items().send().try_collect().await;
    let tables = tables.map_err(unread("ec2:DescribeRouteTables"))?;
    Ok(aws.ours(RouteTable::TYPE, key, tables.iter().filter_map(translated)))
}

fn translated(table: &types::RouteTable) -> Option<Live> {
    let properties = RouteTable {
        vpc_id: Val::Known(text(table.vpc_id()).into()),
        routes: table.routes().iter().filter_map(route).collect(),
        associations: table.associations().iter().filter_map(association).collect(),
        tags: of_ec2(table.tags()),
    };
    live(properties, attributes([("RouteTableId", table.route_table_id())]))
}

/// A route through a gateway. Whatever else somebody has put into the table is left to him.
fn route(route: &types::Route) -> Option<(String, Target)> {
    let written = route.origin().is_none_or(|origin| *origin == RouteOrigin::CreateRoute);
    let to = route.destination_cidr_block().filter(|_| written)?;
    let gateway = route.gateway_id().filter(|id| id.starts_with("igw-"));
    let nat = route.nat_gateway_id().filter(|id| id.starts_with("nat-"));
    let target = Target {
        gateway_id: gateway.map(|id| Val::Known(id.to_owned().into())),
        nat_gateway_id: nat.map(|id| Val::Known(id.to_owned().into())),
    };
    (gateway.is_some() || nat.is_some()).then(|| (to.to_owned(), target))
}

fn association(association: &types::RouteTableAssociation) -> Option<Association> {
    use RouteTableAssociationStateCode::{Disassociated, Disassociating};
    let state = association.association_state().and_then(|it| it.state());
    let subnet =
        association.subnet_id().filter(|_| !matches!(state, Some(Disassociated | Disassociating)))?;
    let subnet_id = Val::Known(subnet.to_owned().into());
    Some(Association { subnet_id, id: association.route_table_association_id().map(str::to_owned) })
}

/// Takes routes out of a table that go through gateways of other people's: they are theirs.
pub(in crate::aws) fn forget_routes(live: &mut Live, is_strange: impl Fn(&str) -> bool) {
    let strange = |target: &Target| {
        let nat = target.nat_gateway_id.as_ref().and_then(Val::known);
        nat.is_some_and(|id| is_strange(&id.0))
    };
    if let Some(table) = RouteTable::of_mut(&mut live.properties) {
        let routes: BTreeMap<_, _> = std::mem::take(&mut table.routes);
        table.routes = routes.into_iter().filter(|(_, target)| !strange(target)).collect();
    }
}

pub(super) async fn create(call: &Call<'_>, vpc: &str, tags: &Tags) -> Result<Answer, WorldError> {
    let create = call.client().ec2.create_route_table().vpc_id(vpc).client_token(call.token()?);
    let create = create.tag_specifications(with(ResourceType::RouteTable, tags));
    let answer = create.send().await.map_err(call.failed())?;
    let id = answer.route_table().and_then(types::RouteTable::route_table_id);
    Ok(made(attributes([("RouteTableId", id)])))
}

pub(super) async fn add(call: &Call<'_>, id: &str, to: &str, by: &Target) -> Result<Answer, WorldError> {
    let create = call.client().ec2.create_route().route_table_id(id).destination_cidr_block(to);
    let (gateway, nat) = ways(call, by)?;
    let create = create.set_gateway_id(gateway).set_nat_gateway_id(nat);
    create.send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn replace(call: &Call<'_>, id: &str, to: &str, by: &Target) -> Result<Answer, WorldError> {
    let replace = call.client().ec2.replace_route().route_table_id(id).destination_cidr_block(to);
    let (gateway, nat) = ways(call, by)?;
    let replace = replace.set_gateway_id(gateway).set_nat_gateway_id(nat);
    replace.send().await.map(|_| done()).map_err(call.failed())
}

fn ways(call: &Call<'_>, by: &Target) -> Result<(Option<String>, Option<String>), WorldError> {
    let gateway = by.gateway_id.as_ref().map(|id| call.text(id)).transpose()?;
    let nat = by.nat_gateway_id.as_ref().map(|id| call.text(id)).transpose()?;
    Ok((gateway.map(str::to_owned), nat.map(str::to_owned)))
}

pub(super) async fn drop_route(call: &Call<'_>, id: &str, to: &str) -> Result<Answer, WorldError> {
    let delete = call.client().ec2.delete_route().route_table_id(id).destination_cidr_block(to);
    delete.send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn associate(call: &Call<'_>, id: &str, subnet: &str) -> Result<Answer, WorldError> {
    let associate = call.client().ec2.associate_route_table().route_table_id(id).subnet_id(subnet);
    associate.send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn disassociate(call: &Call<'_>, association: &str) -> Result<Answer, WorldError> {
    let disassociate = call.client().ec2.disassociate_route_table().association_id(association);
    disassociate.send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn delete(call: &Call<'_>, id: &str) -> Result<Answer, WorldError> {
    let delete = call.client().ec2.delete_route_table().route_table_id(id);
    delete.send().await.map(|_| done()).map_err(call.failed())
}
