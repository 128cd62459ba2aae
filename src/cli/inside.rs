//! The part of a command that Kubernetes answers: whether it is wanted, and what is done there.

use std::time::Duration;

use clap::builder::FalseyValueParser;
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;

use super::Printer;
use super::carry::TICK;
use super::conflicts::Conflicts;
use super::error::CommandError;
use super::kubeconfig;
use super::settings::Settings;
use crate::aws::Aws;
use crate::ops::{Draft, Happened, Inside, Job, Milestones, NodesWanted, Watch, Within};
use crate::plan::{Action, Change};
use crate::resource::Type;
use crate::world::World;

/// What leaves Kubernetes out.
#[derive(Debug, clap::Args)]
pub(super) struct SkipKubernetes {
    /// Leave Kubernetes alone: no kubeconfig is written, no objects are applied, and no nodes are looked for
    #[arg(long, env = "EKSACT_SKIP_KUBERNETES", value_parser = FalseyValueParser::new(), hide_env_values = true)]
    pub skip_kubernetes: bool,
}

/// What every command takes that makes a cluster.
#[derive(Debug, clap::Args)]
pub(super) struct Kubernetes {
    #[command(flatten)]
    skip: SkipKubernetes,
    #[command(flatten)]
    kubeconfig: kubeconfig::Entry,
}

impl SkipKubernetes {
    /// What is done about objects in the cluster.
    pub fn within(&self, conflicts: Conflicts) -> Within {
        match (self.skip_kubernetes, conflicts.take_over()) {
            (true, _) => Within::LeftOut,
            (false, true) => Within::TakenOver,
            (false, false) => Within::Ours,
        }
    }
}

impl Kubernetes {
    /// What is done about objects in the cluster.
    pub fn within(&self, conflicts: Conflicts) -> Within {
        self.skip.within(conflicts)
    }

    /// What there is to do for all of a cluster; `current` is whether its context becomes the current one.
    ///
    /// # Errors
    /// Where nobody says where the kubeconfig is, or it is no file.
    pub fn all(
        &self,
        settings: &Settings,
        draft: &Draft,
        current: bool,
        printer: &Printer,
    ) -> Result<Option<Job>, CommandError> {
        if self.skip.skip_kubernetes {
            return Ok(None);
        }
        Ok(Some(Job {
            cluster: cluster(draft).to_owned(),
            kubeconfig: self.kubeconfig.if_wanted(settings, current, printer)?,
            groups: NodesWanted::all(&draft.graph),
            usual: Duration::ZERO,
            timeout: settings.left(),
        }))
    }

    /// What there is to do for what a plan changes; nothing, where it changes neither the cluster's address nor
    /// its nodes.
    ///
    /// # Errors
    /// As of [`Kubernetes::all`].
    pub fn changed(
        &self,
        settings: &Settings,
        draft: &Draft,
        printer: &Printer,
    ) -> Result<Option<Job>, CommandError> {
        let changes = || draft.plan.changes().unwrap_or_default().iter();
        let makes = |change: &&Change| change.action != Action::Delete;
        let is_new =
            changes().filter(makes).any(|it| it.key.kind == Type::Cluster && it.action != Action::Update);
        let is_touched = |name: &str| {
            changes().filter(makes).any(|it| it.key.kind == Type::Nodegroup && it.key.name == name)
        };
        let Some(mut job) = self.all(settings, draft, false, printer)? else { return Ok(None) };
        job.groups.retain(|group| is_touched(&group.name));
        Ok((is_new || !job.groups.is_empty()).then_some(job))
    }
}

/// Something that may take its time: silence is broken meanwhile.
pub(super) async fn heard<T>(world: &Aws, printer: &Printer, work: impl Future<Output = T>) -> T {
    tokio::pin!(work);
    let mut beat = tokio::time::interval(TICK);
    loop {
        tokio::select! {
            biased;
            done = &mut work => return done,
            _ = beat.tick() => printer.tick(world.now()),
        }
    }
}

/// Waits for the nodes of a group that is not made but scaled, and tells what is seen meanwhile.
pub(super) async fn nodes(
    world: &Aws,
    (cluster, name, size): (&str, &str, u32),
    (usual, timeout): (Duration, Duration),
    printer: &Printer,
) -> Inside {
    let group = NodesWanted { name: name.to_owned(), size, has_no_cni: false };
    let job = Job { cluster: cluster.to_owned(), kubeconfig: None, groups: vec![group], usual, timeout };
    let (milestones, stop) = (Milestones::reached(), CancellationToken::new());
    let (sights, mut seen) = unbounded_channel();
    let began = world.now();
    let watch = Watch { began, world, job: &job, milestones: &milestones, stop: &stop, sights };
    let run = watch.run();
    tokio::pin!(run);
    let mut beat = tokio::time::interval(TICK);
    let inside = loop {
        tokio::select! {
            biased;
            Some(sight) = seen.recv() => printer.happened(&Happened::Seen(sight)),
            inside = &mut run => break inside,
            _ = beat.tick() => printer.tick(world.now()),
        }
    };
    while let Ok(sight) = seen.try_recv() {
        printer.happened(&Happened::Seen(sight));
    }
    inside
}

fn cluster(draft: &Draft) -> &str {
    draft.graph.nodes().iter().find(|it| it.key.kind == Type::Cluster).map_or("", |it| it.key.name.as_str())
}
