//! What a component's settings, and what is around it, put into its templates.

use serde_json::{Map, Value, json};

use super::template::Values;
use super::{Surroundings, pods};
use crate::config::{
    Amounts, Choice, Component, ComponentName, LogLevel, Resources, Toleration, TolerationOperator,
};
use crate::resource::kubernetes::Body;

/// Every placeholder with its value; one without stays away.
pub(super) fn values(component: &Component, of: Option<(String, String)>, around: &Surroundings) -> Values {
    let (version, image) = of.unzip();
    let name = component.name.value;
    let known = |value: Value| Some(Body::from(value));
    let class = component.ingress_class.as_ref();
    let storage = component.storage_class.as_ref();
    let default = match name {
        ComponentName::Storage => storage.is_none_or(|it| it.default.value),
        _ => class.is_some_and(|it| it.default.value),
    };
    let named = |written: Option<&str>, usual: &str| known(json!(written.unwrap_or(usual)));
    let all: [(&'static str, Option<Body>); 22] = [
        ("version", version.and_then(|version| known(json!(version)))),
        ("image", image.and_then(|image| known(json!(image)))),
        ("replicas", known(json!(replicas(component)))),
        ("resources", known(resources(component))),
        ("nodeSelector", known(node_selector(component))),
        ("tolerations", tolerations(component).and_then(known)),
        ("minAvailable", pods::min_available(component).and_then(known)),
        ("maxUnavailable", pods::max_unavailable(component).and_then(known)),
        ("topologySpread", known(pods::spread(component))),
        ("extraArgs", extra_args(component).and_then(known)),
        ("logLevel", log_level(component).and_then(known)),
        ("cluster", Some(around.cluster.clone())),
        ("region", known(json!(around.region))),
        ("vpc", around.vpc.clone()),
        ("roleArn", around.role_arn.clone()),
        ("caBundle", around.ca_bundle.clone()),
        ("certificateHash", around.certificate_hash.clone()),
        ("dnsAddress", around.dns_address.clone().and_then(|address| known(json!(address)))),
        ("ingressClass", named(class.map(|it| it.name.0.as_str()), "alb")),
        ("name", named(storage.map(|it| it.name.0.as_str()), "gp3")),
        ("kmsKey", storage.and_then(|it| known(json!(it.kms_key_arn.as_ref()?.0)))),
        ("defaultClass", default.then(|| Body::from(json!("true")))),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// Pods of it.
pub(super) fn replicas(component: &Component) -> u32 {
    let usual = if component.name.value == ComponentName::ClusterAutoscaler { 1 } else { 2 };
    component.replicas.as_ref().map_or(usual, |replicas| replicas.count())
}

/// What the file says, in place of all of ours.
fn resources(component: &Component) -> Value {
    match &component.resources {
        Some(written) => as_written(written),
        None => match component.name.value {
            ComponentName::LoadBalancerController => {
                json!({"requests": {"cpu": "100m", "memory": "200Mi"}, "limits": {"memory": "500Mi"}})
            }
            ComponentName::ClusterAutoscaler => {
                json!({"requests": {"cpu": "100m", "memory": "600Mi"}, "limits": {"memory": "600Mi"}})
            }
            ComponentName::Coredns => {
                json!({"requests": {"cpu": "100m", "memory": "70Mi"}, "limits": {"memory": "170Mi"}})
            }
            ComponentName::MetricsServer => json!({"requests": {"cpu": "100m", "memory": "200Mi"}}),
            ComponentName::Storage => json!({}),
        },
    }
}

fn as_written(resources: &Resources) -> Value {
    let amounts = |amounts: &Amounts| {
        let cpu = amounts.cpu.as_ref().map(|cpu| ("cpu", cpu.text()));
        let memory = amounts.memory.as_ref().map(|memory| ("memory", memory.text()));
        let pairs = cpu.into_iter().chain(memory);
        Value::Object(pairs.map(|(key, text)| (key.to_owned(), json!(text))).collect())
    };
    let requests = resources.requests.as_ref().map(|it| ("requests", amounts(it)));
    let limits = resources.limits.as_ref().map(|it| ("limits", amounts(it)));
    let pairs =
        requests.into_iter().chain(limits).filter(|(_, it)| it.as_object().is_some_and(|it| !it.is_empty()));
    Value::Object(pairs.map(|(key, amounts)| (key.to_owned(), amounts)).collect())
}

/// The images are Linux's.
fn node_selector(component: &Component) -> Value {
    let mut labels = Map::from_iter([("kubernetes.io/os".to_owned(), json!("linux"))]);
    labels.extend(written_selector(component));
    Value::Object(labels)
}

fn written_selector(component: &Component) -> impl Iterator<Item = (String, Value)> {
    component.node_selector.iter().map(|(key, value)| (key.value.clone(), json!(value.value)))
}

fn tolerations(component: &Component) -> Option<Value> {
    let tolerations = component.tolerations.iter().map(|it| toleration(&it.value));
    (!component.tolerations.is_empty()).then(|| tolerations.collect())
}

fn toleration(toleration: &Toleration) -> Value {
    let exists = toleration.operator.value == TolerationOperator::Exists;
    let fields = [
        ("key", toleration.key.as_ref().map(|key| json!(key.0))),
        ("operator", exists.then(|| json!("Exists"))),
        (
            "value",
            toleration.value.as_ref().filter(|value| !value.is_empty()).map(|value| json!(value.value)),
        ),
        ("effect", toleration.effect.as_ref().map(|effect| json!(effect.word()))),
        ("tolerationSeconds", toleration.toleration_seconds.as_ref().map(|seconds| json!(seconds.0))),
    ];
    let fields = fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Object(fields.collect())
}

fn extra_args(component: &Component) -> Option<Value> {
    let written = component.extra_args.iter().map(|argument| json!(argument.0));
    (!component.extra_args.is_empty()).then(|| written.collect())
}

/// As each of them says it: klog counts.
fn log_level(component: &Component) -> Option<Value> {
    let level = component.log_level.as_ref().map_or(LogLevel::Info, |level| level.value);
    match (component.name.value, level) {
        (ComponentName::LoadBalancerController, level) => Some(json!(level.word())),
        (ComponentName::ClusterAutoscaler, LogLevel::Info) => Some(json!(4)),
        (ComponentName::ClusterAutoscaler | ComponentName::MetricsServer, LogLevel::Debug) => Some(json!(6)),
        (ComponentName::MetricsServer | ComponentName::Coredns | ComponentName::Storage, _) => None,
    }
}

/// The same settings in the language of EKS's add-on; nothing where none is written.
pub(super) fn of_an_addon(component: &Component) -> Option<Value> {
    let replicas = match component.name.value {
        ComponentName::Coredns => "replicaCount",
        _ => "replicas",
    };
    let selector: Map<String, Value> = written_selector(component).collect();
    let fields = [
        (replicas, component.replicas.as_ref().map(|replicas| json!(replicas.count()))),
        ("resources", component.resources.as_ref().map(|resources| as_written(resources))),
        ("nodeSelector", (!selector.is_empty()).then(|| Value::Object(selector))),
        ("tolerations", tolerations(component)),
        ("autoScaling", pods::autoscaling_of_an_addon(component)),
        ("podDisruptionBudget", pods::budget_of_an_addon(component)),
        ("topologySpreadConstraints", pods::written_spread(component)),
    ];
    let fields = fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    let fields: Map<String, Value> = fields.collect();
    (!fields.is_empty()).then_some(Value::Object(fields))
}
