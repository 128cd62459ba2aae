//! A network and roles that exist: checked, used, and never changed.

use std::collections::BTreeSet;

use super::draft::Draft;
use super::network::{Network, Site};
use crate::cluster::GivenSubnet;
use crate::config::{
    Code, Diagnostic, RoleArn as Written, Span, Spanned, Subnet, SubnetId as WrittenId, Zone,
};
use crate::resource::Val;
use crate::resource::ec2::{SubnetId, VpcId};
use crate::resource::iam::RoleArn;

type Entry = (Spanned<String>, Spanned<Subnet>);

/// The subnets that the file names.
pub(super) fn network(draft: &mut Draft<'_>) -> Network {
    let subnets = &draft.config.vpc.subnets;
    vpc(draft);
    let vpc = expected_vpc(draft).map(|(id, _)| Val::Known(VpcId(id.to_owned())));
    let mut sites = |entries: &[Entry]| -> Vec<Site> {
        entries.iter().filter_map(|(name, subnet)| site(draft, name, subnet)).collect()
    };
    let network = Network { vpc, public: sites(&subnets.public.0), private: sites(&subnets.private.0) };
    let zones: BTreeSet<&str> = network.all().map(|site| site.zone.as_str()).collect();
    if zones.len() == 1 && network.all().count() == subnets.all().count() {
        let zone = zones.into_iter().collect::<String>();
        let message = format!("all subnets are in {zone}, and EKS needs 2 zones");
        let one = Diagnostic::new(Code::TooFewZones, subnets.place(), message);
        draft.refuse(one.label("name a subnet in another zone"));
    }
    network
}

/// It must exist, and what the file says of it must be true.
fn vpc(draft: &mut Draft<'_>) {
    let (written, found) = (&draft.config.vpc, draft.facts.vpc_cidr.as_deref());
    if let (Some(id), None) = (&written.id, found) {
        let message = format!("there is no VPC `{}` in {}", **id, *draft.config.metadata.region);
        return draft.refuse(Diagnostic::new(Code::NotFound, id.span, message).label("not in this account"));
    }
    let cidr = written.cidr.written_at().zip(found);
    if let Some((at, found)) = cidr.filter(|(_, found)| written.cidr.to_string() != *found) {
        let message = format!("the VPC's CIDR is {found}, and the file says {}", *written.cidr);
        draft.refuse(Diagnostic::new(Code::SaidOtherwise, at, message).label(format!("write `{found}`")));
    }
}

fn site(draft: &mut Draft<'_>, name: &Spanned<String>, subnet: &Spanned<Subnet>) -> Option<Site> {
    let id = subnet.id.as_ref()?;
    let found = find(draft, &id.0, id.span)?;
    says_the_same(draft, name, subnet, &found);
    Some(Site { name: name.value.clone(), zone: found.zone, id: Val::Known(SubnetId(id.0.clone())) })
}

/// A subnet that exists, in the right VPC.
pub(super) fn find(draft: &mut Draft<'_>, id: &str, at: Span) -> Option<GivenSubnet> {
    let Some(found) = draft.facts.subnets.get(id).cloned() else {
        let message = format!("there is no subnet `{id}` in {}", *draft.config.metadata.region);
        draft.refuse(Diagnostic::new(Code::NotFound, at, message).label("not in this account"));
        return None;
    };
    if let Some((vpc, because)) = expected_vpc(draft).filter(|(vpc, _)| *vpc != found.vpc_id) {
        let message = format!("subnet `{id}` is in `{}`, not in `{vpc}`", found.vpc_id);
        let other = Diagnostic::new(Code::SaidOtherwise, at, message).label("in another VPC");
        draft.refuse(other.and(because, "the VPC is this one's"));
        return None;
    }
    Some(found)
}

/// The VPC that the file names, or that of its first subnet.
fn expected_vpc<'a>(draft: &Draft<'a>) -> Option<(&'a str, Span)> {
    let vpc = &draft.config.vpc;
    let named = vpc.id.as_ref().map(|id| (id.0.as_str(), id.span));
    let found = |id: &'a Spanned<WrittenId>| Some((draft.facts.subnets.get(&id.0)?.vpc_id.as_str(), id.span));
    named.or_else(|| vpc.subnets.all().filter_map(|(_, subnet)| subnet.id.as_ref()).find_map(found))
}

/// Its zone may be said by its name.
fn says_the_same(draft: &mut Draft<'_>, name: &Spanned<String>, subnet: &Subnet, found: &GivenSubnet) {
    let named = Zone::fits(&name.value).then_some((name.value.as_str(), name.span));
    let zone = subnet.az.as_ref().map(|az| (az.0.as_str(), az.span)).or(named);
    if let Some((zone, at)) = zone.filter(|(zone, _)| *zone != found.zone) {
        let message = format!("subnet `{}` is in {}, and the file says {zone}", name.value, found.zone);
        draft.refuse(
            Diagnostic::new(Code::SaidOtherwise, at, message).label(format!("write `{}`", found.zone)),
        );
    }
    if let Some(cidr) = subnet.cidr.as_ref().filter(|cidr| cidr.to_string() != found.cidr) {
        let message = format!("subnet `{}` has {}, and the file says {}", name.value, found.cidr, **cidr);
        let other = Diagnostic::new(Code::SaidOtherwise, cidr.span, message);
        draft.refuse(other.label(format!("write `{}`", found.cidr)));
    }
}

/// A role that exists.
pub(super) fn role(draft: &mut Draft<'_>, arn: &Spanned<Written>) -> Val<RoleArn> {
    if !draft.facts.roles.contains(&arn.0) {
        let message = format!("there is no role `{}`", **arn);
        draft.refuse(Diagnostic::new(Code::NotFound, arn.span, message).label("not in this account"));
    }
    Val::Known(RoleArn(arn.0.clone()))
}
