//! What other people have put into the cluster's own network and control plane.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{self, Filter, InstanceStateName, NatGatewayState};
use futures::{FutureExt, join};

use super::Aws;
use super::call::unread;
use super::ec2::{balancer, filter, network_interface, security_group};
use super::eks::cluster::SECURITY_GROUP;
use super::tags::of_ec2;
use crate::resource::{Live, Type};
use crate::world::{Class, Guest, WorldError};

/// What of ours others may stand in.
pub(super) struct Ours<'a> {
    pub lives: Vec<&'a Live>,
    /// Node groups in the cluster that are not ours.
    pub nodegroups: &'a [Live],
    /// Fargate profiles, none of which are ours.
    pub fargate_profiles: &'a [String],
}

/// What stands in ours.
#[derive(Default)]
pub(super) struct Surroundings {
    pub guests: Vec<Guest>,
    /// Interfaces that nodes have left behind.
    pub leftovers: Vec<types::NetworkInterface>,
    /// The security groups that EKS has made for the cluster.
    pub groups: Vec<types::SecurityGroup>,
    /// NAT gateways that are not ours, by id.
    pub nat_gateways: BTreeSet<String>,
}

/// Finds them. What may not be listed is not said to be there: AWS will not let it be harmed.
pub(super) async fn find(aws: &Aws, ours: &Ours<'_>) -> Result<Surroundings, WorldError> {
    let vpcs: Vec<&str> = ours.of(Type::Vpc).map(|live| live.id.as_str()).collect();
    let mut found = match vpcs.is_empty() {
        true => in_network_of_others(aws, ours).await?,
        false => in_vpcs(aws, ours, &vpcs).await?,
    };
    let clusters: Vec<String> = ours.of(Type::Cluster).map(|live| live.id.clone()).collect();
    let nodegroups = ours.nodegroups.iter().map(|group| group.id.clone());
    let profiles = ours.fargate_profiles.iter().map(|name| format!("fargate-profile/{name}"));
    let within = |id| Guest { id, within: clusters.clone(), keepers: Vec::new() };
    found.guests.extend(nodegroups.chain(profiles).map(within).filter(|guest| !guest.within.is_empty()));
    Ok(found)
}

/// In a network that is not ours, what nodes have left behind shows by the cluster's security group.
async fn in_network_of_others(aws: &Aws, ours: &Ours<'_>) -> Result<Surroundings, WorldError> {
    let groups: Vec<&String> =
        ours.of(Type::Cluster).filter_map(|live| live.attributes.get(SECURITY_GROUP)).collect();
    if groups.is_empty() {
        return Ok(Surroundings::default());
    }
    let leftovers = network_interface::leftovers(aws, Some(filter("group-id", groups))).await;
    Ok(Surroundings { leftovers: listed(leftovers)?, ..Surroundings::default() })
}

async fn in_vpcs(aws: &Aws, ours: &Ours<'_>, vpcs: &[&str]) -> Result<Surroundings, WorldError> {
    let asked = |name: &str| vec![filter(name, vpcs.iter().copied())];
    let (instances, nat_gateways, endpoints, interfaces, subnets, groups, tables, gateways) = join!(
        instances(aws, asked("vpc-id")).boxed(),
        nat_gateways(aws, asked("vpc-id")).boxed(),
        endpoints(aws, asked("vpc-id")).boxed(),
        network_interface::list(aws, asked("vpc-id")).boxed(),
        subnets(aws, asked("vpc-id")).boxed(),
        security_group::list(aws, asked("vpc-id")).boxed(),
        route_tables(aws, asked("vpc-id")).boxed(),
        internet_gateways(aws, asked("attachment.vpc-id")).boxed(),
    );
    let (interfaces, groups) = (listed(interfaces)?, listed(groups)?);
    let (nat_gateways, endpoints) = (listed(nat_gateways)?, listed(endpoints)?);
    let parts = parts(&nat_gateways, &endpoints);
    let whole =
        |it: &&types::NetworkInterface| it.network_interface_id().is_some_and(|id| !parts.contains(id));
    let controllers: Vec<&str> = groups
        .iter()
        .filter(|group| balancer::is_of_controller(aws, group))
        .filter_map(|group| group.group_id())
        .collect();
    let strange = || nat_gateways.iter().filter(|it| ours.is_strange_nat(it));
    let guests = listed(instances)?
        .iter()
        .filter_map(|it| ours.instance(aws, it))
        .chain(strange().filter_map(|it| ours.nat_gateway(it)))
        .chain(endpoints.iter().filter_map(|it| ours.endpoint(it)))
        .chain(interfaces.iter().filter(whole).filter_map(|it| ours.interface(aws, it, &controllers)))
        .chain(listed(subnets)?.iter().filter_map(|it| ours.subnet(it)))
        .chain(groups.iter().filter_map(|it| ours.security_group(aws, it)))
        .chain(listed(tables)?.iter().filter_map(|it| ours.route_table(it)))
        .chain(listed(gateways)?.iter().filter_map(|it| ours.internet_gateway(it)))
        .collect();
    Ok(Surroundings {
        guests,
        nat_gateways: strange().filter_map(|it| it.nat_gateway_id().map(str::to_owned)).collect(),
        leftovers: interfaces.into_iter().filter(|it| network_interface::is_leftover(aws, it)).collect(),
        groups: groups.into_iter().filter(|it| security_group::is_of_cluster(aws, it)).collect(),
    })
}

