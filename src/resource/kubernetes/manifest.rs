//! What an object is to be like, and how one that lives differs from it.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::Kind;
use super::immutable::reaction;
use crate::resource::{Comparison, Json, Outputs, Part, Place, Property, Seen, Val};

/// Lists that are ours as a whole, and in whose items a server puts nothing: what is not desired there is to go.
const AS_SENT: [&str; 1] = [".tolerations"];

/// The body of an object: all but its kind, namespace and name.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    text: Val<Json>,
    /// Of one that lives: which of its fields were applied by us, as `managedFields` say.
    owned: Value,
}

impl Manifest {
    /// One that is desired.
    pub fn new(text: Val<Json>) -> Self {
        Self { text, owned: Value::Null }
    }

    /// One that lives, with the fields of it that were applied by us (`FieldsV1`).
    pub fn living(body: &Value, owned: Value) -> Self {
        Self { text: Val::Known(Json::from(body.to_string())), owned }
    }

    /// Its text, where nothing in it is still to be made.
    pub fn known(&self) -> Option<&Json> {
        self.text.known()
    }

    /// As a value; a reference that is not resolved yet stands in its text as `${workload/x.Arn}`.
    pub fn value(&self) -> Value {
        let text = match &self.text {
            Val::Known(json) => json.as_ref().to_owned(),
            Val::Of(_) => String::new(),
            Val::Text(parts) => parts.iter().map(told).collect(),
        };
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    }

    /// Finds how this differs from one that lives.
    pub(super) fn differs(&self, kind: Kind, live: &Self, into: &mut Comparison) {
        Walk { kind, into }.any("", &self.value(), Some(&live.value()), Some(&live.owned));
    }
}

fn told(part: &Part) -> String {
    match part {
        Part::Literal(text) => text.clone(),
        Part::Of(reference) => format!("${{{}.{}}}", reference.key, reference.attribute),
    }
}

impl Serialize for Manifest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl Property for Manifest {
    fn visit(&self, see: &mut dyn FnMut(Seen<'_>)) {
        self.text.visit(see);
    }
    fn resolve(&mut self, outputs: &Outputs) {
        self.text.resolve(outputs);
    }
}

/// Goes through what is desired, beside what lives and what of that is ours: what others have added is
/// theirs, what we have applied and do not desire any more is to go.
struct Walk<'a> {
    kind: Kind,
    into: &'a mut Comparison,
}

impl Walk<'_> {
    fn any(&mut self, at: &str, desired: &Value, live: Option<&Value>, owned: Option<&Value>) {
        match (desired, live) {
            (Value::Null, _) => {}
            (Value::Object(desired), Some(Value::Object(live))) => self.map(at, desired, live, owned),
            (Value::Array(desired), Some(Value::Array(live))) => self.list(at, desired, live, owned),
            (Value::Object(map), None) if map.is_empty() => {}
            (Value::Array(items), None) if items.is_empty() => {}
            (desired, Some(live)) if same(desired, live) => {}
            (desired, live) => self.differ(at, live, Some(desired)),
        }
    }

    fn map(
        &mut self,
        at: &str,
        desired: &Map<String, Value>,
        live: &Map<String, Value>,
        owned: Option<&Value>,
    ) {
        for (key, value) in desired {
            let inner = owned.and_then(|owned| owned.get(format!("f:{key}")));
            self.any(&below(at, key), value, live.get(key), inner);
        }
        // What is ours as a whole has no fields of its own in the list.
        let is_whole = owned.and_then(Value::as_object).is_some_and(Map::is_empty);
        let ours = |key: &str| is_whole || owned.is_some_and(|owned| owned.get(format!("f:{key}")).is_some());
        for (key, value) in live.iter().filter(|(key, _)| !desired.contains_key(*key) && ours(key)) {
            self.differ(&below(at, key), Some(value), None);
        }
    }

    fn list(&mut self, at: &str, desired: &[Value], live: &[Value], owned: Option<&Value>) {
        let items = owned.and_then(Value::as_object);
        let keyed = items.and_then(|items| items.keys().find_map(|item| keys_of(item)));
        match (items, keyed) {
            (Some(items), Some(keys)) => self.keyed(at, (desired, live), items, &keys),
            (Some(items), None) if items.keys().any(|item| item.starts_with("v:")) => {
                self.set(at, desired, live, items);
            }
            _ => {
                // Inside of a list that is ours as a whole, a server may have put its defaults.
                let has_defaults = !AS_SENT.iter().any(|list| at.ends_with(list));
                let ours = owned.is_some() && desired.len() == live.len() && has_defaults;
                let alike = ours && desired.iter().zip(live).all(|(desired, live)| is_within(desired, live));
                if !alike && !same_lists(desired, live) {
                    let list = |items: &[Value]| Value::Array(items.to_vec());
                    self.differ(at, Some(&list(live)), Some(&list(desired)));
                }
            }
        }
    }

    /// A list whose items are known by some of their fields.
    fn keyed(
        &mut self,
        at: &str,
        (desired, live): (&[Value], &[Value]),
        owned: &Map<String, Value>,
        keys: &[String],
    ) {
        let is = |one: &Value, other: &Value| keys.iter().all(|key| one.get(key) == other.get(key));
        let ours = |item: &Value| owned.iter().find(|(name, _)| names(name, item)).map(|(_, fields)| fields);
        for item in desired {
            let found = live.iter().find(|live| is(item, live));
            self.any(&below(at, &called(item, keys)), item, found, ours(item));
        }
        for item in live.iter().filter(|live| !desired.iter().any(|it| is(it, live)) && ours(live).is_some())
        {
            self.differ(&below(at, &called(item, keys)), Some(item), None);
        }
    }

    /// A list of values of which each is there once.
    fn set(&mut self, at: &str, desired: &[Value], live: &[Value], owned: &Map<String, Value>) {
        let ours = |value: &Value| owned.contains_key(&format!("v:{value}"));
        let lacks = desired.iter().any(|value| !live.contains(value));
        if lacks || live.iter().any(|value| ours(value) && !desired.contains(value)) {
            let list = |items: &[Value]| Value::Array(items.to_vec());
            self.differ(at, Some(&list(live)), Some(&list(desired)));
        }
    }

    fn differ(&mut self, at: &str, live: Option<&Value>, desired: Option<&Value>) {
        self.into.differ(&Place::at(at, reaction(self.kind, at)), live, desired);
    }
}

