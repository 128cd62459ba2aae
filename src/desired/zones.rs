//! In which zones a network of our own lies.

use std::collections::BTreeSet;

use super::draft::Draft;
use crate::cluster::{Span, Zone};
use crate::config::{Code, Diagnostic, ManagedNodeGroup};

/// The tag of the VPC that says which zones were chosen, in order: joined by spaces.
pub const ZONES: &str = "eksact.dev/zones";

/// EKS puts no control plane in these zones, which are the same ones in every account.
const AVOIDED: [&str; 3] = ["use1-az3", "usw1-az2", "cac1-az3"];

/// How many are chosen.
const USUAL: usize = 3;
/// How many EKS wants at least.
const LEAST: usize = 2;
/// How many can be divided into subnets.
const MOST: usize = 8;

/// The zones: the file's, else those that were chosen before, else the first by name that have what the node
/// groups need. In an order that does not change: subnets lie in it.
pub(super) fn choose(draft: &mut Draft<'_>) -> Option<Vec<String>> {
    match (written(draft), draft.kept.zones.clone()) {
        (Some((zones, at)), Some(kept)) => unchanged(draft, &zones, at, kept),
        (Some((zones, at)), None) => possible(draft, zones, at),
        (None, Some(kept)) => Some(kept),
        (None, None) => pick(draft),
    }
}

/// The file's, each with its place, if it names any.
fn written(draft: &Draft<'_>) -> Option<(Vec<(String, Span)>, Span)> {
    let zones = draft.config.availability_zones.as_ref().filter(|zones| !zones.is_empty())?;
    Some((zones.iter().map(|zone| (zone.0.clone(), zone.span)).collect(), zones.span))
}

/// Their order means nothing once subnets lie in them.
fn unchanged(
    draft: &mut Draft<'_>,
    zones: &[(String, Span)],
    at: Span,
    kept: Vec<String>,
) -> Option<Vec<String>> {
    let named: BTreeSet<&String> = zones.iter().map(|(zone, _)| zone).collect();
    if named == kept.iter().collect() {
        return Some(kept);
    }
    let message = format!("the cluster lies in {}: changing its zones later is not supported", list(&kept));
    let changed = Diagnostic::new(Code::ZonesChanged, at, message).label("these are others");
    draft.refuse(changed.help("name the zones it has, or make a new cluster beside this one"));
    // Everything else is looked at as it lies.
    Some(kept)
}

fn possible(draft: &mut Draft<'_>, zones: Vec<(String, Span)>, at: Span) -> Option<Vec<String>> {
    let mut offered: Vec<String> = usable(draft).map(|zone| zone.name.clone()).collect();
    offered.sort();
    let missing = zones.iter().filter(|(zone, _)| !offered.contains(zone));
    let missing: Vec<Diagnostic> = missing.map(|(zone, at)| no_such(zone, *at, &offered, draft)).collect();
    let many = (zones.len() > MOST).then(|| {
        let message = format!("{} zones, and the VPC is divided for {MOST} at most", zones.len());
        Diagnostic::new(Code::TooManyZones, at, message).label("name fewer")
    });
    let fits = missing.is_empty() && many.is_none();
    missing.into_iter().chain(many).for_each(|wrong| draft.refuse(wrong));
    fits.then(|| zones.into_iter().map(|(zone, _)| zone).collect())
}

fn no_such(zone: &str, at: Span, offered: &[String], draft: &Draft<'_>) -> Diagnostic {
    let avoided = draft.facts.zones.iter().any(|it| it.name == zone);
    let why = if avoided { "EKS has no control planes in it" } else { "this account has no such zone" };
    let message = format!("a cluster cannot lie in `{zone}`: {why}");
    Diagnostic::new(Code::NoSuchZone, at, message).label(format!("there are {}", list(offered)))
}

/// Those in which clusters can be.
fn usable<'a>(draft: &Draft<'a>) -> impl Iterator<Item = &'a Zone> {
    draft.facts.zones.iter().filter(|zone| !AVOIDED.contains(&zone.id.as_str()))
}

/// Zones that a node group names come first: its nodes can be nowhere else.
fn pick(draft: &mut Draft<'_>) -> Option<Vec<String>> {
    let groups = &draft.config.managed_node_groups;
    let named: BTreeSet<&str> = groups.iter().flat_map(|group| own_zones(group)).collect();
    let mut zones: Vec<&str> = usable(draft).map(|zone| zone.name.as_str()).collect();
    zones.retain(|zone| named.contains(zone) || groups.iter().all(|group| is_offered(draft, group, zone)));
    zones.sort_by_key(|zone| (!named.contains(zone), *zone));
    zones.dedup();
    if zones.len() < LEAST {
        let wrong = too_few(draft, &zones);
        draft.refuse(wrong);
        return None;
    }
    let enough = named.len().clamp(USUAL, MOST);
    let mut chosen: Vec<String> = zones.into_iter().take(enough).map(str::to_owned).collect();
    chosen.sort();
    Some(chosen)
}

fn own_zones(group: &ManagedNodeGroup) -> impl Iterator<Item = &str> {
    group.availability_zones.iter().flat_map(|zones| zones.iter()).map(|zone| zone.0.as_str())
}

/// Whether all types of a group can be had in a zone. One that does not exist is reported elsewhere.
fn is_offered(draft: &Draft<'_>, group: &ManagedNodeGroup, zone: &str) -> bool {
    let known = group.types().into_iter().filter_map(|name| draft.facts.instance_types.get(name));
    own_zones(group).next().is_some() || known.into_iter().all(|it| it.zones.contains(zone))
}

fn too_few(draft: &Draft<'_>, zones: &[&str]) -> Diagnostic {
    let few = match zones {
        [] => "no zone".to_owned(),
        zones => format!("only {}", zones.join(", ")),
    };
    let mut groups = draft.config.managed_node_groups.iter();
    let group = groups.find(|group| usable(draft).any(|zone| !is_offered(draft, group, &zone.name)));
    match group {
        Some(group) => {
            let message =
                format!("{few} has all instance types of the node groups, and EKS needs {LEAST} zones");
            let at = group.type_places().next().unwrap_or(group.name.span);
            Diagnostic::new(Code::TooFewZones, at, message)
                .label("not in every zone")
                .help("name zones for the cluster, and for this node group those that have its types")
        }
        None => {
            let message = format!("{few} in this region can have clusters, and EKS needs {LEAST}");
            Diagnostic::new(Code::TooFewZones, draft.config.metadata.region.place(), message)
        }
    }
}

/// Names in a sentence.
pub(super) fn list(names: &[String]) -> String {
    names.join(", ")
}
