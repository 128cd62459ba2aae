//! Of components: as add-ons of EKS, and as objects.

use super::*;

/// A file in the language that has components, with one that has this. EKS has it as an add-on.
fn as_addon(component: &str) -> String {
    top(&format!("components: [{{{component}}}]")).replace("eksctl.io/v1alpha5", "eksact.dev/v1alpha1")
}

fn coredns(field: &str) -> String {
    as_addon(&format!("name: coredns{field}"))
}

fn metrics(field: &str) -> String {
    as_addon(&format!("name: metrics-server{field}"))
}

/// The same without add-ons of EKS: as objects.
fn as_objects(component: &str) -> String {
    let without = "addonsConfig: {disableDefaultAddons: true}\naddons: [{name: vpc-cni}, {name: kube-proxy}, \
                   {name: eks-pod-identity-agent}]\n";
    as_addon(component).replace("components:", &format!("{without}components:"))
}

fn dns(field: &str) -> String {
    let range = "kubernetesNetworkConfig: {serviceIPv4CIDR: 172.20.0.0/16}\ncomponents:";
    as_objects(&format!("name: coredns{field}")).replace("components:", range)
}

fn autoscaler(field: &str) -> String {
    as_objects(&format!("name: cluster-autoscaler{field}"))
}

fn controller(field: &str) -> String {
    as_objects(&format!("name: aws-load-balancer-controller{field}"))
}

fn storage(field: &str) -> String {
    as_objects(&format!("name: storage{field}"))
}

/// Without objects: AWS alone has to do with it.
pub const ADDONS: &[Row] = &[
    Row("components.replicas", coredns, ["", ", replicas: 3", ", replicas: 4"], [SETTINGS; 3]),
    Row("components.replicas", metrics, ["", ", replicas: 3", ", replicas: 4"], [METRICS; 3]),
    Row(
        "components.autoscaling",
        coredns,
        ["", ", autoscaling: {}", ", autoscaling: {minReplicas: 3}"],
        [SETTINGS; 3],
    ),
    Row(
        "components.autoscaling.minReplicas",
        |it| coredns(&format!(", autoscaling: {{{it}}}")),
        ["maxReplicas: 9", "minReplicas: 3, maxReplicas: 9", "minReplicas: 4, maxReplicas: 9"],
        [SETTINGS; 3],
    ),
    Row(
        "components.autoscaling.minReplicas, as it is by default",
        |it| coredns(&format!(", autoscaling: {{{it}}}")),
        ["", "minReplicas: 2", "minReplicas: 2"],
        [NOTHING; 3],
    ),
    Row(
        "components.autoscaling.maxReplicas",
        |it| coredns(&format!(", autoscaling: {{{it}}}")),
        ["", "maxReplicas: 9", "maxReplicas: 10"],
        [SETTINGS; 3],
    ),
    Row(
        "components.autoscaling, in place of replicas",
        coredns,
        [", replicas: 2", ", autoscaling: {minReplicas: 2}", ", replicas: 3"],
        [SETTINGS; 3],
    ),
    Row(
        "components.resources",
        coredns,
        ["", ", resources: {limits: {memory: 300Mi}}", ", resources: {requests: {cpu: 50m}}"],
        [SETTINGS; 3],
    ),
    Row(
        "components.tolerations",
        coredns,
        ["", ", tolerations: [{operator: Exists}]", ", tolerations: [{key: a, value: b}]"],
        [SETTINGS; 3],
    ),
    Row(
        "components.nodeSelector",
        coredns,
        ["", ", nodeSelector: {pool: system}", ", nodeSelector: {pool: web}"],
        [SETTINGS; 3],
    ),
    Row(
        "components.podDisruptionBudget.minAvailable",
        coredns,
        ["", ", podDisruptionBudget: {minAvailable: 1}", ", podDisruptionBudget: {minAvailable: 50%}"],
        [SETTINGS; 3],
    ),
    Row(
        "components.podDisruptionBudget.maxUnavailable",
        coredns,
        ["", ", podDisruptionBudget: {maxUnavailable: 1}", ", podDisruptionBudget: {maxUnavailable: 50%}"],
        [SETTINGS; 3],
    ),
    Row(
        "components.topologySpread",
        coredns,
        [
            "",
            ", topologySpread: [{topologyKey: kubernetes.io/hostname}]",
            ", topologySpread: [{topologyKey: topology.kubernetes.io/zone}]",
        ],
        [SETTINGS; 3],
    ),
    Row(
        "components.topologySpread.maxSkew",
        |it| coredns(&format!(", topologySpread: [{{topologyKey: kubernetes.io/hostname{it}}}]")),
        ["", ", maxSkew: 2", ", maxSkew: 3"],
        [SETTINGS; 3],
    ),
    Row(
        "components.topologySpread.whenUnsatisfiable",
        |it| coredns(&format!(", topologySpread: [{{topologyKey: kubernetes.io/hostname{it}}}]")),
        ["", ", whenUnsatisfiable: DoNotSchedule", ", whenUnsatisfiable: ScheduleAnyway"],
        [SETTINGS, SETTINGS, NOTHING],
    ),
    Row(
        "components, of an add-on",
        |it| top(it).replace("eksctl.io/v1alpha5", "eksact.dev/v1alpha1"),
        ["", "components: [{name: coredns}]", "components: [{name: metrics-server}]"],
        [NOTHING; 3],
    ),
];

