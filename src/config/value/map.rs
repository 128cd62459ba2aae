//! Maps with keys of the user's own choice: labels, tags, subnets by name.

use serde_json::{Value as Json, json};

use super::list::empty;
use super::{Value, spanned, wrong_type};
use crate::config::declare::SectionDecl;
use crate::config::place::{Origin, Span, Spanned};
use crate::config::reader::{Reader, Step};
use crate::config::schema::Definitions;
use crate::config::tree::{Entry, Node};

/// Keys and values in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Map<T>(pub Vec<(Spanned<String>, Spanned<T>)>);

impl<T> Map<T> {
    pub fn iter(&self) -> impl Iterator<Item = &(Spanned<String>, Spanned<T>)> {
        self.0.iter()
    }
}

impl<T: Value> Value for Map<T> {
    const REQUIRED: bool = false;

    fn read(node: &Node<'_>, reader: &mut Reader) -> Option<Self> {
        if node.is_null() {
            reader.report(empty(node, reader));
            return Some(Self::default());
        }
        let Some(entries) = reader.entries(node) else {
            let wrong = wrong_type(node, &Self::named(), reader);
            reader.report(wrong);
            return None;
        };
        let read = |(entry, via): (&Entry<'_>, Option<Span>)| {
            let key = Spanned {
                value: entry.key.to_string(),
                key: entry.span,
                span: entry.span,
                origin: Origin::Written,
            };
            let step = Step::Key(entry.key.to_string());
            let value =
                reader.through(via, |r| r.within(step, entry.span, |r| spanned(&entry.value, entry.span, r)));
            (key, value)
        };
        Some(Self(entries.into_iter().map(read).collect()))
    }

    fn named() -> String {
        match T::section() {
            Some(_) => "a map by name".to_owned(),
            None => format!("a map of keys to {}", T::named()),
        }
    }

    fn written(&self) -> Json {
        let entries = self.iter().map(|(key, value)| (key.value.clone(), value.value.written()));
        Json::Object(entries.collect())
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "type": ["object", "null"], "additionalProperties": T::schema(definitions) })
    }

    fn section() -> Option<&'static SectionDecl> {
        T::section()
    }
}
