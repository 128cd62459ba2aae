//! The receipt of a deletion: a file that says what went, when, and how it is known.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use serde_json::Value;

use super::error::CommandError;
use super::{Exit, Printer};
use crate::view::json::to_json;

/// Where a receipt goes, if one is wanted.
#[derive(Debug, clap::Args)]
pub(super) struct Receipt {
    /// Write what was deleted, when each went, and the proof that it is gone, as JSON
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
}

impl Receipt {
    /// Before anything is deleted, so that nothing is deleted that is not written down. What the file holds stays
    /// until there is something else to be in it.
    ///
    /// # Errors
    /// Where it could not be written.
    pub fn check(&self) -> Result<(), CommandError> {
        let Some(path) = &self.receipt else { return Ok(()) };
        let checked = match OpenOptions::new().write(true).create_new(true).open(path) {
            Ok(_) => std::fs::remove_file(path),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                OpenOptions::new().write(true).open(path).map(|_| ())
            }
            Err(error) => Err(error),
        };
        checked.map_err(|error| CommandError::unwritable(&path.display().to_string(), &error))
    }

    /// Writes it. That it cannot be is said, and makes the end of a deletion that went well a worse one.
    pub fn write(&self, receipt: impl FnOnce() -> Value, printer: &Printer) -> Exit {
        let Some(path) = &self.receipt else { return Exit::Done };
        let text = to_json(&receipt());
        match File::create(path).and_then(|mut file| writeln!(file, "{text}")) {
            Ok(()) => {
                printer.talk(&format!("the receipt is in {}", path.display()));
                Exit::Done
            }
            Err(error) => {
                let failed = CommandError::unwritable(&path.display().to_string(), &error);
                printer.say(&CommandError { exit: Exit::Partly, ..failed })
            }
        }
    }
}
