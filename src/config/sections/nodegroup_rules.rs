//! What must hold within one node group.

use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::{Known, Span, Spanned};
use crate::config::sections::nodegroup::{ManagedNodeGroup, UpdateConfig};

pub fn min_below_max(group: &ManagedNodeGroup) -> Option<Diagnostic> {
    let (min, max) = (group.min_size.known()?, group.max_size.known()?);
    (min.0 > max.0).then(|| {
        let message = format!("minSize {} is above maxSize {}", **min, **max);
        Diagnostic::new(Code::MinAboveMax, min.span, message)
            .label("must not be above maxSize")
            .and(max.span, format!("maxSize is {} here", **max))
    })
}

/// A group of one node at most needs no second word: its `minSize` of 2 by default does.
pub fn default_min_below_max(group: &ManagedNodeGroup) -> Option<Diagnostic> {
    let max = group.max_size.known()?;
    let open = group.min_size.is_none() && group.desired_capacity.is_none();
    let min = group.sizes().min;
    (open && min > max.count()).then(|| {
        let message = format!("minSize is {min} by default, above maxSize {}", **max);
        Diagnostic::new(Code::MinAboveMax, max.span, message).label("write `minSize`, too")
    })
}

pub fn desired_between(group: &ManagedNodeGroup) -> Option<Diagnostic> {
    let desired = group.desired_capacity.known()?;
    let outside = |(bound, at): (i64, Span), side: &str, name: &str| {
        let message = format!("desiredCapacity {} is {side} {name} {bound}", **desired);
        Diagnostic::new(Code::DesiredOutside, desired.span, message)
            .label("must be between minSize and maxSize")
            .and(at, format!("{name} is {bound} here"))
    };
    let min = group.min_size.known().map(|min| (min.0, min.span)).filter(|(min, _)| desired.0 < *min);
    let max = group.max_size.known().map(|max| (max.0, max.span)).filter(|(max, _)| desired.0 > *max);
    min.map(|min| outside(min, "below", "minSize")).or(max.map(|max| outside(max, "above", "maxSize")))
}

pub fn one_way_to_choose_types(group: &ManagedNodeGroup) -> Option<Diagnostic> {
    exclusive(
        ("instanceType", group.instance_type.known()?),
        ("instanceTypes", group.instance_types.known()?),
    )
}

pub fn number_or_percentage(update: &UpdateConfig) -> Option<Diagnostic> {
    exclusive(
        ("maxUnavailable", update.max_unavailable.known()?),
        ("maxUnavailablePercentage", update.max_unavailable_percentage.known()?),
    )
}

/// Two fields of which only one may be written.
pub fn exclusive<A, B>(first: (&str, &Spanned<A>), second: (&str, &Spanned<B>)) -> Option<Diagnostic> {
    let message = format!("`{}` and `{}` exclude each other", first.0, second.0);
    Some(
        Diagnostic::new(Code::Exclusive, second.1.key, message)
            .label("one of them")
            .and(first.1.key, "or the other"),
    )
}

pub fn zones_or_subnets(group: &ManagedNodeGroup) -> Option<Diagnostic> {
    exclusive(("availabilityZones", group.availability_zones.known()?), ("subnets", group.subnets.known()?))
}

pub fn update_within_size(group: &ManagedNodeGroup) -> Option<Diagnostic> {
    let (max, take) = (group.max_size.known()?, group.update_config.max_unavailable.known()?);
    (take.0 > max.0).then(|| {
        let message = format!("maxUnavailable {} is above maxSize {}", **take, **max);
        Diagnostic::new(Code::DesiredOutside, take.span, message).and(max.span, "the group is never larger")
    })
}

/// EKS takes no more.
const MOST_TYPES: usize = 20;

pub fn not_too_many_types(group: &ManagedNodeGroup) -> Option<Diagnostic> {
    let types = group.instance_types.known().filter(|types| types.len() > MOST_TYPES)?;
    let message = format!("{} instance types, and EKS takes {MOST_TYPES}", types.len());
    Some(Diagnostic::new(Code::TooMany, types.key, message).label("name fewer"))
}
