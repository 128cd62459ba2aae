//! `AWS::EC2::RouteTable`, with its routes and the subnets that go by it: none is of use without the others.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::{InternetGatewayId, NatGatewayId, Operation, SubnetId, VpcId, retag};
use crate::resource::{self, Added, Calls, Comparison, Live, Outputs, Property, Resource, STATELESS, Seen};
use crate::resource::{Set, Standing, Tags, Type, Val, attributes, properties};

attributes! {
    /// The id of a route table.
    RouteTableId of RouteTable = "RouteTableId";
}

properties! {
    /// Where packets go from some subnets.
    pub struct RouteTable {
        /// The network that it is a part of.
        exact vpc_id: Val<VpcId> => Protected;
        /// By destination. Only those through a gateway of ours are read: others are other people's.
        exact routes: BTreeMap<String, Target> => InPlace;
        /// The subnets that go by it.
        exact associations: Set<Association> => InPlace;
        /// Tags.
        exact tags: Tags => InPlace;
    }
}

properties! {
    /// The way to a destination: one of these.
    pub struct Target {
        /// To the internet and back.
        exact gateway_id: Option<Val<InternetGatewayId>> => InPlace;
        /// To the internet, but not back.
        exact nat_gateway_id: Option<Val<NatGatewayId>> => InPlace;
    }
}

/// A subnet that goes by a route table. Two of one subnet are the same, whatever AWS calls them.
#[derive(Clone, Debug)]
pub struct Association {
    /// The subnet.
    pub subnet_id: Val<SubnetId>,
    /// AWS's id for it, in what lives.
    pub id: Option<String>,
}

impl Association {
    /// As desired.
    pub fn of(subnet_id: Val<SubnetId>) -> Self {
        Self { subnet_id, id: None }
    }
}

impl PartialEq for Association {
    fn eq(&self, other: &Self) -> bool {
        self.subnet_id == other.subnet_id
    }
}

impl Eq for Association {}

impl PartialOrd for Association {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Association {
    fn cmp(&self, other: &Self) -> Ordering {
        self.subnet_id.cmp(&other.subnet_id)
    }
}

impl Serialize for Association {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.subnet_id.serialize(serializer)
    }
}

impl Property for Association {
    fn types(see: &mut dyn FnMut(Type)) {
        Val::<SubnetId>::types(see);
    }
    fn visit(&self, see: &mut dyn FnMut(Seen<'_>)) {
        self.subnet_id.visit(see);
    }
    fn resolve(&mut self, outputs: &Outputs) {
        self.subnet_id.resolve(outputs);
    }
}

impl RouteTable {
    fn put(&self, own: &Val<RouteTableId>, destination: &str, had: bool) -> Option<resource::Operation> {
        let target = self.routes.get(destination)?.clone();
        let (route_table_id, destination_cidr_block) = (own.clone(), destination.to_owned());
        Some(match had {
            false => Operation::CreateRoute { route_table_id, destination_cidr_block, target }.into(),
            true => Operation::ReplaceRoute { route_table_id, destination_cidr_block, target }.into(),
        })
    }

    fn associate(own: &Val<RouteTableId>, association: &Association) -> resource::Operation {
        let (route_table_id, subnet_id) = (own.clone(), association.subnet_id.clone());
        Operation::AssociateRouteTable { route_table_id, subnet_id }.into()
    }

    fn disassociate(association: &Association) -> Option<resource::Operation> {
        let association_id = association.id.clone()?;
        Some(Operation::DisassociateRouteTable { association_id }.into())
    }
}

impl Resource for RouteTable {
    const ID: &'static str = "RouteTableId";
    const STATES: &'static [(&'static str, Standing)] = STATELESS;

    fn create(&self, own: &Added<Self>, dead: &[String]) -> Calls {
        let (vpc_id, tags, predecessors) = (self.vpc_id.clone(), self.tags.clone(), Set(dead.to_vec()));
        let create = Operation::CreateRouteTable { vpc_id, tags, predecessors };
        let id = own.get();
        let routes = self.routes.keys().filter_map(|destination| self.put(&id, destination, false));
        let associations = self.associations.0.iter().map(|association| Self::associate(&id, association));
        Ok([create.into()].into_iter().chain(routes).chain(associations).collect())
    }

    fn update(&self, live: &Live<Self>, _: &Comparison) -> Calls {
        let (id, was) = (live.get()?, &live.properties);
        let differs = |destination: &&String| was.routes.get(*destination) != self.routes.get(*destination);
        let put = self.routes.keys().filter(differs);
        let put =
            put.filter_map(|destination| self.put(&id, destination, was.routes.contains_key(destination)));
        let gone = was.routes.keys().filter(|destination| !self.routes.contains_key(*destination));
        let drop = gone.map(|destination| {
            let (route_table_id, destination_cidr_block) = (id.clone(), destination.clone());
            Operation::DeleteRoute { route_table_id, destination_cidr_block }.into()
        });
        let associate = self.associations.without(&was.associations).map(|it| Self::associate(&id, it));
        let leave = was.associations.without(&self.associations).filter_map(Self::disassociate);
        let retag = retag(&live.id, &self.tags, &was.tags);
        Ok(put.chain(drop).chain(associate).chain(leave).chain(retag).collect())
    }

    fn is_held(&self, live: &Live<Self>) -> bool {
        live.properties.associations.0.iter().any(|it| self.associations.0.contains(it))
    }

    /// A subnet goes by one table only.
    fn take_from(&self, other: &Live<Self>) -> Calls {
        let wanted = |it: &&Association| self.associations.0.contains(it);
        let both = other.properties.associations.0.iter().filter(wanted);
        Ok(both.filter_map(Self::disassociate).collect())
    }

    fn delete(live: &Live<Self>) -> Calls {
        let leave = live.properties.associations.0.iter().filter_map(Self::disassociate);
        let delete = Operation::DeleteRouteTable { route_table_id: live.get()? };
        Ok(leave.chain([delete.into()]).collect())
    }
}
