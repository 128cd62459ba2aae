//! The body of an object in the making: JSON, in whose texts references may stand.

use serde_json::{Map, Value};

use super::Manifest;
use crate::resource::{Json, Part, Scalar, Val};

/// JSON with texts that may be known only later.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Known, whatever it is.
    Plain(Value),
    /// Text with references in it.
    Text(Vec<Part>),
    /// A list.
    List(Vec<Body>),
    /// A map.
    Map(Vec<(String, Body)>),
}

impl Body {
    /// A text that is known, or will be.
    pub fn of<T: Scalar>(value: &Val<T>) -> Self {
        Body::Text(value.parts())
    }

    /// The body as a manifest.
    pub fn manifest(self) -> Manifest {
        let mut parts = Vec::new();
        self.write(&mut parts);
        let mut joined: Vec<Part> = Vec::new();
        for part in parts {
            match (joined.last_mut(), part) {
                (Some(Part::Literal(before)), Part::Literal(text)) => before.push_str(&text),
                (_, part) => joined.push(part),
            }
        }
        Manifest::new(match &joined[..] {
            [Part::Literal(text)] => Val::Known(Json::from(text.clone())),
            _ => Val::Text(joined),
        })
    }

    /// As JSON's text. What a reference stands for is put into a string as it is: ARNs, ids, names and
    /// base64 have nothing in them that would have to be escaped.
    fn write(&self, into: &mut Vec<Part>) {
        let literal = |text: &str| Part::Literal(text.to_owned());
        match self {
            Body::Plain(value) => into.push(Part::Literal(value.to_string())),
            Body::Text(parts) => {
                into.push(literal("\""));
                into.extend(parts.iter().map(|part| match part {
                    Part::Literal(text) => Part::Literal(escaped(text)),
                    Part::Of(reference) => Part::Of(reference.clone()),
                }));
                into.push(literal("\""));
            }
            Body::List(items) => {
                into.push(literal("["));
                for (at, item) in items.iter().enumerate() {
                    into.extend((at > 0).then(|| literal(",")));
                    item.write(into);
                }
                into.push(literal("]"));
            }
            Body::Map(entries) => {
                into.push(literal("{"));
                for (at, (key, value)) in entries.iter().enumerate() {
                    let comma = if at > 0 { "," } else { "" };
                    into.push(Part::Literal(format!("{comma}{}:", Value::String(key.clone()))));
                    value.write(into);
                }
                into.push(literal("}"));
            }
        }
    }
}

impl From<Value> for Body {
    fn from(value: Value) -> Self {
        match value {
            Value::Object(map) => Body::Map(entries(map)),
            Value::Array(items) => Body::List(items.into_iter().map(Body::from).collect()),
            plain => Body::Plain(plain),
        }
    }
}

fn entries(map: Map<String, Value>) -> Vec<(String, Body)> {
    map.into_iter().map(|(key, value)| (key, Body::from(value))).collect()
}

/// A text as it stands between the quotes of a JSON string.
fn escaped(text: &str) -> String {
    let quoted = Value::String(text.to_owned()).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

#[test]
fn what_is_known_is_json_and_what_is_not_keeps_its_place() {
    let body = Body::Map(vec![
        ("b".to_owned(), Body::Text(vec![Part::Literal("say \"x\"".to_owned())])),
        ("a".to_owned(), Body::from(serde_json::json!([1, null]))),
    ]);
    let manifest = body.manifest();
    assert_eq!(manifest.known().map(AsRef::as_ref), Some(r#"{"a":[1,null],"b":"say \"x\""}"#));
}
