//! Taints: what keeps pods off nodes.

use crate::config::declare::{choice, section, text};
use crate::config::tree::{Entry, Kind, Node};
use crate::config::value::{Form, Part};

section! {
    /// A taint of every node in the group.
    pub struct Taint {
        /// Its name, with a domain of your own before a `/`.
        "key"    key:    TaintKey,
        /// Its value; may be empty.
        "value"  value:  String = _,
        /// What it does to pods that do not tolerate it.
        "effect" effect: Effect,
    }
    instead { as_a_list }
}

choice! {
    /// What a taint does.
    pub enum Effect {
        /// New pods stay away.
        "NoSchedule"       NoSchedule,
        /// New pods stay away if they can.
        "PreferNoSchedule" PreferNoSchedule,
        /// Running pods leave, too.
        "NoExecute"        NoExecute,
    }
}

text! {
    /// Such as `example.com/dedicated`.
    pub struct TaintKey = Form {
        what: "a taint key",
        says: "letters, digits, `.`, `_`, `-`, with a domain and `/` before it if you like",
        parts: &[Part::Of("a-zA-Z0-9", 1, 1), Part::Of("a-zA-Z0-9._/-", 0, 252)],
    };
}

/// eksctl's unmanaged groups also take `key: value:Effect`; here it is written out.
fn as_a_list(node: &Node<'_>) -> Option<String> {
    let Kind::Map(entries) = &node.kind else { return None };
    let item = |entry: &Entry<'_>| {
        let (value, effect) = entry.value.as_scalar()?.text.rsplit_once(':')?;
        let value = if value.is_empty() { String::new() } else { format!("value: {value:?}, ") };
        Some(format!("- {{key: {}, {value}effect: {effect}}}", entry.key))
    };
    Some(format!("write `{}`", item(entries.first()?)?))
}
