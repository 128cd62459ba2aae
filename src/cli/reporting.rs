//! Flags of the commands that carry out a plan: who is told of it.

use std::path::PathBuf;

use super::Printer;
use super::error::CommandError;

/// Who is told of a run besides the one who has started it.
#[derive(Debug, clap::Args)]
pub(super) struct Reporting {
    #[command(flatten)]
    events: Events,
    #[command(flatten)]
    step: Step,
}

/// For commands of whose doings programs are told.
#[derive(Debug, clap::Args)]
pub(super) struct Events {
    /// Write what happens as JSON, one object a line; `-` for stdout, where then nothing else is
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
}

/// For commands that run as a step of a pipeline.
#[derive(Debug, clap::Args)]
pub(super) struct Step {
    /// Write summary and outputs of a step of GitHub Actions
    #[arg(long)]
    github: bool,
}

impl Step {
    /// # Errors
    /// Where it is no step of GitHub Actions.
    pub fn open(&self, printer: &Printer) -> Result<(), CommandError> {
        if self.github { printer.open_step() } else { Ok(()) }
    }
}

impl Reporting {
    /// Before anything is done, so that nothing is done that cannot be told.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn open(&self, printer: &Printer) -> Result<(), CommandError> {
        self.step.open(printer)?;
        self.events.open(printer)
    }
}

impl Events {
    /// # Errors
    /// Where they cannot be written.
    pub fn open(&self, printer: &Printer) -> Result<(), CommandError> {
        self.events.as_ref().map_or(Ok(()), |path| printer.open(path))
    }
}
