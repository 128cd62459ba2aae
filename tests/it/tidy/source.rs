//! Sources as the rules see them.

use std::fs::{read_dir, read_to_string};
use std::path::Path;

/// A source file, without what stands in comments and strings.
pub struct Source {
    pub path: String,
    pub code: String,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), code: code_of(text) }
    }

    /// The module that it is a part of; nothing outside of `src`.
    pub fn module(&self) -> Option<&str> {
        let below = self.path.strip_prefix("src/")?;
        below.split(['/', '.']).next()
    }
}

/// The text without its comments and the insides of its strings and characters; lines stay lines.
pub fn code_of(text: &str) -> String {
    let (mut code, mut rest) = (String::new(), text);
    while let Some(first) = rest.chars().next() {
        let skipped = skipped(rest, code.chars().next_back());
        let (taken, after) = rest.split_at(if skipped == 0 { first.len_utf8() } else { skipped });
        match skipped {
            0 => code.push(first),
            _ => code.extend(taken.chars().filter(|letter| *letter == '\n')),
        }
        rest = after;
    }
    code
}

/// How many bytes of a comment, string or character there are at the beginning of a text.
fn skipped(text: &str, before: Option<char>) -> usize {
    let end = |found: Option<usize>, of: usize| found.map_or(text.len(), |at| at + of);
    let in_word = before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    let hashes = text.strip_prefix('r').map(|rest| rest.len() - rest.trim_start_matches('#').len());
    match (text, hashes) {
        (comment, _) if comment.starts_with("//") => end(comment.find('\n'), 0),
        (comment, _) if comment.starts_with("/*") => end(comment.find("*/"), 2),
        (string, _) if string.starts_with('"') => 1 + closed(&string[1..], '"'),
        (raw, Some(hashes)) if !in_word && raw[1 + hashes..].starts_with('"') => {
            let close = format!("\"{}", "#".repeat(hashes));
            end(raw[2 + hashes..].find(&close), 2 + hashes + close.len())
        }
        (letter, _) if letter.starts_with("'\\") => 1 + closed(&letter[1..], '\''),
        // Anything else behind a quote is a lifetime.
        (letter, _) if letter.starts_with('\'') && letter.chars().nth(2) == Some('\'') => {
            letter.chars().take(3).map(char::len_utf8).sum()
        }
        _ => 0,
    }
}

/// How many bytes there are up to a closing quote, and with it.
fn closed(text: &str, quote: char) -> usize {
    let mut escaped = false;
    let close = text.find(|letter| {
        let closes = letter == quote && !escaped;
        escaped = letter == '\\' && !escaped;
        closes
    });
    close.map_or(text.len(), |at| at + 1)
}

/// All that are in a folder.
pub fn sources(folder: &Path, into: &mut Vec<Source>) {
    for entry in read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|it| it == "rs") {
            let below = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_string_lossy().into_owned();
            into.push(Source::new(&below, &read_to_string(&path).unwrap()));
        }
    }
}
