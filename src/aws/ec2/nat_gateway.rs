use aws_sdk_ec2::types::{self, ResourceType};

use super::ours;
use crate::aws::Aws;
use crate::aws::call::{Call, done, made, unread};
use crate::aws::live::{Listed, attributes, live, moment, text};
use crate::aws::tags::{of_ec2, with};
use crate::resource::ec2::NatGateway;
use crate::resource::{Key, Live, OneOf, Trouble, Val};
use crate::world::{Answer, WorldError};

/// NAT gateways of the cluster; those that are gone too, for as long as AWS tells of them.
pub(in crate::aws) async fn read(aws: &Aws, key: Option<&Key>) -> Listed {
    let describe = aws.reads.ec2.describe_nat_gateways().set_filter(ours(aws, key));
    let gateways = describe.into_paginator().items().send().try_collect().await;
    let gateways = gateways.map_err(unread("ec2:DescribeNatGateways"))?;
    Ok(aws.ours(NatGateway::TYPE, key, gateways.iter().filter_map(translated)))
}

fn translated(gateway: &types::NatGateway) -> Option<Live> {
    let addresses = gateway.nat_gateway_addresses();
    let primary = addresses.iter().find(|it| it.is_primary() == Some(true)).or(addresses.first());
    let properties = NatGateway {
        subnet_id: Val::Known(text(gateway.subnet_id()).into()),
        allocation_id: Val::Known(text(primary.and_then(|it| it.allocation_id())).into()),
        tags: of_ec2(gateway.tags()),
    };
    let told =
        [("NatGatewayId", gateway.nat_gateway_id()), ("PublicIp", primary.and_then(|it| it.public_ip()))];
    let trouble = |code: &str| Trouble { code: code.to_owned(), message: text(gateway.failure_message()) };
    Some(Live {
        status: gateway.state().map(|state| state.as_str().to_owned()).unwrap_or_default(),
        made: moment(gateway.create_time()),
        troubles: gateway.failure_code().map(trouble).into_iter().collect(),
        ..live(properties, attributes(told))?
    })
}

pub(super) async fn create(call: &Call<'_>, gateway: &NatGateway) -> Result<Answer, WorldError> {
    let (subnet, address) = (call.text(&gateway.subnet_id)?, call.text(&gateway.allocation_id)?);
    let create = call.client().ec2.create_nat_gateway().subnet_id(subnet).allocation_id(address);
    let create = create.client_token(call.token()?);
    let create = create.tag_specifications(with(ResourceType::Natgateway, &gateway.tags));
    let answer = create.send().await.map_err(call.failed())?;
    let id = answer.nat_gateway().and_then(types::NatGateway::nat_gateway_id);
    Ok(made(attributes([("NatGatewayId", id)])))
}

pub(super) async fn delete(call: &Call<'_>, id: &str) -> Result<Answer, WorldError> {
    let delete = call.client().ec2.delete_nat_gateway().nat_gateway_id(id);
    delete.send().await.map(|_| done()).map_err(call.failed())
}
