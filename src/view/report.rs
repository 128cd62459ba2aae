//! What is wrong with a file, for people and for programs.

use serde_json::Value;

use super::departures;
use super::diagnostics::{render, to_json};
use super::units::count;
use crate::config::{Departure, Diagnostic, Source};

/// A file and all that is said about it.
#[derive(Clone, Debug)]
pub struct Report {
    /// The file.
    pub source: Source,
    /// What is said, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
    /// Where it departs from the secure defaults.
    pub departures: Vec<Departure>,
    /// Whether warnings count as errors.
    pub denied: bool,
}

impl Report {
    /// As people read it, with how many errors there are and where to read more; nothing where nothing is said.
    /// Departures are told where they are errors; `departures::list` tells them elsewhere.
    pub fn text(&self) -> String {
        let rendered = render(&self.source, &self.diagnostics);
        let errors: Vec<&Diagnostic> = self.diagnostics.iter().filter(|it| it.is_error()).collect();
        match errors.first() {
            Some(first) => {
                let (number, code) = (count(errors.len(), "error"), first.code.id());
                format!("{rendered}\n\n{number}; nothing was touched. `eksact explain {code}` says more.")
            }
            None if self.denied => self.denial(),
            None => rendered,
        }
    }

    /// What is denied: warnings have been said when the file was read.
    fn denial(&self) -> String {
        let listed = departures::list(&self.source, &self.departures);
        let number = count(self.warnings(), "warning");
        let end = format!("error: {number}, which --deny-warnings makes errors; nothing was touched");
        if listed.is_empty() { end } else { format!("{listed}\n\n{end}") }
    }

    /// Everything that is no error by itself, and is not allowed.
    pub fn warnings(&self) -> usize {
        let warnings = self.diagnostics.iter().filter(|it| !it.is_error()).count();
        warnings + departures::open(&self.departures)
    }

    /// As programs read it.
    pub fn json(&self) -> Value {
        let mut object = to_json(&self.source, &self.diagnostics);
        let departures = self.departures.iter().map(|it| departures::object(&self.source, it));
        object["warnings"] = self.warnings().into();
        object["departures"] = departures.collect();
        object["denied"] = self.denied.into();
        object
    }
}
