//! `true` and `false`.

use serde_json::{Value as Json, json};

use super::Value;
use super::notation::{Looks, expected, looks, wrong_type};
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::reader::Reader;
use crate::config::schema::Definitions;
use crate::config::tree::Node;

impl Value for bool {
    fn read(node: &Node<'_>, reader: &mut Reader) -> Option<Self> {
        let scalar = expected(node, &Self::named(), reader)?;
        let diagnostic = match (looks(scalar), &*scalar.text) {
            (Looks::Bool, text) => return Some(text.eq_ignore_ascii_case("true")),
            (Looks::OldBool(value), text) => {
                let message = format!("{} takes true or false", reader.subject());
                Diagnostic::new(Code::OtherNotation, node.span, message)
                    .label(format!("`{text}` is text in YAML 1.2: write `{value}`"))
                    .fix(node.span, value.to_string())
            }
            (_, text @ ("true" | "false")) => {
                wrong_type(node, &Self::named(), reader).label("remove the quotes").fix(node.span, text)
            }
            _ => wrong_type(node, &Self::named(), reader),
        };
        reader.report(diagnostic);
        None
    }

    fn named() -> String {
        "true or false".to_owned()
    }

    fn written(&self) -> Json {
        json!(self)
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "boolean" })
    }
}
