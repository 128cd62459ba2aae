//! How the program ends.

use std::process::{ExitCode, Termination};

/// How the program ends; the README lists the codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All is done, or there is nothing to do.
    Done,
    /// It failed, and nothing has been changed.
    Failed,
    /// There are changes (`plan --detailed-exitcode`).
    Changes,
    /// Bad usage, or a bad file: flags and file alone show it.
    Usage,
    /// Partly done; or not all that matters is known.
    Partly,
    /// Stopped by the user.
    Interrupted,
}

impl Exit {
    /// Its name, for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Changes => "changes",
            Self::Usage => "usage",
            Self::Partly => "partly",
            Self::Interrupted => "interrupted",
        }
    }

    /// Its number.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Changes => 2,
            Self::Usage => 3,
            Self::Partly => 4,
            Self::Interrupted => 130,
        }
    }
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(self.code())
    }
}
