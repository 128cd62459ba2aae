//! What `apply` and `create` do with a plan: show it, have it agreed to, carry it out, say what came of it.

use super::carry::{self, Beside, Ended, Job};
use super::conflicts::Conflicts;
use super::deny::DenyWarnings;
use super::error::CommandError;
use super::inside;
use super::lockout::AllowLockout;
use super::preflight::{self, SkipPreflight};
use super::reporting::Reporting;
use super::settings::Settings;
use super::source::File;
use super::{Exit, Printer};
use crate::apply::{Halt, Summary};
use crate::aws::Aws;
use crate::ops::{self, Draft, Inside, Milestones, Site, Watch, Within};
use crate::plan::Plan;
use crate::view;
use crate::view::plan::Screen;
use crate::view::summary::End;
use crate::world::World;

/// What every command takes that makes all of a cluster.
#[derive(Debug, clap::Args)]
pub(super) struct Makes {
    #[command(flatten)]
    pub reporting: Reporting,
    #[command(flatten)]
    pub lockout: AllowLockout,
    #[command(flatten)]
    pub inside: inside::Kubernetes,
    #[command(flatten)]
    pub conflicts: Conflicts,
    #[command(flatten)]
    pub deny: DenyWarnings,
    #[command(flatten)]
    pub skip: SkipPreflight,
}

impl Makes {
    /// What is done about objects in the cluster.
    pub fn within(&self) -> Within {
        self.inside.within(self.conflicts)
    }
}

/// Whether a plan may be carried out.
pub(super) type Agree<'a> = &'a dyn Fn(&Plan) -> Result<(), CommandError>;

/// A plan, and all that carrying it out takes.
pub(super) struct Making<'a> {
    pub file: &'a File,
    pub draft: &'a Draft,
    pub world: &'a Site,
    pub settings: &'a Settings,
    pub printer: &'a Printer,
    /// How the command is typed again.
    pub again: &'a str,
    pub agree: Agree<'a>,
    /// What is looked at from inside Kubernetes, if anything is; also where AWS has nothing to do.
    pub inside: Option<ops::Job>,
    pub skip: SkipPreflight,
}

