//! Ctrl-C and SIGTERM, where no plan is being carried out: then nothing is under way that has to finish.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::error::CommandError;
use super::{Exit, Printer};

/// Who has to stop on a signal: whoever carries out a plan, or the program at once.
#[derive(Clone, Debug, Default)]
pub(super) struct Stops {
    taken: Arc<AtomicBool>,
    /// Whether something has been changed, or may have been: from then on time is kept by whoever does it.
    ever: Arc<AtomicBool>,
}

impl Stops {
    /// Whether a plan is being carried out that answers to signals itself.
    pub fn take(&self, taken: bool) {
        self.taken.store(taken, Ordering::SeqCst);
        self.change();
    }

    /// Something is being changed, or has been.
    pub fn change(&self) {
        self.ever.store(true, Ordering::SeqCst);
    }

    /// Whether a plan is carried out, or has been, or something else is changed.
    pub fn were_taken(&self) -> bool {
        self.ever.load(Ordering::SeqCst)
    }

    fn are_taken(&self) -> bool {
        self.taken.load(Ordering::SeqCst)
    }
}

/// Both signals.
pub(super) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// # Errors
    /// Where they cannot be listened for.
    pub fn listen() -> Result<Self, CommandError> {
        let listen =
            |kind| signal(kind).map_err(|error| CommandError::of_system("listen for signals", &error));
        let (interrupt, terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
        Ok(Self { interrupt, terminate })
    }

    /// The next one, by its name.
    pub async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.terminate.recv() => "SIGTERM",
        }
    }
}

/// Ends the program on a signal that nobody else answers to, also while it waits for somebody to type.
pub(super) async fn watch(printer: Printer) -> Result<(), CommandError> {
    let mut signals = Signals::listen()?;
    loop {
        signals.next().await;
        if !printer.stops().are_taken() {
            let exit = printer.fail(&interrupted(printer.stops().were_taken()));
            std::process::exit(printer.close(exit).code().into());
        }
    }
}

fn interrupted(changed: bool) -> CommandError {
    let interrupted = CommandError::new(Exit::Interrupted, "interrupted");
    match changed {
        true => interrupted.hint("what AWS was asked for goes on there; the same command goes on from here"),
        false => interrupted.hint("nothing was changed"),
    }
}