/// What all settings of CoreDNS come to.
const SETTINGS: Changes = &["Update addon/coredns: ConfigurationValues"];
const METRICS: Changes = &["Update addon/metrics-server: ConfigurationValues"];

/// What changes of the autoscaler's workload.
macro_rules! pods {
    ($($path:literal),+) => {
        &[concat!(
            "Update workload/cluster-autoscaler/Deployment/kube-system.cluster-autoscaler:", $(" ", $path),+
        )]
    };
}

/// What changes of its container.
macro_rules! container {
    ($($path:literal),+) => {
        &[concat!(
            "Update workload/cluster-autoscaler/Deployment/kube-system.cluster-autoscaler:",
            $(" spec.template.spec.containers.cluster-autoscaler.", $path),+
        )]
    };
}

/// What changes of CoreDNS's workload.
macro_rules! names {
    ($($path:literal),+) => {
        &[concat!("Update workload/coredns/Deployment/kube-system.coredns:", $(" ", $path),+)]
    };
}

/// What changes of CoreDNS's budget.
macro_rules! budget {
    ($($path:literal),+) => {
        &[concat!("Update object/coredns/PodDisruptionBudget/kube-system.coredns:", $(" ", $path),+)]
    };
}

/// One class of Ingresses in place of another.
macro_rules! class {
    ($old:literal => $new:literal) => {
        &[
            concat!(
                "Delete custom/aws-load-balancer-controller/IngressClass/", $old,
                " custom/aws-load-balancer-controller/IngressClassParams/", $old
            ),
            concat!(
                "New custom/aws-load-balancer-controller/IngressClassParams/", $new,
                " custom/aws-load-balancer-controller/IngressClass/", $new
            ),
            "Update inventory/objects: data.objects",
            "Update workload/aws-load-balancer-controller/Deployment/kube-system.aws-load-balancer-controller: \
             spec.template.spec.containers.aws-load-balancer-controller.args",
        ]
    };
}

/// All objects of the load balancer controller say which version they are of.
const ANOTHER_VERSION: Changes = &[
    "Update 18 of all: metadata.labels.app.kubernetes.io/version",
    "Update workload/aws-load-balancer-controller/Deployment/kube-system.aws-load-balancer-controller: \
     metadata.labels.app.kubernetes.io/version spec.template.metadata.labels.app.kubernetes.io/version \
     spec.template.spec.containers.aws-load-balancer-controller.image",
];

/// The autoscaler's service account names another role, or none.
const ACCOUNT: &str =
    "Update object/cluster-autoscaler/ServiceAccount/kube-system.cluster-autoscaler: metadata.annotations";

