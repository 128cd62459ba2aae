//! What is wrong with a file, for people and for programs.

use serde_json::{Value, json};

use super::diagnostics::render;
use super::json::answer;
use super::units::count;
use crate::cluster::Span;
use crate::config::{Diagnostic, Severity, Source};

/// A file and all that is said about it.
#[derive(Clone, Debug)]
pub struct Report {
    /// The file.
    pub source: Source,
    /// What is said, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// As people read it, with how many errors there are and where to read more; nothing where nothing is said.
    pub fn text(&self) -> String {
        let rendered = render(&self.source, &self.diagnostics);
        let errors = self.errors();
        match self.diagnostics.iter().find(|it| it.is_error()) {
            Some(first) => format!(
                "{rendered}\n\n{}; nothing was touched. `eksact explain {}` says more.",
                count(errors, "error"),
                first.code.id()
            ),
            None => rendered,
        }
    }

    /// As programs read it.
    pub fn json(&self) -> Value {
        let diagnostics = self.diagnostics.iter().map(|it| {
            let (line, column) = line_and_column(&self.source.text, it.primary.span);
            json!({
                "code": it.code.id(),
                "severity": if it.severity() == Severity::Error { "error" } else { "warning" },
                "message": it.message,
                "label": it.primary.text,
                "line": line,
                "column": column,
                "help": it.help,
                "fix": it.fix.as_ref().map(|fix| fix.replacement.clone()),
            })
        });
        let (file, diagnostics) = (&self.source.name, diagnostics.collect::<Vec<_>>());
        answer("Diagnostics", json!({ "file": file, "errors": self.errors(), "diagnostics": diagnostics }))
    }

    fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|it| it.is_error()).count()
    }
}

/// `cluster.yaml:8:9`.
pub fn position(source: &Source, span: Span) -> String {
    let (line, column) = line_and_column(&source.text, span);
    format!("{}:{line}:{column}", source.name)
}

/// From one, in characters.
fn line_and_column(text: &str, span: Span) -> (usize, usize) {
    let before = text.get(..span.start as usize).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

#[test]
fn lines_and_columns_begin_with_one() {
    let at = |start| position(&Source::new("a.yaml", "ä: 1\nb: 2"), Span { start, end: start });
    assert_eq!((at(0).as_str(), at(2).as_str(), at(9).as_str()), ("a.yaml:1:1", "a.yaml:1:2", "a.yaml:2:4"));
}
