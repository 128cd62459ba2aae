use aws_sdk_ec2::types::{self, ResourceType};

use super::ours;
use crate::aws::Aws;
use crate::aws::call::{Call, done, made, unread};
use crate::aws::errors::lacking;
use crate::aws::live::{Item, Listed, attributes, live, moment, text};
use crate::aws::tags::{of_ec2, with};
use crate::resource::ec2::NatGateway;
use crate::resource::{Key, Live, OneOf, Standing, Trouble, Val};
use crate::world::{Answer, WorldError};

/// NAT gateways of the cluster; those that are gone too, for as long as AWS tells of them.
pub(in crate::aws) async fn read(aws: &Aws, key: Option<&Key>) -> Listed {
    let describe = aws.reads.ec2.describe_nat_gateways().set_filter(ours(aws, key));
    let gateways = describe.into_paginator().items().send().try_collect().await;
    let gateways = gateways.map_err(unread("ec2:DescribeNatGateways"))?;
    let items = aws.ours(NatGateway::TYPE, key, gateways.iter().filter_map(translated));
    Ok(items.into_iter().map(whole).collect())
}

/// One that stands has a subnet and an address, by which it would be made again: where they are not told, the answer
/// cannot be read.
fn whole(Item { key, live }: Item) -> Item {
    let stands = |live: &Live| matches!(live.standing(), Standing::Ready | Standing::Settling);
    let is_whole = |it: &NatGateway| {
        let (subnet, address) = (it.subnet_id.known(), it.allocation_id.known());
        subnet.is_some_and(|id| !id.0.is_empty()) && address.is_some_and(|id| !id.0.is_empty())
    };
    let live = live.and_then(|live| match NatGateway::of(&live.properties) {
        Some(it) if stands(&live) && !is_whole(it) => {
            Err(lacking("ec2:DescribeNatGateways", "a gateway's subnet or address"))
        }
        _ => Ok(live),
    });
    Item { key, live }
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

#[test]
fn a_gateway_that_stands_without_an_address_is_not_read() {
    let gateway =
        |state: types::NatGatewayState| types::NatGateway::builder().nat_gateway_id("nat-1").state(state);
    let address = || types::NatGatewayAddress::builder().allocation_id("eipalloc-1").build();
    let is_read = |gateway: types::NatGateway| {
        let key = Key { kind: NatGateway::TYPE, name: "a".to_owned() };
        whole(Item { key, live: Ok(translated(&gateway).expect("it has an id")) }).live.is_ok()
    };
    for state in [types::NatGatewayState::Available, types::NatGatewayState::Pending] {
        let stands = || gateway(state.clone()).subnet_id("subnet-1");
        assert!(is_read(stands().nat_gateway_addresses(address()).build()));
        assert!(!is_read(stands().build()), "{state}");
        assert!(!is_read(gateway(state.clone()).nat_gateway_addresses(address()).build()), "{state}");
    }
    assert!(is_read(gateway(types::NatGatewayState::Deleted).build()), "it has none any more");
}
