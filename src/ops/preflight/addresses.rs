//! Whether subnets that the file names have addresses left.

use super::{Finding, told};
use crate::ops::Draft;
use crate::plan::Action;
use crate::resource::eks::{Cluster, Nodegroup};
use crate::resource::{Any, Key, OneOf, Type, Val};

/// How many addresses EKS wants in each subnet of a control plane, by its documentation.
const CONTROL_PLANE: u32 = 6;

pub(super) fn findings(draft: &Draft) -> Vec<Finding> {
    let changes = draft.plan.changes().unwrap_or_default().iter();
    let made = changes.filter(|change| change.action == Action::Create);
    let mut findings = Vec::new();
    for change in made {
        let Some(node) = draft.graph.node(&change.key) else { continue };
        let (subnets, needed) = wanted(&node.resource);
        for subnet in subnets {
            findings.extend(short(draft, &change.key, &subnet, needed));
        }
    }
    findings
}

/// The subnets that a resource names, and how many addresses it takes in each.
fn wanted(resource: &Any) -> (Vec<String>, u32) {
    let ids = |subnets: Vec<Option<String>>| subnets.into_iter().flatten().collect::<Vec<_>>();
    if let Some(cluster) = Cluster::of(resource) {
        let subnets = cluster.resources_vpc_config.subnet_ids.0.iter().map(known).collect();
        return (ids(subnets), CONTROL_PLANE);
    }
    if let Some(group) = Nodegroup::of(resource) {
        let subnets = ids(group.subnets.0.iter().map(known).collect());
        let count = u32::try_from(subnets.len().max(1)).unwrap_or(u32::MAX);
        return (subnets, group.scaling_config.desired_size.size.div_ceil(count));
    }
    (Vec::new(), 0)
}

fn known<T: AsRef<str>>(subnet: &Val<T>) -> Option<String> {
    if let Val::Known(id) = subnet { Some(id.as_ref().to_owned()) } else { None }
}

fn short(draft: &Draft, key: &Key, subnet: &str, needed: u32) -> Option<Finding> {
    let free = draft.facts.subnets.get(subnet)?.free?;
    let path = if key.kind == Type::Cluster { "ResourcesVpcConfig.SubnetIds" } else { "Subnets" };
    (free < needed).then(|| Finding::Addresses {
        subnet: subnet.to_owned(),
        free,
        needed,
        by: told(key.kind, &key.name),
        place: draft.graph.span(key, path),
    })
}
