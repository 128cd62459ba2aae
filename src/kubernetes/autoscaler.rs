//! The cluster autoscaler, whoever has installed it.

use std::time::Duration;

use futures::future::join;
use kube::api::{DynamicObject, ListParams};

use super::Tokens;
use super::objects::{LIST, Objects};
use super::status::runs;
use crate::cluster::{Timestamp, since};
use crate::resource::kubernetes::{Address, Kind};
use crate::resource::tags;
use crate::world::{Autoscaler, WorldError};

/// How its image is called, wherever it comes from; for one architecture, that follows.
const IMAGES: [&str; 4] = [
    "cluster-autoscaler",
    "cluster-autoscaler-amd64",
    "cluster-autoscaler-arm64",
    "cluster-autoscaler-s390x",
];
/// What it writes, in whatever namespace, and when it last did so.
const STATUS: &str = "cluster-autoscaler-status";
const WRITTEN: &str = "cluster-autoscaler.kubernetes.io/last-updated";
/// It writes every ten seconds; one that has not for so long does not run any more.
const FRESH: Duration = Duration::from_secs(10 * 60);

impl<T: Tokens> Objects<T> {
    /// One that is to run, or has told of itself lately.
    ///
    /// # Errors
    /// Where the lists that would show it cannot be read, and nothing else does.
    pub async fn autoscaler(&self) -> Result<Option<Autoscaler>, WorldError> {
        let named = ListParams::default().fields(&format!("metadata.name={STATUS}"));
        let Some(deployment) = Kind::named("Deployment") else { return Ok(None) };
        let lists = (self.list(deployment, ListParams::default()), self.list(Kind::CONFIG_MAP, named));
        let (deployments, statuses) = join(lists.0, lists.1).await;
        let [deployments, statuses] = [deployments, statuses].map(|it| it.map_err(|error| error.of(LIST)));
        let unread = deployments.as_ref().err().or(statuses.as_ref().err()).cloned();
        let running = deployments.unwrap_or_default().into_iter().filter(is_to_run);
        let (ours, theirs): (Vec<_>, Vec<_>) = running.partition(|it| self.is_ours(it));
        if let Some(one) = theirs.first().or(ours.first()) {
            return Ok(Some(shown_by(deployment, one, !theirs.contains(one))));
        }
        let now = Timestamp::now();
        let statuses = statuses.unwrap_or_default();
        let fresh = statuses.iter().find(|it| written(it).is_some_and(|at| since(now, at) < FRESH));
        match (fresh, unread) {
            (Some(fresh), _) => Ok(Some(shown_by(Kind::CONFIG_MAP, fresh, false))),
            (None, None) => Ok(None),
            (None, Some(error)) => Err(error),
        }
    }

    fn is_ours(&self, object: &DynamicObject) -> bool {
        let annotation = |key: &str| object.metadata.annotations.as_ref()?.get(key);
        annotation(tags::CLUSTER) == Some(&self.cluster) && annotation(tags::KEY).is_some()
    }
}

fn is_to_run(deployment: &DynamicObject) -> bool {
    runs(deployment, &IMAGES) && deployment.data["spec"]["replicas"].as_i64() != Some(0)
}

fn shown_by(kind: Kind, object: &DynamicObject, is_ours: bool) -> Autoscaler {
    let metadata = &object.metadata;
    let name = metadata.name.as_deref().unwrap_or_default();
    let address = Address::new(kind, metadata.namespace.as_deref().unwrap_or_default(), name);
    Autoscaler { shown_by: address.text().to_owned(), is_ours }
}

/// When it wrote its status. Go's format ends with the name of a zone, which its offset makes needless.
fn written(status: &DynamicObject) -> Option<Timestamp> {
    let text = status.metadata.annotations.as_ref()?.get(WRITTEN)?;
    let words: Vec<&str> = text.split_whitespace().take(3).collect();
    Timestamp::strptime("%Y-%m-%d %H:%M:%S%.f %z", words.join(" ")).ok()
}

#[cfg(test)]
fn object(metadata: serde_json::Value, spec: serde_json::Value) -> DynamicObject {
    let object =
        serde_json::json!({ "apiVersion": "any", "kind": "Any", "metadata": metadata, "spec": spec });
    serde_json::from_value(object).expect("an object")
}

#[test]
fn its_moment_is_read_as_it_writes_it() {
    let at = |text: &str| {
        written(&object(serde_json::json!({ "name": STATUS, "annotations": { WRITTEN: text } }), ().into()))
    };
    let expected: Timestamp = "2026-09-15T04:05:52.354884346Z".parse().expect("a moment");
    assert_eq!(at("2026-09-15 04:05:52.354884346 +0000 UTC"), Some(expected));
    assert_eq!(at("2026-09-15 06:05:52.354884346 +0200 CEST"), Some(expected));
    let expected: Timestamp = "2026-09-15T04:05:52Z".parse().expect("a moment");
    assert_eq!(at("2026-09-15 04:05:52 +0000 UTC"), Some(expected));
    assert_eq!(at("yesterday"), None);
}

#[test]
fn one_that_is_scaled_to_nothing_does_not_run() {
    let is = |image: &str, replicas: Option<u32>| {
        let template = serde_json::json!({ "spec": { "containers": [{ "image": image }] } });
        let spec = serde_json::json!({ "replicas": replicas, "template": template });
        is_to_run(&object(serde_json::json!({ "name": "any" }), spec))
    };
    assert!(is("registry.k8s.io/autoscaling/cluster-autoscaler:v1.34.3", Some(1)));
    assert!(is("mirror.example:5000/cluster-autoscaler-arm64@sha256:00", None));
    assert!(!is("registry.k8s.io/autoscaling/cluster-autoscaler:v1.34.3", Some(0)));
    assert!(!is("registry.k8s.io/cpa/cluster-proportional-autoscaler:v1.9.0", Some(1)));
}
