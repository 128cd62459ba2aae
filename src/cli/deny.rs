//! Whether a file may be used that is only nearly as it should be.

use super::Exit;
use super::error::{CommandError, What};
use super::source::File;
use crate::view::report::Report;

/// A flag of the commands that read all of a file.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct DenyWarnings {
    /// Take warnings for errors: those about the file, and departures from the secure defaults without a waiver
    #[arg(long)]
    deny_warnings: bool,
}

impl DenyWarnings {
    /// Whether warnings are errors.
    pub fn is_on(self) -> bool {
        self.deny_warnings
    }

    /// # Errors
    /// Where there is a warning, and the flag says that there must be none.
    pub fn check(self, file: &File) -> Result<(), CommandError> {
        let report = Report {
            source: file.source.clone(),
            diagnostics: file.diagnostics.clone(),
            departures: file.departures.clone(),
            denied: true,
        };
        match self.deny_warnings && report.warnings() > 0 {
            true => {
                let what = What::File(Box::new(report));
                Err(CommandError { exit: Exit::Usage, what, besides: None, hints: Vec::new() })
            }
            false => Ok(()),
        }
    }
}
