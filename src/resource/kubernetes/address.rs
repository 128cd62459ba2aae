//! Where an object is: kind, namespace and name, and which part of the file it belongs to.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{Exposed, Inventory, Kind};
use crate::resource::{Key, Type};

/// Where an object is. No two have the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    /// What it is.
    pub kind: Kind,
    /// Its namespace; empty for what stands in none.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// As people write it.
    text: String,
}

impl Address {
    /// One of an object; a namespace counts only where its kind has one.
    pub fn new(kind: Kind, namespace: &str, name: &str) -> Self {
        let namespace = if kind.is_namespaced { namespace } else { "" };
        let within = if namespace.is_empty() { String::new() } else { format!("{namespace}/") };
        let text = format!("{} {within}{name}", kind.name);
        Self { kind, namespace: namespace.to_owned(), name: name.to_owned(), text }
    }

    /// `Deployment kube-system/cluster-autoscaler`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its name in the graph: `SCOPE/Deployment/kube-system.cluster-autoscaler`.
    pub fn key_name(&self, scope: &str) -> String {
        let dot = if self.namespace.is_empty() { "" } else { "." };
        format!("{scope}/{}/{}{dot}{}", self.kind.name, self.namespace, self.name)
    }

    /// The address that a key names. A namespace has no dot in it; a name may have.
    pub fn of(key: &Key) -> Option<Self> {
        if key.kind == Type::Inventory {
            return Some(Inventory::address());
        }
        if key.kind == Type::Exposed {
            return Exposed::address(&key.name);
        }
        let (_, rest) = key.name.split_once('/')?;
        let (kind, place) = rest.split_once('/')?;
        let kind = Kind::named(kind).filter(|kind| kind.stage == key.kind)?;
        let (namespace, name) = if kind.is_namespaced { place.split_once('.')? } else { ("", place) };
        Some(Self::new(kind, namespace, name))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[test]
fn a_key_names_an_address() {
    let kind = Kind::named("Deployment").expect("a kind");
    let address = Address::new(kind, "kube-system", "a.b-c");
    let key = Key { kind: kind.stage, name: address.key_name("coredns") };
    assert_eq!(key.to_string(), "workload/coredns/Deployment/kube-system.a.b-c");
    assert_eq!(Address::of(&key), Some(address));
    let crd = Kind::named("CustomResourceDefinition").expect("a kind");
    let address = Address::new(crd, "ignored", "x.y.z");
    assert_eq!(address.text(), "CustomResourceDefinition x.y.z");
    assert_eq!(Address::of(&Key { kind: crd.stage, name: address.key_name("s") }), Some(address));
}
