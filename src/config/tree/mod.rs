//! The file as a tree in which every key and every value has its place.

mod comments;
mod entries;
mod json;
mod open;
mod parse;
mod slips;
mod syntax;

use std::borrow::Cow;
use std::rc::Rc;

use crate::config::place::Span;

pub use comments::comments;
pub use json::to_json;
pub use parse::parse;
pub use slips::RENDER;

/// A file larger than this is not read: 5,000 lines are 120 kB, and reading takes up to 65 times a file's
/// size.
pub const MAX_BYTES: usize = 1_000_000;
/// Lists and maps within each other, aliases followed.
pub const MAX_DEPTH: usize = 100;
/// Documents in a file.
pub const MAX_DOCUMENTS: usize = 100;
/// Nodes that following aliases may add to a document.
pub const MAX_EXPANSION: usize = 100_000;

/// One document of a file.
#[derive(Debug)]
pub struct Document<'s> {
    pub root: Node<'s>,
    /// It ends early, at a syntax error: what is missing may only be unread.
    pub broken: bool,
}

#[derive(Clone, Debug)]
pub struct Node<'s> {
    pub span: Span,
    pub kind: Kind<'s>,
}

#[derive(Clone, Debug)]
pub enum Kind<'s> {
    Scalar(Scalar<'s>),
    List(Vec<Node<'s>>),
    Map(Vec<Entry<'s>>),
    /// A node with an anchor (`alias` is false), or a use of it.
    Shared {
        target: Rc<Anchored<'s>>,
        alias: bool,
    },
    /// Unreadable, and reported.
    Bad,
}

#[derive(Clone, Debug)]
pub struct Scalar<'s> {
    pub text: Cow<'s, str>,
    /// Without quotes, so that YAML may take it for a number, a boolean or nothing.
    pub plain: bool,
}

#[derive(Clone, Debug)]
pub struct Entry<'s> {
    pub key: Cow<'s, str>,
    /// Written without quotes, as the merge key `<<` must be.
    pub plain: bool,
    pub span: Span,
    pub value: Node<'s>,
}

/// The target of aliases, with what following it costs.
#[derive(Debug)]
pub struct Anchored<'s> {
    pub node: Node<'s>,
    pub weight: usize,
    pub height: usize,
}

impl Document<'_> {
    /// Where it starts: the place of what is not written and would stand beside its first key.
    pub fn top(&self) -> Span {
        let start = self.root.span.start;
        Span { start, end: start }
    }

    /// Nothing is written in it, or it ends at a syntax error before anything that could be read.
    pub fn is_void(&self) -> bool {
        self.root.is_null() || (self.broken && self.root.as_scalar().is_some())
    }
}

impl<'s> Node<'s> {
    /// A scalar that stands in no file, such as a default.
    pub fn scalar(text: &'s str, plain: bool) -> Self {
        Node { span: Span::default(), kind: Kind::Scalar(Scalar { text: Cow::Borrowed(text), plain }) }
    }

    /// The node itself, or what its alias or anchor stands for.
    pub fn resolved(&self) -> &Node<'s> {
        match &self.kind {
            Kind::Shared { target, .. } => &target.node,
            _ => self,
        }
    }

    /// Where it is used through an alias, if it is.
    pub fn alias(&self) -> Option<Span> {
        matches!(self.kind, Kind::Shared { alias: true, .. }).then_some(self.span)
    }

    pub fn as_scalar(&self) -> Option<&Scalar<'s>> {
        match &self.resolved().kind {
            Kind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    pub fn as_map(&self) -> Option<&[Entry<'s>]> {
        match &self.resolved().kind {
            Kind::Map(entries) => Some(entries),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        self.as_scalar().is_some_and(|s| s.plain && matches!(&*s.text, "" | "~" | "null" | "Null" | "NULL"))
    }
}

impl Entry<'_> {
    /// Whether it is YAML's merge key.
    pub fn is_merge(&self) -> bool {
        self.plain && self.key == "<<"
    }
}
