//! The parser's events → the tree. No recursion: what is open lies on a stack of at most [`MAX_DEPTH`].

use std::collections::HashMap;
use std::rc::Rc;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, StrInput};

use super::open::{Content, Open};
use super::{
    Anchored, Document, Kind, MAX_BYTES, MAX_DEPTH, MAX_DOCUMENTS, MAX_EXPANSION, Node, Scalar, slips, syntax,
};
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::Span;

/// Reads every document. A syntax error ends its document and keeps what came before; the next `---` starts
/// anew.
pub fn parse(text: &str) -> (Vec<Document<'_>>, Vec<Diagnostic>) {
    let mut builder = Builder { text, ..Builder::default() };
    if text.len() > MAX_BYTES {
        let message = format!("the file has {} bytes; {MAX_BYTES} are read at most", text.len());
        return (Vec::new(), vec![Diagnostic::new(Code::TooMuch, Span::default(), message)]);
    }
    let mut parser = Parser::new_from_str_with_options(text, options());
    loop {
        match parser.next_event() {
            None => break,
            Some(Ok((event, span))) => {
                if builder.event(event, span).is_some() {
                    continue;
                }
            }
            Some(Err(error)) => {
                let said = syntax::explain(&error, text, builder.open_bracket());
                builder.diagnostics.extend((!builder.has_gap_before(said.primary.span)).then_some(said));
            }
        }
        builder.close_document(true);
        if builder.is_full() || !resume(&mut parser, &mut builder) {
            break;
        }
    }
    (builder.documents, builder.diagnostics)
}

fn options() -> granit_parser::Options {
    let mut options = granit_parser::options! {
        emit_unresolved_aliases: true,
        block_nesting_limit: MAX_DEPTH,
        flow_nesting_limit: MAX_DEPTH,
    };
    options.set_emit_comments(false);
    options
}

fn resume<'s>(parser: &mut Parser<'s, StrInput<'s>>, builder: &mut Builder<'s>) -> bool {
    builder.anchors.clear();
    matches!(parser.proceed_next_document(), Ok::<bool, ScanError>(true))
}

#[derive(Default)]
struct Builder<'s> {
    text: &'s str,
    documents: Vec<Document<'s>>,
    diagnostics: Vec<Diagnostic>,
    open: Vec<Open<'s>>,
    root: Option<Node<'s>>,
    anchors: HashMap<usize, Rc<Anchored<'s>>>,
    expansion: usize,
    /// The last gap of a template, which has been reported.
    gap: Option<Span>,
}

