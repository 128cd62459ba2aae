//! The versions of components that are known here, and for which Kubernetes each is.

use crate::config::sections::components::ComponentName;

/// A version, and the minor versions of Kubernetes that it is for, both ends included.
pub type Release = (&'static str, (u32, u32));

/// The newest minor version of Kubernetes that is known here.
pub const LATEST: u32 = 99;

const LOAD_BALANCER_CONTROLLER: &[Release] = &[("v3.5.0", (22, LATEST)), ("v3.4.3", (22, LATEST))];

/// One for each minor version of Kubernetes: its simulation of the scheduler is that version's own.
const CLUSTER_AUTOSCALER: &[Release] = &[
    ("v1.36.1", (36, LATEST)),
    ("v1.35.2", (35, 35)),
    ("v1.34.5", (34, 34)),
    ("v1.33.6", (33, 33)),
    ("v1.32.7", (32, 32)),
    ("v1.31.5", (31, 31)),
    ("v1.30.7", (30, 30)),
    ("v1.29.5", (29, 29)),
    ("v1.28.7", (28, 28)),
];

/// EKS's own builds.
const COREDNS: &[Release] = &[
    ("v1.14.3-eksbuild.11", (35, LATEST)),
    ("v1.13.2-eksbuild.19", (33, 34)),
    ("v1.11.4-eksbuild.48", (31, 32)),
    ("v1.11.4-eksbuild.33", (30, 30)),
    ("v1.11.4-eksbuild.28", (29, 29)),
    ("v1.10.1-eksbuild.38", (28, 28)),
];

const METRICS_SERVER: &[Release] =
    &[("v0.9.0", (34, LATEST)), ("v0.8.1", (31, LATEST)), ("v0.7.2", (27, LATEST))];

/// The versions of a component, newest first; none of what has no program in it.
pub fn releases(name: ComponentName) -> &'static [Release] {
    match name {
        ComponentName::LoadBalancerController => LOAD_BALANCER_CONTROLLER,
        ComponentName::ClusterAutoscaler => CLUSTER_AUTOSCALER,
        ComponentName::Coredns => COREDNS,
        ComponentName::MetricsServer => METRICS_SERVER,
        ComponentName::Storage => &[],
    }
}

/// The newest version for a minor version of Kubernetes (`1.34`).
pub fn newest(name: ComponentName, kubernetes: &str) -> Option<&'static str> {
    releases(name).iter().find(|(version, _)| is_for(name, version, kubernetes)).map(|(version, _)| *version)
}

/// Whether a version is for a minor version of Kubernetes; one that cannot be read rules nothing out.
pub fn is_for(name: ComponentName, version: &str, kubernetes: &str) -> bool {
    let minor = kubernetes.split('.').nth(1).and_then(|minor| minor.parse::<u32>().ok());
    let range = releases(name).iter().find(|(known, _)| *known == version).map(|(_, range)| *range);
    match (minor, range) {
        (Some(minor), Some((from, to))) => (from..=to).contains(&minor),
        _ => range.is_some(),
    }
}

#[test]
fn every_supported_kubernetes_has_a_version_of_each() {
    use crate::config::value::Choice;
    for (_, name) in ComponentName::WORDS.iter().filter(|(_, name)| *name != ComponentName::Storage) {
        for minor in 28..=37 {
            let newest = newest(*name, &format!("1.{minor}"));
            assert!(newest.is_some(), "{name:?} for 1.{minor}");
        }
    }
    assert_eq!(newest(ComponentName::ClusterAutoscaler, "1.34"), Some("v1.34.5"));
    assert_eq!(newest(ComponentName::ClusterAutoscaler, "1.37"), Some("v1.36.1"));
    assert_eq!(newest(ComponentName::MetricsServer, "1.33"), Some("v0.8.1"));
    assert!(is_for(ComponentName::MetricsServer, "v0.8.1", "1.36"));
    assert!(!is_for(ComponentName::ClusterAutoscaler, "v1.33.6", "1.34"));
}
