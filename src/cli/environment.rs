//! What the environment says of where the program runs. It is read once, here; AWS's part of it is read by AWS's SDK.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use super::Exit;
use super::error::CommandError;
use crate::view::style::Look;

/// What is assumed where a terminal does not say how large it is.
const SIZE: (usize, usize) = (80, 24);

/// How the variables begin that AWS's SDK reads.
const AWS: &[u8] = b"AWS_";

/// Begins again without those of AWS's variables that are set to nothing, where there are any: everywhere else that
/// means that they are not set, but the SDK would call an empty address. A process cannot safely change what it was
/// given while others may read it.
///
/// # Errors
/// Where the program cannot begin again.
pub(super) fn settle(arguments: &[OsString]) -> Result<(), CommandError> {
    let empty =
        |(name, value): &(OsString, OsString)| name.as_encoded_bytes().starts_with(AWS) && value.is_empty();
    let empty: Vec<OsString> = std::env::vars_os().filter(empty).map(|(name, _)| name).collect();
    if empty.is_empty() {
        return Ok(());
    }
    let mut command = Command::new(std::env::current_exe().map_err(|error| stuck(&empty, &error))?);
    command.args(arguments.iter().skip(1));
    empty.iter().for_each(|name| _ = command.env_remove(name));
    // It only comes back where it has failed.
    Err(stuck(&empty, &command.exec()))
}

fn stuck(empty: &[OsString], error: &std::io::Error) -> CommandError {
    let names: Vec<_> = empty.iter().map(|name| name.to_string_lossy()).collect();
    CommandError::new(Exit::Failed, format!("cannot begin without {}: {error}", names.join(", ")))
        .hint("it is set to nothing: unset it")
}

/// Where the program runs.
#[derive(Clone, Debug, Default)]
pub(super) struct Environment {
    /// Whether the locale is UTF-8.
    pub unicode: bool,
    /// Whether stderr can be drawn on: a terminal, and not a dumb one, with somebody before it.
    pub live: bool,
    /// What kubectl tells its plugins.
    pub kubernetes_exec_info: Option<String>,
    /// Where GitHub Actions takes a summary of the step.
    pub github_step_summary: Option<PathBuf>,
    /// Where GitHub Actions takes the outputs of the step.
    pub github_output: Option<PathBuf>,
}

impl Environment {
    /// As it is.
    pub fn read() -> Self {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| set(name)).unwrap_or_default();
        let locale = locale.to_ascii_lowercase();
        let dumb = set("TERM").is_none_or(|term| term == "dumb");
        Self {
            unicode: locale.contains("utf-8") || locale.contains("utf8"),
            live: std::io::stderr().is_terminal() && !dumb && set("CI").is_none(),
            kubernetes_exec_info: set("KUBERNETES_EXEC_INFO"),
            github_step_summary: set("GITHUB_STEP_SUMMARY").map(PathBuf::from),
            github_output: set("GITHUB_OUTPUT").map(PathBuf::from),
        }
    }

    /// How stdout looks.
    pub fn stdout(&self) -> Look {
        let terminal = std::io::stdout().is_terminal();
        Look { columns: terminal.then(|| columns(std::io::stdout())), unicode: self.unicode }
    }

    /// How stderr looks.
    pub fn stderr(&self) -> Look {
        let terminal = std::io::stderr().is_terminal();
        Look { columns: terminal.then(|| columns(std::io::stderr())), unicode: self.unicode }
    }
}

/// Whether stderr shows colours.
pub(super) fn colour() -> bool {
    anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never
}

/// Columns and rows of stderr.
pub(super) fn size() -> (usize, usize) {
    let told = terminal_size::terminal_size_of(std::io::stderr());
    told.map_or(SIZE, |(columns, rows)| (columns.0.into(), rows.0.into()))
}

fn columns(stream: impl std::os::fd::AsFd) -> usize {
    terminal_size::terminal_size_of(stream).map_or(SIZE.0, |(columns, _)| columns.0.into())
}
