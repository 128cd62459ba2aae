//! Arguments that a component has from us: the manifest counts on them, or a setting says them.

use crate::config::sections::components::ComponentName;

/// What to do instead, where there is something.
type Own = (&'static str, &'static str);

const BY_LOG_LEVEL: &str = "write `logLevel`";
const COUNTED_ON: &str = "remove it";

const LOAD_BALANCER_CONTROLLER: &[Own] = &[
    ("cluster-name", "it is `metadata.name`"),
    ("aws-region", "it is `metadata.region`"),
    ("aws-vpc-id", "it is the cluster's own"),
    ("aws-vpc-tags", "the VPC is the cluster's own"),
    ("ingress-class", "write `ingressClass`"),
    ("log-level", BY_LOG_LEVEL),
    ("leader-election-id", COUNTED_ON),
    ("leader-election-namespace", COUNTED_ON),
    ("health-probe-bind-addr", COUNTED_ON),
    ("metrics-bind-addr", COUNTED_ON),
    ("webhook-bind-port", COUNTED_ON),
    ("webhook-cert-dir", COUNTED_ON),
];

const CLUSTER_AUTOSCALER: &[Own] = &[
    ("cloud-provider", COUNTED_ON),
    ("cluster-name", "it is `metadata.name`"),
    ("namespace", COUNTED_ON),
    ("node-group-auto-discovery", "node groups are found by their tags"),
    ("nodes", "node groups are found by their tags"),
    ("leader-elect", COUNTED_ON),
    ("leader-elect-resource-name", COUNTED_ON),
    ("address", COUNTED_ON),
    ("balance-similar-node-groups", COUNTED_ON),
    ("expander", COUNTED_ON),
    ("skip-nodes-with-local-storage", COUNTED_ON),
    ("skip-nodes-with-system-pods", COUNTED_ON),
    ("logtostderr", COUNTED_ON),
    ("stderrthreshold", COUNTED_ON),
    ("v", BY_LOG_LEVEL),
];

const COREDNS: &[Own] = &[("conf", COUNTED_ON), ("dns.port", COUNTED_ON), ("p", COUNTED_ON)];

const METRICS_SERVER: &[Own] = &[
    ("cert-dir", COUNTED_ON),
    ("secure-port", COUNTED_ON),
    ("kubelet-preferred-address-types", COUNTED_ON),
    ("kubelet-use-node-status-port", COUNTED_ON),
    ("metric-resolution", COUNTED_ON),
    ("v", BY_LOG_LEVEL),
];

/// What to do instead of saying this argument, if it is ours.
pub fn instead(of: ComponentName, argument: &str) -> Option<&'static str> {
    let own = match of {
        ComponentName::LoadBalancerController => LOAD_BALANCER_CONTROLLER,
        ComponentName::ClusterAutoscaler => CLUSTER_AUTOSCALER,
        ComponentName::Coredns => COREDNS,
        ComponentName::MetricsServer => METRICS_SERVER,
        ComponentName::Storage => &[],
    };
    // Go's flags take one dash or two, and `_` for `-`.
    let name = argument.trim_start_matches('-').split('=').next().unwrap_or_default().replace('_', "-");
    own.iter().find(|(flag, _)| *flag == name).map(|(_, instead)| *instead)
}
