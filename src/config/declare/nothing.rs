//! Values that ask for nothing: `withOIDC: false` need not wait until OIDC can be carried out.

use serde_json::{Value as Json, json};

use crate::config::declare::{NotYet, SectionDecl};
use crate::config::fields::in_the_files_words;
use crate::config::schema::Definitions;
use crate::config::tree::{self, Entry, Kind, Node};

impl NotYet {
    /// Whether a value is empty, or what holds anyway; of a section, all that is written in it.
    pub fn asks_for_nothing(&self, node: &Node<'_>) -> bool {
        match &node.resolved().kind {
            // It has been reported.
            Kind::Bad | Kind::Shared { .. } => true,
            Kind::Scalar(scalar) => {
                node.is_null() || scalar.text.is_empty() || self.idle_as_json() == Some(tree::to_json(node))
            }
            Kind::List(items) => items.is_empty(),
            Kind::Map(entries) => match self.under {
                Some(section) => asks_for_nothing(section, entries),
                None => entries.is_empty(),
            },
        }
    }

    fn idle_as_json(&self) -> Option<Json> {
        (!self.idle.is_empty()).then(|| tree::to_json(&Node::scalar(self.idle, true)))
    }

    /// What a schema accepts of it.
    pub fn schema(&self, definitions: &mut Definitions) -> Json {
        let about = "Not supported yet.";
        let words = [json!(null), json!(""), json!([]), json!({})].into_iter().chain(self.idle_as_json());
        let empty = json!({ "enum": words.collect::<Vec<_>>() });
        match self.under {
            None => json!({ "enum": empty["enum"], "description": about }),
            Some(section) => {
                json!({ "anyOf": [empty, definitions.reference(section, true)], "description": about })
            }
        }
    }
}

impl SectionDecl {
    /// Whether a field stands there as eksctl prints it where it says nothing.
    pub fn is_blank(&self, entry: &Entry<'_>) -> bool {
        let scalar = || entry.value.as_scalar().is_some();
        self.blank(&entry.key).is_some_and(|nothing| scalar() && nothing == tree::to_json(&entry.value))
    }

    /// What eksctl prints in a field that says nothing; none, if it leaves the field out.
    pub fn blank(&self, key: &str) -> Option<Json> {
        let (_, nothing) = self.blank.iter().find(|(blank, _)| *blank == key)?;
        Some(tree::to_json(&in_the_files_words(nothing)))
    }
}

/// What a name that nobody knows asks for is not known: both are said.
fn asks_for_nothing(section: &SectionDecl, entries: &[Entry<'_>]) -> bool {
    entries.iter().all(|entry| match section.not_yet(&entry.key) {
        Some(later) => later.asks_for_nothing(&entry.value),
        None if entry.is_merge() => merges_nothing(section, &entry.value),
        None => false,
    })
}

fn merges_nothing(section: &SectionDecl, node: &Node<'_>) -> bool {
    match &node.resolved().kind {
        Kind::Map(entries) => asks_for_nothing(section, entries),
        Kind::List(maps) => maps.iter().all(|map| merges_nothing(section, map)),
        Kind::Bad | Kind::Shared { .. } | Kind::Scalar(_) => true,
    }
}