fn below(at: &str, key: &str) -> String {
    if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") }
}

/// The fields by which the items of a list are known, as `k:{"name":"x"}` says.
fn keys_of(item: &str) -> Option<Vec<String>> {
    let fields: Map<String, Value> = serde_json::from_str(item.strip_prefix("k:")?).ok()?;
    Some(fields.keys().cloned().collect())
}

/// Whether `k:{"name":"x"}` means this item.
fn names(name: &str, item: &Value) -> bool {
    let fields =
        name.strip_prefix("k:").and_then(|text| serde_json::from_str::<Map<String, Value>>(text).ok());
    fields.is_some_and(|fields| fields.iter().all(|(key, value)| item.get(key) == Some(value)))
}

/// What an item is called on a screen: `manager`, `9443/TCP`.
fn called(item: &Value, keys: &[String]) -> String {
    let text =
        |key: &String| item.get(key).map(|value| value.as_str().map_or(value.to_string(), str::to_owned));
    keys.iter().filter_map(text).collect::<Vec<_>>().join("/")
}

/// Whether all of what is desired is there, whatever else is.
fn is_within(desired: &Value, live: &Value) -> bool {
    match (desired, live) {
        (Value::Object(desired), Value::Object(live)) => desired
            .iter()
            .all(|(key, value)| is_empty(value) || live.get(key).is_some_and(|it| is_within(value, it))),
        (Value::Array(desired), Value::Array(live)) => {
            desired.len() == live.len()
                && desired.iter().zip(live).all(|(desired, live)| is_within(desired, live))
        }
        (desired, live) => same(desired, live),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(map) => map.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn same(desired: &Value, live: &Value) -> bool {
    match (desired, live) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (one, other) => one == other,
    }
}

fn same_lists(desired: &[Value], live: &[Value]) -> bool {
    desired.len() == live.len() && desired.iter().zip(live).all(|(desired, live)| same(desired, live))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn differences(desired: &Value, live: &Value, owned: Value) -> Vec<String> {
        let mut found = Comparison::default();
        let desired = Manifest::new(Val::Known(Json::from(desired.to_string())));
        desired.differs(
            Kind::named("Deployment").expect("a kind"),
            &Manifest::living(live, owned),
            &mut found,
        );
        let told = |value: &Option<Value>| value.as_ref().map_or("-".to_owned(), Value::to_string);
        found
            .differences
            .iter()
            .map(|it| format!("{} {} → {}", it.path, told(&it.before), told(&it.after)))
            .collect()
    }

    #[test]
    fn what_others_have_added_is_theirs_and_what_they_changed_is_put_back() {
        let desired = json!({"metadata": {"labels": {"a": "1"}}, "spec": {"replicas": 2}});
        let live =
            json!({"metadata": {"labels": {"a": "1", "b": "x"}}, "spec": {"replicas": 5, "paused": false}});
        let owned = json!({"f:metadata": {"f:labels": {"f:a": {}}}});
        assert_eq!(differences(&desired, &live, owned), ["spec.replicas 5 → 2"]);
    }

    #[test]
    fn what_was_applied_and_is_not_desired_any_more_goes() {
        let desired = json!({"metadata": {"labels": {"a": "1"}}});
        let live = json!({"metadata": {"labels": {"a": "1", "old": "x", "b": "y"}}});
        let owned = json!({"f:metadata": {"f:labels": {"f:a": {}, "f:old": {}}}});
        assert_eq!(differences(&desired, &live, owned), [r#"metadata.labels.old "x" → -"#]);
    }

    #[test]
    fn items_are_known_by_their_keys_and_defaults_are_the_servers() {
        let desired = json!({"c": [{"name": "a", "image": "2"}, {"name": "new"}]});
        let live = json!({"c": [{"name": "other", "x": 1}, {"name": "a", "image": "1", "pull": "Always"}, {"name": "gone"}]});
        let owned = json!({"f:c": {"k:{\"name\":\"a\"}": {".": {}, "f:name": {}, "f:image": {}}, "k:{\"name\":\"gone\"}": {}}});
        let found = differences(&desired, &live, owned);
        assert_eq!(
            found,
            [r#"c.a.image "1" → "2""#, r#"c.new - → {"name":"new"}"#, r#"c.gone {"name":"gone"} → -"#]
        );
    }

    #[test]
    fn a_list_that_is_ours_as_a_whole_may_have_defaults_in_it_and_another_ones_may_not() {
        let desired = json!({"rules": [{"verbs": ["get"]}]});
        let live = json!({"rules": [{"verbs": ["get"], "scope": "*"}]});
        assert!(differences(&desired, &live, json!({"f:rules": {}})).is_empty());
        assert_eq!(differences(&desired, &live, json!({})).len(), 1);
        let other = json!({"rules": [{"verbs": ["get", "list"]}]});
        assert_eq!(differences(&desired, &other, json!({"f:rules": {}})).len(), 1);
    }
}
