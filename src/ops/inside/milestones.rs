//! How far a run has come, for who looks at the cluster from inside meanwhile.

use tokio::sync::SetOnce;

use crate::apply::{Event, What};
use crate::plan::{Action, Plan};
use crate::resource::Type;

/// How far a run has come.
#[derive(Debug, Default)]
pub struct Milestones {
    cluster: SetOnce<bool>,
    applied: SetOnce<()>,
    makes: bool,
}

impl Milestones {
    /// Of a run that is about to begin.
    pub fn of(plan: &Plan) -> Self {
        let mut changes = plan.changes().unwrap_or_default().iter();
        let change = changes.find(|it| it.key.kind == Type::Cluster);
        let milestones = Self::default();
        match change.map(|it| it.action) {
            Some(Action::Create | Action::Remake | Action::Wait) => Self { makes: true, ..milestones },
            Some(Action::Delete) => milestones.at_cluster(false),
            Some(Action::Update) | None => milestones.at_cluster(true),
        }
    }

    /// Where there is nothing to be run.
    pub fn reached() -> Self {
        let milestones = Self::default().at_cluster(true);
        milestones.end();
        milestones
    }

    fn at_cluster(self, there: bool) -> Self {
        _ = self.cluster.set(there);
        self
    }

    /// Takes note of what happens.
    pub fn see(&self, event: &Event) {
        if event.key.kind == Type::Cluster && event.action != Action::Delete {
            match event.what {
                What::Done { .. } => _ = self.cluster.set(true),
                What::Failed(_) | What::Skipped { .. } => _ = self.cluster.set(false),
                _ => {}
            }
        }
    }

    /// The run is over.
    pub fn end(&self) {
        _ = self.cluster.set(false);
        _ = self.applied.set(());
    }

    /// Waits until the cluster is there; or says that it will not be.
    pub(super) async fn cluster(&self) -> bool {
        *self.cluster.wait().await
    }

    /// Waits until the run is over.
    pub(super) async fn applied(&self) {
        self.applied.wait().await;
    }

    /// Whether the run makes the cluster.
    pub(super) fn made_cluster(&self) -> bool {
        self.makes
    }
}
