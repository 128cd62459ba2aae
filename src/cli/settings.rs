//! Flags and environment, merged once.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{ArgAction, Args, ValueEnum};

use super::environment::Environment;
use super::error::CommandError;
use super::log::Log;
use super::preflight::credentials_end;
use super::source::File;
use crate::cluster::{Span, Timestamp};
use crate::view::diagnostics::place;

/// Flags of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub(super) struct Global {
    /// AWS region; the file's, or the one of your AWS configuration, if left out
    #[arg(long, short = 'r', global = true, value_name = "REGION")]
    region: Option<String>,
    /// Profile of your AWS configuration
    #[arg(long, short = 'p', global = true, value_name = "NAME")]
    profile: Option<String>,
    /// File with the certificate authorities that AWS and your proxy prove themselves by; AWS_CA_BUNDLE's, or the
    /// profile's ca_bundle, if left out
    #[arg(long, global = true, value_name = "FILE")]
    ca_bundle: Option<PathBuf>,
    /// The only account to work in: in another one nothing is done
    #[arg(long, global = true, value_name = "12 DIGITS", value_parser = account)]
    account: Option<String>,
    /// Form of the answer
    #[arg(long, short = 'o', global = true, value_enum, default_value_t)]
    output: Output,
    /// Tell every call to AWS (-v)
    #[arg(long, short = 'v', global = true, action = ArgAction::Count)]
    verbose: u8,
    /// The longest that the whole run may wait for AWS
    #[arg(long, global = true, value_name = "DURATION", default_value = "60m", value_parser = duration)]
    timeout: Duration,
    /// Append all that is told, and every call, to a file
    #[arg(long, global = true, value_name = "FILE")]
    log_file: Option<PathBuf>,
}

/// Form of the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Output {
    /// For people.
    #[default]
    #[value(alias = "table")]
    Text,
    /// For programs.
    Json,
    /// For programs and people.
    Yaml,
    /// For a comment on a pull request: a plan only.
    Markdown,
}

/// Accounts in which a command may work, with the places that say so: it works in one that is all of them.
pub(super) type Accounts = Vec<(String, Option<Span>)>;

/// What flags and environment say.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub region: Option<String>,
    pub profile: Option<String>,
    pub account: Option<String>,
    pub ca_bundle: Option<PathBuf>,
    pub output: Output,
    pub verbose: u8,
    /// The longest that the whole run may take.
    pub timeout: Duration,
    /// When it began.
    pub began: Instant,
    pub environment: Environment,
    /// When credentials end that nobody renews, where that is known.
    pub credentials_end: Option<Timestamp>,
    pub log: Option<Log>,
}

impl Global {
    /// What they come to.
    ///
    /// # Errors
    /// Where they contradict each other, or a log cannot be written.
    pub fn settings(&self) -> Result<Settings, CommandError> {
        Ok(Settings {
            region: self.region.clone(),
            profile: self.profile.clone(),
            account: self.account.clone(),
            ca_bundle: self.ca_bundle.clone().or_else(ca_bundle),
            output: self.output,
            verbose: self.verbose,
            timeout: self.timeout,
            began: Instant::now(),
            environment: Environment::read(),
            credentials_end: credentials_end(self.profile.as_deref()),
            log: self.log_file.as_deref().map(Log::open).transpose()?,
        })
    }
}

impl Settings {
    /// How much of the time for the run is left.
    pub fn left(&self) -> Duration {
        self.timeout.saturating_sub(self.began.elapsed())
    }

    /// The region of a file, which a flag may only repeat.
    ///
    /// # Errors
    /// Where they differ.
    pub fn region_of(&self, file: &str) -> Result<String, CommandError> {
        match &self.region {
            Some(flag) if flag != file => Err(CommandError::usage(format!(
                "--region {flag} and the file's metadata.region {file} differ"
            ))
            .hint("leave --region out, or change the file")),
            _ => Ok(file.to_owned()),
        }
    }

    /// The account of a flag, and that of a file.
    ///
    /// # Errors
    /// Where they differ.
    pub fn accounts(&self, file: Option<&File>) -> Result<Accounts, CommandError> {
        file.map_or(Ok(()), |file| self.check_account(file))?;
        let pinned = file.and_then(|file| file.cluster.pinned_account());
        let pinned = pinned.map(|(account, place)| (account.to_owned(), Some(place)));
        Ok(self.account.iter().map(|account| (account.clone(), None)).chain(pinned).collect())
    }

    /// Whether the account of a flag is that of the file, where both say one.
    ///
    /// # Errors
    /// Where they differ.
    pub fn check_account(&self, file: &File) -> Result<(), CommandError> {
        let (Some(flag), Some((pinned, span))) = (&self.account, file.cluster.pinned_account()) else {
            return Ok(());
        };
        if flag == pinned {
            return Ok(());
        }
        let at = place(&file.source, span);
        let differ = format!("--account {flag} and the file's metadata.accountID {pinned} differ: {at}");
        Err(CommandError::usage(differ).hint("leave --account out, or change the file"))
    }
}

/// The SDK does not read it.
fn ca_bundle() -> Option<PathBuf> {
    std::env::var_os("AWS_CA_BUNDLE").filter(|path| !path.is_empty()).map(PathBuf::from)
}

fn account(text: &str) -> Result<String, String> {
    let fits = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.to_owned()).ok_or_else(|| "an account's id has 12 digits".to_owned())
}

fn duration(text: &str) -> Result<Duration, String> {
    let parsed = text.parse::<jiff::SignedDuration>().map_err(|_| "such as 25m, 90s or 1h30m".to_owned())?;
    Duration::try_from(parsed).map_err(|_| "a duration cannot be negative".to_owned())
}
