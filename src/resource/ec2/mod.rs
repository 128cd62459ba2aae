//! Amazon EC2: the network, what nodes are started from, and what pods keep their data in.

use super::operation::operations;
use super::{Leftover, Set, Tags, Val};

mod eip;
mod internet_gateway;
mod launch_template;
mod nat_gateway;
mod route_table;
mod subnet;
mod volume;
mod vpc;

pub use eip::{AllocationId, Eip};
pub use internet_gateway::{InternetGateway, InternetGatewayId};
pub use launch_template::{BlockDeviceMapping, Ebs, MetadataOptions};
pub use launch_template::{LaunchTemplate, LaunchTemplateData, LaunchTemplateId, LaunchTemplateVersion};
pub use nat_gateway::{NatGateway, NatGatewayId};
pub use route_table::{Association, RouteTable, RouteTableId, Target};
pub use subnet::{Subnet, SubnetId};
pub use volume::{PersistentVolume, Stay, Told, Volume, VolumeId};
pub use vpc::{Vpc, VpcId};

const TAG: &[&str] = &["ec2:CreateTags"];

operations! { "ec2" as Ec2
    CreateVpc { vpc: Vpc } = Manner::new(Creates).ready_in(1).also(TAG);
    ModifyVpcAttribute { vpc_id: Val<VpcId>, enable_dns_hostnames: bool } = Manner::new(Updates);
    DeleteVpc { vpc_id: Val<VpcId> } = Manner::new(Deletes);
    CreateSubnet { subnet: Subnet } = Manner::new(Creates).ready_in(3).also(TAG);
    ModifySubnetAttribute { subnet_id: Val<SubnetId>, map_public_ip_on_launch: bool } = Manner::new(Updates);
    DeleteSubnet { subnet_id: Val<SubnetId> } = Manner::new(Deletes);
    CreateInternetGateway { tags: Tags } = Manner::new(Creates).also(TAG);
    AttachInternetGateway { internet_gateway_id: Val<InternetGatewayId>, vpc_id: Val<VpcId> } = Manner::new(Updates);
    DetachInternetGateway { internet_gateway_id: Val<InternetGatewayId>, vpc_id: Val<VpcId> } = Manner::new(Updates);
    DeleteInternetGateway { internet_gateway_id: Val<InternetGatewayId> } = Manner::new(Deletes);
    /// With a client token: it has no name by which a second one would be refused.
    CreateRouteTable { vpc_id: Val<VpcId>, tags: Tags, predecessors: Set<String> } = Manner::new(Creates).also(TAG);
    CreateRoute { route_table_id: Val<RouteTableId>, destination_cidr_block: String, target: Target } = Manner::new(Updates);
    ReplaceRoute { route_table_id: Val<RouteTableId>, destination_cidr_block: String, target: Target } = Manner::new(Updates);
    DeleteRoute { route_table_id: Val<RouteTableId>, destination_cidr_block: String } = Manner::new(Updates);
    AssociateRouteTable { route_table_id: Val<RouteTableId>, subnet_id: Val<SubnetId> } = Manner::new(Updates);
    DisassociateRouteTable { association_id: String } = Manner::new(Updates);
    DeleteRouteTable { route_table_id: Val<RouteTableId> } = Manner::new(Deletes);
    AllocateAddress { tags: Tags } = Manner::new(Creates).also(TAG);
    ReleaseAddress { allocation_id: Val<AllocationId> } = Manner::new(Deletes);
    /// With a client token, for the same reason.
    CreateNatGateway { nat_gateway: NatGateway, predecessors: Set<String> } = Manner::new(Creates).ready_in(105).also(TAG);
    DeleteNatGateway { nat_gateway_id: Val<NatGatewayId> } = Manner::new(Deletes).gone_in(70);
    CreateLaunchTemplate { name: String, template: LaunchTemplate } = Manner::new(Creates).also(TAG);
    /// With a client token: made of what it says and of the version that it follows.
    CreateLaunchTemplateVersion { launch_template_id: Val<LaunchTemplateId>, follows: Val<LaunchTemplateVersion>, data: LaunchTemplateData } = Manner::new(Updates).alters(&["LatestVersionNumber"]);
    DeleteLaunchTemplate { launch_template_id: Val<LaunchTemplateId> } = Manner::new(Deletes);
    DeleteVolume { volume_id: Val<VolumeId> } = Manner::new(Deletes).gone_in(5);
    /// What AWS has left behind in something of ours.
    DeleteNetworkInterface { network_interface_id: String } = Manner::new(Updates);
    /// What EKS has left behind in our VPC.
    DeleteSecurityGroup { group_id: String } = Manner::new(Updates);
    CreateTags { resource: String, tags: Tags } = Manner::new(Updates);
    DeleteTags { resource: String, keys: Set<String> } = Manner::new(Updates);
}

/// The calls that bring the tags of something live to what is desired.
fn retag(id: &str, desired: &Tags, live: &Tags) -> Vec<super::Operation> {
    let (untagged, tagged) = (id.to_owned(), id.to_owned());
    desired.retag(
        live,
        |keys| Operation::DeleteTags { resource: untagged, keys },
        |tags| Operation::CreateTags { resource: tagged, tags },
    )
}

/// The calls that take away what AWS has left behind in something.
pub(super) fn clear(leftovers: &[Leftover]) -> impl Iterator<Item = super::Operation> {
    leftovers.iter().cloned().map(|leftover| match leftover {
        Leftover::NetworkInterface(network_interface_id) => {
            Operation::DeleteNetworkInterface { network_interface_id }.into()
        }
        Leftover::SecurityGroup(group_id) => Operation::DeleteSecurityGroup { group_id }.into(),
    })
}
