//! The cluster file, from disk or from stdin.

use std::io::Read;
use std::path::Path;

use super::error::CommandError;
use super::{Exit, Printer};
use crate::config::{ClusterConfig, Source, Weaker, read};
use crate::view::diagnostics::render;

/// The name of what stands for a file where flags are given.
pub(super) const FLAGS: &str = "flags";

/// A file that has been read, and holds a cluster.
#[derive(Debug)]
pub(super) struct File {
    pub source: Source,
    pub cluster: ClusterConfig,
    pub weaker: Vec<Weaker>,
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
    let bytes = bytes.map_err(|error| CommandError::usage(format!("cannot read {name}: {error}")))?;
    let text =
        String::from_utf8(bytes).map_err(|_| CommandError::usage(format!("{name} is not UTF-8 text")))?;
    Ok(Source { name, text })
}

/// Reads a cluster; warnings are told, errors end the command.
///
/// # Errors
/// Where there is anything wrong with it.
pub(super) fn cluster(source: Source, printer: &Printer) -> Result<File, CommandError> {
    let outcome = read(&source);
    match outcome.cluster {
        Some(cluster) => {
            if !outcome.diagnostics.is_empty() {
                printer.talk(&render(&source, &outcome.diagnostics));
            }
            Ok(File { source, cluster, weaker: outcome.weaker })
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
}