/// With an API server.
pub const INSIDE: &[Row] = &[
    Row(
        "components",
        |it| as_objects("name: storage").replace("{name: storage}", &format!("{{name: storage}}{it}")),
        ["", ", {name: cluster-autoscaler}", ", {name: metrics-server}"],
        [
            &["New 9 of all", "Update inventory/objects: data.objects"],
            &["Delete 9 of all", "New 10 of all", "Update inventory/objects: data.objects"],
            &["Delete 10 of all", "Update inventory/objects: data.objects"],
        ],
    ),
    Row(
        "components.version",
        controller,
        ["", ", version: v3.5.0", ", version: v3.4.3"],
        [NOTHING, ANOTHER_VERSION, ANOTHER_VERSION],
    ),
    Row(
        "components.version, by Kubernetes",
        autoscaler,
        ["", ", version: v1.34.5", ", version: v1.34.5"],
        [NOTHING; 3],
    ),
    Row(
        "components.identity",
        autoscaler,
        ["", ", identity: podIdentity", ", identity: none"],
        [
            NOTHING,
            &[
                "Delete role/component-cluster-autoscaler pod-identity-association/kube-system.cluster-autoscaler",
            ],
            &[
                "New role/component-cluster-autoscaler pod-identity-association/kube-system.cluster-autoscaler",
            ],
        ],
    ),
    Row(
        "components.identity: irsa",
        |it| autoscaler(it).replace("components:", "iam: {withOIDC: true}\ncomponents:"),
        ["", ", identity: irsa", ", identity: none"],
        [
            &[
                "Delete pod-identity-association/kube-system.cluster-autoscaler",
                "Update role/component-cluster-autoscaler: AssumeRolePolicyDocument",
                ACCOUNT,
            ],
            &["Delete role/component-cluster-autoscaler", ACCOUNT],
            &[
                "New role/component-cluster-autoscaler pod-identity-association/kube-system.cluster-autoscaler",
            ],
        ],
    ),
    Row(
        "components.replicas, of objects",
        dns,
        ["", ", replicas: 3", ", replicas: 1"],
        [
            names!("spec.replicas"),
            &[
                "Delete object/coredns/PodDisruptionBudget/kube-system.coredns",
                "Update inventory/objects: data.objects",
                "Update workload/coredns/Deployment/kube-system.coredns: spec.replicas",
            ],
            &[
                "New object/coredns/PodDisruptionBudget/kube-system.coredns",
                "Update inventory/objects: data.objects",
                "Update workload/coredns/Deployment/kube-system.coredns: spec.replicas",
            ],
        ],
    ),
    Row(
        "components.replicas, of one",
        autoscaler,
        ["", ", replicas: 2", ", replicas: 3"],
        [pods!("spec.replicas"); 3],
    ),
    Row(
        "components.resources.requests.cpu",
        autoscaler,
        ["", ", resources: {requests: {cpu: 200m}}", ", resources: {requests: {cpu: 1}}"],
        [
            container!("resources.requests.cpu", "resources.requests.memory", "resources.limits"),
            container!("resources.requests.cpu"),
            container!("resources.limits", "resources.requests.cpu", "resources.requests.memory"),
        ],
    ),
    Row(
        "components.resources.requests.memory",
        |it| autoscaler(&format!(", resources: {{requests: {{cpu: 100m{it}}}}}")),
        ["", ", memory: 700Mi", ", memory: 1Gi"],
        [container!("resources.requests.memory"); 3],
    ),
    Row(
        "components.resources.limits.cpu",
        |it| autoscaler(&format!(", resources: {{limits: {{memory: 600Mi{it}}}}}")),
        ["", ", cpu: 1", ", cpu: 2"],
        [container!("resources.limits.cpu"); 3],
    ),
    Row(
        "components.resources.limits.memory",
        |it| autoscaler(&format!(", resources: {{limits: {{cpu: 1{it}}}}}")),
        ["", ", memory: 700Mi", ", memory: 1Gi"],
        [container!("resources.limits.memory"); 3],
    ),
    Row(
        "components.tolerations, of objects",
        autoscaler,
        ["", ", tolerations: [{key: a, operator: Exists}]", ", tolerations: [{key: b, operator: Exists}]"],
        [pods!("spec.template.spec.tolerations"); 3],
    ),
    Row(
        "components.tolerations.value",
        |it| autoscaler(&format!(", tolerations: [{{key: a{it}}}]")),
        ["", ", value: b", ", value: c"],
        [pods!("spec.template.spec.tolerations"); 3],
    ),
    Row(
        "components.tolerations.operator",
        |it| autoscaler(&format!(", tolerations: [{{key: a{it}}}]")),
        ["", ", operator: Exists", ", operator: Equal"],
        [pods!("spec.template.spec.tolerations"), pods!("spec.template.spec.tolerations"), NOTHING],
    ),
    Row(
        "components.tolerations.effect",
        |it| autoscaler(&format!(", tolerations: [{{key: a{it}}}]")),
        ["", ", effect: NoSchedule", ", effect: NoExecute"],
        [pods!("spec.template.spec.tolerations"); 3],
    ),
    Row(
        "components.tolerations.tolerationSeconds",
        |it| autoscaler(&format!(", tolerations: [{{key: a, effect: NoExecute{it}}}]")),
        ["", ", tolerationSeconds: 60", ", tolerationSeconds: 0"],
        [pods!("spec.template.spec.tolerations"); 3],
    ),
    Row(
        "components.nodeSelector, of objects",
        autoscaler,
        ["", ", nodeSelector: {pool: system}", ", nodeSelector: {pool: web}"],
        [pods!("spec.template.spec.nodeSelector.pool"); 3],
    ),
    Row(
        "components.podDisruptionBudget, of objects",
        dns,
        ["", ", podDisruptionBudget: {minAvailable: 1}", ", podDisruptionBudget: {minAvailable: 50%}"],
        [
            budget!("spec.minAvailable", "spec.maxUnavailable"),
            budget!("spec.minAvailable"),
            budget!("spec.maxUnavailable", "spec.minAvailable"),
        ],
    ),
    Row(
        "components.podDisruptionBudget.maxUnavailable, of objects",
        dns,
        ["", ", podDisruptionBudget: {maxUnavailable: 1}", ", podDisruptionBudget: {maxUnavailable: 2}"],
        [NOTHING, budget!("spec.maxUnavailable"), budget!("spec.maxUnavailable")],
    ),
    Row(
        "components.podDisruptionBudget, of one pod",
        |it| dns(&format!(", replicas: 1{it}")),
        ["", ", podDisruptionBudget: {maxUnavailable: 1}", ", podDisruptionBudget: {maxUnavailable: 100%}"],
        [
            &[
                "New object/coredns/PodDisruptionBudget/kube-system.coredns",
                "Update inventory/objects: data.objects",
            ],
            budget!("spec.maxUnavailable"),
            &[
                "Delete object/coredns/PodDisruptionBudget/kube-system.coredns",
                "Update inventory/objects: data.objects",
            ],
        ],
    ),
    Row(
        "components.topologySpread, of objects",
        dns,
        [
            "",
            ", topologySpread: [{topologyKey: kubernetes.io/hostname}]",
            ", topologySpread: [{topologyKey: topology.kubernetes.io/zone, maxSkew: 2, \
             whenUnsatisfiable: DoNotSchedule}]",
        ],
        [names!("spec.template.spec.topologySpreadConstraints"); 3],
    ),
    Row(
        "components.imageRegistry",
        autoscaler,
        ["", ", imageRegistry: example.com/a", ", imageRegistry: example.com/b"],
        [container!("image"); 3],
    ),
    Row(
        "components.logLevel",
        autoscaler,
        ["", ", logLevel: debug", ", logLevel: info"],
        [container!("args"), container!("args"), NOTHING],
    ),
    Row(
        "components.extraArgs",
        autoscaler,
        ["", ", extraArgs: [--scan-interval=30s]", ", extraArgs: [--scan-interval=1m]"],
        [container!("args"); 3],
    ),
    Row(
        "components.ingressClass.name",
        controller,
        ["", ", ingressClass: {name: public}", ", ingressClass: {name: private}"],
        [class!("alb" => "public"), class!("public" => "private"), class!("private" => "alb")],
    ),
    Row(
        "components.ingressClass.default",
        controller,
        ["", ", ingressClass: {default: true}", ", ingressClass: {default: false}"],
        [
            &["Update custom/aws-load-balancer-controller/IngressClass/alb: metadata.annotations"],
            &["Update custom/aws-load-balancer-controller/IngressClass/alb: metadata.annotations"],
            NOTHING,
        ],
    ),
    Row(
        "components.storageClass.name",
        storage,
        ["", ", storageClass: {name: mine}", ", storageClass: {name: other}"],
        [
            &[
                "Delete object/storage/StorageClass/gp3",
                "New object/storage/StorageClass/mine",
                "Update inventory/objects: data.objects",
            ],
            &[
                "Delete object/storage/StorageClass/mine",
                "New object/storage/StorageClass/other",
                "Update inventory/objects: data.objects",
            ],
            &[
                "Delete object/storage/StorageClass/other",
                "New object/storage/StorageClass/gp3",
                "Update inventory/objects: data.objects",
            ],
        ],
    ),
    Row(
        "components.storageClass.default",
        storage,
        ["", ", storageClass: {default: false}", ", storageClass: {default: true}"],
        [
            &["Update object/storage/StorageClass/gp3: metadata.annotations"],
            &["Update object/storage/StorageClass/gp3: metadata.annotations"],
            NOTHING,
        ],
    ),
    Row(
        "components.storageClass.kmsKeyARN",
        storage,
        [
            "",
            ", storageClass: {kmsKeyARN: 'arn:aws:kms:us-west-2:123456789012:key/7c0a59a2'}",
            ", storageClass: {kmsKeyARN: 'arn:aws:kms:us-west-2:123456789012:key/0c1b2d3e'}",
        ],
        [&["Remake object/storage/StorageClass/gp3: parameters.kmsKeyId"]; 3],
    ),
];
