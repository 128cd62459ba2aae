//! stdout is the answer, stderr the talk.

use std::io::Write;

use serde::Serialize;

use super::Exit;
use super::error::{CommandError, What};
use super::settings::Output;
use crate::view::json::{answer, to_json, to_yaml};

/// Writes what has been rendered.
#[derive(Debug, Default)]
pub(super) struct Printer {
    output: Output,
}

impl Printer {
    pub fn new(output: Output) -> Self {
        Self { output }
    }

    /// The answer: the text, or the object that says the same.
    pub fn answer(&self, text: impl FnOnce() -> String, object: impl FnOnce() -> serde_json::Value) {
        match self.output {
            Output::Text => self.out(&text()),
            Output::Json => self.out(&to_json(&object())),
            Output::Yaml => self.out(to_yaml(&object()).trim_end()),
        }
    }

    /// A line of the answer. Who reads it may have gone: that is no failure of ours.
    pub fn out(&self, text: &str) {
        _ = writeln!(anstream::stdout(), "{text}");
    }

    /// A line of talk.
    pub fn talk(&self, text: &str) {
        _ = writeln!(anstream::stderr(), "{text}");
    }

    /// Says why the command fails.
    pub fn fail(&self, error: &CommandError) -> Exit {
        match (&error.what, self.output) {
            (What::File(report), Output::Text) => self.talk(&report.text()),
            (What::File(report), _) => self.object(&report.json()),
            (What::Message(message), Output::Text) => self.talk(&format!("error: {message}")),
            (What::Message(message), _) => {
                self.talk(&format!("error: {message}"));
                let rest = serde_json::json!({ "message": message, "hints": error.hints });
                self.object(&answer("Error", rest));
            }
        }
        for hint in &error.hints {
            self.talk(&format!("  hint: {hint}"));
        }
        error.exit
    }

    fn object(&self, object: &impl Serialize) {
        match self.output {
            Output::Yaml => self.out(to_yaml(object).trim_end()),
            Output::Text | Output::Json => self.out(&to_json(object)),
        }
    }
}
