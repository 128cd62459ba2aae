//! `AWS::EC2::VPC`

use super::{Operation, clear, retag};
use crate::resource::{Added, Calls, Comparison, Live, Resource, Standing, Tags, attributes, properties};

attributes! {
    /// The id of a VPC.
    VpcId of Vpc = "VpcId";
}

properties! {
    /// A network of our own.
    pub struct Vpc {
        /// Its first range of addresses.
        exact cidr_block: String => Protected;
        /// Nodes need it to register by name.
        open enable_dns_hostnames: bool => InPlace;
        /// Tags.
        exact tags: Tags => InPlace;
    }
}

impl Resource for Vpc {
    const ID: &'static str = "VpcId";
    const GATHERS: bool = true;
    const PROTECTED: bool = true;
    const STATES: &'static [(&'static str, Standing)] =
        &[("pending", Standing::Settling), ("available", Standing::Ready)];

    fn create(&self, own: &Added<Self>, _: &[String]) -> Calls {
        let hostnames = self
            .enable_dns_hostnames
            .map(|on| Operation::ModifyVpcAttribute { vpc_id: own.get(), enable_dns_hostnames: on });
        let create = Operation::CreateVpc { vpc: self.clone() };
        Ok([create].into_iter().chain(hostnames).map(Into::into).collect())
    }

    fn update(&self, live: &Live<Self>, how: &Comparison) -> Calls {
        let mut operations = retag(&live.id, &self.tags, &live.properties.tags);
        if let Some(on) = self.enable_dns_hostnames.filter(|_| how.touches("EnableDnsHostnames")) {
            let modify = Operation::ModifyVpcAttribute { vpc_id: live.get()?, enable_dns_hostnames: on };
            operations.push(modify.into());
        }
        Ok(operations)
    }

    fn delete(live: &Live<Self>) -> Calls {
        let delete = Operation::DeleteVpc { vpc_id: live.get()? };
        Ok(clear(&live.leftovers).chain([delete.into()]).collect())
    }
}
