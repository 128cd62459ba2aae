//! `AWS::EC2::Subnet`

use super::{Operation, VpcId, clear, retag};
use crate::resource::{Added, Calls, Comparison, Live, Resource, Standing, Tags, Val};
use crate::resource::{attributes, properties};

attributes! {
    /// The id of a subnet.
    SubnetId of Subnet = "SubnetId";
}

properties! {
    /// A range of addresses in one availability zone.
    pub struct Subnet {
        /// The network that it is a part of.
        exact vpc_id: Val<VpcId> => Protected;
        /// Its range.
        exact cidr_block: String => Protected;
        /// Its zone.
        exact availability_zone: String => Protected;
        /// Whether what is started in it is reachable from the internet.
        open map_public_ip_on_launch: bool => InPlace;
        /// Tags.
        exact tags: Tags => InPlace;
    }
}

impl Resource for Subnet {
    const ID: &'static str = "SubnetId";
    const GATHERS: bool = true;
    const STATES: &'static [(&'static str, Standing)] = &[
        ("pending", Standing::Settling),
        ("available", Standing::Ready),
        // Its zone is impaired: it is still the one that all the others stand in.
        ("unavailable", Standing::Settling),
        ("failed", Standing::Failed),
        ("failed-insufficient-capacity", Standing::Failed),
    ];

    fn create(&self, own: &Added<Self>, _: &[String]) -> Calls {
        // CreateSubnet does not take it.
        let public = self
            .map_public_ip_on_launch
            .filter(|on| *on)
            .map(|on| Operation::ModifySubnetAttribute { subnet_id: own.get(), map_public_ip_on_launch: on });
        let create = Operation::CreateSubnet { subnet: self.clone() };
        Ok([create].into_iter().chain(public).map(Into::into).collect())
    }

    fn update(&self, live: &Live<Self>, how: &Comparison) -> Calls {
        let mut operations = retag(&live.id, &self.tags, &live.properties.tags);
        if let Some(on) = self.map_public_ip_on_launch.filter(|_| how.touches("MapPublicIpOnLaunch")) {
            let modify =
                Operation::ModifySubnetAttribute { subnet_id: live.get()?, map_public_ip_on_launch: on };
            operations.push(modify.into());
        }
        Ok(operations)
    }

    fn delete(live: &Live<Self>) -> Calls {
        let delete = Operation::DeleteSubnet { subnet_id: live.get()? };
        Ok(clear(&live.leftovers).chain([delete.into()]).collect())
    }
}
