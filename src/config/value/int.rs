//! Whole numbers with their range in the type.

use std::fmt;

use serde_json::{Value as Json, json};

use super::Value;
use super::notation::{Looks, expected, looks, wrong_type};
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::reader::Reader;
use crate::config::schema::Definitions;
use crate::config::tree::{Node, Scalar};

/// A whole number from `MIN` to `MAX`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Int<const MIN: i64, const MAX: i64>(pub i64);

impl<const MIN: i64, const MAX: i64> Int<MIN, MAX> {
    /// As AWS counts; no field here takes a number that does not fit.
    pub fn count(self) -> u32 {
        u32::try_from(self.0.max(0)).unwrap_or(u32::MAX)
    }
}

impl<const MIN: i64, const MAX: i64> Value for Int<MIN, MAX> {
    fn read(node: &Node<'_>, reader: &mut Reader) -> Option<Self> {
        let scalar = expected(node, &Self::named(), reader)?;
        let parsed = match looks(scalar) {
            Looks::Int => scalar.text.parse::<i64>().ok(),
            _ => {
                let diagnostic = other(node, scalar, &Self::named(), reader);
                reader.report(diagnostic);
                return None;
            }
        };
        match parsed.filter(|n| (MIN..=MAX).contains(n)) {
            Some(n) => Some(Self(n)),
            None => {
                let message = format!("{} is {}", reader.subject(), scalar.text);
                let label = format!("takes {}", Self::named());
                reader.report(Diagnostic::new(Code::Malformed, node.span, message).label(label));
                None
            }
        }
    }

    fn named() -> String {
        format!("a whole number from {MIN} to {MAX}")
    }

    fn written(&self) -> Json {
        json!(self.0)
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "integer", "minimum": MIN, "maximum": MAX })
    }
}

/// Not an integer in plain digits: says which notation it is, and what to write if that is certain.
fn other(node: &Node<'_>, scalar: &Scalar<'_>, named: &str, reader: &Reader) -> Diagnostic {
    let plain = format!("{} takes {named}, in plain digits", reader.subject());
    let notation = Diagnostic::new(Code::OtherNotation, node.span, plain);
    let quoted = Scalar { text: scalar.text.clone(), plain: true };
    match looks(scalar) {
        Looks::OtherInt(Some(n)) => notation.label(format!("write `{n}`")).fix(node.span, n.to_string()),
        Looks::OtherInt(None) => {
            notation.label("with a leading 0, YAML 1.1 reads octal and YAML 1.2 does not")
        }
        Looks::Float => wrong_type(node, named, reader).label("no fraction and no exponent"),
        _ if !scalar.plain && looks(&quoted) == Looks::Int => {
            wrong_type(node, named, reader).label("remove the quotes").fix(node.span, &*scalar.text)
        }
        _ => wrong_type(node, named, reader),
    }
}

impl<const MIN: i64, const MAX: i64> fmt::Display for Int<MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
