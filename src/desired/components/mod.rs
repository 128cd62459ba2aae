//! Components: their templates, the file's settings and what is around them, as objects.
//!
//! **Invariant:** what is drawn depends on nothing but the settings and the surroundings, so that the objects
//! of a cluster without AWS are the same ones.

mod draw;
mod identity;
mod images;
mod pods;
mod settings;
mod subnets;
mod template;
mod templates;

use serde_json::Value;

use crate::config::{
    Choice, ClusterConfig, Code, Component, Diagnostic, autoscaling_of_a_manifest, component_versions,
};
use crate::resource::kubernetes::Body;
pub use draw::{Apart, written_dns_address};
pub(super) use draw::{draw, draw_apart};
pub use identity::OF_COMPONENT;
pub(super) use identity::Roles;
use template::{Values, fill};

/// An object of a component.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Object {
    api_version: String,
    pub kind: String,
    /// Its namespace; none where its kind has none.
    pub namespace: Option<String>,
    pub name: String,
    /// All of it but its apiVersion, kind, namespace and name.
    pub body: Body,
}

/// What is around a component.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The cluster's name.
    pub cluster: Body,
    /// Its region.
    pub region: String,
    /// The minor version of Kubernetes.
    pub kubernetes: String,
    /// The VPC's id, for the load balancer controller.
    pub vpc: Option<Body>,
    /// The role of its service account, where that says it itself.
    pub role_arn: Option<Body>,
    /// The authority behind the webhook's certificate: PEM, in base64.
    pub ca_bundle: Option<Body>,
    /// What changes with the certificate.
    pub certificate_hash: Option<Body>,
    /// The address of the cluster's DNS.
    pub dns_address: Option<String>,
}

/// Why a component cannot be drawn.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(crate) enum Undrawn {
    /// No version that is known here, or not this one, is for the Kubernetes version.
    #[error("no version that is known here is for Kubernetes {0}")]
    Version(String),
    #[error("the image registry of {0} is not known here")]
    Registry(String),
    /// What EKS does for its add-on alone.
    #[error("nothing counts its pods here")]
    Autoscaling(Box<Diagnostic>),
}

/// The objects of a component.
pub(crate) fn objects(component: &Component, around: &Surroundings) -> Result<Vec<Object>, Undrawn> {
    if let Some(refused) = autoscaling_of_a_manifest(component) {
        return Err(Undrawn::Autoscaling(Box::new(refused)));
    }
    let values = settings::values(component, image_of(component, around)?, around);
    // Of one pod none could ever go, unless the file says how.
    let several = settings::replicas(component) > 1 || component.pod_disruption_budget.is_some();
    let files = templates::files(component.name.value).iter().filter(|file| several || !file.for_several);
    Ok(files.flat_map(|file| file.documents()).filter_map(|document| object(&document, &values)).collect())
}

/// The version of a component, and its image; nothing of what has no program in it.
fn image_of(component: &Component, around: &Surroundings) -> Result<Option<(String, String)>, Undrawn> {
    let name = component.name.value;
    if component_versions::releases(name).is_empty() {
        return Ok(None);
    }
    let written = component.version.as_ref().map(|version| version.0.as_str());
    let version = written.or_else(|| component_versions::newest(name, &around.kubernetes));
    let version = version.filter(|version| component_versions::is_for(name, version, &around.kubernetes));
    let version = version.ok_or_else(|| Undrawn::Version(around.kubernetes.clone()))?;
    let image = images::image(component, version, &around.region);
    Ok(Some((version.to_owned(), image.ok_or_else(|| Undrawn::Registry(around.region.clone()))?)))
}

fn object(template: &Value, values: &Values) -> Option<Object> {
    let Some(Body::Map(fields)) = fill(template, values) else { return None };
    let (mut api_version, mut kind, mut namespace, mut name, mut rest) =
        (String::new(), String::new(), None, String::new(), Vec::new());
    for (key, value) in fields {
        match (&*key, value) {
            ("apiVersion", value) => api_version = text(&value)?,
            ("kind", value) => kind = text(&value)?,
            ("metadata", Body::Map(fields)) => {
                let mut metadata = Vec::new();
                for (key, value) in fields {
                    match &*key {
                        "name" => name = text(&value)?,
                        "namespace" => namespace = text(&value),
                        _ => metadata.push((key, value)),
                    }
                }
                rest.push((key, Body::Map(metadata)));
            }
            (_, value) => rest.push((key, value)),
        }
    }
    Some(Object { api_version, kind, namespace, name, body: Body::Map(rest) })
}

impl Object {
    /// As an API server takes it; a reference stands in it as `${cluster/demo.Name}`.
    fn whole(&self) -> Value {
        let mut whole = serde_json::json!({ "apiVersion": self.api_version, "kind": self.kind });
        whole["metadata"] = serde_json::json!({ "name": self.name });
        if let Some(namespace) = &self.namespace {
            whole["metadata"]["namespace"] = Value::from(namespace.clone());
        }
        if let Value::Object(rest) = self.body.clone().manifest().value() {
            for (key, value) in rest {
                match (&mut whole[&key], value) {
                    (Value::Object(metadata), Value::Object(more)) => metadata.extend(more),
                    (place, value) => *place = value,
                }
            }
        }
        whole
    }
}

/// A text that is known: what an object is called must be.
fn text(value: &Body) -> Option<String> {
    match value {
        Body::Plain(Value::String(text)) => Some(text.clone()),
        _ => None,
    }
}

/// What the file says under `components` of an add-on of EKS, in the add-on's language.
pub(super) fn addon_settings(config: &ClusterConfig, addon: &str) -> Option<String> {
    let component = config.components.iter().find(|component| component.name.word() == addon)?;
    settings::of_an_addon(component).map(|settings| settings.to_string())
}

/// Every object of the file's components as its API server takes it, for one without AWS around it; what EKS
/// would install as an add-on is among them.
pub fn manifests(config: &ClusterConfig, around: &Surroundings) -> Result<Vec<Value>, Vec<Diagnostic>> {
    let mut wrong = Vec::new();
    let mut found = Vec::new();
    for component in config.components.iter() {
        match objects(component, around) {
            Ok(objects) => found.extend(objects.iter().map(Object::whole)),
            Err(why) => wrong.push(undrawn(component, &why)),
        }
    }
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}

/// Says at the component's line why it cannot be drawn.
pub(super) fn undrawn(component: &Component, why: &Undrawn) -> Diagnostic {
    let message = format!("`{}`: {why}", component.name.word());
    let (at, label) = match why {
        Undrawn::Autoscaling(refused) => return (**refused).clone(),
        Undrawn::Version(_) => match &component.version {
            Some(version) => (version.place(), "leave it open to have the one that fits"),
            None => (component.name.place(), "needs a version that is known here"),
        },
        Undrawn::Registry(_) => (component.name.place(), "write `imageRegistry`"),
    };
    Diagnostic::new(Code::NoSuchComponentVersion, at, message).label(label)
}
