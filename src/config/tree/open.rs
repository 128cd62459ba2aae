//! A list or map whose end has not come yet.

use granit_parser::StructureStyle;

use super::entries::{distinct, entry};
use super::{Entry, Kind, Node};
use crate::config::diagnostic::Diagnostic;
use crate::config::place::Span;

pub struct Open<'s> {
    pub start: u32,
    /// Within brackets: if they are never closed, what stands between them is anybody's guess.
    pub flow: bool,
    /// A template's `{{ … }}` without quotes, which YAML takes for a map with a map as its key.
    pub gap: bool,
    /// Its tag means nothing here, and was reported.
    tagged: bool,
    pub anchor: usize,
    /// Nodes in it, aliases followed.
    pub weight: usize,
    /// Lists and maps within each other, aliases followed.
    pub height: usize,
    content: Content<'s>,
}

pub enum Content<'s> {
    List(Vec<Node<'s>>),
    /// The last key waits for its value.
    Map(Vec<Entry<'s>>, Option<Node<'s>>),
}

impl<'s> Open<'s> {
    pub fn new(at: Span, anchor: usize, style: StructureStyle, tagged: bool, content: Content<'s>) -> Self {
        let flow = style == StructureStyle::Flow;
        Self { start: at.start, flow, gap: false, tagged, anchor, weight: 1, height: 1, content }
    }

    pub fn add(&mut self, node: Node<'s>, weight: usize, height: usize, diagnostics: &mut Vec<Diagnostic>) {
        self.weight = self.weight.saturating_add(weight);
        self.height = self.height.max(height + 1);
        match &mut self.content {
            Content::List(nodes) => nodes.push(node),
            Content::Map(entries, waiting) => match waiting.take() {
                None => *waiting = Some(node),
                Some(key) if self.flow && is_gap(self.start, &key, &node) => self.gap = true,
                Some(key) => entries.extend(entry(key, node, diagnostics)),
            },
        }
    }

    /// The whole; at a syntax error, a key may still wait for its value.
    pub fn into_node(self, end: u32, broken: bool, diagnostics: &mut Vec<Diagnostic>) -> Node<'s> {
        let span = Span { start: self.start, end: end.max(self.start) };
        let kind = match self.content {
            _ if self.tagged || self.gap || (self.flow && broken) => Kind::Bad,
            Content::List(nodes) => Kind::List(nodes),
            Content::Map(mut entries, waiting) => {
                let unread = Node { span: Span { start: span.end, end: span.end }, kind: Kind::Bad };
                entries.extend(waiting.and_then(|key| entry(key, unread, diagnostics)));
                Kind::Map(distinct(entries, diagnostics))
            }
        };
        Node { span, kind }
    }
}

/// `{{ name }}` is a map as the key of nothing, right at its start.
fn is_gap(start: u32, key: &Node<'_>, value: &Node<'_>) -> bool {
    matches!(key.kind, Kind::Map(_)) && key.span.start == start + 1 && value.is_null()
}
