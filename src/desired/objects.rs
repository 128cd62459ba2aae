//! Objects in the cluster, each by the stage at which it is made, and the list of all of them.

use super::draft::Draft;
use crate::resource::Type;
use crate::resource::kubernetes as k8s;
use crate::resource::kubernetes::{Address, Body, Inventory};

/// How the inventory is named in the graph.
const ALL: &str = "objects";

/// Adds an object; `scope` is the part of the file that it belongs to. What is not `awaited` need not come to
/// run for the rest to go on.
pub(super) fn put(draft: &mut Draft<'_>, scope: &str, address: Address, body: Body, awaited: bool) {
    let (graph, name) = (&mut draft.graph, address.key_name(scope));
    match address.kind.stage {
        Type::Namespace => drop(graph.add(&name, k8s::Namespace::new(address, body))),
        Type::Definition => drop(graph.add(&name, k8s::Definition::new(address, body))),
        Type::Workload => {
            drop(graph.add(&name, k8s::Workload { awaited, ..k8s::Workload::new(address, body) }));
        }
        Type::Webhook => drop(graph.add(&name, k8s::Webhook { awaited, ..k8s::Webhook::new(address, body) })),
        Type::Custom => drop(graph.add(&name, k8s::Custom::new(address, body))),
        _ => drop(graph.add(&name, k8s::Object::new(address, body))),
    }
}

/// Adds the list of all objects, if there are any.
pub(super) fn list(draft: &mut Draft<'_>) {
    let nodes = draft.graph.nodes().iter().filter(|node| node.key.kind.is_kubernetes());
    let mut objects: Vec<String> = nodes.filter_map(|node| node.resource.name().map(str::to_owned)).collect();
    objects.sort();
    if !objects.is_empty() {
        draft.graph.add(ALL, Inventory::of(&objects));
    }
}
