//! Templates of objects, filled in: on the tree, never on its text, so that no value can be more than a value.
//!
//! A text that is one placeholder and nothing else is replaced by its value, whatever that is; a list of values
//! in place of an item goes in item by item. Within a longer text a value is a part of the text. What has a
//! placeholder without a value is left out, and so is what is left with nothing in it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::resource::Part;
use crate::resource::kubernetes::Body;

/// What placeholders stand for, by their names.
pub(super) type Values = BTreeMap<&'static str, Body>;

/// A template with values in the places of its placeholders; nothing if nothing is left of it.
pub(super) fn fill(template: &Value, values: &Values) -> Option<Body> {
    match template {
        Value::Object(map) if !map.is_empty() => {
            let filled: Vec<(String, Body)> =
                map.iter().filter_map(|(key, value)| Some((key.clone(), fill(value, values)?))).collect();
            (!filled.is_empty()).then_some(Body::Map(filled))
        }
        Value::Array(items) if !items.is_empty() => {
            let filled: Vec<Body> = items.iter().flat_map(|item| in_a_list(item, values)).collect();
            (!filled.is_empty()).then_some(Body::List(filled))
        }
        Value::String(text) => fill_text(text, values),
        plain => Some(Body::from(plain.clone())),
    }
}

fn in_a_list(item: &Value, values: &Values) -> Vec<Body> {
    match (item, fill(item, values)) {
        (Value::String(_), Some(Body::List(items))) => items,
        (_, filled) => filled.into_iter().collect(),
    }
}

/// A text between or in placeholders.
enum Piece<'t> {
    Said(&'t str),
    Placeholder(&'t str),
}

fn fill_text(text: &str, values: &Values) -> Option<Body> {
    let pieces = pieces(text);
    if let [Piece::Placeholder(name)] = pieces[..] {
        return values.get(name).cloned();
    }
    let mut parts: Vec<Part> = Vec::new();
    for piece in &pieces {
        match piece {
            Piece::Said(text) => parts.push(Part::Literal((*text).to_owned())),
            Piece::Placeholder(name) => parts.extend(as_text(values.get(name)?)?),
        }
    }
    let literals: Option<String> = parts.iter().map(literal).collect();
    Some(literals.map_or(Body::Text(parts), |text| Body::Plain(Value::String(text))))
}

fn literal(part: &Part) -> Option<&str> {
    match part {
        Part::Literal(text) => Some(text),
        Part::Of(_) => None,
    }
}

/// A value as a part of a text; a list or a map is none.
fn as_text(value: &Body) -> Option<Vec<Part>> {
    match value {
        Body::Text(parts) => Some(parts.clone()),
        Body::Plain(Value::String(text)) => Some(vec![Part::Literal(text.clone())]),
        Body::Plain(plain @ (Value::Number(_) | Value::Bool(_))) => {
            Some(vec![Part::Literal(plain.to_string())])
        }
        Body::Plain(_) | Body::List(_) | Body::Map(_) => None,
    }
}

/// A text cut at its placeholders, `${name}`.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, (name, after))) =
        rest.split_once("${").and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        found.extend((!before.is_empty()).then_some(Piece::Said(before)));
        found.push(Piece::Placeholder(name));
        rest = after;
    }
    if !rest.is_empty() || found.is_empty() {
        found.push(Piece::Said(rest));
    }
    found
}

/// The placeholders of a template.
#[cfg(test)]
pub(super) fn placeholders(template: &Value) -> Vec<&str> {
    match template {
        Value::Object(map) => map.values().flat_map(placeholders).collect(),
        Value::Array(items) => items.iter().flat_map(placeholders).collect(),
        Value::String(text) => {
            let name = |piece| match piece {
                Piece::Placeholder(name) => Some(name),
                Piece::Said(_) => None,
            };
            pieces(text).into_iter().filter_map(name).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::resource::{Key, Reference, Type};

    fn filled(template: &Value) -> Option<Body> {
        let vpc = Reference { key: Key { kind: Type::Vpc, name: "main".to_owned() }, attribute: "VpcId" };
        let values = Values::from([
            ("name", Body::from(json!("demo"))),
            ("count", Body::from(json!(2))),
            ("more", Body::from(json!(["--a", "--b"]))),
            ("map", Body::from(json!({"cpu": "1"}))),
            ("vpc", Body::Text(vec![Part::Of(vpc)])),
        ]);
        fill(template, &values)
    }

    #[test]
    fn a_value_keeps_its_type_where_it_stands_alone_and_is_text_in_a_text() {
        let template = json!({"n": "${count}", "t": "x-${count}-${name}", "m": "${map}", "plain": true});
        let expected = json!({"n": 2, "t": "x-2-demo", "m": {"cpu": "1"}, "plain": true});
        assert_eq!(filled(&template), Some(Body::from(expected)));
    }

    #[test]
    fn a_list_goes_in_item_by_item() {
        let template = json!(["first", "${more}", "${none}", "last"]);
        assert_eq!(filled(&template), Some(Body::from(json!(["first", "--a", "--b", "last"]))));
    }

    #[test]
    fn what_has_no_value_is_left_out_with_all_that_is_left_empty_by_it() {
        let template =
            json!({"a": {"b": "${none}"}, "c": ["--x=${none}"], "d": {}, "e": "${more} ${name}", "f": 1});
        assert_eq!(filled(&template), Some(Body::from(json!({"d": {}, "f": 1}))));
        assert_eq!(filled(&json!({"a": "${none}"})), None);
    }

    #[test]
    fn a_reference_stays_one_inside_of_a_text() {
        let Some(Body::Text(parts)) = filled(&json!("--vpc=${vpc}")) else { panic!("no reference") };
        assert!(matches!(&parts[..], [Part::Literal(text), Part::Of(_)] if text == "--vpc="));
    }

    #[test]
    fn text_with_half_a_placeholder_is_text() {
        for text in ["", "$", "${", "a ${name", "}"] {
            assert_eq!(filled(&json!(text)), Some(Body::from(json!(text))), "{text}");
        }
    }
}