impl<'s> Builder<'s> {
    /// Takes one event; `None` means that the rest of the document is not to be read.
    fn event(&mut self, event: Event<'s>, at: granit_parser::Span) -> Option<()> {
        let tagged = self.refuse_tag(&event, &at);
        let span = span_of(&at);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let string = tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str"));
                let plain = style == ScalarStyle::Plain && !string;
                let kind = if tagged { Kind::Bad } else { Kind::Scalar(Scalar { text, plain }) };
                self.close(Node { span, kind }, anchor, 1, 1);
            }
            Event::SequenceStart(style, anchor, _) => {
                self.start(Open::new(span, anchor, style, tagged, Content::List(Vec::new())), span)?;
            }
            Event::MappingStart(style, anchor, _) => {
                self.start(Open::new(span, anchor, style, tagged, Content::Map(Vec::new(), None)), span)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span.end, false),
            Event::Alias(id) => self.alias(span, id),
            Event::UnresolvedAlias(name) => {
                let message = format!("there is no anchor `&{name}` above this line");
                self.diagnostics.push(Diagnostic::new(Code::BadAlias, span, message).label("used here"));
                self.add(Node { span, kind: Kind::Bad }, 1, 1);
            }
            Event::DocumentEnd => {
                self.close_document(false);
                self.refuse_another(span)?;
            }
            _ => {}
        }
        Some(())
    }

    fn start(&mut self, open: Open<'s>, span: Span) -> Option<()> {
        if self.open.len() >= MAX_DEPTH {
            self.diagnostics.push(syntax::too_deep(span));
            return None;
        }
        self.open.push(open);
        Some(())
    }

    fn end(&mut self, end: u32, broken: bool) {
        let Some(open) = self.open.pop() else { return };
        let (anchor, weight, height, gap) = (open.anchor, open.weight, open.height, open.gap && !broken);
        let node = open.into_node(end, broken, &mut self.diagnostics);
        if gap {
            self.diagnostics.push(slips::gap(self.text, node.span));
            self.gap = Some(node.span);
        }
        self.close(node, anchor, weight, height);
    }

    fn close(&mut self, node: Node<'s>, anchor: usize, weight: usize, height: usize) {
        if anchor == 0 {
            return self.add(node, weight, height);
        }
        let span = node.span;
        let target = Rc::new(Anchored { node, weight, height });
        self.anchors.insert(anchor, Rc::clone(&target));
        self.add(Node { span, kind: Kind::Shared { target, alias: false } }, weight, height);
    }

    fn alias(&mut self, span: Span, id: usize) {
        let Some(target) = self.anchors.get(&id).cloned() else {
            let itself = Diagnostic::new(Code::BadAlias, span, "an alias cannot stand inside its own anchor");
            self.diagnostics.push(itself.label("refers to a node that has not ended"));
            return self.add(Node { span, kind: Kind::Bad }, 1, 1);
        };
        let (weight, height) = (target.weight, target.height);
        let before = self.expansion;
        self.expansion = self.expansion.saturating_add(weight);
        let refused = if self.open.len() + height > MAX_DEPTH {
            Some(syntax::too_deep(span))
        } else {
            (self.expansion > MAX_EXPANSION).then(|| syntax::too_large(span))
        };
        match refused {
            None => self.add(Node { span, kind: Kind::Shared { target, alias: true } }, weight, height),
            Some(diagnostic) => {
                self.diagnostics.extend((before <= MAX_EXPANSION).then_some(diagnostic));
                self.add(Node { span, kind: Kind::Bad }, 1, 1);
            }
        }
    }

    fn add(&mut self, node: Node<'s>, weight: usize, height: usize) {
        let Some(open) = self.open.last_mut() else {
            self.root.get_or_insert(node);
            return;
        };
        open.add(node, weight, height, &mut self.diagnostics);
    }

    fn is_full(&self) -> bool {
        self.documents.len() >= MAX_DOCUMENTS
    }

    fn refuse_another(&mut self, at: Span) -> Option<()> {
        if !self.is_full() {
            return Some(());
        }
        let many = Diagnostic::new(Code::TooMuch, at, format!("more than {MAX_DOCUMENTS} documents"));
        self.diagnostics.push(many.label("nothing is read from here on"));
        None
    }

    /// What comes right after a gap is no YAML because of it.
    fn has_gap_before(&self, at: Span) -> bool {
        let between = self.gap.and_then(|gap| self.text.get(gap.end as usize..at.end as usize));
        between.is_some_and(|between| between.trim_end().matches('\n').count() <= 1)
    }

    fn open_bracket(&self) -> Option<Span> {
        self.open.last().filter(|open| open.flow).map(|open| Span { start: open.start, end: open.start + 1 })
    }

    fn close_document(&mut self, broken: bool) {
        while let Some(open) = self.open.last() {
            let start = open.start;
            self.end(start, broken);
        }
        self.expansion = 0;
        if let Some(root) = self.root.take() {
            self.documents.push(Document { root, broken });
        }
    }

    fn refuse_tag(&mut self, event: &Event<'s>, at: &granit_parser::Span) -> bool {
        let Some(tag) = event.tag().filter(|tag| tag.is_custom()) else { return false };
        let span = at.tag_span().map_or_else(|| span_of(at), |tag| span_of(&tag));
        let message = format!("the tag `{tag}` means nothing in a cluster file");
        self.diagnostics.push(Diagnostic::new(Code::UnknownTag, span, message).label("remove it"));
        true
    }
}

pub(super) fn span_of(span: &granit_parser::Span) -> Span {
    let bytes = |n: Option<usize>| n.and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
    Span { start: bytes(span.start.byte_offset()), end: bytes(span.end.byte_offset()) }
}
