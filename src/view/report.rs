//! What is wrong with a file, for people and for programs.

use serde_json::Value;

use super::diagnostics::{render, to_json};
use super::units::count;
use crate::config::{Diagnostic, Source, Weaker};

/// A file and all that is said about it.
#[derive(Clone, Debug)]
pub struct Report {
    /// The file.
    pub source: Source,
    /// What is said, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
    /// Defaults that ours are safer than.
    pub weaker: Vec<Weaker>,
}

impl Report {
    /// As people read it, with how many errors there are and where to read more; nothing where nothing is said.
    pub fn text(&self) -> String {
        let rendered = render(&self.source, &self.diagnostics);
        let errors: Vec<&Diagnostic> = self.diagnostics.iter().filter(|it| it.is_error()).collect();
        match errors.first() {
            Some(first) => {
                let (number, code) = (count(errors.len(), "error"), first.code.id());
                format!("{rendered}\n\n{number}; nothing was touched. `eksact explain {code}` says more.")
            }
            None => rendered,
        }
    }

    /// As programs read it.
    pub fn json(&self) -> Value {
        to_json(&self.source, &self.diagnostics, &self.weaker)
    }
}
