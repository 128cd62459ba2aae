use aws_sdk_ec2::types::{self, AttachmentStatus, ResourceType};

use super::ours;
use crate::aws::Aws;
use crate::aws::call::{Call, done, made, unread};
use crate::aws::live::{Listed, attributes, live};
use crate::aws::tags::{of_ec2, with};
use crate::resource::ec2::InternetGateway;
use crate::resource::{Key, Live, OneOf, Tags, Val};
use crate::world::{Answer, WorldError};

/// Internet gateways of the cluster.
pub(in crate::aws) async fn read(aws: &Aws, key: Option<&Key>) -> Listed {
    let describe = aws.reads.ec2.describe_internet_gateways().set_filters(ours(aws, key));
    let gateways = describe.into_paginator().items().send().try_collect().await;
    let gateways = gateways.map_err(unread("ec2:DescribeInternetGateways"))?;
    Ok(aws.ours(InternetGateway::TYPE, key, gateways.iter().filter_map(translated)))
}

fn translated(gateway: &types::InternetGateway) -> Option<Live> {
    // An attachment says `available`, which its enum does not know.
    let holds = |it: &&types::InternetGatewayAttachment| it.state() != Some(&AttachmentStatus::Detached);
    let vpc = gateway.attachments().iter().find(holds).and_then(|it| it.vpc_id());
    let vpc_id = vpc.map(|id| Val::Known(id.to_owned().into()));
    let properties = InternetGateway { vpc_id, tags: of_ec2(gateway.tags()) };
    live(properties, attributes([("InternetGatewayId", gateway.internet_gateway_id())]))
}

pub(super) async fn create(call: &Call<'_>, tags: &Tags) -> Result<Answer, WorldError> {
    let create = call.client().ec2.create_internet_gateway();
    let create = create.tag_specifications(with(ResourceType::InternetGateway, tags));
    let answer = create.send().await.map_err(call.failed())?;
    let id = answer.internet_gateway().and_then(types::InternetGateway::internet_gateway_id);
    Ok(made(attributes([("InternetGatewayId", id)])))
}

pub(super) async fn attach(call: &Call<'_>, id: &str, vpc: &str) -> Result<Answer, WorldError> {
    let attach = call.client().ec2.attach_internet_gateway().internet_gateway_id(id).vpc_id(vpc);
    attach.send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn detach(call: &Call<'_>, id: &str, vpc: &str) -> Result<Answer, WorldError> {
    let detach = call.client().ec2.detach_internet_gateway().internet_gateway_id(id).vpc_id(vpc);
    detach.send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn delete(call: &Call<'_>, id: &str) -> Result<Answer, WorldError> {
    let delete = call.client().ec2.delete_internet_gateway().internet_gateway_id(id);
    delete.send().await.map(|_| done()).map_err(call.failed())
}
