//! The end of a whole run before its time: no call is begun any more, those under way finish, and
//! waits are over at once.

use std::convert::Infallible;
use std::sync::OnceLock;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Failure, Run};
use crate::world::World;

/// Why a whole run ended before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Halt {
    /// Whoever started it has stopped it.
    #[error("the run was stopped")]
    Stopped,
    /// The caller's credentials have expired: no call can succeed any more.
    #[error("the caller's credentials have expired")]
    Expired,
    /// It has taken as long as it may.
    #[error("the time for the run is over")]
    TimedOut,
}

/// Whether a run goes on.
#[derive(Debug)]
pub(super) struct Course {
    /// Cancelled by whoever started the run, or by the run itself.
    over: CancellationToken,
    /// Why the run itself has done so.
    because: OnceLock<Halt>,
}

impl Course {
    pub fn new(stop: &CancellationToken) -> Self {
        Self { over: stop.child_token(), because: OnceLock::new() }
    }

    pub fn halt(&self, because: Halt) {
        if self.halted().is_none() {
            _ = self.because.set(because);
            self.over.cancel();
        }
    }

    pub fn halted(&self) -> Option<Halt> {
        self.over.is_cancelled().then(|| self.because.get().copied().unwrap_or(Halt::Stopped))
    }

    /// Ends when the run is over before its time, and says why.
    pub async fn over(&self) -> Halt {
        self.over.cancelled().await;
        self.halted().unwrap_or(Halt::Stopped)
    }
}

impl<W: World> Run<'_, W> {
    /// Halts the run once it has taken too long. It never ends by itself.
    pub(super) async fn time_out(&self, timeout: Option<Duration>) -> Infallible {
        if let Some(timeout) = timeout {
            self.world.wait(timeout).await;
            self.course.halt(Halt::TimedOut);
        }
        std::future::pending().await
    }

    /// Waits, but not longer than the run goes on.
    pub(super) async fn wait(&self, duration: Duration) -> Result<(), Failure> {
        tokio::select! {
            biased;
            halt = self.course.over() => Err(halt.into()),
            () = self.world.wait(duration) => Ok(()),
        }
    }
}
