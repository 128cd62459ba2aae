//! How many pods a component has, how many of them may go at once, and what they are spread over.

use crate::config::declare::{choice, section, text};
use crate::config::sections::component_pod_rules as rules;
use crate::config::value::{Form, Int, Part, Share};

section! {
    /// How many pods EKS makes of its add-on: it counts nodes and their processors.
    pub struct Autoscaling {
        /// The fewest.
        "minReplicas" min_replicas: Int<2, 1000> = 2,
        /// The most.
        "maxReplicas" max_replicas: Int<2, 1000> = _,
    }
    rules { rules::fewest_within_most }
}

section! {
    /// How many pods may go at once where nodes are emptied: one of the two.
    pub struct DisruptionBudget {
        /// So many stay: a number, or a percentage of all.
        "minAvailable"   min_available:   Share = _,
        /// So many may be away: a number, or a percentage of all.
        "maxUnavailable" max_unavailable: Share = _,
    }
}

section! {
    /// What pods are spread over evenly.
    pub struct TopologySpread {
        /// The label of nodes whose values are told apart, such as `topology.kubernetes.io/zone`.
        "topologyKey"       topology_key:       TopologyKey,
        /// By how many pods two of them may differ.
        "maxSkew"           max_skew:           Int<1, 1000> = 1,
        /// What becomes of a pod for which that cannot be.
        "whenUnsatisfiable" when_unsatisfiable: WhenUnsatisfiable = ScheduleAnyway,
    }
    rules { rules::well_formed_key }
}

choice! {
    /// What becomes of a pod that cannot be where it should.
    pub enum WhenUnsatisfiable {
        /// It runs elsewhere.
        "ScheduleAnyway" ScheduleAnyway,
        /// It waits.
        "DoNotSchedule"  DoNotSchedule,
    }
}

text! {
    /// Such as `topology.kubernetes.io/zone`.
    pub struct TopologyKey = Form {
        what: "the key of a label", says: "such as `topology.kubernetes.io/zone` or `kubernetes.io/hostname`",
        parts: &[Part::Of("a-zA-Z0-9", 1, 1), Part::Of("a-zA-Z0-9._/-", 0, 252)],
    };
}
