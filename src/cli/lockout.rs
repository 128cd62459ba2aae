//! Whether the caller may lose their own access to the cluster.

use super::Exit;
use super::error::CommandError;
use super::source::File;
use crate::ops::Draft;
use crate::view::diagnostics::place;

/// A flag of the commands that carry out what a file says.
#[derive(Debug, clap::Args)]
pub(super) struct AllowLockout {
    /// Go on where your own access to the cluster would be taken away or not be given
    #[arg(long)]
    allow_lockout: bool,
}

impl AllowLockout {
    /// Whether a plan may be carried out by who asks.
    ///
    /// # Errors
    /// Where it locks them out, and no flag says that this is meant.
    pub fn check(&self, draft: &Draft, file: &File) -> Result<(), CommandError> {
        let Some(lockout) = draft.lockout().filter(|_| !self.allow_lockout) else { return Ok(()) };
        let at = draft.graph.span(lockout.key(), "").map(|at| format!(": {}", place(&file.source, at)));
        let caller = &draft.facts.caller.arn;
        let message = format!("{lockout}{}", at.unwrap_or_default());
        Err(CommandError::new(Exit::Failed, message)
            .hint(format!("the caller is {caller}; let them in under accessConfig.accessEntries"))
            .hint("add --allow-lockout to go on all the same; nothing was changed"))
    }
}
