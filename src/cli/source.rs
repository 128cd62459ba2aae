//! The cluster file, from disk or from stdin.

use std::io::{ErrorKind, Read};
use std::path::Path;

use serde_json::Value;

use super::error::CommandError;
use super::{Exit, Printer};
use crate::config::{ClusterConfig, Departure, Diagnostic, FLAGS, Outcome, Source, read};
use crate::view::departures::{counted, open};
use crate::view::diagnostics::render;

/// A file that has been read, and holds a cluster.
#[derive(Debug)]
pub(super) struct File {
    pub source: Source,
    pub cluster: ClusterConfig,
    /// Warnings, which have been told.
    pub diagnostics: Vec<Diagnostic>,
    /// Where it departs from the secure defaults.
    pub departures: Vec<Departure>,
}

/// The text of a file; of stdin for `-`.
///
/// # Errors
/// Where it cannot be read.
pub(super) fn text(path: &Path) -> Result<Source, CommandError> {
    let name = if path == Path::new("-") { "stdin".to_owned() } else { path.display().to_string() };
    let bytes = match name.as_str() {
        "stdin" => {
            let mut bytes = Vec::new();
            std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        }
        _ => std::fs::read(path),
    };
    let bytes = bytes.map_err(|error| unreadable(&name, &error))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        CommandError::usage(format!("{name} is not UTF-8 text"))
            .hint("a cluster file is YAML: save it as UTF-8")
    })?;
    Ok(Source { name, text })
}

fn unreadable(name: &str, error: &std::io::Error) -> CommandError {
    let failed = CommandError::usage(format!("cannot read {name}: {error}"));
    match error.kind() {
        ErrorKind::NotFound => failed
            .hint("-f takes its path, from the folder that you are in, or - for stdin")
            .hint("eksact create cluster --name NAME --region REGION --dry-run prints one to begin with"),
        ErrorKind::IsADirectory => {
            failed.hint(format!("name the file in it: -f {}/cluster.yaml", name.trim_end_matches('/')))
        }
        _ => failed.hint(format!("ls -l {name} says who may read it")),
    }
}

/// Reads a cluster; warnings are told, errors end the command.
///
/// # Errors
/// Where there is anything wrong with it.
pub(super) fn cluster(source: Source, printer: &Printer) -> Result<File, CommandError> {
    let outcome = read(&source);
    match outcome.cluster {
        Some(cluster) => {
            let Outcome { diagnostics, departures, .. } = outcome;
            if !diagnostics.is_empty() {
                printer.talk(&render(&source, &diagnostics));
            }
            Ok(File { source, cluster, diagnostics, departures })
        }
        None => Err(CommandError::file(Exit::Usage, &source, outcome.diagnostics)),
    }
}

/// Both in one.
///
/// # Errors
/// As they do.
pub(super) fn load(path: &Path, printer: &Printer) -> Result<File, CommandError> {
    cluster(text(path)?, printer)
}

impl File {
    /// How the file is named on a command line: ` -f cluster.yaml`; as nothing, where flags stood for it.
    pub fn argument(&self) -> String {
        match self.source.name.as_str() {
            "stdin" => " -f -".to_owned(),
            FLAGS => format!(" --name {} --region {}", self.cluster.name(), self.cluster.region()),
            name => format!(" -f {name}"),
        }
    }

    /// A plan for programs, with how many departures from the secure defaults are not allowed.
    pub fn counted(&self, mut plan: Value) -> Value {
        plan["departures"] = open(&self.departures).into();
        plan
    }

    /// How many departures from the secure defaults are not allowed, and where they are listed; nothing where
    /// there are none.
    pub fn warnings(&self) -> Option<String> {
        let listed = match self.source.name.as_str() {
            FLAGS => "--dry-run prints a file in which they can be changed".to_owned(),
            _ => format!("eksact validate{}", self.argument()),
        };
        counted(&self.departures, &listed)
    }
}
