//! CoreDNS's pods: how many there are, how many may go at once, and what they are spread over; in the words of
//! EKS's add-on, and in those of the manifest.

use serde_json::{Map, Value, json};

use crate::config::{Choice, Component, DisruptionBudget, TopologySpread};

/// How many pods may be away where the file says nothing, as with EKS's add-on.
const AWAY: u32 = 1;
/// What pods are spread over where the file says nothing.
const ZONES: &str = "topology.kubernetes.io/zone";

/// EKS counts the pods, where the file wants that.
pub(super) fn autoscaling_of_an_addon(component: &Component) -> Option<Value> {
    let scaling = component.autoscaling.as_ref()?;
    let mut fields = Map::new();
    fields.insert("enabled".to_owned(), json!(true));
    fields.insert("minReplicas".to_owned(), json!(scaling.min_replicas.count()));
    if let Some(most) = &scaling.max_replicas {
        fields.insert("maxReplicas".to_owned(), json!(most.count()));
    }
    Some(Value::Object(fields))
}

/// The budget of the file.
pub(super) fn budget_of_an_addon(component: &Component) -> Option<Value> {
    let budget = budget(component)?;
    let bounds = [("minAvailable", &budget.min_available), ("maxUnavailable", &budget.max_unavailable)];
    let bounds = bounds.into_iter().filter_map(|(key, bound)| Some((key.to_owned(), bound.as_ref()?.json())));
    Some(Value::Object(bounds.chain([("enabled".to_owned(), json!(true))]).collect()))
}

/// How many pods stay, if the file says it so.
pub(super) fn min_available(component: &Component) -> Option<Value> {
    Some(budget(component)?.min_available.as_ref()?.json())
}

/// How many pods may be away, unless the file says how many stay.
pub(super) fn max_unavailable(component: &Component) -> Option<Value> {
    match budget(component) {
        Some(budget) => Some(budget.max_unavailable.as_ref()?.json()),
        None => Some(json!(AWAY)),
    }
}

fn budget(component: &Component) -> Option<&DisruptionBudget> {
    component.pod_disruption_budget.as_ref().map(|budget| &budget.value)
}

/// What the file spreads pods over; nothing where it says nothing.
pub(super) fn written_spread(component: &Component) -> Option<Value> {
    let spreads = component.topology_spread.iter();
    let constraint = |it: &TopologySpread| {
        constraint(&it.topology_key.0, it.max_skew.count(), it.when_unsatisfiable.word())
    };
    let all: Vec<Value> = spreads.map(|spread| constraint(&spread.value)).collect();
    (!all.is_empty()).then_some(Value::Array(all))
}

/// The same, or over zones.
pub(super) fn spread(component: &Component) -> Value {
    written_spread(component).unwrap_or_else(|| json!([constraint(ZONES, 1, "ScheduleAnyway")]))
}

/// Neither the add-on nor Kubernetes adds the pods that are meant by itself.
fn constraint(key: &str, skew: u32, otherwise: &str) -> Value {
    let pods = json!({ "matchLabels": { "k8s-app": "kube-dns" } });
    json!({ "maxSkew": skew, "topologyKey": key, "whenUnsatisfiable": otherwise, "labelSelector": pods })
}
