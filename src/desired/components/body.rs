//! The body of an object in the making.

use serde_json::{Map, Value};

use crate::resource::Part;

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

impl From<Value> for Body {
    fn from(value: Value) -> Self {
        match value {
            Value::Object(map) => Body::Map(entries(map)),
            Value::Array(items) => Body::List(items.into_iter().map(Body::from).collect()),
            plain => Body::Plain(plain),
        }
    }
}

impl Body {
    /// As a value; a reference stands in its text as `${cluster/demo.Name}`.
    pub fn told(&self) -> Value {
        match self {
            Body::Plain(value) => value.clone(),
            Body::Text(parts) => Value::String(parts.iter().map(told).collect()),
            Body::List(items) => items.iter().map(Body::told).collect(),
            Body::Map(entries) => {
                Value::Object(entries.iter().map(|(key, value)| (key.clone(), value.told())).collect())
            }
        }
    }
}

fn told(part: &Part) -> String {
    match part {
        Part::Literal(text) => text.clone(),
        Part::Of(reference) => format!("${{{}.{}}}", reference.key, reference.attribute),
    }
}

fn entries(map: Map<String, Value>) -> Vec<(String, Body)> {
    map.into_iter().map(|(key, value)| (key, Body::from(value))).collect()
}