/// The interfaces that gateways and endpoints are made of, ours or not: they are told with those.
fn parts<'a>(gateways: &'a [types::NatGateway], endpoints: &'a [types::VpcEndpoint]) -> BTreeSet<&'a str> {
    let addresses = gateways.iter().flat_map(|it| it.nat_gateway_addresses());
    let of_gateways = addresses.filter_map(|address| address.network_interface_id());
    let of_endpoints = endpoints.iter().flat_map(|it| it.network_interface_ids()).map(String::as_str);
    of_gateways.chain(of_endpoints).collect()
}

/// A list that the caller may do without.
pub(super) fn listed<T>(told: Result<Vec<T>, WorldError>) -> Result<Vec<T>, WorldError> {
    match told {
        Err(error) if error.class == Class::Expired => Err(error),
        told => Ok(told.unwrap_or_default()),
    }
}

impl Ours<'_> {
    fn of(&self, kind: Type) -> impl Iterator<Item = &Live> {
        self.lives.iter().copied().filter(move |live| live.properties.kind() == kind)
    }

    fn has(&self, id: &str) -> bool {
        self.lives.iter().any(|live| live.id == id)
    }

    /// A stranger with what of ours it stands in. One with a public address is in the gateway's way, too.
    fn guest(&self, id: Option<&str>, stands_in: &[Option<&str>], public: bool) -> Option<Guest> {
        let id = id.filter(|id| !self.has(id))?.to_owned();
        let gateways = self.of(Type::InternetGateway).filter(|_| public).map(|live| live.id.clone());
        let within = stands_in.iter().flatten().filter(|id| self.has(id)).map(|id| (*id).to_owned());
        let within: Vec<String> = within.chain(gateways).collect();
        (!within.is_empty()).then_some(Guest { id, within, keepers: Vec::new() })
    }

    fn instance(&self, aws: &Aws, it: &types::Instance) -> Option<Guest> {
        let state = it.state().and_then(|state| state.name());
        if state == Some(&InstanceStateName::Terminated) || self.is_node(aws, it) {
            return None;
        }
        let public = it.public_ip_address().is_some();
        self.guest(it.instance_id(), &[it.subnet_id(), it.vpc_id()], public)
    }

    /// Whether it belongs to a node group of ours, be it one that is gone already.
    fn is_node(&self, aws: &Aws, it: &types::Instance) -> bool {
        let strange = |group: &String| self.nodegroups.iter().any(|other| other.name.as_ref() == Some(group));
        nodegroup_of(&aws.cluster, it).is_some_and(|group| !strange(&group))
    }

    fn is_strange_nat(&self, it: &types::NatGateway) -> bool {
        let gone = matches!(it.state(), Some(NatGatewayState::Deleted | NatGatewayState::Failed));
        !gone && it.nat_gateway_id().is_some_and(|id| !self.has(id))
    }

    fn nat_gateway(&self, it: &types::NatGateway) -> Option<Guest> {
        let public = it.nat_gateway_addresses().iter().any(|address| address.public_ip().is_some());
        self.guest(it.nat_gateway_id(), &[it.subnet_id(), it.vpc_id()], public)
    }

    fn endpoint(&self, it: &types::VpcEndpoint) -> Option<Guest> {
        let subnets = it.subnet_ids().iter().map(|id| Some(id.as_str()));
        let stands_in: Vec<Option<&str>> = subnets.chain([it.vpc_id()]).collect();
        let gone = it.state().is_some_and(|state| *state == types::State::Deleted);
        self.guest(it.vpc_endpoint_id().filter(|_| !gone), &stands_in, false)
    }

    /// A load balancer's, for one. What belongs to an instance is told with that.
    fn interface(&self, aws: &Aws, it: &types::NetworkInterface, controllers: &[&str]) -> Option<Guest> {
        let of_instance = it.attachment().is_some_and(|attachment| attachment.instance_id().is_some());
        if of_instance || network_interface::is_of_cluster(aws, it) {
            return None;
        }
        let public = it.association().is_some_and(|association| association.public_ip().is_some());
        let guest = self.guest(it.network_interface_id(), &[it.subnet_id(), it.vpc_id()], public)?;
        Some(Guest { keepers: balancer::of_interface(it, controllers), ..guest })
    }

    fn subnet(&self, it: &types::Subnet) -> Option<Guest> {
        self.guest(it.subnet_id(), &[it.vpc_id()], false)
    }

    fn security_group(&self, aws: &Aws, it: &types::SecurityGroup) -> Option<Guest> {
        let by_aws = it.group_name() == Some("default") || security_group::is_of_cluster(aws, it);
        let guest = self.guest(it.group_id().filter(|_| !by_aws), &[it.vpc_id()], false)?;
        Some(Guest { keepers: balancer::of_group(aws, it), ..guest })
    }

    fn route_table(&self, it: &types::RouteTable) -> Option<Guest> {
        let main = it.associations().iter().any(|association| association.main() == Some(true));
        self.guest(it.route_table_id().filter(|_| !main), &[it.vpc_id()], false)
    }

    fn internet_gateway(&self, it: &types::InternetGateway) -> Option<Guest> {
        let vpcs: Vec<Option<&str>> = it.attachments().iter().map(|attachment| attachment.vpc_id()).collect();
        self.guest(it.internet_gateway_id(), &vpcs, false)
    }
}

