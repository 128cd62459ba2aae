//! The API server of the cluster.

use serde_json::{Map, Value, json};

use super::exposed;
use super::state::{Item, Next, Played, Refusal, State};
use crate::resource::kubernetes as k8s;
use crate::resource::kubernetes::{Certificate, Manifest, Operation as Call, Sent};
use crate::resource::{Any, Attributes, Key, Standing, Timestamp, Type};
use crate::world::{Answer, Class};

const GONE: Refusal = (Class::NotFound, "NotFound");

pub(super) fn play(state: &mut State, call: &Call, ends: Timestamp) -> Played {
    up(state)?;
    match call {
        Call::Create { object } => create(state, object, ends),
        Call::Apply { object } => apply(state, object, ends),
        Call::Delete { uid, .. } => {
            let is_held = exposed::is_left_alone(state, uid);
            let item = state.by_id(uid).map_err(|_| GONE)?;
            item.live.status = "Terminating".to_owned();
            item.next = (!is_held).then_some((ends, Next::Vanish));
            Ok(Answer::default())
        }
        Call::IssueCertificate { certificate } => {
            absent(state, certificate.address.text())?;
            let certificate = certificate.clone();
            let name = certificate.address.text().to_owned();
            let attributes = made(&certificate, 1);
            state.make(certificate.into(), Some(name), "").tells(attributes)
        }
        Call::RenewCertificate { certificate } => {
            let item = named(state, certificate.address.text())?;
            let number = item.live.attributes.len();
            item.live.properties = certificate.clone().into();
            item.tells(made(certificate, number + 1))
        }
    }
}

fn made(certificate: &Certificate, number: usize) -> [(&'static str, String); 2] {
    let name = &certificate.address.name;
    [("CaBundle", format!("ca-of-{name}-{number}")), ("Fingerprint", format!("hash-of-{name}-{number}"))]
}

/// A server answers that has a cluster to serve, or is there without one.
fn up(state: &State) -> Result<(), Refusal> {
    let mut clusters = state.living().filter(|live| live.properties.kind() == Type::Cluster);
    let down = clusters.any(|live| live.standing() != Standing::Ready);
    if down { Err((Class::Ambiguous, "ConnectionFailed")) } else { Ok(()) }
}

fn named<'a>(state: &'a mut State, name: &str) -> Result<&'a mut Item, Refusal> {
    let is = |item: &&mut Item| {
        item.live.properties.kind().is_kubernetes() && item.live.name.as_deref() == Some(name)
    };
    state.items.iter_mut().find(is).ok_or(GONE)
}

fn absent(state: &mut State, name: &str) -> Result<(), Refusal> {
    if named(state, name).is_ok() { Err((Class::Exists, "AlreadyExists")) } else { Ok(()) }
}

fn create(state: &mut State, object: &Sent, ends: Timestamp) -> Played {
    absent(state, object.address.text())?;
    let (properties, status, next) = becoming(object, ends);
    let item = state.make(properties, Some(object.address.text().to_owned()), status);
    item.next = next;
    item.tells([])
}

fn apply(state: &mut State, object: &Sent, ends: Timestamp) -> Played {
    let (properties, status, next) = becoming(object, ends);
    let item = named(state, object.address.text())?;
    (item.live.properties, item.live.status, item.next) = (properties, status.to_owned(), next);
    Ok(Answer::default())
}

/// What runs takes its time to be as it should; everything else is so at once.
fn becoming(object: &Sent, ends: Timestamp) -> (Any, &'static str, Option<(Timestamp, Next)>) {
    let body = object.manifest.value();
    let manifest = Manifest::living(&body, applied(&body));
    let (address, tags) = (object.address.clone(), object.tags.clone());
    let stage = Key { kind: address.kind.stage, name: String::new() };
    let properties: Any = match stage.kind {
        Type::Namespace => k8s::Namespace::living(address, manifest, tags).into(),
        Type::Definition => k8s::Definition::living(address, manifest, tags).into(),
        Type::Workload => k8s::Workload::living(address, manifest, tags).into(),
        Type::Webhook => k8s::Webhook::living(address, manifest, tags).into(),
        Type::Custom => k8s::Custom::living(address, manifest, tags).into(),
        _ if address == k8s::Inventory::address() => k8s::Inventory::living(address, manifest, tags).into(),
        _ => k8s::Object::living(address, manifest, tags).into(),
    };
    if stage.kind == Type::Workload {
        let done = Next::Become("", Box::new(properties.clone()), Attributes::new());
        return (properties, "Progressing", Some((ends, done)));
    }
    (properties, "", None)
}

/// All of an object as fields that we have applied, as an API server lists them.
pub fn applied(body: &Value) -> Value {
    match body {
        Value::Object(map) if !map.is_empty() => {
            let field = |(key, value): (&String, &Value)| match &**key {
                "containers" => (format!("f:{key}"), by_name(value)),
                _ => (format!("f:{key}"), applied(value)),
            };
            Value::Object(map.iter().map(field).collect())
        }
        _ => Value::Object(Map::new()),
    }
}

/// The items of a list that a server tells apart by their names.
fn by_name(list: &Value) -> Value {
    let items = list.as_array().into_iter().flatten();
    let field = |item: &Value| (format!("k:{}", json!({ "name": item["name"] })), applied(item));
    Value::Object(items.map(field).collect())
}
