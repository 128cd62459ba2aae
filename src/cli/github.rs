//! What GitHub Actions takes from a step: a summary in Markdown, and outputs.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::error::CommandError;

/// Where it is taken from, and what is to be put there.
#[derive(Clone, Debug)]
pub(super) struct Github {
    summary: Option<PathBuf>,
    output: Option<PathBuf>,
    markdown: Vec<String>,
    outputs: Vec<(&'static str, String)>,
}

impl Github {
    /// As GitHub Actions says in the environment. Before anything is done, so that nothing is done that cannot be
    /// told.
    ///
    /// # Errors
    /// Where it says nothing: then it is not GitHub Actions; or where it says what cannot be written.
    pub fn of(environment: &Environment) -> Result<Self, CommandError> {
        let (summary, output) = (environment.github_step_summary.clone(), environment.github_output.clone());
        if summary.is_none() && output.is_none() {
            return Err(CommandError::usage("--github is for a step of GitHub Actions")
                .hint("neither GITHUB_STEP_SUMMARY nor GITHUB_OUTPUT is set"));
        }
        for path in [&summary, &output].into_iter().flatten() {
            check(path)?;
        }
        Ok(Self { summary, output, markdown: Vec::new(), outputs: Vec::new() })
    }

    /// A part of the summary.
    pub fn markdown(&mut self, text: String) {
        self.markdown.push(text);
    }

    /// An output; the last one of a name counts.
    pub fn output<T: AsRef<str> + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.outputs.retain(|(known, _)| *known != name);
        self.outputs.push((name, value.as_ref().to_owned()));
    }

    /// Puts all of it where it is taken from. That one of the two cannot be written is nothing against the other.
    ///
    /// # Errors
    /// Where one cannot be written.
    pub fn write(&self) -> Result<(), CommandError> {
        let outputs: String = self.outputs.iter().map(|(name, value)| line(name, value)).collect();
        let summary = append(self.summary.as_deref(), &self.markdown.join("\n"));
        let output = append(self.output.as_deref(), &outputs);
        summary.and(output)
    }
}

/// The form that takes values of several lines: what ends one is not in it.
fn line(name: &str, value: &str) -> String {
    let mut end = "EKSACT".to_owned();
    while value.lines().any(|line| line == end) {
        end.push('_');
    }
    format!("{name}<<{end}\n{value}\n{end}\n")
}

/// Whether a file can be written: one that is not there is made, as it would be in the end.
fn check(path: &Path) -> Result<(), CommandError> {
    open(path).map(|_| ()).map_err(|error| unwritable(path, &error))
}

fn append(path: Option<&Path>, text: &str) -> Result<(), CommandError> {
    let Some(path) = path.filter(|_| !text.is_empty()) else { return Ok(()) };
    let written = open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| unwritable(path, &error))
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).open(path)
}

fn unwritable(path: &Path, error: &io::Error) -> CommandError {
    CommandError::unwritable(&path.display().to_string(), error)
}

#[test]
fn a_value_cannot_end_itself() {
    assert_eq!(line("a", "one\ntwo"), "a<<EKSACT\none\ntwo\nEKSACT\n");
    assert_eq!(line("a", "EKSACT\nb=c"), "a<<EKSACT_\nEKSACT\nb=c\nEKSACT_\n");
}