/// The node group of a cluster that an instance belongs to.
pub(super) fn nodegroup_of(cluster: &str, it: &types::Instance) -> Option<String> {
    let tags = of_ec2(it.tags());
    let is_its = tags.get("eks:cluster-name").is_some_and(|name| name == cluster);
    tags.get("eks:nodegroup-name").filter(|_| is_its).map(|name| name.to_owned())
}

pub(super) async fn instances(aws: &Aws, by: Vec<Filter>) -> Result<Vec<types::Instance>, WorldError> {
    let all = aws.reads.ec2.describe_instances().set_filters(Some(by)).into_paginator().items().send();
    let all: Result<Vec<types::Reservation>, _> = all.try_collect().await;
    let all = all.map_err(unread("ec2:DescribeInstances"))?;
    Ok(all.into_iter().filter_map(|reservation| reservation.instances).flatten().collect())
}

async fn nat_gateways(aws: &Aws, by: Vec<Filter>) -> Result<Vec<types::NatGateway>, WorldError> {
    let all = aws.reads.ec2.describe_nat_gateways().set_filter(Some(by)).into_paginator().items().send();
    all.try_collect().await.map_err(unread("ec2:DescribeNatGateways"))
}

pub(super) async fn endpoints(aws: &Aws, by: Vec<Filter>) -> Result<Vec<types::VpcEndpoint>, WorldError> {
    let all = aws.reads.ec2.describe_vpc_endpoints().set_filters(Some(by)).into_paginator().items().send();
    all.try_collect().await.map_err(unread("ec2:DescribeVpcEndpoints"))
}

pub(super) async fn subnets(aws: &Aws, by: Vec<Filter>) -> Result<Vec<types::Subnet>, WorldError> {
    let all = aws.reads.ec2.describe_subnets().set_filters(Some(by)).into_paginator().items().send();
    all.try_collect().await.map_err(unread("ec2:DescribeSubnets"))
}

pub(super) async fn route_tables(aws: &Aws, by: Vec<Filter>) -> Result<Vec<types::RouteTable>, WorldError> {
    let all = aws.reads.ec2.describe_route_tables().set_filters(Some(by)).into_paginator().items().send();
    all.try_collect().await.map_err(unread("ec2:DescribeRouteTables"))
}

async fn internet_gateways(aws: &Aws, by: Vec<Filter>) -> Result<Vec<types::InternetGateway>, WorldError> {
    let all =
        aws.reads.ec2.describe_internet_gateways().set_filters(Some(by)).into_paginator().items().send();
    all.try_collect().await.map_err(unread("ec2:DescribeInternetGateways"))
}
