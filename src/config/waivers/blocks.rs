//! What a comment stands beside: the keys and items of a file, by their lines and columns.

use std::ops::Range;

use crate::config::checks::Departure;
use crate::config::place::Span;
use crate::config::tree::{Document, Kind, Node};

/// Every key with what is under it, and every item of a list, in the order of the file.
pub(super) struct Blocks<'t> {
    text: &'t str,
    /// Where lines start.
    lines: Vec<usize>,
    top: Span,
    all: Vec<Block>,
}

struct Block {
    /// As departures name it: a key, or a whole item.
    place: Span,
    /// With all that is under it.
    extent: Range<u32>,
    line: usize,
    column: usize,
    /// The one around it.
    parent: Option<usize>,
}

/// What a comment is about.
pub(super) struct Reach {
    /// What stands in there.
    covers: Option<Range<u32>>,
    /// What could stand in this section.
    section: Option<Span>,
    /// Everything.
    is_whole: bool,
}

impl Reach {
    pub fn is_about(&self, departure: &Departure) -> bool {
        let at = departure.at;
        // The top of a file is where its first key is, too: of that, it is told by its width.
        let is_top = at.start == at.end;
        let is_covered = !is_top && self.covers.as_ref().is_some_and(|range| range.contains(&at.start));
        self.is_whole || is_covered || (departure.is_absent && self.section == Some(at))
    }
}

impl<'t> Blocks<'t> {
    pub fn of(text: &'t str, document: &Document<'_>) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(ends).collect();
        let mut blocks = Self { text, lines, top: document.top(), all: Vec::new() };
        blocks.add(&document.root, None);
        blocks
    }

    fn add(&mut self, node: &Node<'_>, parent: Option<usize>) {
        match &node.kind {
            // What is shared is looked at where it is written, and not where it is used.
            Kind::Shared { target, alias: false } => self.add(&target.node, parent),
            Kind::Shared { alias: true, .. } | Kind::Scalar(_) | Kind::Bad => {}
            Kind::Map(entries) => entries.iter().for_each(|entry| {
                let block = self.push(entry.span, entry.span.start as usize, entry.value.span.end, parent);
                self.add(&entry.value, Some(block));
            }),
            Kind::List(items) => items.iter().for_each(|item| {
                let start = self.dash(item.span.start as usize);
                let block = self.push(item.span, start, item.span.end, parent);
                self.add(item, Some(block));
            }),
        }
    }

    fn push(&mut self, place: Span, start: usize, end: u32, parent: Option<usize>) -> usize {
        let (line, column) = self.position(start);
        let extent = start as u32..end.max(place.end);
        self.all.push(Block { place, extent, line, column, parent });
        self.all.len() - 1
    }

    /// Where an item begins: with its dash, if it has one.
    fn dash(&self, start: usize) -> usize {
        let before = self.text[..start].trim_end();
        if before.ends_with('-') { before.len() - 1 } else { start }
    }

    fn position(&self, at: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|start| *start <= at) - 1;
        (line, at - self.lines[line])
    }

    /// What a comment is about.
    pub fn reach(&self, comment: Span) -> Reach {
        let at = comment.start as usize;
        let (line, column) = self.position(at);
        let is_alone = self.text[self.lines[line]..at].trim().is_empty();
        let block = if is_alone { self.below(line, column) } else { self.beside(line, comment.start) };
        match block {
            Some(0) if is_alone => Reach { covers: None, section: None, is_whole: true },
            Some(block) => {
                let Block { extent, parent, .. } = &self.all[block];
                Reach { covers: Some(extent.clone()), section: Some(self.section(*parent)), is_whole: false }
            }
            None => {
                let outer =
                    self.all.iter().rposition(|it| it.extent.start < comment.start && it.column < column);
                Reach { covers: None, section: Some(self.section(outer)), is_whole: false }
            }
        }
    }

    /// The next one, unless it stands further out: then the comment ends what is before.
    fn below(&self, line: usize, column: usize) -> Option<usize> {
        let next = self.all.iter().position(|block| block.line > line)?;
        (column <= self.all[next].column).then_some(next)
    }

    /// The outermost one that begins on the line; else the innermost around the comment.
    fn beside(&self, line: usize, at: u32) -> Option<usize> {
        let begins = self.all.iter().position(|block| block.line == line);
        begins.or_else(|| self.all.iter().rposition(|block| block.extent.contains(&at)))
    }

    fn section(&self, block: Option<usize>) -> Span {
        block.map_or(self.top, |block| self.all[block].place)
    }
}
