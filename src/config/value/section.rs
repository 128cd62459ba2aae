//! A section as a value: its fields, then its rules.

use super::{Value, hint, short, wrong_type};
use crate::config::declare::{Section, SectionDecl};
use crate::config::diagnostic::Diagnostic;
use crate::config::fields::Fields;
use crate::config::reader::Reader;
use crate::config::tree::{Kind, Node};

pub fn read<S: Section + Value>(node: &Node<'_>, reader: &mut Reader) -> Option<S> {
    if node.is_null() {
        if !S::DECL.is_required() {
            reader.report(super::list::empty(node, reader));
        }
        return Some(absent(reader));
    }
    let Some(entries) = reader.entries(node) else {
        let wrong = wrong_type(node, &S::named(), reader);
        reader.report(match <S as Section>::instead(node) {
            Some(instead) => hint(wrong, instead),
            None => no_map(node, wrong, S::DECL),
        });
        return None;
    };
    let mut fields = Fields::open(S::DECL, entries, reader);
    let section = S::fill(&mut fields);
    fields.close();
    if !reader.broken {
        section.broken_rules().into_iter().for_each(|diagnostic| reader.report(diagnostic));
    }
    Some(section)
}

/// A list of one, or the one thing that must be said: what to write instead is clear.
fn no_map(node: &Node<'_>, wrong: Diagnostic, decl: &SectionDecl) -> Diagnostic {
    let mut required = decl.fields.iter().filter(|field| field.is_required());
    match (&node.kind, required.next(), required.next()) {
        (Kind::List(items), ..) if matches!(&items[..], [item] if item.as_map().is_some()) => {
            hint(wrong, "remove the `-`: there is one of these")
        }
        (Kind::Scalar(scalar), Some(field), None) => {
            hint(wrong, format!("write `{}: {}`", field.key, short(&scalar.text)))
        }
        _ => wrong,
    }
}

/// Its fields in words.
pub fn named(decl: &SectionDecl) -> String {
    let names: Vec<String> = decl.fields.iter().take(2).map(|field| format!("`{}`", field.key)).collect();
    match decl.fields.len() {
        0..=2 => format!("a map with {}", names.join(" and ")),
        _ => format!("a map with fields such as {}", names.join(" and ")),
    }
}

/// All of its defaults. Its rules are not asked: what nobody wrote breaks none.
pub fn absent<S: Section>(reader: &mut Reader) -> S {
    let mut fields = Fields::open(S::DECL, Vec::new(), reader);
    let section = S::fill(&mut fields);
    fields.close();
    section
}

/// `impl Value` for a type declared with `section!`.
macro_rules! by_section {
    ($Name:ident) => {
        impl $crate::config::value::Value for $Name {
            const REQUIRED: bool = <Self as $crate::config::declare::Section>::DECL.is_required();
            fn read(
                node: &$crate::config::tree::Node<'_>,
                reader: &mut $crate::config::reader::Reader,
            ) -> Option<Self> {
                $crate::config::value::read_section(node, reader)
            }
            fn absent(reader: &mut $crate::config::reader::Reader) -> Self {
                $crate::config::value::absent_section(reader)
            }
            fn named() -> String {
                $crate::config::value::named_section(<Self as $crate::config::declare::Section>::DECL)
            }
            fn written(&self) -> serde_json::Value {
                serde_json::Value::Object(<Self as $crate::config::declare::Section>::written(self))
            }
            fn schema(definitions: &mut $crate::config::schema::Definitions) -> serde_json::Value {
                definitions.reference(<Self as $crate::config::declare::Section>::DECL, Self::REQUIRED)
            }
            fn section() -> Option<&'static $crate::config::declare::SectionDecl> {
                Some(<Self as $crate::config::declare::Section>::DECL)
            }
            fn instead(node: &$crate::config::tree::Node<'_>) -> Option<String> {
                <Self as $crate::config::declare::Section>::instead(node)
            }
        }
    };
}
pub(crate) use by_section;
