//! What must hold in the network.

use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::{Known, Spanned};
use crate::config::sections::cluster_rules::twice;
use crate::config::sections::vpc::{ClusterEndpoints, NatGateway, Subnet, Vpc};
use crate::config::value::Cidr;

/// Every subnet's CIDR that is said, with its name, where the VPC is to be made: another VPC may have further
/// ranges.
fn cidrs(vpc: &Vpc) -> impl Iterator<Item = (&str, &Spanned<Cidr<16, 28>>)> {
    let all = vpc.subnets.all().filter(|_| vpc.is_ours());
    all.filter_map(|(name, subnet)| Some((name.as_str(), subnet.cidr.known()?)))
}

/// Subnets of our own are all laid out alike, until the file may say how.
pub fn subnets_by_id(vpc: &Vpc) -> Vec<Diagnostic> {
    let open = vpc.subnets.all().filter(|(_, subnet)| subnet.known().is_some() && subnet.id.is_none());
    let say = |(name, _): &(Spanned<String>, Spanned<Subnet>)| {
        let message =
            format!("subnet `{}` has no `id`: laying out single subnets is not supported yet", name.value);
        Diagnostic::new(Code::SubnetWithoutId, name.span, message)
            .label("give its id, or leave `vpc.subnets` out")
    };
    open.map(say).collect()
}

pub fn subnets_inside(vpc: &Vpc) -> Vec<Diagnostic> {
    let Some(range) = vpc.cidr.known() else { return Vec::new() };
    let outside = cidrs(vpc).filter(|(_, cidr)| !range.0.contains(&cidr.0));
    let say = |(name, cidr): (&str, &Spanned<Cidr<16, 28>>)| {
        let message = format!("subnet {name}'s CIDR {} lies outside the VPC's {}", **cidr, **range);
        let diagnostic = Diagnostic::new(Code::OutsideVpc, cidr.span, message).label("outside");
        match range.is_written() {
            true => diagnostic.and(range.span, "the VPC is here"),
            false => diagnostic.help(format!("`vpc.cidr` is {} by default", **range)),
        }
    };
    outside.map(say).collect()
}

pub fn subnets_apart(vpc: &Vpc) -> Vec<Diagnostic> {
    let mut cidrs: Vec<_> = cidrs(vpc).collect();
    cidrs.sort_by_key(|(_, cidr)| (cidr.0.network(), cidr.0.prefix_len(), cidr.span));
    // two CIDRs are apart, or one holds the other: in this order, the last that stood apart holds all that do
    // not
    let mut apart: Option<(&str, &Spanned<Cidr<16, 28>>)> = None;
    let mut found = Vec::new();
    for (name, cidr) in cidrs {
        match apart.filter(|(_, other)| other.overlaps(cidr)) {
            None => apart = Some((name, cidr)),
            Some((first, at)) => {
                let overlap =
                    Diagnostic::new(Code::Overlap, cidr.span, format!("subnets {first} and {name} overlap"));
                found.push(overlap.label(cidr.to_string()).and(at.span, at.to_string()));
            }
        }
    }
    found
}

pub fn one_endpoint(endpoints: &ClusterEndpoints) -> Option<Diagnostic> {
    let (private, public) = (endpoints.private_access.known()?, endpoints.public_access.known()?);
    (!private.value && !public.value).then(|| {
        let off = Diagnostic::new(
            Code::NoEndpoint,
            public.place(),
            "both endpoints are off: nothing could reach the cluster",
        );
        let off = off.label("off here");
        match private.is_written() {
            true => off.and(private.span, "and here"),
            false => off.help(
                "`privateAccess` is false by default under eksctl.io/v1alpha5: write `privateAccess: true`",
            ),
        }
    })
}

pub fn public_cidrs_need_public_endpoint(vpc: &Vpc) -> Option<Diagnostic> {
    let cidrs = vpc.public_access_cidrs.known().filter(|cidrs| cidrs.is_written())?;
    let public = vpc.cluster_endpoints.public_access.known().filter(|public| !public.value)?;
    let message = "`publicAccessCIDRs` has no effect: the public endpoint is off";
    Some(
        Diagnostic::new(Code::NeedsOther, cidrs.key, message).label("remove it").and(public.span, "off here"),
    )
}

/// Which of a VPC's subnets are meant is not guessed.
pub fn given_has_subnets(vpc: &Vpc) -> Option<Diagnostic> {
    let given = vpc.subnets.known()?.all().filter_map(|(_, subnet)| subnet.known());
    let given: Vec<&Spanned<Subnet>> = given.filter(|subnet| subnet.id.is_some()).collect();
    let label = "name subnets in two zones at least, under `vpc.subnets`";
    match (&vpc.id, &given[..]) {
        (Some(id), []) if vpc.subnets.all().next().is_none() => {
            let message = "a VPC that exists is used by its subnets, and none is named";
            Some(Diagnostic::new(Code::TooFewZones, id.place(), message).label(label))
        }
        (_, [one]) if vpc.subnets.all().count() == 1 => {
            let message = "only 1 subnet, and EKS needs 2 zones at least";
            Some(Diagnostic::new(Code::TooFewZones, one.key, message).label(label))
        }
        _ => None,
    }
}

pub fn distinct_subnets(vpc: &Vpc) -> Vec<Diagnostic> {
    let ids = vpc.subnets.all().filter_map(|(_, subnet)| subnet.known()?.id.known());
    twice("subnets are", ids.map(|id| (id.0.clone(), id.span)))
}

/// Nothing is made in a VPC that exists.
pub fn given_has_its_own_nat(vpc: &Vpc) -> Option<Diagnostic> {
    let nat = vpc.nat.gateway.known().filter(|nat| nat.is_written() && nat.value != NatGateway::Disable)?;
    let given = vpc.id.as_ref().map(|id| id.span);
    let given = given.or_else(|| vpc.subnets.all().find_map(|(_, subnet)| Some(subnet.id.as_ref()?.span)))?;
    let message = "`nat` has no effect: nothing is made in a VPC that exists";
    Some(
        Diagnostic::new(Code::NeedsOther, nat.key, message)
            .label("remove it, or write `Disable`")
            .and(given, "it is given here"),
    )
}

/// AWS takes a list of nobody for one of everybody.
pub fn somebody_reaches_it(vpc: &Vpc) -> Option<Diagnostic> {
    let from = vpc.public_access_cidrs.known().filter(|from| from.is_written() && from.is_empty())?;
    vpc.cluster_endpoints.public_access.known().filter(|public| public.value)?;
    let message = "an empty list lets nobody in, and AWS takes it for everybody";
    let empty = Diagnostic::new(Code::Everybody, from.key, message);
    Some(empty.label("name who may").help("`clusterEndpoints: {publicAccess: false}` lets nobody in"))
}
