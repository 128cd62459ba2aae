//! The written fields of one section, laid beside its declaration.

use crate::config::declare::{Default, FieldDecl, SectionDecl};
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::{Origin, Span, Spanned};
use crate::config::reader::{Entries, Reader, Step};
use crate::config::refuse::refuse;
use crate::config::sections::cluster::ApiVersion;
use crate::config::tree::{self, Entry, Node};
use crate::config::value::{Value, spanned};

/// Hands out the declared fields in their order. A struct's fields are filled in the order in which they are
/// written in its declaration, so `Self { a: fields.value(), b: fields.optional() }` needs no names.
pub struct Fields<'n, 's, 'r> {
    decl: &'static SectionDecl,
    found: Vec<Option<(&'n Entry<'s>, Option<Span>)>>,
    next: usize,
    missing: Vec<&'static str>,
    reader: &'r mut Reader,
}

impl<'n, 's, 'r> Fields<'n, 's, 'r> {
    /// Lays each entry at its field; what has none is reported.
    pub fn open(decl: &'static SectionDecl, entries: Entries<'n, 's>, reader: &'r mut Reader) -> Self {
        let found = vec![None; decl.fields.len()];
        let mut fields = Self { decl, found, next: 0, missing: Vec::new(), reader };
        for (entry, via) in entries {
            fields.place(entry, via);
        }
        fields
    }

    fn place(&mut self, entry: &'n Entry<'s>, via: Option<Span>) {
        let renamed = self.decl.renamed.iter().find(|(old, _)| *old == entry.key);
        let key = renamed.map_or(&*entry.key, |(_, new)| new);
        if self.decl.is_blank(entry) {
            return;
        }
        let Some(n) = self.decl.fields.iter().position(|field| field.key == key) else {
            return self.reader.through(via, |reader| refuse(entry, self.decl, reader));
        };
        // the tree has no key twice, so two that meet here are an old name and the new one
        let said = match (self.found[n], renamed) {
            (None, None) => None,
            (None, Some((old, new))) => {
                let message = format!("`{old}` is now called `{new}`");
                let warning = Diagnostic::new(Code::Renamed, entry.span, message);
                Some(warning.label(format!("write `{new}`")).fix(entry.span, *new))
            }
            (Some((first, _)), _) => {
                let message = format!("`{}` and `{}` are two names of one field", first.key, entry.key);
                let twice = Diagnostic::new(Code::DuplicateKey, entry.span, message);
                Some(twice.label("again here").and(first.span, "first here"))
            }
        };
        self.found[n].get_or_insert((entry, via));
        self.reader.through(via, |reader| said.into_iter().for_each(|said| reader.report(said)));
    }

    /// The next declared field, as written or by default.
    pub fn value<T: Value>(&mut self) -> Spanned<T> {
        let value = self.written().unwrap_or_else(|| self.assumed());
        self.next += 1;
        value
    }

    /// The next declared field, if it is written.
    pub fn optional<T: Value>(&mut self) -> Option<Spanned<T>> {
        let value = self.written();
        self.next += 1;
        value
    }

    fn field(&self) -> &'static FieldDecl {
        &self.decl.fields[self.next]
    }

    /// The field as the file has it.
    fn written<T: Value>(&mut self) -> Option<Spanned<T>> {
        let (entry, via) = self.found[self.next]?;
        let step = Step::Field(self.field().key);
        let read = |reader: &mut Reader| spanned(&entry.value, entry.span, reader);
        Some(self.reader.through(via, |reader| reader.within(step, entry.span, read)))
    }

    /// The field as it is when the file does not have it.
    fn assumed<T: Value>(&mut self) -> Spanned<T> {
        let field = self.field();
        let value = match field.default {
            Default::None | Default::Open if T::REQUIRED => {
                self.missing.push(field.key);
                None
            }
            Default::None | Default::Open => {
                let (step, place) = (Step::Field(field.key), self.reader.at);
                Some(self.reader.within(step, place, T::absent))
            }
            Default::Same(text) => default(text, self.reader),
            Default::Differs { eksctl, .. } if self.reader.version == ApiVersion::Eksctl => {
                default(eksctl, self.reader)
            }
            Default::Differs { eksact, .. } => default(eksact, self.reader),
        };
        let origin = if value.is_some() { Origin::Assumed } else { Origin::Bad };
        Spanned { value: value.unwrap_or_default(), key: self.reader.at, span: self.reader.at, origin }
    }

    /// Says what is missing, in one sentence.
    pub fn close(self) {
        if self.missing.is_empty() || self.reader.broken {
            return;
        }
        let names: Vec<String> = self.missing.iter().map(|key| format!("`{key}`")).collect();
        let message = format!("{} has no {}", self.reader.subject(), names.join(", no "));
        let missing = Diagnostic::new(Code::MissingField, self.reader.at, message);
        self.reader.report(missing.label("must be written: there is no default"));
    }
}

/// A default is read as if it stood in the file; a test reads each of them.
fn default<T: Value>(text: &'static str, reader: &mut Reader) -> Option<T> {
    match text.starts_with('[') {
        false => reader.value(&in_the_files_words(text)),
        true => tree::parse(text).0.first().and_then(|document| reader.value(&document.root)),
    }
}

/// A declaration's word as it would stand in the file.
pub fn in_the_files_words(text: &'static str) -> Node<'static> {
    let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    quoted.map_or_else(|| Node::scalar(text, true), |inner| Node::scalar(inner, false))
}
