//! Whether subnets that the file names have addresses left.

use std::collections::BTreeMap;

use serde_json::Value;

use super::need;
use crate::cluster::{Facts, Span};
use crate::graph::Graph;
use crate::ops::Draft;
use crate::plan::{Action, Change, Subject};
use crate::resource::eks::{Addon, Cluster, Nodegroup};
use crate::resource::{Key, OneOf, Type, Val};

/// How many addresses EKS wants in each subnet of a control plane, by its documentation.
const CONTROL_PLANE: u32 = 6;

/// Addresses that are wanting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanting {
    /// What needs them.
    pub by: Key,
    /// How many it needs in these subnets together.
    pub needed: u32,
    /// How many each of its nodes takes at most, with its pods, where that is known.
    pub most_each: Option<u32>,
    /// Their ids, and how many are free in each, once those before it have theirs.
    pub free: Vec<(String, u32)>,
    /// Where the file names them.
    pub place: Option<Span>,
}

/// What each change wants that is not there, once those before it have theirs.
pub(super) fn wanting(draft: &Draft) -> Vec<Wanting> {
    let known = draft.facts.subnets.iter().filter_map(|(id, subnet)| Some((id.clone(), subnet.free?)));
    let mut free: BTreeMap<String, u32> = known.collect();
    let mut wanting = Vec::new();
    for change in draft.plan.if_nothing_were_refused() {
        for (subnets, needed, path) in wanted(change) {
            // What is not known of one subnet may be enough.
            let known: Option<Vec<(String, u32)>> =
                subnets.iter().map(|id| Some((id.clone(), *free.get(id)?))).collect();
            let Some(there) = known.filter(|it| !it.is_empty()) else { continue };
            if there.iter().map(|(_, free)| free).sum::<u32>() < needed {
                let place = draft.graph.span(&change.key, path);
                let (by, most_each) = (change.key.clone(), most_each(draft, change));
                wanting.push(Wanting { by, needed, most_each, free: there, place });
            } else if change.key.kind != Type::Cluster {
                // Of what EKS wants to see free it takes but a few.
                take(&mut free, &subnets, needed);
            }
        }
    }
    wanting
}

/// The subnets in which a change takes addresses, how many in them together, and which property names them.
fn wanted(change: &Change) -> Vec<(Vec<String>, u32, &'static str)> {
    let Subject::Desired { resource, .. } = &change.subject else { return Vec::new() };
    if let Some(cluster) = Cluster::of(resource).filter(|_| change.action == Action::Create) {
        let subnets = cluster.resources_vpc_config.subnet_ids.0.iter().filter_map(known);
        return subnets.map(|id| (vec![id], CONTROL_PLANE, "ResourcesVpcConfig.SubnetIds")).collect();
    }
    let nodes = need::nodes(change).filter(|nodes| nodes.more > 0);
    // A node has one at least; how many its pods take nobody can tell.
    let subnets = |nodes: need::Nodes<'_>| {
        (nodes.group.subnets.0.iter().filter_map(known).collect(), nodes.more, "Subnets")
    };
    nodes.map(subnets).into_iter().collect()
}

fn most_each(draft: &Draft, change: &Change) -> Option<u32> {
    addresses_of_a_node(&draft.graph, &draft.facts, need::nodes(change)?.group)
}

/// How many addresses a node of a group takes at most, with its pods; nothing, where that is not known of its types, or
/// where it takes whole prefixes of a subnet.
pub fn addresses_of_a_node(graph: &Graph, facts: &Facts, group: &Nodegroup) -> Option<u32> {
    let takes_prefixes =
        graph.nodes().iter().filter_map(|node| Addon::of(&node.resource)).any(takes_prefixes);
    if takes_prefixes { None } else { facts.addresses_of_a_node(&group.instance_types) }
}

/// Whether an add-on is vpc-cni that delegates prefixes: no other one has such a setting.
fn takes_prefixes(addon: &Addon) -> bool {
    let Some(Val::Known(settings)) = &addon.configuration_values else { return false };
    let settings: Value = serde_json::from_str(settings.as_ref()).unwrap_or_default();
    settings.pointer("/env/ENABLE_PREFIX_DELEGATION").is_some_and(|it| *it == "true" || *it == true)
}

fn known<T: AsRef<str>>(subnet: &Val<T>) -> Option<String> {
    if let Val::Known(id) = subnet { Some(id.as_ref().to_owned()) } else { None }
}

/// Gives addresses away, one by one from where most are left.
fn take(free: &mut BTreeMap<String, u32>, subnets: &[String], number: u32) {
    for _ in 0..number {
        let largest = subnets.iter().max_by_key(|id| free.get(*id));
        if let Some(left) = largest.and_then(|id| free.get_mut(id)) {
            *left = left.saturating_sub(1);
        }
    }
}
