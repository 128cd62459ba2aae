//! The parser's errors in words that say what to do.

use granit_parser::{ErrorKind, ScanError};

use super::{MAX_DEPTH, MAX_EXPANSION};
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::Span;

/// `bracket` is the innermost one that is open.
pub fn explain(error: &ScanError, text: &str, bracket: Option<Span>) -> Diagnostic {
    let at = place(error, text);
    let say = |message: &str, label: &str, help: &str| {
        let diagnostic = Diagnostic::new(Code::Syntax, at, message).label(label);
        if help.is_empty() { diagnostic } else { diagnostic.help(help) }
    };
    if let Some(said) = super::slips::not_yaml(text, at) {
        return said;
    }
    let said = match error.kind() {
        ErrorKind::RecursionLimitExceeded => too_deep(at),
        ErrorKind::UnclosedQuotedScalar => say("this quote is never closed", "opened here", ""),
        ErrorKind::UnclosedFlowCollection { open: '[' } => say("this `[` is never closed", "opened here", ""),
        ErrorKind::UnclosedFlowCollection { .. } => say("this `{` is never closed", "opened here", ""),
        ErrorKind::InvalidColonPlacement => say(
            "a `:` cannot stand here",
            "unexpected `:`",
            if bracket.is_some() { "" } else { "text with `: ` in it needs quotes" },
        ),
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::ExpectedBlockSequenceEntry => say(
            "the indentation of this line fits nothing above it",
            "neither a new entry of the map or list above, nor inside it",
            "entries of one map or list start in the same column",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            say("a key needs a `:` and a space after it", "no `key: value`", "")
        }
        ErrorKind::TabInPlainScalar => super::slips::tab_below(text, at)
            .unwrap_or_else(|| say("a tab stands in this text", "text with a tab needs quotes", "")),
        _ => say(&error.info(), "", ""),
    };
    match bracket.filter(|bracket| *bracket != at) {
        Some(bracket) => said.and(bracket, "this bracket is still open"),
        None => said,
    }
}

pub fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(Code::TooMuch, span, format!("more than {MAX_DEPTH} lists and maps within each other"))
}

pub fn too_large(span: Span) -> Diagnostic {
    let message = format!("the aliases up to here stand for more than {MAX_EXPANSION} values");
    Diagnostic::new(Code::TooMuch, span, message).label("one alias too many")
}

/// The parser knows where it stopped; one character is shown.
fn place(error: &ScanError, text: &str) -> Span {
    let start = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let start = (0..=start).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let width = text[start..].chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
    Span { start: start as u32, end: (start + width) as u32 }
}
