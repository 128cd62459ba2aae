//! The state of reading one document: where we are, and what has been said.

use std::collections::HashSet;

use crate::config::MOST;
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::Span;
use crate::config::sections::cluster::ApiVersion;
use crate::config::tree::{Document, Entry, Kind, Node};
use crate::config::value::Value;

/// One step of the way from the top to a value.
#[derive(Clone, Debug)]
pub enum Step {
    Field(&'static str),
    Item(usize),
    Key(String),
}

/// Entries of a map with where they are merged in from, if they are.
pub type Entries<'n, 's> = Vec<(&'n Entry<'s>, Option<Span>)>;

pub struct Reader {
    pub version: ApiVersion,
    /// The document ends at a syntax error: nothing is said about what is missing.
    pub broken: bool,
    pub diagnostics: Vec<Diagnostic>,
    /// The key or item that is being read.
    pub at: Span,
    path: Vec<Step>,
    /// Aliases followed on the way here.
    via: Vec<Span>,
    said: HashSet<(Code, Span, String)>,
    errors: usize,
}

impl Reader {
    pub fn new(document: &Document<'_>) -> Self {
        let written =
            document.root.as_map().and_then(|map| map.iter().find(|entry| entry.key == "apiVersion"));
        Self {
            version: written.map(|entry| ApiVersion::of(&entry.value)).unwrap_or_default(),
            broken: document.broken,
            diagnostics: Vec::new(),
            at: document.top(),
            path: Vec::new(),
            via: Vec::new(),
            said: HashSet::new(),
            errors: 0,
        }
    }

    /// Reads a node, through its alias if it is one.
    pub fn value<T: Value>(&mut self, node: &Node<'_>) -> Option<T> {
        let target = node.resolved();
        match (&target.kind, node.alias()) {
            (Kind::Bad, _) => None,
            (_, None) => T::read(target, self),
            (_, alias) => self.through(alias, |reader| T::read(target, reader)),
        }
    }

    pub fn through<R>(&mut self, alias: Option<Span>, read: impl FnOnce(&mut Self) -> R) -> R {
        self.via.extend(alias);
        let result = read(self);
        self.via.truncate(self.via.len() - usize::from(alias.is_some()));
        result
    }

    /// Reads something one step further down.
    pub fn within<R>(&mut self, step: Step, place: Span, read: impl FnOnce(&mut Self) -> R) -> R {
        let before = std::mem::replace(&mut self.at, place);
        self.path.push(step);
        let result = read(self);
        self.path.pop();
        self.at = before;
        result
    }

    /// Says it, once: an anchor may be read several times.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        if self.said.insert((diagnostic.code, diagnostic.primary.span, diagnostic.message.clone())) {
            self.errors += usize::from(diagnostic.is_error());
            self.diagnostics.push(match self.via.last() {
                Some(alias) => diagnostic.and(*alias, "used here"),
                None => diagnostic,
            });
        }
    }

    /// More errors than are shown: the file is refused, and no further one will be seen.
    pub fn is_full(&self) -> bool {
        self.errors > MOST
    }

    /// What is being read, for the start of a sentence.
    pub fn subject(&self) -> String {
        match self.path.last() {
            None => "the file".to_owned(),
            Some(Step::Field(key)) => format!("`{key}`"),
            Some(Step::Key(key)) => format!("`{key}`"),
            Some(Step::Item(n)) => match self.path.iter().rev().find_map(|step| step.field()) {
                Some(list) => format!("item {} of `{list}`", n + 1),
                None => format!("item {}", n + 1),
            },
        }
    }

    /// An empty value has no characters to point at: its key has.
    pub fn visible(&self, span: Span) -> Span {
        if span.start == span.end { self.at } else { span }
    }

    /// The entries of a map, with those that `<<` merges in after the map's own; `None` if it is no map.
    pub fn entries<'n, 's>(&mut self, node: &'n Node<'s>) -> Option<Entries<'n, 's>> {
        let map = node.as_map()?;
        let own = || map.iter().filter(|entry| !entry.is_merge());
        let mut entries: Entries<'n, 's> = own().map(|entry| (entry, None)).collect();
        if entries.len() < map.len() {
            let mut seen: HashSet<&str> = own().map(|entry| &*entry.key).collect();
            for merge in map.iter().filter(|entry| entry.is_merge()) {
                self.merge(&merge.value, &mut entries, &mut seen);
            }
        }
        Some(entries)
    }

    fn merge<'n, 's>(
        &mut self,
        node: &'n Node<'s>,
        entries: &mut Entries<'n, 's>,
        seen: &mut HashSet<&'n str>,
    ) {
        match &node.resolved().kind {
            Kind::Map(_) => {
                let merged = self.entries(node.resolved()).unwrap_or_default().into_iter();
                entries.extend(
                    merged
                        .filter(|(entry, _)| seen.insert(&entry.key))
                        .map(|(entry, _)| (entry, node.alias())),
                );
            }
            Kind::List(maps) if maps.iter().all(|map| map.as_map().is_some()) => {
                maps.iter().for_each(|map| self.merge(map, entries, seen));
            }
            Kind::Bad => {}
            _ => {
                let message = format!(
                    "`<<` merges a map, or a list of maps, not {}",
                    crate::config::value::found(node)
                );
                self.report(Diagnostic::new(Code::BadMerge, node.span, message));
            }
        }
    }
}

impl Step {
    fn field(&self) -> Option<&str> {
        match self {
            Step::Field(key) => Some(key),
            Step::Key(key) => Some(key),
            Step::Item(_) => None,
        }
    }
}
