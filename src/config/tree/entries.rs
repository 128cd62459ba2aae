//! Keys: each is text, and each is said once.

use std::collections::HashMap;

use super::{Entry, Kind, Node};
use crate::config::diagnostic::{Code, Diagnostic};

/// A key and its value; a key that is no text is reported and dropped.
pub fn entry<'s>(key: Node<'s>, value: Node<'s>, diagnostics: &mut Vec<Diagnostic>) -> Option<Entry<'s>> {
    let span = key.span;
    match key.resolved().as_scalar() {
        Some(scalar) => Some(Entry { key: scalar.text.clone(), plain: scalar.plain, span, value }),
        None => {
            let message = "a key must be text, not a list or a map";
            let unread = matches!(key.kind, Kind::Bad);
            diagnostics.extend((!unread).then(|| Diagnostic::new(Code::BadKey, span, message)));
            None
        }
    }
}

/// Reports keys that come twice; the first one counts.
pub fn distinct<'s>(entries: Vec<Entry<'s>>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Entry<'s>> {
    let twice = match entries.len() {
        0..=8 => entries.iter().enumerate().any(|(n, e)| entries[..n].iter().any(|other| other.key == e.key)),
        _ => true,
    };
    if !twice {
        return entries;
    }
    let mut seen = HashMap::with_capacity(entries.len());
    let mut kept: Vec<Entry<'s>> = Vec::with_capacity(entries.len());
    for entry in entries {
        match seen.get(&entry.key) {
            None => {
                seen.insert(entry.key.clone(), entry.span);
                kept.push(entry);
            }
            Some(first) => {
                let label =
                    if entry.is_merge() { "merge several as `<<: [*one, *other]`" } else { "again here" };
                let message = format!("`{}` is said twice", entry.key);
                let twice = Diagnostic::new(Code::DuplicateKey, entry.span, message);
                diagnostics.push(twice.label(label).and(*first, "first here"));
            }
        }
    }
    kept
}
