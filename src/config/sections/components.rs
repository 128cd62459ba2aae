//! Components: what runs in a cluster beside the add-ons of EKS.

use crate::config::declare::{choice, section, text};
use crate::config::place::Span;
use crate::config::sections::cluster::ClusterConfig;
use crate::config::sections::component_pod_rules as pod_rules;
use crate::config::sections::component_pods::{Autoscaling, DisruptionBudget, TopologySpread};
use crate::config::sections::component_rules as rules;
use crate::config::sections::policies::KnownPolicy;
use crate::config::sections::taints::{Effect, TaintKey};
use crate::config::value::{Choice, Cpu, Form, Int, List, Map, Memory, Part};

/// Where components live.
pub(crate) const COMPONENT_NAMESPACE: &str = "kube-system";

section! {
    /// One component. What it does not take is refused.
    pub struct Component {
        /// Which one.
        "name"          name:           ComponentName,
        /// A release that is known here. The newest for the Kubernetes version if left open.
        "version"       version:        ComponentVersion = _,
        /// How its pods get AWS's permissions; by Pod Identity if left open.
        "identity"      identity:       ComponentIdentity = _,
        /// Pods of it. Two if left open, and one autoscaler.
        "replicas"      replicas:       Int<1, 100> = _,
        /// How many of them EKS makes of its add-on, in place of `replicas`.
        "autoscaling"   autoscaling:    Autoscaling = _,
        /// What its container asks for, and the most that it gets: instead of ours.
        "resources"     resources:      Resources = _,
        /// Taints that its pods bear, besides ours.
        "tolerations"   tolerations:    List<Toleration>,
        /// Labels of the nodes that it runs on, besides the operating system's.
        "nodeSelector"  node_selector:  Map<String>,
        /// How many of its pods may go at once. One if left open.
        "podDisruptionBudget" pod_disruption_budget: DisruptionBudget = _,
        /// Over what its pods are spread evenly. Over zones, as far as that goes, if left open.
        "topologySpread" topology_spread: List<TopologySpread>,
        /// Where its image comes from, in place of the public registry: for networks without a way out.
        "imageRegistry" image_registry: ImageRegistry = _,
        /// How much it says.
        "logLevel"      log_level:      LogLevel = _,
        /// More arguments, after ours.
        "extraArgs"     extra_args:     List<Argument>,
        /// The class of Ingresses that the load balancer controller looks after.
        "ingressClass"  ingress_class:  IngressClass = _,
        /// The class of volumes that `storage` makes.
        "storageClass"  storage_class:  StorageClass = _,
    }
    rules {
        rules::settings_of_its_own, rules::versions_that_are_known, rules::arguments_of_its_own,
        rules::well_formed_selector, pod_rules::one_who_counts_pods, pod_rules::one_bound_of_a_budget,
        pod_rules::a_pod_that_may_go, pod_rules::distinct_spreads
    }
}

section! {
    /// What a container asks for, and the most that it gets.
    pub struct Resources {
        /// What it asks for: a node needs that much left.
        "requests" requests: Amounts = _,
        /// The most that it gets.
        "limits"   limits:   Amounts = _,
    }
    rules { rules::requests_within_limits }
}

section! {
    /// An amount of each.
    pub struct Amounts {
        /// Processor time, such as `500m`, half a core.
        "cpu"    cpu:    Cpu = _,
        /// Memory, such as `200Mi`.
        "memory" memory: Memory = _,
    }
}

section! {
    /// A taint that pods bear.
    pub struct Toleration {
        /// The taint's key; any if left open, with the operator `Exists`.
        "key"               key:                TaintKey = _,
        /// Whether any value will do, or one.
        "operator"          operator:           TolerationOperator = Equal,
        /// The taint's value.
        "value"             value:              String = _,
        /// The taint's effect; any if left open.
        "effect"            effect:             Effect = _,
        /// How long pods stay after a `NoExecute`, in seconds; for good if left open.
        "tolerationSeconds" toleration_seconds: Int<0, 31_536_000> = _,
    }
    rules { rules::tolerations_that_are_taken }
}

section! {
    /// The class of Ingresses that the load balancer controller looks after.
    pub struct IngressClass {
        /// Its name.
        "name"    name:    ClassName = alb,
        /// Whether an Ingress without a class is of this one.
        "default" default: bool = false,
    }
}

section! {
    /// The class of volumes: encrypted, of the type gp3, in the zone of the pod that uses them first.
    pub struct StorageClass {
        /// Its name. Its parameters cannot change: another key needs another name.
        "name"      name:        ClassName = gp3,
        /// Whether a claim without a class is of this one.
        "default"   default:     bool = true,
        /// The key that encrypts them. EBS's own if left open.
        "kmsKeyARN" kms_key_arn: VolumeKeyArn = _,
    }
}

choice! {
    /// A component.
    pub enum ComponentName {
        /// Load balancers for Ingresses and Services.
        "aws-load-balancer-controller" LoadBalancerController,
        /// Nodes as pods need them.
        "cluster-autoscaler"           ClusterAutoscaler,
        /// Names inside the cluster; where EKS's add-on of this name is not taken, a manifest.
        "coredns"                      Coredns,
        /// What HorizontalPodAutoscalers go by; where EKS's add-on of this name is not taken, a manifest.
        "metrics-server"               MetricsServer,
        /// A class of volumes.
        "storage"                      Storage,
    }
}

