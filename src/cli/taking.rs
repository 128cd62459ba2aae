//! What `delete nodegroup` and `delete component` do with a plan: show it, ask, carry it out, say what came of it.

use super::carry::{self, Job};
use super::error::CommandError;
use super::settings::{Accounts, Settings};
use super::source::File;
use super::{Exit, Printer, make, prompt, run};
use crate::ops::Subtraction;
use crate::view;
use crate::view::parts::{self, Part};
use crate::view::plan::Screen;
use crate::view::summary::{self, End};
use crate::world::World;

/// Which parts of a cluster are meant, and whose.
pub(super) struct Meant {
    pub cluster: String,
    pub region: String,
    pub names: Vec<String>,
    pub accounts: Accounts,
    pub file: Option<File>,
    /// How they are named on a command line.
    pub argument: String,
}

impl Meant {
    /// These of a file.
    ///
    /// # Errors
    /// Where a flag contradicts the file.
    pub fn of_file(file: File, names: Vec<String>, settings: &Settings) -> Result<Self, CommandError> {
        Ok(Self {
            cluster: file.cluster.name().to_owned(),
            region: settings.region_of(file.cluster.region())?,
            names,
            accounts: settings.accounts(Some(&file))?,
            argument: file.argument(),
            file: Some(file),
        })
    }

    /// One, whose name stands so on the command line.
    ///
    /// # Errors
    /// Where no region is said.
    pub async fn one(
        cluster: Option<&String>,
        (name, named): (&str, &str),
        settings: &Settings,
    ) -> Result<Self, CommandError> {
        let (cluster, region) = (cluster.cloned().unwrap_or_default(), run::region(settings).await?);
        let argument = format!(" {named} --cluster {cluster} --region {region}");
        let (names, accounts) = (vec![name.to_owned()], settings.accounts(None)?);
        Ok(Self { cluster, region, names, accounts, file: None, argument })
    }
}

/// A plan that takes parts away, and all that carrying it out takes.
pub(super) struct Taking<'a, W> {
    pub part: Part,
    pub meant: &'a Meant,
    pub drawn: &'a Subtraction,
    pub world: &'a W,
    pub settings: &'a Settings,
    pub printer: &'a Printer,
    /// What else is to be known before they go: a sentence, or nothing.
    pub warning: &'static str,
    pub dry_run: bool,
    pub yes: bool,
}

impl<W: World> Taking<'_, W> {
    /// From the screen with the plan to the one with the end.
    ///
    /// # Errors
    /// Where it is not agreed to, or cannot be begun.
    pub async fn run(&self) -> Result<Exit, CommandError> {
        let (Meant { cluster, .. }, Subtraction { facts, plan, .. }) = (self.meant, self.drawn);
        let screen = self.screen();
        if self.drawn.is_empty() {
            let text = || parts::nothing_to_delete(&screen, self.drawn);
            self.printer.answer(text, || view::json::summary(cluster, &Default::default()));
            return Ok(if plan.unread.is_empty() { Exit::Done } else { Exit::Partly });
        }
        make::tell_plan(&screen, self.printer);
        let text = self.part.deletion(&screen, self.drawn);
        if self.dry_run {
            self.printer.screen(|| text, || view::json::deletion(cluster, facts, plan));
            return Ok(Exit::Done);
        }
        self.printer.show(&text);
        if !self.yes {
            let word = if let [name] = &self.drawn.gone[..] { name.as_str() } else { "yes" };
            prompt::confirm(self.printer, &format!("{}Type {word} to go on:", self.warning), word)?;
        }
        self.carry_out().await
    }

    async fn carry_out(&self) -> Result<Exit, CommandError> {
        let (Meant { cluster, argument, file, .. }, Subtraction { facts, plan, .. }) =
            (self.meant, self.drawn);
        let job = Job { cluster, facts, plan };
        let ended = carry::carry_out(&job, self.world, self.settings, self.printer).await?;
        let again = format!("eksact delete {}{argument}", self.part.word());
        let end = End {
            cluster,
            facts,
            plan,
            summary: &ended.summary,
            doubtful: &ended.doubtful,
            inside: None,
            places: None,
            again: &again,
            file: argument,
        };
        let file = file.as_ref().map(|it| it.source.name.as_str());
        let text = match ended.summary.is_complete() && ended.summary.halted.is_none() {
            true => self.part.gone(&end, self.drawn, file),
            false => summary::failed(&end),
        };
        make::tell_end(&text, &ended.summary, self.printer);
        self.printer.screen(|| text, || view::json::summary(cluster, &ended.summary));
        Ok(carry::exit(plan, &ended))
    }

    fn screen(&self) -> Screen<'_> {
        Screen {
            cluster: &self.meant.cluster,
            facts: &self.drawn.facts,
            graph: None,
            plan: &self.drawn.plan,
            source: None,
            snapshot: &self.drawn.snapshot,
            new: false,
            details: false,
            warnings: None,
        }
    }
}
