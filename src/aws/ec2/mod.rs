//! Amazon EC2.

use aws_sdk_ec2::types::{Filter, Tag};

use super::Aws;
use super::call::{Call, done};
use super::tags::to_ec2;
use crate::resource::ec2::Operation as Sent;
use crate::resource::{Key, Set, Tags, tags};
use crate::world::{Answer, WorldError};

pub(super) mod balancer;
pub(super) mod eip;
pub(super) mod internet_gateway;
pub(super) mod launch_template;
pub(super) mod nat_gateway;
pub(super) mod network_interface;
pub(super) mod route_table;
pub(super) mod security_group;
pub(super) mod subnet;
pub(super) mod volume;
pub(super) mod vpc;

/// Sends one call.
pub(super) async fn send(call: &Call<'_>, operation: &Sent) -> Result<Answer, WorldError> {
    match operation {
        Sent::CreateVpc { vpc } => vpc::create(call, vpc).await,
        Sent::ModifyVpcAttribute { vpc_id, enable_dns_hostnames } => {
            vpc::modify(call, call.text(vpc_id)?, *enable_dns_hostnames).await
        }
        Sent::DeleteVpc { vpc_id } => vpc::delete(call, call.text(vpc_id)?).await,
        Sent::CreateSubnet { subnet } => subnet::create(call, subnet).await,
        Sent::ModifySubnetAttribute { subnet_id, map_public_ip_on_launch } => {
            subnet::modify(call, call.text(subnet_id)?, *map_public_ip_on_launch).await
        }
        Sent::DeleteSubnet { subnet_id } => subnet::delete(call, call.text(subnet_id)?).await,
        Sent::CreateInternetGateway { tags } => internet_gateway::create(call, tags).await,
        Sent::AttachInternetGateway { internet_gateway_id: id, vpc_id } => {
            internet_gateway::attach(call, call.text(id)?, call.text(vpc_id)?).await
        }
        Sent::DetachInternetGateway { internet_gateway_id: id, vpc_id } => {
            internet_gateway::detach(call, call.text(id)?, call.text(vpc_id)?).await
        }
        Sent::DeleteInternetGateway { internet_gateway_id: id } => {
            internet_gateway::delete(call, call.text(id)?).await
        }
        Sent::CreateRouteTable { vpc_id, tags, .. } => {
            route_table::create(call, call.text(vpc_id)?, tags).await
        }
        Sent::CreateRoute { route_table_id: id, destination_cidr_block: to, target } => {
            route_table::add(call, call.text(id)?, to, target).await
        }
        Sent::ReplaceRoute { route_table_id: id, destination_cidr_block: to, target } => {
            route_table::replace(call, call.text(id)?, to, target).await
        }
        Sent::DeleteRoute { route_table_id: id, destination_cidr_block: to } => {
            route_table::drop_route(call, call.text(id)?, to).await
        }
        Sent::AssociateRouteTable { route_table_id: id, subnet_id } => {
            route_table::associate(call, call.text(id)?, call.text(subnet_id)?).await
        }
        Sent::DisassociateRouteTable { association_id } => {
            route_table::disassociate(call, association_id).await
        }
        Sent::DeleteRouteTable { route_table_id: id } => route_table::delete(call, call.text(id)?).await,
        Sent::AllocateAddress { tags } => eip::create(call, tags).await,
        Sent::ReleaseAddress { allocation_id } => eip::delete(call, call.text(allocation_id)?).await,
        Sent::CreateNatGateway { nat_gateway, .. } => nat_gateway::create(call, nat_gateway).await,
        Sent::DeleteNatGateway { nat_gateway_id: id } => nat_gateway::delete(call, call.text(id)?).await,
        Sent::CreateLaunchTemplate { name, template } => launch_template::create(call, name, template).await,
        Sent::CreateLaunchTemplateVersion { launch_template_id: id, data, .. } => {
            launch_template::add_version(call, call.text(id)?, data).await
        }
        Sent::DeleteLaunchTemplate { launch_template_id: id } => {
            launch_template::delete(call, call.text(id)?).await
        }
        Sent::DeleteVolume { volume_id } => volume::delete(call, call.text(volume_id)?).await,
        Sent::DeleteNetworkInterface { network_interface_id: id } => {
            network_interface::delete(call, id).await
        }
        Sent::DeleteSecurityGroup { group_id } => security_group::delete(call, group_id).await,
        Sent::CreateTags { resource, tags } => tag(call, resource, tags).await,
        Sent::DeleteTags { resource, keys } => untag(call, resource, keys).await,
    }
}

async fn tag(call: &Call<'_>, resource: &str, tags: &Tags) -> Result<Answer, WorldError> {
    let create = call.client().ec2.create_tags().resources(resource);
    let create = create.set_tags(Some(to_ec2(&tags.0).collect()));
    create.send().await.map(|_| done()).map_err(call.failed())
}

async fn untag(call: &Call<'_>, resource: &str, keys: &Set<String>) -> Result<Answer, WorldError> {
    // Without a value, for whichever value they have.
    let tags = keys.0.iter().map(|key| Tag::builder().key(key).build()).collect();
    let delete = call.client().ec2.delete_tags().resources(resource).set_tags(Some(tags));
    delete.send().await.map(|_| done()).map_err(call.failed())
}

/// What a list is asked for: all that is the cluster's, or one key's.
fn ours(aws: &Aws, key: Option<&Key>) -> Option<Vec<Filter>> {
    let cluster = filter(&format!("tag:{}", tags::CLUSTER), [&aws.cluster]);
    let key = key.map(|key| filter(&format!("tag:{}", tags::KEY), [key.to_string()]));
    Some([cluster].into_iter().chain(key).collect())
}

/// What a list is asked for.
pub(super) fn filter<V: Into<String>>(name: &str, values: impl IntoIterator<Item = V>) -> Filter {
    let values = values.into_iter().map(Into::into).collect();
    Filter::builder().name(name).set_values(Some(values)).build()
}
