//! What an object shows of itself.

use futures::future::try_join_all;
use kube::Api;
use kube::api::{ApiResource, DynamicObject, ListParams, PostParams};
use serde_json::{Value, json};

use super::objects::{Objects, at, resource};
use super::{KubernetesError, Tokens};
use crate::resource::Trouble;
use crate::resource::kubernetes::Kind;
use crate::world::WorldError;

/// A status in our own words, and what is wrong.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub status: String,
    pub troubles: Vec<Trouble>,
}

impl Shown {
    pub fn is_ready(&self) -> bool {
        self.status.is_empty()
    }

    fn progressing(troubles: Vec<Trouble>) -> Self {
        Self { status: "Progressing".to_owned(), troubles }
    }
}

/// What an object says of itself.
pub(super) fn of(kind: Kind, object: &DynamicObject) -> Shown {
    if object.metadata.deletion_timestamp.is_some() {
        return Shown { status: "Terminating".to_owned(), troubles: Vec::new() };
    }
    let conditions = |wanted: &str| condition(&object.data, wanted);
    let done = match kind.name {
        "Deployment" => has_rolled_out(object, &["updatedReplicas", "availableReplicas", "replicas"]),
        "DaemonSet" => is_everywhere(object),
        "CustomResourceDefinition" => conditions("Established").is_some_and(|it| it.0),
        "APIService" => conditions("Available").is_some_and(|it| it.0),
        _ => true,
    };
    if done {
        return Shown::default();
    }
    let wrong = ["Progressing", "ReplicaFailure", "Available", "NamesAccepted"];
    let is_wrong = |name: &&str| conditions(name).filter(|it| it.0 == (**name == *"ReplicaFailure"));
    Shown::progressing(
        wrong.iter().filter_map(is_wrong).map(|it| it.1).filter(|it| !it.code.is_empty()).collect(),
    )
}

/// Whether a Deployment runs one of these programs: known by its image, not by labels, which are whoever installs
/// it's to choose.
pub(super) fn runs(deployment: &DynamicObject, programs: &[&str]) -> bool {
    let containers = at(&deployment.data, &["spec", "template", "spec", "containers"]).as_array();
    containers.into_iter().flatten().filter_map(|it| it["image"].as_str()).any(|image| {
        let path = image.split('@').next().unwrap_or(image);
        let last = path.rsplit('/').next().unwrap_or(path);
        last.split(':').next().is_some_and(|program| programs.contains(&program))
    })
}

/// Whether all of a Deployment's pods are as it says, and take requests.
fn has_rolled_out(object: &DynamicObject, counts: &[&str]) -> bool {
    let wanted = object.data["spec"]["replicas"].as_i64().unwrap_or(1);
    let status = &object.data["status"];
    is_seen(object) && counts.iter().all(|count| status[*count].as_i64().unwrap_or(0) == wanted)
}

fn is_everywhere(object: &DynamicObject) -> bool {
    let count = |name: &str| object.data["status"][name].as_i64().unwrap_or(0);
    let wanted = count("desiredNumberScheduled");
    is_seen(object) && count("updatedNumberScheduled") == wanted && count("numberAvailable") == wanted
}

/// Whether its controller has seen it as it is now.
fn is_seen(object: &DynamicObject) -> bool {
    let seen = object.data["status"]["observedGeneration"].as_i64();
    seen.is_some() && seen >= object.metadata.generation
}

/// Whether a condition is true, and what it says.
fn condition(data: &Value, wanted: &str) -> Option<(bool, Trouble)> {
    let conditions = data["status"]["conditions"].as_array()?;
    let found = conditions.iter().find(|it| it["type"] == wanted)?;
    let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
    Some((found["status"] == "True", Trouble { code: text("reason"), message: text("message") }))
}

/// Why pods do not run, in the words of the scheduler and of kubelets.
pub(super) async fn pods<T: Tokens>(
    objects: &Objects<T>,
    object: &DynamicObject,
) -> Result<Vec<Trouble>, WorldError> {
    let labels = at(&object.data, &["spec", "selector", "matchLabels"]).as_object();
    let (Some(labels), Some(namespace)) = (labels, &object.metadata.namespace) else { return Ok(Vec::new()) };
    let pair = |(key, value): (&String, &Value)| format!("{key}={}", value.as_str().unwrap_or_default());
    let selector = labels.iter().map(pair).collect::<Vec<_>>().join(",");
    let client = objects.server.client().await.map_err(|error| error.of(POD))?;
    let api = Api::<DynamicObject>::namespaced_with(client, namespace, &resource(("", "v1"), "Pod", "pods"));
    // Whoever may not list pods still sees that they are not there.
    let Ok(list) = api.list(&ListParams::default().labels(&selector)).await else { return Ok(Vec::new()) };
    let mut troubles: Vec<Trouble> = list.items.iter().flat_map(of_pod).collect();
    troubles.sort_by(|one, other| (&one.code, &one.message).cmp(&(&other.code, &other.message)));
    troubles.dedup();
    Ok(troubles)
}

