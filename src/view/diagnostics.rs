//! Diagnostics as text that reads like rustc's: the one place that turns bytes into lines and columns.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet, normalize_untrusted_str};
use serde_json::{Value as Json, json};

use crate::config::{Code, Diagnostic, Label, Severity, Source, Span};

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
    let end = text[last..].find(['\n', '\r']).map_or(text.len(), |n| last + n);
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

/// Where something starts: `cluster.yaml:8:9`.
pub fn place(source: &Source, at: Span) -> String {
    let (line, column) = position(&source.text, at.start as usize);
    format!("{}:{line}:{column}", source.name)
}

/// Line and column, from 1 on; columns are characters.
pub(super) fn position(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..floor(text, at)];
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    (line, before.chars().rev().take_while(|c| *c != '\n').count() + 1)
}

/// All of it for programs.
pub fn to_json(source: &Source, diagnostics: &[Diagnostic]) -> Json {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    json!({
        "apiVersion": "eksact.dev/v1alpha1",
        "kind": "Diagnostics",
        "file": source.name,
        "errors": errors,
        "warnings": diagnostics.len() - errors,
        "diagnostics": diagnostics.iter().map(|it| one_to_json(source, it)).collect::<Vec<_>>(),
    })
}

fn one_to_json(source: &Source, diagnostic: &Diagnostic) -> Json {
    let severity = match diagnostic.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut object = json!({
        "code": diagnostic.code.id(),
        "severity": severity,
        "message": diagnostic.message,
    });
    let at = label_to_json(source, &diagnostic.primary);
    let related: Vec<Json> = diagnostic.secondary.iter().map(|label| label_to_json(source, label)).collect();
    let fix = diagnostic.fix.as_ref().map(|fix| {
        let at = Label { span: fix.span, text: fix.replacement.clone() };
        label_to_json(source, &at)
    });
    for (key, value) in at.as_object().into_iter().flatten() {
        object[key] = value.clone();
    }
    object["help"] = json!(diagnostic.help);
    object["related"] = related.into();
    object["fix"] = fix.unwrap_or(Json::Null);
    object
}

/// A place with what is said there; of a fix, what to put there.
fn label_to_json(source: &Source, label: &Label) -> Json {
    let (line, column) = position(&source.text, label.span.start as usize);
    let end = position(&source.text, label.span.end as usize);
    json!({ "line": line, "column": column, "endLine": end.0, "endColumn": end.1, "text": label.text })
}

/// What a code means, at length.
pub fn explain(code: Code) -> String {
    format!("{}: {}\n\n{}", code.id(), code.explanation(), code.text())
}
