//! Policies in IAM's own language, written as a part of the file.

use serde_json::{Map, Value as Json, json};

use super::{Value, wrong_type};
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::reader::Reader;
use crate::config::schema::Definitions;
use crate::config::tree::{self, Kind, Node};

/// A policy. What stands in it is IAM's to judge, but that something stands in it.
#[derive(Clone, Debug, Default)]
pub struct Policy(Map<String, Json>);

/// Without it a policy says nothing.
const STATEMENT: &str = "Statement";

impl Policy {
    /// As JSON.
    pub fn json(&self) -> String {
        Json::from(self.0.clone()).to_string()
    }
}

impl Value for Policy {
    fn read(node: &Node<'_>, reader: &mut Reader) -> Option<Self> {
        let Json::Object(map) = json_of(node, reader) else {
            let wrong = wrong_type(node, &Self::named(), reader);
            reader.report(wrong);
            return None;
        };
        if map.contains_key(STATEMENT) {
            return Some(Self(map));
        }
        let message = format!("{} is no policy: it has no `{STATEMENT}`", reader.subject());
        let label = "write `Version: \"2012-10-17\"` and a list `Statement`";
        reader.report(Diagnostic::new(Code::Malformed, reader.visible(node.span), message).label(label));
        None
    }

    fn named() -> String {
        "a policy".to_owned()
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "object", "required": [STATEMENT] })
    }

    fn written(&self) -> Json {
        Json::from(self.0.clone())
    }
}

/// As YAML's core schema has it, maps that are merged in included.
fn json_of(node: &Node<'_>, reader: &mut Reader) -> Json {
    if let Some(entries) = reader.entries(node) {
        let entry = |entry: &tree::Entry<'_>, reader: &mut Reader| {
            (entry.key.to_string(), json_of(&entry.value, reader))
        };
        return Json::Object(entries.into_iter().map(|(it, _)| entry(it, reader)).collect());
    }
    match &node.resolved().kind {
        Kind::List(items) => items.iter().map(|item| json_of(item, reader)).collect(),
        _ => tree::to_json(node),
    }
}
