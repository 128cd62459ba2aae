//! The kinds of Kubernetes objects that are made here.

use super::super::Type;

/// A kind of object, and how an API server is asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind {
    /// `Deployment`.
    pub name: &'static str,
    /// `apps`; empty for the core group.
    pub group: &'static str,
    /// `v1`.
    pub version: &'static str,
    /// `deployments`: it is named, for it cannot be made of the name.
    pub plural: &'static str,
    /// Whether its objects stand in a namespace.
    pub is_namespaced: bool,
    /// When they are made, by the type of resource that they are.
    pub stage: Type,
}

macro_rules! kinds {
    ($($stage:ident: $scope:ident $name:literal $group:literal $version:literal $plural:literal;)*) => {
        impl Kind {
            /// All of them.
            pub const ALL: &'static [Kind] = &[$(Kind {
                name: $name,
                group: $group,
                version: $version,
                plural: $plural,
                is_namespaced: kinds!(@$scope),
                stage: Type::$stage,
            }),*];
        }
    };
    (@namespaced) => { true };
    (@cluster) => { false };
}

kinds! {
    Namespace: cluster "Namespace" "" "v1" "namespaces";
    Definition: cluster "CustomResourceDefinition" "apiextensions.k8s.io" "v1" "customresourcedefinitions";
    Object: namespaced "ServiceAccount" "" "v1" "serviceaccounts";
    Object: namespaced "ConfigMap" "" "v1" "configmaps";
    Object: namespaced "Service" "" "v1" "services";
    Object: cluster "ClusterRole" "rbac.authorization.k8s.io" "v1" "clusterroles";
    Object: cluster "ClusterRoleBinding" "rbac.authorization.k8s.io" "v1" "clusterrolebindings";
    Object: namespaced "Role" "rbac.authorization.k8s.io" "v1" "roles";
    Object: namespaced "RoleBinding" "rbac.authorization.k8s.io" "v1" "rolebindings";
    Object: cluster "PriorityClass" "scheduling.k8s.io" "v1" "priorityclasses";
    Object: cluster "StorageClass" "storage.k8s.io" "v1" "storageclasses";
    Object: namespaced "PodDisruptionBudget" "policy" "v1" "poddisruptionbudgets";
    Certificate: namespaced "Secret" "" "v1" "secrets";
    Workload: namespaced "Deployment" "apps" "v1" "deployments";
    Workload: namespaced "DaemonSet" "apps" "v1" "daemonsets";
    Webhook: cluster "MutatingWebhookConfiguration" "admissionregistration.k8s.io" "v1" "mutatingwebhookconfigurations";
    Webhook: cluster "ValidatingWebhookConfiguration" "admissionregistration.k8s.io" "v1" "validatingwebhookconfigurations";
    Webhook: cluster "APIService" "apiregistration.k8s.io" "v1" "apiservices";
    Custom: cluster "IngressClassParams" "elbv2.k8s.aws" "v1beta1" "ingressclassparams";
    Custom: cluster "IngressClass" "networking.k8s.io" "v1" "ingressclasses";
}

impl Kind {
    /// Plain data.
    pub const CONFIG_MAP: Kind = Kind {
        name: "ConfigMap",
        group: "",
        version: "v1",
        plural: "configmaps",
        is_namespaced: true,
        stage: Type::Object,
    };

    /// What a claim's data are in. It is made by people and drivers, not here.
    pub const PERSISTENT_VOLUME: Kind = Kind {
        name: "PersistentVolume",
        group: "",
        version: "v1",
        plural: "persistentvolumes",
        is_namespaced: false,
        stage: Type::Object,
    };

    /// Kinds of which some hold a load balancer. They are made by people, not here.
    pub const EXPOSED: [Kind; 2] = [
        Kind {
            name: "Ingress",
            group: "networking.k8s.io",
            version: "v1",
            plural: "ingresses",
            is_namespaced: true,
            stage: Type::Exposed,
        },
        Kind {
            name: "Service",
            group: "",
            version: "v1",
            plural: "services",
            is_namespaced: true,
            stage: Type::Exposed,
        },
    ];

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|kind| kind.name == name).copied()
    }

    /// `apps/v1`, as an object says it.
    pub fn api_version(self) -> String {
        if self.group.is_empty() {
            self.version.to_owned()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }
}
