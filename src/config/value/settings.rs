//! Settings in a language of their own: JSON or YAML in text.

use serde_json::{Map, Value as Json, json};

use super::Value;
use super::notation::found;
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::reader::Reader;
use crate::config::schema::Definitions;
use crate::config::tree::{self, Node};

/// A map of settings, whose names are not ours to know.
#[derive(Clone, Debug, Default)]
pub struct Settings(Map<String, Json>);

impl Settings {
    /// As JSON; nothing if there are none.
    pub fn json(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| Json::from(self.0.clone()).to_string())
    }
}

impl Value for Settings {
    fn read(node: &Node<'_>, reader: &mut Reader) -> Option<Self> {
        let text = String::read(node, reader)?;
        match parse(&text) {
            Ok(settings) => Some(Self(settings)),
            Err((message, label)) => {
                let message = format!("{}: {message}", reader.subject());
                reader.report(Diagnostic::new(Code::BadSettings, node.span, message).label(label));
                None
            }
        }
    }

    fn named() -> String {
        "text".to_owned()
    }

    fn written(&self) -> Json {
        json!(Json::from(self.0.clone()).to_string())
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "string" })
    }
}

/// What is wrong, and where.
fn parse(text: &str) -> Result<Map<String, Json>, (String, String)> {
    if let Ok(map) = serde_json::from_str(text) {
        return Ok(map);
    }
    let (documents, said) = tree::parse(text);
    if let Some(wrong) = said.first() {
        let before = &text[..(wrong.primary.span.start as usize).min(text.len())];
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        return Err((wrong.message.clone(), format!("in line {line} of this text")));
    }
    match &documents[..] {
        [] => Ok(Map::new()),
        [document] if document.root.is_null() => Ok(Map::new()),
        [document] => match tree::to_json(&document.root) {
            Json::Object(map) => Ok(map),
            _ => Err((format!("takes a map of settings, not {}", found(&document.root)), String::new())),
        },
        _ => Err(("takes one map of settings, not several documents".to_owned(), String::new())),
    }
}
