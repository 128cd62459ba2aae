use aws_sdk_ec2::types::{self, AttributeBooleanValue, ResourceType, VpcAttributeName};
use futures::future::join_all;

use super::ours;
use crate::aws::Aws;
use crate::aws::call::{Call, done, made, unread};
use crate::aws::live::{Item, Listed, attributes, live, still_there, text};
use crate::aws::tags::{of_ec2, with};
use crate::resource::ec2::Vpc;
use crate::resource::{Key, Live, OneOf};
use crate::world::{Answer, WorldError};

/// VPCs of the cluster.
pub(in crate::aws) async fn read(aws: &Aws, key: Option<&Key>) -> Listed {
    let describe = aws.reads.ec2.describe_vpcs().set_filters(ours(aws, key));
    let vpcs = describe.into_paginator().items().send().try_collect().await;
    let vpcs = vpcs.map_err(unread("ec2:DescribeVpcs"))?;
    let items = aws.ours(Vpc::TYPE, key, vpcs.iter().filter_map(translated));
    Ok(join_all(items.into_iter().map(|item| complete(aws, item))).await.into_iter().flatten().collect())
}

/// One of its attributes is told by a call of its own.
async fn complete(aws: &Aws, mut item: Item) -> Option<Item> {
    let told = match &item.live {
        Ok(live) => still_there(has_hostnames(aws, &live.id).await).transpose()?,
        Err(_) => return Some(item),
    };
    item.live = item.live.and_then(|mut live| {
        let hostnames = told?;
        Vpc::of_mut(&mut live.properties).into_iter().for_each(|vpc| vpc.enable_dns_hostnames = hostnames);
        Ok(live)
    });
    Some(item)
}

async fn has_hostnames(aws: &Aws, id: &str) -> Result<Option<bool>, WorldError> {
    let describe = aws.reads.ec2.describe_vpc_attribute().vpc_id(id);
    let told = describe.attribute(VpcAttributeName::EnableDnsHostnames).send().await;
    let told = told.map_err(unread("ec2:DescribeVpcAttribute"))?;
    Ok(told.enable_dns_hostnames.and_then(|hostnames| hostnames.value))
}

fn translated(vpc: &types::Vpc) -> Option<Live> {
    let properties =
        Vpc { cidr_block: text(vpc.cidr_block()), enable_dns_hostnames: None, tags: of_ec2(vpc.tags()) };
    let status = vpc.state().map(|state| state.as_str().to_owned()).unwrap_or_default();
    Some(Live { status, ..live(properties, attributes([("VpcId", vpc.vpc_id())]))? })
}

pub(super) async fn create(call: &Call<'_>, vpc: &Vpc) -> Result<Answer, WorldError> {
    let create = call.client().ec2.create_vpc().cidr_block(&vpc.cidr_block);
    let create = create.tag_specifications(with(ResourceType::Vpc, &vpc.tags));
    let answer = create.send().await.map_err(call.failed())?;
    Ok(made(attributes([("VpcId", answer.vpc().and_then(types::Vpc::vpc_id))])))
}

pub(super) async fn modify(call: &Call<'_>, id: &str, hostnames: bool) -> Result<Answer, WorldError> {
    let hostnames = AttributeBooleanValue::builder().value(hostnames).build();
    let modify = call.client().ec2.modify_vpc_attribute().vpc_id(id).enable_dns_hostnames(hostnames);
    modify.send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn delete(call: &Call<'_>, id: &str) -> Result<Answer, WorldError> {
    call.client().ec2.delete_vpc().vpc_id(id).send().await.map(|_| done()).map_err(call.failed())
}
