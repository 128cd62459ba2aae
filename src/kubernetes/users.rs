//! Who uses a kind that is ours: with its definition all objects of it would go.

use kube::api::{DynamicObject, ListParams};
use kube::{Api, ResourceExt};

use super::objects::{LIST, Objects, at, resource};
use super::{KubernetesError, Tokens};
use crate::resource::kubernetes::{Address, MANAGED_BY, MANAGER};
use crate::world::WorldError;

/// How the labels begin by which the load balancer controller says for what it has made an object: it takes that
/// away by itself.
const OF_CONTROLLER: [&str; 3] = ["ingress.k8s.aws/stack", "service.k8s.aws/stack", "gateway.k8s.aws/stack"];

impl<T: Tokens> Objects<T> {
    /// What people have made of a kind, and nobody here nor a controller would take away: `TargetGroupBinding web/a`.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub async fn made_of(&self, definition: &Address) -> Result<Vec<String>, WorldError> {
        let (kind, users) = self.users(definition).await.map_err(|error| error.of(LIST))?;
        let is_somebodys = |object: &&DynamicObject| {
            let is_ours = object.labels().get(MANAGED_BY).is_some_and(|it| it == MANAGER);
            let is_made = |label: &String| OF_CONTROLLER.iter().any(|start| label.starts_with(start));
            !is_ours && !object.labels().keys().any(is_made)
        };
        Ok(users.iter().filter(is_somebodys).map(|object| format!("{kind} {}", named(object))).collect())
    }

    /// The kind that a definition is of, and all objects of it.
    pub(super) async fn users(
        &self,
        definition: &Address,
    ) -> Result<(String, Vec<DynamicObject>), KubernetesError> {
        let api = self.api(definition).await?;
        let Some(definition) = api.get_opt(&definition.name).await? else { return Ok(Default::default()) };
        let text = |path: &[&str]| at(&definition.data, path).as_str().unwrap_or_default().to_owned();
        let versions = definition.data["spec"]["versions"].as_array().cloned().unwrap_or_default();
        let stored = versions.iter().find(|it| it["storage"] == serde_json::Value::Bool(true));
        let version = stored.and_then(|it| it["name"].as_str()).unwrap_or_default().to_owned();
        let (group, kind) = (text(&["spec", "group"]), text(&["spec", "names", "kind"]));
        let resource = resource((&group, &version), &kind, &text(&["spec", "names", "plural"]));
        let all = Api::<DynamicObject>::all_with(self.server.client().await?, &resource);
        let asked = ListParams::default();
        match self.read(|| all.list(&asked)).await {
            Ok(list) => Ok((kind, list.items)),
            Err(kube::Error::Api(status)) if status.code == 404 => Ok((kind, Vec::new())),
            Err(error) => Err(error.into()),
        }
    }
}

/// As people write it: `web/a`.
pub(super) fn named(object: &DynamicObject) -> String {
    let within = object.namespace().map_or_else(String::new, |it| format!("{it}/"));
    format!("{within}{}", object.name_any())
}
