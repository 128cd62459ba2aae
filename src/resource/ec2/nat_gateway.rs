//! `AWS::EC2::NatGateway`

use super::{AllocationId, Operation, SubnetId, retag};
use crate::resource::{Added, Calls, Comparison, Live, Milestone, Resource, Set, Standing};
use crate::resource::{Tags, Type, Val, attributes, properties};

attributes! {
    /// The id of a NAT gateway.
    NatGatewayId of NatGateway = "NatGatewayId";
}

properties! {
    /// The way out for what has no public address.
    pub struct NatGateway {
        /// Where it stands.
        exact subnet_id: Val<SubnetId> => Remake;
        /// Its public address, which no second one could have at the same time.
        exact allocation_id: Val<AllocationId> => Remake;
        /// Tags.
        exact tags: Tags => InPlace;
    }
}

impl Resource for NatGateway {
    const ID: &'static str = "NatGatewayId";
    /// It fails in a VPC without a gateway; and a gateway cannot be detached while it stands.
    const AFTER: &'static [(Type, Milestone)] = &[(Type::InternetGateway, Milestone::Ready)];
    const STATES: &'static [(&'static str, Standing)] = &[
        ("pending", Standing::Settling),
        ("available", Standing::Ready),
        ("deleting", Standing::Deleting),
        ("deleted", Standing::Gone),
        // AWS takes it away by itself within an hour: a new one is made beside it.
        ("failed", Standing::Gone),
    ];

    fn create(&self, _: &Added<Self>, dead: &[String]) -> Calls {
        let predecessors = Set(dead.to_vec());
        Ok(vec![Operation::CreateNatGateway { nat_gateway: self.clone(), predecessors }.into()])
    }

    fn update(&self, live: &Live<Self>, _: &Comparison) -> Calls {
        Ok(retag(&live.id, &self.tags, &live.properties.tags))
    }

    /// An address is given to one gateway only.
    fn is_held(&self, live: &Live<Self>) -> bool {
        live.properties.allocation_id == self.allocation_id
    }

    fn delete(live: &Live<Self>) -> Calls {
        Ok(vec![Operation::DeleteNatGateway { nat_gateway_id: live.get()? }.into()])
    }
}
