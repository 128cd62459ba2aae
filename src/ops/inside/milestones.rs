//! How far a run has come, for who looks at the cluster from inside meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use tokio::sync::SetOnce;

use crate::apply::{Event, What};
use crate::cluster::Timestamp;
use crate::plan::{Action, Plan};
use crate::resource::Type;

/// How far a run has come.
#[derive(Debug, Default)]
pub struct Milestones {
    cluster: SetOnce<bool>,
    applied: SetOnce<()>,
    makes: bool,
    /// The node groups of which nothing came, by their names in the file.
    undone: Mutex<BTreeSet<String>>,
    /// Since when EKS is at node groups that are new.
    making: Mutex<BTreeMap<String, Timestamp>>,
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
        if event.key.kind == Type::Nodegroup && matches!(event.action, Action::Create | Action::Remake) {
            self.see_made(event);
        }
        let is_undone = matches!(event.what, What::Failed(_) | What::Skipped { .. });
        if event.key.kind == Type::Nodegroup && event.action != Action::Delete && is_undone {
            let mut undone = self.undone.lock().unwrap_or_else(PoisonError::into_inner);
            undone.insert(event.key.name.clone());
        }
    }

    fn see_made(&self, event: &Event) {
        let mut making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        match &event.what {
            What::Waiting { since, .. } => _ = making.insert(event.key.name.clone(), *since),
            What::Done { .. } | What::Failed(_) | What::Skipped { .. } => _ = making.remove(&event.key.name),
            What::Started | What::Calling(_) | What::Postponed { .. } | What::Doubted(_) => {}
        }
    }

    /// Since when EKS is at a node group that is new, while it is.
    pub(super) fn made_since(&self, nodegroup: &str) -> Option<Timestamp> {
        self.making.lock().unwrap_or_else(PoisonError::into_inner).get(nodegroup).copied()
    }

    /// Whether nothing came of a node group: then there are no nodes to wait for.
    pub(super) fn is_undone(&self, nodegroup: &str) -> bool {
        self.undone.lock().unwrap_or_else(PoisonError::into_inner).contains(nodegroup)
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
