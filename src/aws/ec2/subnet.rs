use aws_sdk_ec2::types::{self, AttributeBooleanValue, ResourceType};

use super::ours;
use crate::aws::Aws;
use crate::aws::call::{Call, done, made, unread};
use crate::aws::live::{Listed, attributes, live, text};
use crate::aws::tags::{of_ec2, with};
use crate::resource::ec2::Subnet;
use crate::resource::{Key, Live, OneOf, Val};
use crate::world::{Answer, WorldError};

/// Subnets of the cluster.
pub(in crate::aws) async fn read(aws: &Aws, key: Option<&Key>) -> Listed {
    let describe = aws.reads.ec2.describe_subnets().set_filters(ours(aws, key));
    let subnets = describe.into_paginator().items().send().try_collect().await;
    let subnets = subnets.map_err(unread("ec2:DescribeSubnets"))?;
    Ok(aws.ours(Subnet::TYPE, key, subnets.iter().filter_map(translated)))
}

fn translated(subnet: &types::Subnet) -> Option<Live> {
    let properties = Subnet {
        vpc_id: Val::Known(text(subnet.vpc_id()).into()),
        cidr_block: text(subnet.cidr_block()),
        availability_zone: text(subnet.availability_zone()),
        map_public_ip_on_launch: subnet.map_public_ip_on_launch(),
        tags: of_ec2(subnet.tags()),
    };
    let status = subnet.state().map(|state| state.as_str().to_owned()).unwrap_or_default();
    Some(Live { status, ..live(properties, attributes([("SubnetId", subnet.subnet_id())]))? })
}

pub(super) async fn create(call: &Call<'_>, subnet: &Subnet) -> Result<Answer, WorldError> {
    let create = call.client().ec2.create_subnet().vpc_id(call.text(&subnet.vpc_id)?);
    let create = create.cidr_block(&subnet.cidr_block).availability_zone(&subnet.availability_zone);
    let create = create.tag_specifications(with(ResourceType::Subnet, &subnet.tags));
    let answer = create.send().await.map_err(call.failed())?;
    Ok(made(attributes([("SubnetId", answer.subnet().and_then(types::Subnet::subnet_id))])))
}

pub(super) async fn modify(call: &Call<'_>, id: &str, public: bool) -> Result<Answer, WorldError> {
    let public = AttributeBooleanValue::builder().value(public).build();
    let modify = call.client().ec2.modify_subnet_attribute().subnet_id(id).map_public_ip_on_launch(public);
    modify.send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn delete(call: &Call<'_>, id: &str) -> Result<Answer, WorldError> {
    call.client().ec2.delete_subnet().subnet_id(id).send().await.map(|_| done()).map_err(call.failed())
}
