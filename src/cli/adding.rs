//! What `create nodegroup` and `create component` share: what flags stand for, and what is done with a plan for them.

use serde_json::Value;

use super::error::CommandError;
use super::make::Making;
use super::preflight::SkipPreflight;
use super::settings::Settings;
use super::source::File;
use super::{Exit, Printer, run};
use crate::config::Habitat;
use crate::ops::{self, Addition, Asked, OpsError, Site};
use crate::plan::Plan;
use crate::view;
use crate::view::parts::{self, Part};

/// What is to be added to a cluster, and where that is said.
pub(super) struct Adding<'a> {
    pub part: Part,
    pub file: &'a File,
    /// The part that flags stand for, as it would stand in a file.
    pub from_flags: Option<&'a Value>,
    pub wanted: &'a Addition,
}

impl Adding<'_> {
    /// Whether all of it is there.
    pub fn is_there(&self) -> bool {
        let plan = &self.wanted.draft.plan;
        matches!(plan.changes(), Ok([])) && plan.unread.is_empty()
    }

    /// Makes what is not there, or says that all of it is.
    ///
    /// # Errors
    /// Where it cannot be begun.
    pub async fn run(
        &self,
        world: &Site,
        inside: Option<ops::Job>,
        (settings, printer): (&Settings, &Printer),
        skip: SkipPreflight,
    ) -> Result<Exit, CommandError> {
        let (file, draft) = (self.file, &self.wanted.draft);
        let written = self.from_flags.is_none().then_some(file.source.name.as_str());
        let rest = parts::rest(self.wanted, written);
        if self.wanted.made.is_empty() && !self.wanted.otherwise.is_empty() {
            printer.talk(&self.part.otherwise(self.wanted));
            return Err(self.refused());
        }
        if self.is_there() {
            let object = || view::json::plan(file.cluster.name(), draft);
            printer.answer(|| self.part.nothing_to_make(self.wanted) + &rest, object);
            return Ok(Exit::Done);
        }
        let again = match self.from_flags {
            None => format!("eksact create {}{}", self.part.word(), file.argument()),
            Some(_) => "the same command".to_owned(),
        };
        let (again, agree) = (again.as_str(), &|_: &Plan| Ok(()));
        let making = Making { file, draft, world, settings, printer, again, agree, inside, skip };
        let exit = making.run().await?;
        if let (Some(part), [name]) = (self.from_flags, &self.wanted.made[..]) {
            printer.talk(&self.part.without_file(name, part));
        }
        if !rest.is_empty() {
            printer.talk(rest.trim_start());
        }
        Ok(exit)
    }
}

impl Adding<'_> {
    /// That nothing is changed, and what changes it.
    fn refused(&self) -> CommandError {
        let word = self.part.word();
        let message = format!("create {word} makes what is not there, and changes nothing of what is");
        let refused = CommandError::new(Exit::Failed, message);
        match self.from_flags {
            None => refused.hint(format!("eksact apply{}", self.file.argument())),
            Some(part) => refused.hint(self.part.to_write(part)),
        }
    }
}

/// Whose settings are asked for, by what flags stand for.
pub(super) fn asked(from_flags: Option<&Value>) -> Asked {
    if from_flags.is_some() { Asked::ByFlags } else { Asked::ByFile }
}

/// The cluster that flags are about, as it lives.
///
/// # Errors
/// Where no region is said, the account is another one, or there is no such cluster of ours.
pub(super) async fn habitat(cluster: &str, settings: &Settings) -> Result<Habitat, CommandError> {
    let region = run::region(settings).await?;
    let world = run::connect_to(settings, cluster, &region).await?;
    run::check_account(&world, settings).await?;
    ops::habitat(&world, cluster, &region).await.map_err(|error| CommandError::of(error, None))
}

/// Why it cannot be drawn up, and what has to be made before.
pub(super) fn failed(error: OpsError, file: &File) -> CommandError {
    let lacks = matches!(error, OpsError::NotThere { .. });
    let rest = matches!(&error, OpsError::Contradiction { next, .. } if next == ops::REST);
    let failed = CommandError::of(error, Some(&file.source));
    match () {
        () if lacks => failed.hint(format!("make it first: eksact create cluster{}", file.argument())),
        () if rest => {
            let hints = vec![format!("make that first: eksact apply{}", file.argument())];
            CommandError { hints, ..failed }
        }
        () => failed,
    }
}