const POD: &str = "kubernetes:ListPods";

fn of_pod(pod: &DynamicObject) -> Vec<Trouble> {
    let unscheduled = condition(&pod.data, "PodScheduled").filter(|it| !it.0).map(|it| it.1);
    let lists = ["initContainerStatuses", "containerStatuses"];
    let containers = lists.iter().filter_map(|list| pod.data["status"][*list].as_array()).flatten();
    let waiting = containers.filter_map(|it| {
        let waiting = &it["state"]["waiting"];
        let code =
            waiting["reason"].as_str().filter(|it| !["ContainerCreating", "PodInitializing"].contains(it))?;
        let message = waiting["message"].as_str().unwrap_or_default().to_owned();
        Some(Trouble { code: code.to_owned(), message })
    });
    unscheduled.into_iter().chain(waiting).collect()
}

/// The answer of a webhook to an object that is tried and not kept; nothing where none of its rules is
/// about a kind that can be tried.
pub(super) async fn answers<T: Tokens>(
    objects: &Objects<T>,
    configuration: &DynamicObject,
) -> Result<Option<Shown>, WorldError> {
    let webhooks = configuration.data["webhooks"].as_array().cloned().unwrap_or_default();
    let about = |plural: &str| {
        webhooks.iter().any(|webhook| {
            let rules = webhook["rules"].as_array().cloned().unwrap_or_default();
            rules
                .iter()
                .any(|rule| rule["resources"].as_array().is_some_and(|it| it.iter().any(|it| it == plural)))
        })
    };
    let trials: Vec<_> = trials().into_iter().filter(|(resource, _)| about(&resource.plural)).collect();
    // All at once: one that nobody answers takes as long as the webhook allows.
    let tried = trials.iter().map(|(resource, body)| tried(objects, resource, body));
    let troubles: Vec<Trouble> = try_join_all(tried).await?.into_iter().flatten().collect();
    Ok((!troubles.is_empty()).then(|| Shown::progressing(troubles)))
}

/// What happens to an object that is tried. One that a webhook refuses has been answered.
async fn tried<T: Tokens>(
    objects: &Objects<T>,
    resource: &ApiResource,
    body: &Value,
) -> Result<Option<Trouble>, WorldError> {
    let client = objects.server.client().await.map_err(|error| error.of(TRIAL))?;
    let api = Api::<DynamicObject>::namespaced_with(client, "default", resource);
    let object: DynamicObject = match serde_json::from_value(body.clone()) {
        Ok(object) => object,
        Err(_) => return Ok(None),
    };
    match api.create(&PostParams { dry_run: true, ..PostParams::default() }, &object).await {
        Ok(_) => Ok(None),
        Err(kube::Error::Api(status)) if status.code >= 500 => {
            Ok(Some(Trouble { code: status.reason.clone(), message: status.message.clone() }))
        }
        Err(kube::Error::Api(_)) => Ok(None),
        Err(error) => Err(KubernetesError::from(error).of(TRIAL)),
    }
}

const TRIAL: &str = "kubernetes:DryRunCreate";

/// Objects that are tried: as small as an API server takes them.
fn trials() -> Vec<(ApiResource, Value)> {
    let metadata = json!({ "name": "eksact-trial" });
    let service = json!({ "name": "eksact-trial", "port": { "number": 80 } });
    vec![
        (
            resource(("networking.k8s.io", "v1"), "Ingress", "ingresses"),
            json!({
                "apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": metadata,
                "spec": { "ingressClassName": "alb", "defaultBackend": { "service": service } },
            }),
        ),
        (
            resource(("elbv2.k8s.aws", "v1beta1"), "TargetGroupBinding", "targetgroupbindings"),
            json!({
                "apiVersion": "elbv2.k8s.aws/v1beta1", "kind": "TargetGroupBinding", "metadata": metadata,
                "spec": {
                    "targetGroupARN": "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/eksact-trial/0000000000000000",
                    "targetType": "ip", "ipAddressType": "ipv4", "vpcID": "vpc-00000000",
                    "serviceRef": { "name": "eksact-trial", "port": 80 },
                },
            }),
        ),
        (
            resource(("", "v1"), "Service", "services"),
            json!({
                "apiVersion": "v1", "kind": "Service", "metadata": metadata,
                "spec": { "ports": [{ "port": 80, "protocol": "TCP" }] },
            }),
        ),
    ]
}
