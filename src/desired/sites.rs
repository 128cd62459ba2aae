//! In which subnets the nodes of a group stand.

use super::draft::Draft;
use super::given;
use super::network::{Network, Site};
use crate::config::{Code, Diagnostic, ManagedNodeGroup, Spanned, SubnetName};
use crate::resource::ec2::SubnetId;
use crate::resource::{Set, Val};

/// The subnets: those that the group names; else those of its kind, in its zones if it names some.
pub(super) fn choose(
    draft: &mut Draft<'_>,
    group: &ManagedNodeGroup,
    network: &Network,
) -> Option<Set<Val<SubnetId>>> {
    // Where there is no network, that has been reported.
    network.all().next()?;
    let sites = match group.subnets.as_ref().filter(|names| !names.is_empty()) {
        Some(names) => {
            names.iter().map(|name| named(draft, group, network, name)).collect::<Option<Vec<Site>>>()?
        }
        None => in_zones(draft, group, network)?,
    };
    offered(draft, group, &sites);
    Some(sites.into_iter().map(|site| site.id).collect())
}

fn in_zones(draft: &mut Draft<'_>, group: &ManagedNodeGroup, network: &Network) -> Option<Vec<Site>> {
    let private = group.private_networking.value;
    let sites = network.of(private);
    if sites.is_empty() {
        draft.refuse(no_subnets(group, private));
        return None;
    }
    let Some(zones) = group.availability_zones.as_ref().filter(|zones| !zones.is_empty()) else {
        return Some(sites.to_vec());
    };
    let has = |zone: &str| sites.iter().any(|site| site.zone == zone);
    zones.iter().filter(|zone| !has(&zone.0)).for_each(|zone| draft.refuse(no_such_zone(zone, sites)));
    let named = |site: &&Site| zones.iter().any(|zone| zone.0 == site.zone);
    Some(sites.iter().filter(named).cloned().collect())
}

fn no_subnets(group: &ManagedNodeGroup, private: bool) -> Diagnostic {
    let kind = if private { "private" } else { "public" };
    let message = format!("node group `{}` stands in {kind} subnets, and the VPC has none", *group.name);
    let at = group.private_networking.written_at().unwrap_or(group.name.span);
    let label =
        format!("write `privateNetworking: {}`, or name {kind} subnets under `vpc.subnets`", !private);
    Diagnostic::new(Code::NoSubnets, at, message).label(label)
}

fn no_such_zone<Z: std::fmt::Display>(zone: &Spanned<Z>, sites: &[Site]) -> Diagnostic {
    let mut zones: Vec<&str> = sites.iter().map(|site| site.zone.as_str()).collect();
    zones.sort_unstable();
    zones.dedup();
    let message = format!("the cluster has no such subnet in `{}`", **zone);
    Diagnostic::new(Code::NoSuchZone, zone.span, message)
        .label(format!("it has some in {}", zones.join(", ")))
}

/// A name is one under `vpc.subnets`, or a zone where the network is our own; an id may be any of the VPC's.
fn named(
    draft: &mut Draft<'_>,
    group: &ManagedNodeGroup,
    network: &Network,
    name: &Spanned<SubnetName>,
) -> Option<Site> {
    if name.0.starts_with("subnet-") {
        let found = given::find(draft, &name.0, name.span)?;
        return Some(Site {
            name: name.0.clone(),
            zone: found.zone,
            id: Val::Known(SubnetId(name.0.clone())),
        });
    }
    let kind = network.of(group.private_networking.value).iter();
    let site = kind.chain(network.all()).find(|site| site.name == name.0);
    if site.is_none() {
        draft.refuse(no_such_zone(name, network.of(group.private_networking.value)));
    }
    site.cloned()
}

/// A zone in which none of a group's types can be had would never get a node. A group that lives is not
/// asked: what AWS takes out of its shelves changes nothing that lives.
fn offered(draft: &mut Draft<'_>, group: &ManagedNodeGroup, sites: &[Site]) {
    if draft.kept.nodegroups.contains(&group.name.0) {
        return;
    }
    let types: Vec<&str> = group.types();
    let known: Vec<_> = types.iter().filter_map(|name| draft.facts.instance_types.get(*name)).collect();
    let offers = |site: &&Site| known.iter().any(|it| it.zones.contains(&site.zone));
    let (with, without): (Vec<&Site>, Vec<&Site>) = sites.iter().partition(offers);
    if known.is_empty() || without.is_empty() {
        return;
    }
    let zones = |sites: &[&Site]| {
        let mut zones: Vec<&str> = sites.iter().map(|site| site.zone.as_str()).collect();
        zones.dedup();
        zones.join(", ")
    };
    let message = format!("`{}` cannot be had in {}", types.join("`, `"), zones(&without));
    let at = group.type_places().next().unwrap_or(group.name.span);
    let missing = Diagnostic::new(Code::NotInZone, at, message);
    draft.refuse(match &with[..] {
        [] => missing.label("in none of the group's zones"),
        with => missing.label(format!("write `availabilityZones: [{}]` for this node group", zones(with))),
    });
}
