//! Amazon EC2.

use super::leak;
use super::state::{Played, Refusal, State, text};
use crate::resource::ec2::Operation as Call;
use crate::resource::{Operation, Timestamp};
use crate::world::{Answer, Class};

mod eip;
mod internet_gateway;
mod launch_template;
mod nat_gateway;
mod route_table;
mod subnet;
pub(super) mod volume;
mod vpc;

const IN_USE: &str = "DependencyViolation";

pub(super) fn play(state: &mut State, call: &Call, ends: Timestamp, whole: &Operation) -> Played {
    match call {
        Call::CreateVpc { vpc } => vpc::create(state, vpc),
        Call::ModifyVpcAttribute { vpc_id, enable_dns_hostnames } => {
            vpc::modify(state, text(vpc_id)?, *enable_dns_hostnames)
        }
        Call::DeleteVpc { vpc_id } => state.vanish(text(vpc_id)?, IN_USE),
        Call::CreateSubnet { subnet } => subnet::create(state, subnet),
        Call::ModifySubnetAttribute { subnet_id, map_public_ip_on_launch } => {
            subnet::modify(state, text(subnet_id)?, *map_public_ip_on_launch)
        }
        Call::DeleteSubnet { subnet_id } => state.vanish(text(subnet_id)?, IN_USE),
        Call::CreateInternetGateway { tags } => internet_gateway::create(state, tags),
        Call::AttachInternetGateway { internet_gateway_id: id, vpc_id } => {
            internet_gateway::attach(state, text(id)?, vpc_id)
        }
        Call::DetachInternetGateway { internet_gateway_id: id, vpc_id } => {
            internet_gateway::detach(state, text(id)?, vpc_id)
        }
        Call::DeleteInternetGateway { internet_gateway_id: id } => internet_gateway::delete(state, text(id)?),
        Call::CreateRouteTable { vpc_id, tags, .. } => route_table::create(state, vpc_id, tags, whole),
        Call::CreateRoute { route_table_id: id, destination_cidr_block: to, target } => {
            route_table::add(state, text(id)?, to, target)
        }
        Call::ReplaceRoute { route_table_id: id, destination_cidr_block: to, target } => {
            route_table::replace(state, text(id)?, to, target)
        }
        Call::DeleteRoute { route_table_id: id, destination_cidr_block: to } => {
            route_table::drop_route(state, text(id)?, to)
        }
        Call::AssociateRouteTable { route_table_id: id, subnet_id } => {
            route_table::associate(state, text(id)?, subnet_id)
        }
        Call::DisassociateRouteTable { association_id: id } => route_table::disassociate(state, id),
        Call::DeleteRouteTable { route_table_id: id } => route_table::delete(state, text(id)?),
        Call::AllocateAddress { tags } => eip::create(state, tags),
        Call::ReleaseAddress { allocation_id: id } => state.vanish(text(id)?, "InvalidIPAddress.InUse"),
        Call::CreateNatGateway { nat_gateway, .. } => nat_gateway::create(state, nat_gateway, ends, whole),
        Call::DeleteNatGateway { nat_gateway_id: id } => nat_gateway::delete(state, text(id)?, ends),
        Call::CreateLaunchTemplate { name, template } => launch_template::create(state, name, template),
        Call::CreateLaunchTemplateVersion { launch_template_id: id, data, .. } => {
            launch_template::add_version(state, text(id)?, data, whole)
        }
        Call::DeleteLaunchTemplate { launch_template_id: id } => state.vanish(text(id)?, IN_USE),
        Call::DeleteVolume { volume_id } => volume::delete(state, text(volume_id)?),
        Call::DeleteNetworkInterface { network_interface_id: id } => leak::clear(state, id),
        Call::DeleteSecurityGroup { group_id: id } => leak::ungroup(state, id),
        Call::CreateTags { resource, tags } => {
            state.by_id(resource)?.live.properties.tags_mut().0.extend(tags.0.clone());
            Ok(Answer::default())
        }
        Call::DeleteTags { resource, keys } => {
            state.by_id(resource)?.live.properties.tags_mut().0.retain(|key, _| !keys.0.contains(key));
            Ok(Answer::default())
        }
    }
}

/// Makes it once for each client token; later it is answered whatever has become of it since.
fn once(state: &mut State, call: &Operation, make: impl FnOnce(&mut State) -> Played) -> Played {
    let token = call.token().map_err(|_| (Class::Refused, "ValidationError"))?;
    if let Some(made) = state.tokens.get(&token) {
        return Ok(made.clone());
    }
    let made = make(state)?;
    state.tokens.insert(token, made.clone());
    Ok(made)
}

const NAME_IS_TAKEN: Refusal = (Class::Exists, "InvalidLaunchTemplateName.AlreadyExistsException");
