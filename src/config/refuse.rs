//! Keys that are no field of ours: one of eksctl's, or nobody's.

use crate::config::declare::{NotYet, SectionDecl};
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::reader::Reader;
use crate::config::suggest::unknown_field;
use crate::config::tree::{Entry, Kind, Node};

const REMOVE: &str = "remove it to go on";

pub fn refuse(entry: &Entry<'_>, section: &'static SectionDecl, reader: &mut Reader) {
    if reader.is_full() {
        // it would not be shown, and looking for what was meant takes time
        return;
    }
    let key = &*entry.key;
    if let Some(later) = section.not_yet(key) {
        if !later.asks_for_nothing(&entry.value) {
            let message = format!("`{key}` is not supported yet");
            reader.report(
                Diagnostic::new(Code::NotYet, entry.span, message).label(later.says.unwrap_or(REMOVE)),
            );
        }
        below(later, &entry.value, reader);
        let other = later.other.and_then(|other| (section.field(other)?.kind.section)());
        return other.into_iter().for_each(|other| moved(later, &entry.value, other, reader));
    }
    match section.refused.iter().find(|(name, _)| *name == key) {
        Some((_, why)) => {
            let message = format!("`{key}` is not supported");
            reader.report(Diagnostic::new(Code::Refused, entry.span, message).label("remove it").help(*why));
        }
        None => reader.report(unknown_field(key, entry.span, section)),
    }
}

/// What stands under a name that cannot be carried out yet is not read, but its names are looked at.
fn below(later: &NotYet, node: &Node<'_>, reader: &mut Reader) {
    let Some(section) = later.under else { return };
    if let Kind::List(items) = &node.resolved().kind {
        return items.iter().for_each(|item| below(later, item, reader));
    }
    for (entry, via) in reader.entries(node).unwrap_or_default() {
        match section.not_yet(&entry.key) {
            Some(later) => below(later, &entry.value, reader),
            None => reader.through(via.or(node.alias()), |reader| refuse(entry, section, reader)),
        }
    }
}

/// What takes the place of something refuses some of what stands under it: that is said in the same run.
fn moved(later: &NotYet, node: &Node<'_>, other: &'static SectionDecl, reader: &mut Reader) {
    let Some(section) = later.under.filter(|_| !reader.is_full()) else { return };
    if let Kind::List(items) = &node.resolved().kind {
        return items.iter().for_each(|item| moved(later, item, other, reader));
    }
    for (entry, via) in reader.entries(node).unwrap_or_default() {
        let Some(known) = section.not_yet(&entry.key) else { continue };
        let refused = other.not_yet(&entry.key);
        reader.through(via.or(node.alias()), |reader| match other.field(&entry.key) {
            Some(field) => {
                let below = (field.kind.section)();
                below.into_iter().for_each(|below| moved(known, &entry.value, below, reader));
            }
            None if refused.unwrap_or(known).asks_for_nothing(&entry.value) => {}
            None => {
                let message = format!("`{}` is not supported yet", entry.key);
                let nothing = if refused.is_some() { REMOVE } else { "nothing there takes its place" };
                let label = refused.unwrap_or(known).says.unwrap_or(nothing);
                reader.report(Diagnostic::new(Code::NotYet, entry.span, message).label(label));
            }
        });
    }
}
