use aws_sdk_ec2::types::{self, DomainType, ResourceType};

use super::ours;
use crate::aws::Aws;
use crate::aws::call::{Call, done, made, unread};
use crate::aws::live::{Listed, attributes, live};
use crate::aws::tags::{of_ec2, with};
use crate::resource::ec2::Eip;
use crate::resource::{Key, Live, OneOf, Tags};
use crate::world::{Answer, WorldError};

/// Addresses of the cluster.
pub(in crate::aws) async fn read(aws: &Aws, key: Option<&Key>) -> Listed {
    let describe = aws.reads.ec2.describe_addresses().set_filters(ours(aws, key));
    let told = describe.send().await.map_err(unread("ec2:DescribeAddresses"))?;
    Ok(aws.ours(Eip::TYPE, key, told.addresses().iter().filter_map(translated)))
}

fn translated(address: &types::Address) -> Option<Live> {
    let domain = address.domain().unwrap_or(&DomainType::Vpc).as_str().to_owned();
    let properties = Eip { domain, tags: of_ec2(address.tags()) };
    let told = [("AllocationId", address.allocation_id()), ("PublicIp", address.public_ip())];
    live(properties, attributes(told))
}

pub(super) async fn create(call: &Call<'_>, tags: &Tags) -> Result<Answer, WorldError> {
    let create = call.client().ec2.allocate_address().domain(DomainType::Vpc);
    let create = create.tag_specifications(with(ResourceType::ElasticIp, tags));
    let answer = create.send().await.map_err(call.failed())?;
    Ok(made(attributes([("AllocationId", answer.allocation_id()), ("PublicIp", answer.public_ip())])))
}

pub(super) async fn delete(call: &Call<'_>, id: &str) -> Result<Answer, WorldError> {
    let release = call.client().ec2.release_address().allocation_id(id);
    release.send().await.map(|_| done()).map_err(call.failed())
}