impl Making<'_> {
    /// From the screen with the plan to the one with the end.
    ///
    /// # Errors
    /// Where it is not agreed to, or cannot be begun.
    pub async fn run(&self) -> Result<Exit, CommandError> {
        let (name, plan) = (self.file.cluster.name(), &self.draft.plan);
        let screen = Screen::of(name, self.draft, &self.file.source, false);
        // Of a part of a cluster the file need not say what the rest is like.
        let screen = screen.with(self.file.warnings().filter(|_| !plan.is_part));
        tell_plan(&screen, self.printer);
        let screen = view::plan::plan(&screen);
        let object = || match view::json::plan(name, self.draft) {
            part if plan.is_part => part,
            whole => self.file.counted(whole),
        };
        let goes_on = match plan.changes().map(<[_]>::len) {
            Ok(0) => self.inside.is_some() && plan.unread.is_empty(),
            Ok(_) => true,
            Err(_) => false,
        };
        if !goes_on {
            let besides = match plan.changes() {
                Ok(_) => None,
                Err(_) => {
                    let world = self.world.aws();
                    preflight::besides(self.file, self.draft, world, self.settings, self.skip).await
                }
            };
            match besides {
                None => self.printer.screen(|| screen, object),
                Some(besides) => {
                    let text = || format!("{screen}\n\n{}", besides.text);
                    self.printer.screen(text, || besides.joined(object()));
                }
            }
            self.printer.conclude(view::json::summary(name, &Summary::default()));
            let nothing = if plan.unread.is_empty() { Exit::Done } else { Exit::Partly };
            return Ok(if plan.changes().is_err() { Exit::Failed } else { nothing });
        }
        self.printer.show(screen.replace("Details: --details. Nothing has been changed.", "").trim_end());
        let with = (self.settings, self.printer);
        let is_idle = matches!(plan.changes(), Ok([]));
        if !is_idle && !preflight::passes(self.file, self.draft, self.world.aws(), with, self.skip).await {
            return Ok(Exit::Failed);
        }
        (self.agree)(plan)?;
        let (mut ended, inside) = self.carry_out().await?;
        // What is waited for from inside is waited for by the run.
        if inside.as_ref().is_some_and(|it| it.stopped) {
            ended.summary.halted.get_or_insert(Halt::Stopped);
        }
        self.conclude(&ended, inside.as_ref());
        if self.printer.is_step() && ended.summary.is_complete() {
            tell_endpoint(self.world.aws(), self.printer).await;
        }
        let exit = carry::exit(plan, &ended);
        let is_short = exit == Exit::Done && inside.is_some_and(|it| !it.is_complete());
        Ok(if is_short { Exit::Partly } else { exit })
    }

    async fn carry_out(&self) -> Result<(Ended, Option<Inside>), CommandError> {
        let plan = &self.draft.plan;
        let job = Job { cluster: self.file.cluster.name(), facts: &self.draft.facts, plan };
        let beside = self.inside.as_ref().map(|inside| {
            move |beside: Beside| async move { watch(self.world.aws(), inside, plan, beside).await }
        });
        carry::carry_out_beside(&job, self.world, self.settings, self.printer, beside).await
    }

    fn conclude(&self, ended: &Ended, inside: Option<&Inside>) {
        let (name, summary) = (self.file.cluster.name(), &ended.summary);
        let end = End {
            cluster: name,
            facts: &self.draft.facts,
            plan: &self.draft.plan,
            summary,
            doubtful: &ended.doubtful,
            inside,
            places: Some((&self.draft.graph, &self.file.source)),
            again: self.again,
            file: &self.file.argument(),
        };
        let is = match self.draft.plan.is_part {
            true => "has what was asked for",
            false if self.draft.is_new() => "is ready",
            false => "is as its file says",
        };
        let is_made = summary.is_complete() && summary.halted.is_none();
        let text = || match (is_made, inside) {
            (true, Some(inside)) if !inside.is_complete() => view::readiness::unfinished(&end, inside),
            (true, _) => view::summary::ready(&end, is),
            (false, _) => view::summary::failed(&end),
        };
        let object = || {
            let mut object = view::json::summary(name, summary);
            if let Some(inside) = inside {
                object["kubernetes"] = view::readiness::object(inside);
            }
            object
        };
        tell_end(&text(), summary, self.printer);
        self.printer.screen(text, object);
    }
}

/// Looks at a cluster from inside while its plan is carried out, and after.
async fn watch(world: &Aws, job: &ops::Job, plan: &Plan, beside: Beside) -> Inside {
    let Beside { mut events, sights, stop } = beside;
    let milestones = Milestones::of(plan);
    let watch = Watch { began: world.now(), world, job, milestones: &milestones, stop: &stop, sights };
    let note = async {
        while let Some(event) = events.recv().await {
            milestones.see(&event);
        }
        milestones.end();
    };
    tokio::join!(watch.run(), note).0
}

/// What GitHub Actions is told of a plan.
pub(super) fn tell_plan(screen: &Screen<'_>, printer: &Printer) {
    printer.step(|github| {
        github.markdown(view::markdown::plan(screen));
        github.output("cluster", screen.cluster);
        github.output("region", &screen.facts.region);
        github.output("account", &screen.facts.caller.account);
        github.output("changes", &screen.plan.changes().map_or(0, <[_]>::len).to_string());
        github.output("refused", &screen.plan.refused.len().to_string());
    });
}

/// What it is told of a run's end.
pub(super) fn tell_end(screen: &str, summary: &Summary, printer: &Printer) {
    printer.step(|github| {
        github.markdown(view::markdown::end("eksact", screen));
        github.output("done", &summary.done.to_string());
        github.output("failed", &summary.failed.len().to_string());
        github.output("skipped", &summary.skipped.len().to_string());
    });
}

/// The endpoint, where it can be read: a step is not failed for want of it.
async fn tell_endpoint(world: &Aws, printer: &Printer) {
    if let Ok(Some(reach)) = world.reach().await {
        printer.step(|github| github.output("endpoint", &reach.address));
    }
}
