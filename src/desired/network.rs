//! The network: a VPC of our own, or one that exists.

use std::collections::BTreeMap;

use ipnet::Ipv4Net;

use super::draft::Draft;
use super::{given, subnets, zones};
use crate::config::{Code, Diagnostic, NatGateway as Nat, Span};
use crate::resource::ec2::{Association, Eip, InternetGateway, NatGateway, RouteTable, Subnet, SubnetId};
use crate::resource::ec2::{Target, Vpc, VpcId};
use crate::resource::{Added, Val};

/// The tags by which load balancers find public subnets, and private ones.
pub(super) const ROLES: [&str; 2] = ["kubernetes.io/role/elb", "kubernetes.io/role/internal-elb"];

/// Where the control plane and nodes can stand.
#[derive(Debug, Default)]
pub(super) struct Network {
    /// What it lies in.
    pub vpc: Option<Val<VpcId>>,
    pub public: Vec<Site>,
    pub private: Vec<Site>,
}

/// One subnet.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// Its name in the file; its zone, in a network of our own.
    pub name: String,
    pub zone: String,
    pub id: Val<SubnetId>,
}

impl Network {
    /// All of it.
    pub fn all(&self) -> impl Iterator<Item = &Site> {
        self.public.iter().chain(&self.private)
    }

    /// Subnets of one kind.
    pub fn of(&self, private: bool) -> &[Site] {
        if private { &self.private } else { &self.public }
    }
}

/// Draws it; what cannot be drawn has been reported.
pub(super) fn draw(draft: &mut Draft<'_>) -> Network {
    if !draft.config.vpc.is_ours() {
        return given::network(draft);
    }
    match zones::choose(draft) {
        Some(zones) => own(draft, &zones),
        None => Network::default(),
    }
}

fn own(draft: &mut Draft<'_>, zones: &[String]) -> Network {
    let cidr = draft.config.vpc.cidr.0;
    // As the subnets lie: another range is the VPC's to refuse, once and not for each of them.
    let range = draft.kept.range.unwrap_or(cidr);
    let Some(blocks) = subnets::blocks(range, zones.len()) else {
        let message = format!("{range} cannot be divided for {} zones", zones.len());
        draft.refuse(Diagnostic::new(Code::TooManyZones, draft.config.vpc.cidr.place(), message));
        return Network::default();
    };
    let vpc = vpc(draft, cidr, zones);
    let tags = draft.tagging().named::<InternetGateway>("main");
    let gateway = draft.graph.add("main", InternetGateway { vpc_id: Some(vpc.get()), tags });
    let (first, second) = blocks.split_at(zones.len());
    let public = lay(draft, &vpc, ("public", true), zones.iter().zip(first));
    let private = lay(draft, &vpc, ("private", false), zones.iter().zip(second));
    let out = Target { gateway_id: Some(gateway.get()), nat_gateway_id: None };
    route(draft, &vpc, "public", Some(out), public.iter());
    let nat = nat_gateways(draft, &public);
    for site in &private {
        let gateway = nat.get(&site.zone).or_else(|| nat.values().next());
        let out = gateway.map(|it| Target { gateway_id: None, nat_gateway_id: Some(it.get()) });
        route(draft, &vpc, &format!("private-{}", site.zone), out, [site].into_iter());
    }
    Network { vpc: Some(vpc.get()), public, private }
}

fn vpc(draft: &mut Draft<'_>, cidr: Ipv4Net, zones: &[String]) -> Added<Vpc> {
    let chosen = (zones::ZONES, zones.join(" "));
    let tags = draft.tagging().named_with::<Vpc>("main", [chosen]);
    let vpc = Vpc { cidr_block: cidr.to_string(), enable_dns_hostnames: Some(true), tags };
    let vpc = draft.graph.add("main", vpc);
    let section = &draft.config.vpc;
    draft.places(
        vpc.key(),
        &[("", section.is_written().then_some(section.key)), ("CidrBlock", section.cidr.written_at())],
    );
    vpc
}

/// One subnet in each zone.
fn lay<'z>(
    draft: &mut Draft<'_>,
    vpc: &Added<Vpc>,
    (kind, public): (&str, bool),
    places: impl Iterator<Item = (&'z String, &'z Ipv4Net)>,
) -> Vec<Site> {
    let role = if public { ROLES[0] } else { ROLES[1] };
    let written: Option<Span> = draft.config.vpc.cidr.written_at();
    let mut sites = Vec::new();
    for (zone, block) in places {
        let name = format!("{kind}-{zone}");
        let subnet = Subnet {
            vpc_id: vpc.get(),
            cidr_block: block.to_string(),
            availability_zone: zone.clone(),
            map_public_ip_on_launch: Some(public),
            tags: draft.tagging().named_with::<Subnet>(&name, [(role, "1".to_owned())]),
        };
        let subnet = draft.graph.add(&name, subnet);
        let zones = draft.config.availability_zones.as_ref().and_then(|zones| zones.written_at());
        draft.places(subnet.key(), &[("CidrBlock", written), ("AvailabilityZone", zones)]);
        sites.push(Site { name: zone.clone(), zone: zone.clone(), id: subnet.get() });
    }
    sites
}

/// A route table with the way out, if there is one.
fn route<'s>(
    draft: &mut Draft<'_>,
    vpc: &Added<Vpc>,
    name: &str,
    out: Option<Target>,
    sites: impl Iterator<Item = &'s Site>,
) {
    let table = RouteTable {
        vpc_id: vpc.get(),
        routes: out.map(|out| ("0.0.0.0/0".to_owned(), out)).into_iter().collect(),
        associations: sites.map(|site| Association::of(site.id.clone())).collect(),
        tags: draft.tagging().named::<RouteTable>(name),
    };
    let table = draft.graph.add(name, table);
    let nat = draft.config.vpc.nat.gateway.written_at();
    draft.places(table.key(), &[("Routes", nat)]);
}

/// By zone: one in each, one in the first, or none.
fn nat_gateways(draft: &mut Draft<'_>, public: &[Site]) -> BTreeMap<String, Added<NatGateway>> {
    let mode = &draft.config.vpc.nat.gateway;
    let count = match mode.value {
        Nat::Single => 1,
        Nat::HighlyAvailable => public.len(),
        Nat::Disable => 0,
    };
    let mut gateways = BTreeMap::new();
    for site in public.iter().take(count) {
        let tags = draft.tagging().named::<Eip>(&site.zone);
        let address = draft.graph.add(&site.zone, Eip { domain: "vpc".to_owned(), tags });
        let tags = draft.tagging().named::<NatGateway>(&site.zone);
        let gateway = NatGateway { subnet_id: site.id.clone(), allocation_id: address.get(), tags };
        let gateway = draft.graph.add(&site.zone, gateway);
        draft.places(gateway.key(), &[("", mode.written_at())]);
        gateways.insert(site.zone.clone(), gateway);
    }
    gateways
}
