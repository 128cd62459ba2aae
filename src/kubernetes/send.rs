//! One operation, sent.

use kube::api::{DeleteParams, Patch, PatchParams, Preconditions, PropagationPolicy};
use serde_json::{Value, json};

use super::certificate::Pair;
use super::objects::{NAMES, Objects};
use super::users::named;
use super::{KubernetesError, Tokens};
use crate::cluster::Timestamp;
use crate::resource::kubernetes::{Address, Certificate, MANAGED_BY, MANAGER, Operation, Sent};
use crate::resource::{Attributes, Tags};
use crate::world::{Answer, Class, WorldError};

impl<T: Tokens> Objects<T> {
    /// Sends one operation, whose values are all known.
    ///
    /// # Errors
    /// Where the server refuses it, or does not answer.
    pub async fn run(&self, operation: &Operation, called: &'static str) -> Result<Answer, WorldError> {
        let sent = match operation {
            Operation::Create { object } => self.apply(object, self.takes_over).await,
            Operation::Apply { object } => self.apply(object, true).await,
            Operation::Delete { address, uid } => return self.delete(address, uid, called).await,
            Operation::IssueCertificate { certificate } => {
                return self.certify(certificate, self.takes_over, called).await;
            }
            Operation::RenewCertificate { certificate } => {
                return self.certify(certificate, true, called).await;
            }
        };
        sent.map_err(|error| error.of(called))
    }

    /// What is made is not forced: where another has its name by now, the server says whose it is.
    async fn apply(&self, object: &Sent, force: bool) -> Result<Answer, KubernetesError> {
        let mut body = object.manifest.value();
        head(&mut body, &object.address, &object.tags);
        self.patch(&object.address, &body, force).await
    }

    async fn patch(&self, address: &Address, body: &Value, force: bool) -> Result<Answer, KubernetesError> {
        let params = PatchParams { force, ..PatchParams::apply(MANAGER).validation_strict() };
        let made = self.api(address).await?.patch(&address.name, &params, &Patch::Apply(body)).await?;
        let uid = made.metadata.uid.unwrap_or_default();
        Ok(Answer { attributes: Attributes::from([("Uid", uid)]), update: None })
    }

    /// Deletes this one, and not another that has its name by now.
    async fn delete(&self, address: &Address, uid: &str, called: &'static str) -> Result<Answer, WorldError> {
        let api = self.api(address).await.map_err(|error| error.of(called))?;
        if address.kind.name == "CustomResourceDefinition" {
            self.is_unused(address, called).await?;
        }
        let uid = (!uid.is_empty()).then(|| uid.to_owned());
        let params = DeleteParams {
            propagation_policy: Some(PropagationPolicy::Background),
            preconditions: Some(Preconditions { uid, resource_version: None }),
            ..DeleteParams::default()
        };
        match api.delete(&address.name, &params).await {
            Ok(_) => Ok(Answer::default()),
            Err(error) => Err(KubernetesError::from(error).of(called)),
        }
    }

    /// With a kind, all objects of it would go: somebody's, perhaps.
    async fn is_unused(&self, address: &Address, called: &'static str) -> Result<(), WorldError> {
        let (kind, users) = self.users(address).await.map_err(|error| error.of(called))?;
        if users.is_empty() {
            return Ok(());
        }
        let users: Vec<String> = users.iter().map(named).collect();
        let message = format!("{} {kind} would go with it: {}", users.len(), users.join(", "));
        Err(WorldError {
            class: Class::Refused,
            code: "InUse".to_owned(),
            message,
            operation: called,
            request_id: None,
        })
    }

    /// Makes a certificate where there is none that is good. What it is made of never leaves here.
    async fn certify(
        &self,
        certificate: &Certificate,
        force: bool,
        called: &'static str,
    ) -> Result<Answer, WorldError> {
        let address = &certificate.address;
        let there = self.get(address).await.map_err(|error| WorldError { operation: called, ..error })?;
        let held = there.map(|it| Pair::of(&it.data["data"])).unwrap_or_default();
        let now = Timestamp::now();
        let pair = match held.state(&certificate.names, now) {
            crate::resource::kubernetes::State::Good => held,
            _ => held.make(&certificate.names, &address.name, now).map_err(|error| unmade(&error, called))?,
        };
        let labels: serde_json::Map<String, Value> =
            certificate.labels.iter().map(|(key, value)| (key.clone(), value.clone().into())).collect();
        let mut body = json!({
            "metadata": { "labels": labels, "annotations": { NAMES: certificate.names.join(" ") } },
            "type": "kubernetes.io/tls",
            "data": pair.data(),
        });
        body["metadata"]["labels"][MANAGED_BY] = MANAGER.into();
        head(&mut body, address, &certificate.tags);
        let mut answer = self.patch(address, &body, force).await.map_err(|error| error.of(called))?;
        answer.attributes.extend(pair.attributes());
        Ok(answer)
    }
}

fn unmade(error: &dyn std::fmt::Display, called: &'static str) -> WorldError {
    let (code, message) = ("Unmade".to_owned(), error.to_string());
    WorldError { class: Class::Refused, code, message, operation: called, request_id: None }
}

/// Puts in what says where an object is, and that it is ours.
fn head(body: &mut Value, address: &Address, tags: &Tags) {
    body["apiVersion"] = address.kind.api_version().into();
    body["kind"] = address.kind.name.into();
    body["metadata"]["name"] = address.name.clone().into();
    if address.kind.is_namespaced {
        body["metadata"]["namespace"] = address.namespace.clone().into();
    }
    for (key, value) in &tags.0 {
        body["metadata"]["annotations"][key] = value.clone().into();
    }
}