choice! {
    /// How pods get AWS's permissions.
    pub enum ComponentIdentity {
        /// By EKS's agent on the node.
        "podIdentity" PodIdentity,
        /// By the cluster's OIDC provider.
        "irsa"        Irsa,
        /// By other means than ours.
        "none"        None,
    }
}

choice! {
    /// How much a component says.
    pub enum LogLevel { "info" Info, "debug" Debug, }
}

choice! {
    /// Whether any value will do.
    pub enum TolerationOperator { "Equal" Equal, "Exists" Exists, }
}

text! {
    /// Such as `v3.5.0`.
    pub struct ComponentVersion = Form {
        what: "a component's version", says: "such as `v3.5.0`",
        parts: &[Part::Of("a-zA-Z0-9", 1, 1), Part::Of("a-zA-Z0-9.-", 0, 62)],
    };
    /// Such as `123456789012.dkr.ecr.us-west-2.amazonaws.com/mirror`.
    pub struct ImageRegistry = Form {
        what: "an image registry", says: "a host, with a path if it has one: `registry.example.com/mirror`",
        parts: &[Part::Of("a-z0-9", 1, 1), Part::Of("a-z0-9.:/_-", 0, 254)],
    }, instead no_scheme;
    /// Such as `--enable-shield=false`.
    pub struct Argument = Form {
        what: "an argument", says: "`--name=value`, one argument in each item",
        parts: &[Part::Is("-"), Part::Of("!-~", 1, 1_000)],
    };
    /// Such as `alb`.
    pub struct ClassName = Form {
        what: "the name of a class", says: "small letters, digits, `-` and `.`, such as `gp3`",
        parts: &[Part::Of("a-z0-9", 1, 1), Part::Of("a-z0-9.-", 0, 252)],
    };
    /// Such as `arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab`.
    pub struct VolumeKeyArn = Form {
        what: "the ARN of a key", says: "such as `arn:aws:kms:us-west-2:123456789012:key/…`",
        parts: &[
            Part::Is("arn:"), Part::Of("a-z-", 3, 16), Part::Is(":kms:"), Part::Of("a-z0-9-", 5, 20),
            Part::Is(":"), Part::Of("0-9", 12, 12), Part::Is(":key/"), Part::Of("a-zA-Z0-9-", 1, 64),
        ],
    };
}

fn no_scheme(text: &str) -> Option<&'static str> {
    text.contains("://").then_some("without `https://`: a host, and a path if it has one")
}

impl Component {
    /// The settings that are written, by their keys in the file, with their places.
    pub fn written_settings(&self) -> impl Iterator<Item = (&'static str, Span)> {
        macro_rules! said {
            ($($key:literal $field:ident)+) => {
                [$(($key, self.$field.as_ref().filter(|it| it.is_written()).map(|it| it.key))),+]
            };
        }
        let lists = [
            ("tolerations", self.tolerations.is_written().then_some(self.tolerations.key)),
            ("nodeSelector", self.node_selector.is_written().then_some(self.node_selector.key)),
            ("topologySpread", self.topology_spread.is_written().then_some(self.topology_spread.key)),
            ("extraArgs", self.extra_args.is_written().then_some(self.extra_args.key)),
        ];
        let said = said! {
            "version" version "identity" identity "replicas" replicas "autoscaling" autoscaling
            "resources" resources "podDisruptionBudget" pod_disruption_budget
            "imageRegistry" image_registry "logLevel" log_level "ingressClass" ingress_class
            "storageClass" storage_class
        };
        said.into_iter().chain(lists).filter_map(|(key, place)| Some((key, place?)))
    }
}

/// Regions in which EKS has its own add-ons only.
const WITHOUT_METRICS_SERVER: [&str; 5] = ["cn-", "us-gov-", "us-iso", "eu-iso", "eusc-"];

impl Component {
    /// What it has to do in AWS, if anything.
    pub fn policy(&self) -> Option<KnownPolicy> {
        match self.name.value {
            ComponentName::LoadBalancerController => Some(KnownPolicy::LoadBalancerController),
            ComponentName::ClusterAutoscaler => Some(KnownPolicy::AutoScaler),
            ComponentName::Coredns | ComponentName::MetricsServer | ComponentName::Storage => None,
        }
    }

    /// How it gets its role.
    pub fn way(&self) -> ComponentIdentity {
        self.identity.as_ref().map_or(ComponentIdentity::PodIdentity, |identity| identity.value)
    }

    /// Whether it gets that through the agent on its nodes.
    pub fn wants_agent(&self) -> bool {
        self.policy().is_some() && self.way() == ComponentIdentity::PodIdentity
    }
}

impl ClusterConfig {
    /// Whether a component is an add-on of EKS in this cluster: named as one, or among those that it has anyway.
    pub fn has_addon(&self, name: ComponentName) -> bool {
        let named = self.addons.iter().any(|addon| addon.name.0 == name.word());
        let usual = match name {
            ComponentName::Coredns => true,
            ComponentName::MetricsServer => {
                !WITHOUT_METRICS_SERVER.iter().any(|start| self.metadata.region.0.starts_with(start))
            }
            _ => false,
        };
        named || (usual && !self.addons_config.disable_default_addons.value)
    }
}
