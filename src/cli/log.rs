//! A file with all that is told, and with every call.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Exit;
use super::error::CommandError;
use crate::aws::{Heard, Hearer};
use crate::cluster::Timestamp;
use crate::view::units::moment;

/// What is appended to a file, a line at a time, each with the time in UTC. Copies write to the same file.
#[derive(Clone, Debug)]
pub(super) struct Log(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    file: File,
    name: String,
    /// Whether it has been said that it cannot be written any more.
    broken: AtomicBool,
}

impl Log {
    /// Opens a file, or makes one that nobody else may read.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn open(path: &Path) -> Result<Self, CommandError> {
        let name = path.display().to_string();
        let file = OpenOptions::new().append(true).create(true).mode(0o600).open(path);
        let file = file.map_err(|error| CommandError::unwritable(&format!("the log {name}"), &error))?;
        let log = Self(Arc::new(Inner { file, name, broken: AtomicBool::new(false) }));
        let typed: Vec<String> = std::env::args().skip(1).collect();
        log.write("begin", &format!("eksact {} {}", env!("CARGO_PKG_VERSION"), typed.join(" ")));
        Ok(log)
    }

    /// What was told: without colours, each line with the time.
    pub fn told(&self, text: &str) {
        self.write("told", &anstream::adapter::strip_str(text).to_string());
    }

    /// How the program ends.
    pub fn end(&self, exit: Exit) {
        self.write("end", &format!("exit code {}", exit.code()));
    }

    /// In one piece, so that two programs that write at once do not write into each other's lines.
    fn write(&self, what: &str, text: &str) {
        let now = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ");
        let lines: String = text.lines().map(|line| format!("{now} {what:<5} {line}\n")).collect();
        let inner = &self.0;
        if let Err(error) = (&inner.file).write_all(lines.as_bytes())
            && !inner.broken.swap(true, Ordering::Relaxed)
        {
            _ = writeln!(anstream::stderr(), "the log {} cannot be written any more: {error}", inner.name);
        }
    }
}

/// Who tells every call once it is answered: to a log, or to who wants to see it; nobody, where neither is wanted.
pub(super) fn hearer(log: Option<&Log>, is_shown: bool) -> Option<Hearer> {
    let log = log.cloned();
    (log.is_some() || is_shown).then(|| {
        Hearer::new(move |heard| {
            log.iter().for_each(|log| log.write("call", &line(heard)));
            if is_shown {
                // Nobody can be told that it is not to be seen.
                _ = writeln!(anstream::stderr(), "{} answered {}", moment(Timestamp::now()), line(heard));
            }
        })
    })
}

fn line(heard: &Heard) -> String {
    let status = heard.status.map_or("no answer".to_owned(), |status| status.to_string());
    let request = heard.request_id.as_ref().map(|id| format!(" request {id}"));
    let took = heard.took.as_secs_f64();
    format!("{} {status} {took:.3}s{}", heard.operation, request.unwrap_or_default())
}
