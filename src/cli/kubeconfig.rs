//! Where the kubeconfig is, and what its entry says: flags as eksctl has them.

use std::path::{Path, PathBuf};

use clap::{ArgAction, ValueEnum};

use super::Printer;
use super::error::CommandError;
use super::settings::Settings;
use crate::kubernetes::{Authenticator, Edited, Files, KubeconfigError, Special};
use crate::ops::{self, Kept};
use crate::view::units;

/// What every command takes that writes an entry.
#[derive(Debug, clap::Args)]
pub(super) struct Entry {
    /// The kubeconfig to write to
    #[arg(long, value_name = "FILE", default_value = None)]
    kubeconfig: Option<PathBuf>,
    /// Whether the cluster's context becomes the current one
    #[arg(long, value_name = "BOOL", action = ArgAction::Set, num_args = 0..=1, require_equals = true,
        default_missing_value = "true")]
    set_kubeconfig_context: Option<bool>,
    /// Who makes tokens for kubectl
    #[arg(long, value_enum, value_name = "PROGRAM", default_value_t)]
    authenticator: Program,
}

/// Who makes tokens for kubectl.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Program {
    /// This program.
    #[default]
    Eksact,
    /// The AWS CLI.
    Aws,
}

impl Entry {
    /// The same for who wants other things, too: where a device stands for the file, as `/dev/null` does for none,
    /// it is left alone, and that is said.
    ///
    /// # Errors
    /// As of [`Entry::kept`].
    pub fn if_wanted(
        &self,
        settings: &Settings,
        current: bool,
        printer: &Printer,
    ) -> Result<Option<Kept>, CommandError> {
        let files = self.files()?;
        let path = files.chosen();
        if Special::at(path) != Some(Special::CharacterDevice) {
            return self.kept(settings, current).map(Some);
        }
        printer.talk(&format!("{} is a device and no file: no kubeconfig is written", path.display()));
        Ok(None)
    }

    /// Where an entry goes, and what it says. `current` is whether its context becomes the current one if
    /// no flag says so.
    ///
    /// # Errors
    /// Where nobody says where the file is, or it is none.
    pub fn kept(&self, settings: &Settings, current: bool) -> Result<Kept, CommandError> {
        let files = self.files()?;
        if let Some(what) = Special::at(files.chosen()) {
            let told = KubeconfigError::Special { path: files.chosen().into(), what }.to_string();
            return Err(CommandError::usage(told).hint("add --kubeconfig FILE"));
        }
        let authenticator = match self.authenticator {
            Program::Eksact => Authenticator::Eksact(program()),
            Program::Aws => Authenticator::Aws,
        };
        Ok(Kept {
            files,
            current: self.set_kubeconfig_context.unwrap_or(current),
            authenticator,
            // Whoever runs kubectl later may have another environment.
            profile: settings.profile.clone(),
            home: std::env::home_dir(),
        })
    }

    fn files(&self) -> Result<Files, CommandError> {
        files(self.kubeconfig.as_deref()).ok_or_else(|| {
            CommandError::usage("no kubeconfig: neither KUBECONFIG nor HOME is set")
                .hint("add --kubeconfig FILE")
        })
    }
}

/// Takes the entry of a cluster that is gone out of a kubeconfig. That it cannot be is said, and no failure.
pub(super) async fn forget(flag: Option<&Path>, arn: &str, printer: &Printer) {
    let Some(files) = files(flag) else { return };
    let removed = match ops::forget(files, arn.to_owned()).await {
        Ok(removed) => removed,
        Err(why) => {
            return printer.talk(&format!("warning: the cluster's entry stays in the kubeconfig: {why}"));
        }
    };
    let home = std::env::home_dir();
    let what = if removed.contexts == 0 { "entry" } else { "context" };
    for Edited { path, backup } in removed.files {
        let path = units::path(&path, home.as_deref());
        let backup = backup.map(|it| format!("; as it was: {}", units::path(&it, home.as_deref())));
        printer.talk(&format!("{path}: the cluster's {what} is taken out{}", backup.unwrap_or_default()));
    }
}

/// The files that kubectl looks into: the one of a flag; else those in `KUBECONFIG`; else the one in the home folder.
fn files(flag: Option<&Path>) -> Option<Files> {
    if let Some(path) = flag {
        return Some(Files::one(path.into()));
    }
    let listed = std::env::var_os("KUBECONFIG").unwrap_or_default();
    let listed = std::env::split_paths(&listed).filter(|it| !it.as_os_str().is_empty()).collect();
    Files::listed(listed).or_else(|| Some(Files::one(std::env::home_dir()?.join(".kube").join("config"))))
}

/// The file that kubectl would write to.
pub(super) fn file() -> Option<PathBuf> {
    Some(files(None)?.chosen().to_path_buf())
}

/// This program: by its name where a shell finds it under that, else by its path.
fn program() -> String {
    let Ok(own) = std::env::current_exe() else { return "eksact".to_owned() };
    let found = std::env::var_os("PATH").and_then(|path| {
        std::env::split_paths(&path).map(|folder| folder.join("eksact")).find(|it| it.is_file())
    });
    let same = |found: &Path| found.canonicalize().ok() == own.canonicalize().ok();
    match found {
        Some(found) if same(&found) => "eksact".to_owned(),
        _ => own.display().to_string(),
    }
}
