//! Diagnostics as text that reads like rustc's: the one place that turns bytes into lines and columns.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet, normalize_untrusted_str};

use crate::config::{Diagnostic, Severity, Source, Span};

/// Renders all diagnostics of one file, with an empty line between them.
pub fn render(source: &Source, diagnostics: &[Diagnostic]) -> String {
    let renderer = Renderer::plain().term_width(120);
    let reports: Vec<String> = diagnostics.iter().map(|d| render_one(source, d, &renderer)).collect();
    reports.join("\n\n")
}

fn render_one(source: &Source, diagnostic: &Diagnostic, renderer: &Renderer) -> String {
    let text = &source.text;
    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let window = window(text, diagnostic);
    let from = window.start;
    let label = |kind: AnnotationKind, at: Span, says: &str| {
        let says = (!says.is_empty()).then(|| normalize_untrusted_str(says));
        let shown = first_line(text, at);
        kind.span(shown.start - from..shown.end - from).label(says)
    };
    let primary = label(AnnotationKind::Primary, diagnostic.primary.span, &diagnostic.primary.text);
    let others = diagnostic.secondary.iter().map(|l| label(AnnotationKind::Context, l.span, &l.text));
    let line = text[..from].bytes().filter(|byte| *byte == b'\n').count() + 1;
    // a carriage return would be shown; a space takes as many bytes
    let shown = Snippet::source(text[window].replace("\r\n", " \n")).line_start(line).path(&source.name);
    let snippet = shown.annotation(primary).annotations(others);
    let title = level.primary_title(normalize_untrusted_str(&diagnostic.message)).id(diagnostic.code.id());
    let group = match &diagnostic.help {
        Some(help) => title.element(snippet).element(Level::HELP.message(normalize_untrusted_str(help))),
        None => title.element(snippet),
    };
    renderer.render(&[group])
}

/// The lines that a diagnostic speaks of: the renderer looks at every byte that it is given.
fn window(text: &str, diagnostic: &Diagnostic) -> Range<usize> {
    let spans = || {
        std::iter::once(&diagnostic.primary)
            .chain(&diagnostic.secondary)
            .map(|label| first_line(text, label.span))
    };
    let first = spans().map(|span| span.start).min().unwrap_or(0);
    let last = spans().map(|span| span.end).max().unwrap_or(0);
    let start = text[..first].rfind('\n').map_or(0, |n| n + 1);
    let end = text[last..].find('\n').map_or(text.len(), |n| last + n);
    start..end
}

/// The part of a span that lies on its first line: a section over forty lines is shown by where it starts.
fn first_line(text: &str, span: Span) -> Range<usize> {
    let start = floor(text, span.start as usize);
    let end = floor(text, span.end as usize).max(start);
    let line = text[start..end].find(['\n', '\r']).map_or(end, |n| start + n);
    start..line
}

fn floor(text: &str, index: usize) -> usize {
    (0..=index.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}
