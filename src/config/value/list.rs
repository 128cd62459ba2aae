//! Lists, each item with its place.

use serde_json::{Value as Json, json};

use super::{Value, hint, spanned, wrong_type};
use crate::config::declare::SectionDecl;
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::Spanned;
use crate::config::reader::{Reader, Step};
use crate::config::schema::Definitions;
use crate::config::tree::{Kind, Node};

pub type List<T> = Vec<Spanned<T>>;

impl<T: Value> Value for List<T> {
    const REQUIRED: bool = false;

    fn read(node: &Node<'_>, reader: &mut Reader) -> Option<Self> {
        if let Kind::List(items) = &node.kind {
            let read = |(n, item): (usize, &Node<'_>)| {
                reader.within(Step::Item(n), item.span, |reader| spanned(item, item.span, reader))
            };
            return Some(items.iter().enumerate().map(read).collect());
        }
        if node.is_null() {
            reader.report(empty(node, reader));
            return Some(Vec::new());
        }
        let wrong = wrong_type(node, &Self::named(), reader);
        reader.report(match (&node.kind, T::instead(node)) {
            (_, Some(instead)) => hint(wrong, instead),
            (Kind::Scalar(scalar), None) if T::section().is_none() && wrong.code == Code::WrongType => wrong
                .label(format!("write `[{}]`", super::short(&scalar.text)))
                .fix(node.span, format!("[{}]", scalar.text)),
            (Kind::Map(_), None) => wrong.label("start each item with `- `"),
            _ => wrong,
        });
        None
    }

    fn named() -> String {
        match T::section() {
            Some(_) => "a list".to_owned(),
            None => format!("a list, each item {}", T::named()),
        }
    }

    fn written(&self) -> Json {
        self.iter().map(|item| item.value.written()).collect()
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "type": ["array", "null"], "items": T::schema(definitions) })
    }

    fn section() -> Option<&'static SectionDecl> {
        T::section()
    }
}

/// A key with nothing under it, where nothing is a thinkable value.
pub fn empty(node: &Node<'_>, reader: &Reader) -> Diagnostic {
    let message = format!("{} is empty", reader.subject());
    let place = reader.visible(node.span);
    Diagnostic::new(Code::EmptySection, place, message)
        .label("nothing is set here; fill it in, or remove the line")
}
