//! What must hold of a component's pods.

use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::Known;
use crate::config::sections::cluster_rules::twice;
use crate::config::sections::component_pods::{Autoscaling, TopologySpread};
use crate::config::sections::components::Component;
use crate::config::sections::label_rules::is_key;
use crate::config::value::Choice;

/// Pods where nothing is said of their number.
const USUAL: u32 = 2;

pub fn fewest_within_most(scaling: &Autoscaling) -> Option<Diagnostic> {
    let (min, max) = (scaling.min_replicas.known()?, scaling.max_replicas.known()?);
    (min.0 > max.0).then(|| {
        let message = format!("minReplicas {} is above maxReplicas {}", **min, **max);
        Diagnostic::new(Code::MinAboveMax, min.place(), message)
            .label("must not be above maxReplicas")
            .and(max.place(), format!("maxReplicas is {} here", **max))
    })
}

pub fn one_who_counts_pods(component: &Component) -> Option<Diagnostic> {
    let (replicas, scaling) = (component.replicas.as_ref()?, component.autoscaling.as_ref()?);
    let message = "`replicas` and `autoscaling` both say how many pods there are";
    let said = Diagnostic::new(Code::Exclusive, scaling.key, message).label("write one of the two");
    Some(said.and(replicas.key, "the other one"))
}

pub fn one_bound_of_a_budget(component: &Component) -> Option<Diagnostic> {
    let budget = component.pod_disruption_budget.known()?;
    match (&budget.min_available, &budget.max_unavailable) {
        (Some(min), Some(max)) => {
            let message = "`minAvailable` and `maxUnavailable` exclude each other";
            let said = Diagnostic::new(Code::Exclusive, max.key, message).label("write one of the two");
            Some(said.and(min.key, "the other one"))
        }
        (None, None) => {
            let message = "`podDisruptionBudget` says nothing";
            let said = Diagnostic::new(Code::NeedsOther, budget.key, message);
            Some(said.label("write `minAvailable` or `maxUnavailable`, or remove it"))
        }
        _ => None,
    }
}

/// Kubernetes would take a budget of all pods, and no node with one of them could be emptied.
pub fn a_pod_that_may_go(component: &Component) -> Option<Diagnostic> {
    let budget = component.pod_disruption_budget.known().filter(|it| it.max_unavailable.is_none())?;
    let least = budget.min_available.known()?;
    let (pods, at) = match (component.replicas.known(), component.autoscaling.known()) {
        (Some(replicas), _) => (replicas.count(), Some(replicas.place())),
        (None, Some(scaling)) => (scaling.min_replicas.known()?.count(), Some(scaling.min_replicas.place())),
        (None, None) => (USUAL, None),
    };
    (least.of(pods) >= pods).then(|| {
        let message = format!("none of {pods} pods may go where {} must stay", least.of(pods));
        let said = Diagnostic::new(Code::NoneMayGo, least.place(), message);
        let said = said.label("write less, or `maxUnavailable: 1`");
        at.into_iter().fold(said, |said, at| said.and(at, "their number"))
    })
}

pub fn well_formed_key(spread: &TopologySpread) -> Option<Diagnostic> {
    let key = spread.topology_key.known().filter(|key| !is_key(&key.0))?;
    let message = format!("{:?} cannot be the key of a label", key.0);
    Some(
        Diagnostic::new(Code::BadLabel, key.place(), message)
            .label("63 characters at most, after one `/` at most"),
    )
}

/// Kubernetes takes no two for the same label that say the same of what cannot be.
pub fn distinct_spreads(component: &Component) -> Vec<Diagnostic> {
    let spreads = component.topology_spread.iter().filter_map(Known::known);
    let names = spreads.filter_map(|spread| {
        let (key, word) = (spread.topology_key.known()?, spread.when_unsatisfiable.known()?.word());
        Some((format!("{}:{word}", key.0), key.place()))
    });
    twice("spreads are", names)
}
