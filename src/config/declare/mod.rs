//! What a declaration leaves behind: tables. The schema, the documentation and did-you-mean read them.

mod macros;
mod nothing;
#[cfg(test)]
mod probe;

pub(crate) use macros::{choice, default, later, not_yet, put, section, slot, take, text};

use crate::config::diagnostic::Diagnostic;
use crate::config::fields::Fields;
use crate::config::schema::Definitions;
use crate::config::sections::cluster::ClusterConfig;
use crate::config::tree::Node;

/// One field, as declared.
#[derive(Debug)]
pub struct FieldDecl {
    /// Its name in the file.
    pub key: &'static str,
    pub about: &'static str,
    pub default: Default,
    pub kind: Kind,
}

/// What the tables keep of a field's type.
#[derive(Debug)]
pub struct Kind {
    /// It has no value of its own where nothing is written.
    pub needed: bool,
    /// In words, for messages and the documentation.
    pub named: fn() -> String,
    pub schema: fn(&mut Definitions) -> serde_json::Value,
    /// The section that it holds, directly or in a list or map.
    pub section: fn() -> Option<&'static SectionDecl>,
}

/// A default in the file's own words: what one could have written.
#[derive(Clone, Copy, Debug)]
pub enum Default {
    None,
    /// Left open: absent stays absent.
    Open,
    Same(&'static str),
    /// Weaker under eksctl's apiVersion: `checks` says why, where it matters.
    Differs {
        eksctl: &'static str,
        eksact: &'static str,
    },
}

/// One section, as declared.
#[derive(Debug)]
pub struct SectionDecl {
    pub name: &'static str,
    pub about: &'static str,
    pub fields: &'static [FieldDecl],
    /// Fields that eksctl itself prints where they say nothing, and what it prints: that is as if they were not
    /// there.
    pub blank: &'static [(&'static str, &'static str)],
    /// eksctl's fields that cannot be carried out yet.
    pub not_yet: &'static [NotYet],
    /// Names that will not be carried out, and why or what to write instead.
    pub refused: &'static [(&'static str, &'static str)],
    /// Old names and new ones.
    pub renamed: &'static [(&'static str, &'static str)],
}

/// One of eksctl's fields that cannot be carried out yet.
#[derive(Debug)]
pub struct NotYet {
    pub key: &'static str,
    /// The word with which it asks for nothing, besides an empty value; empty if there is no other.
    pub idle: &'static str,
    /// The section that it holds, directly or in a list: its names are known, too.
    pub under: Option<&'static SectionDecl>,
    /// The field beside it that takes its place.
    pub other: Option<&'static str>,
    /// What to do about it, where there is more to say than to remove it.
    pub says: Option<&'static str>,
}

/// Implemented by `section!` alone.
pub trait Section: Sized + std::default::Default {
    const DECL: &'static SectionDecl;

    /// Takes the declared fields in their order.
    fn fill(fields: &mut Fields<'_, '_, '_>) -> Self;

    /// Its fields as they would stand in the file, defaults with them; those that are left open are not there.
    fn written(&self) -> serde_json::Map<String, serde_json::Value>;

    /// What the section's own rules find.
    fn broken_rules(&self) -> Vec<Diagnostic>;

    /// What to write where a value of another shape is clear enough.
    fn instead(_: &Node<'_>) -> Option<String> {
        None
    }
}

impl FieldDecl {
    pub const fn is_required(&self) -> bool {
        self.kind.needed && matches!(self.default, Default::None)
    }
}

impl SectionDecl {
    /// A section with a field that must be there must be there itself.
    pub const fn is_required(&self) -> bool {
        let mut n = 0;
        while n < self.fields.len() {
            if self.fields[n].is_required() {
                return true;
            }
            n += 1;
        }
        false
    }

    pub fn field(&self, key: &str) -> Option<&'static FieldDecl> {
        self.fields.iter().find(|field| field.key == key)
    }

    pub fn not_yet(&self, key: &str) -> Option<&'static NotYet> {
        self.not_yet.iter().find(|later| later.key == key)
    }

    /// Every name of the language in this section.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        let old = self.renamed.iter().map(|(old, _)| *old);
        self.fields.iter().map(|field| field.key).chain(self.not_yet.iter().map(|later| later.key)).chain(old)
    }
}

/// Every section that can be carried out, with its path from the top (`""`), such as
/// `managedNodeGroups.taints`.
pub fn reachable() -> Vec<(String, &'static SectionDecl)> {
    walk(|decl| decl.fields.iter().filter_map(|field| Some((field.key, (field.kind.section)()?))).collect())
}

/// Every section of the language with its path: those that cannot be carried out yet, too.
pub fn known() -> Vec<(String, &'static SectionDecl)> {
    walk(|decl| {
        let fields = decl.fields.iter().filter_map(|field| Some((field.key, (field.kind.section)()?)));
        fields.chain(decl.not_yet.iter().filter_map(|later| Some((later.key, later.under?)))).collect()
    })
}

type Sections = Vec<(&'static str, &'static SectionDecl)>;

fn walk(below: impl Fn(&'static SectionDecl) -> Sections) -> Vec<(String, &'static SectionDecl)> {
    let mut found: Vec<(String, &'static SectionDecl)> = vec![(String::new(), ClusterConfig::DECL)];
    let mut next = 0;
    while let Some((path, decl)) = found.get(next).cloned() {
        let dot = if path.is_empty() { "" } else { "." };
        found.extend(below(decl).into_iter().map(|(key, section)| (format!("{path}{dot}{key}"), section)));
        next += 1;
    }
    found
}
