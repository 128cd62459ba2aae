//! What of an object is ours: a server keeps a list of who has applied which of its fields.

use kube::api::DynamicObject;
use serde_json::{Map, Value};

use crate::resource::kubernetes::MANAGER;

/// What the names of our annotations begin with.
pub(super) const MARK: &str = "eksact.dev/";

/// The body of an object: without what says where it is, what the server keeps for itself, and our own
/// bookkeeping.
pub(super) fn body(object: &DynamicObject) -> Value {
    let mut body = object.data.clone();
    let annotations = object.metadata.annotations.iter().flatten();
    let annotations: Map<String, Value> = annotations
        .filter(|(key, _)| !key.starts_with(MARK))
        .map(|(key, value)| (key.clone(), value.clone().into()))
        .collect();
    let labels: Map<String, Value> = object
        .metadata
        .labels
        .iter()
        .flatten()
        .map(|(key, value)| (key.clone(), value.clone().into()))
        .collect();
    let mut metadata = Map::new();
    metadata.insert("labels".to_owned(), labels.into());
    if !annotations.is_empty() {
        metadata.insert("annotations".to_owned(), annotations.into());
    }
    if let Some(body) = body.as_object_mut() {
        body.remove("status");
        body.insert("metadata".to_owned(), metadata.into());
    }
    body
}

/// The fields that we have applied.
pub(super) fn fields(object: &DynamicObject) -> Value {
    let entries = object.metadata.managed_fields.iter().flatten();
    let ours = entries.filter(|entry| {
        entry.manager.as_deref() == Some(MANAGER)
            && entry.operation.as_deref() == Some("Apply")
            && entry.subresource.as_deref().unwrap_or_default().is_empty()
    });
    let mut all = Value::Object(Map::new());
    for entry in ours.filter_map(|entry| entry.fields_v1.as_ref()) {
        merge(&mut all, &entry.0);
    }
    without_marks(&mut all);
    all
}

/// Who looks after an object that is not ours: whoever has applied or written most of it.
pub(super) fn manager(object: &DynamicObject) -> String {
    let label = object.metadata.labels.as_ref().and_then(|it| it.get("app.kubernetes.io/managed-by"));
    let entries = object.metadata.managed_fields.iter().flatten();
    let size = |fields: &Value| fields.to_string().len();
    let most = entries.max_by_key(|it| it.fields_v1.as_ref().map_or(0, |fields| size(&fields.0)));
    let most = most.and_then(|entry| entry.manager.clone());
    label.cloned().filter(|label| label != MANAGER).or(most).unwrap_or_else(|| "somebody else".to_owned())
}

fn merge(into: &mut Value, from: &Value) {
    let (Some(into), Some(from)) = (into.as_object_mut(), from.as_object()) else { return };
    for (key, value) in from {
        merge(into.entry(key.clone()).or_insert_with(|| Value::Object(Map::new())), value);
    }
}

/// Our own annotations are compared as tags. An empty list of fields would mean all of them.
fn without_marks(fields: &mut Value) {
    let Some(metadata) = fields.get_mut("f:metadata").and_then(Value::as_object_mut) else { return };
    let Some(annotations) = metadata.get_mut("f:annotations").and_then(Value::as_object_mut) else { return };
    annotations.retain(|key, _| !key.starts_with(&format!("f:{MARK}")));
    if annotations.is_empty() {
        metadata.remove("f:annotations");
    }
}
