//! What events have told of each change: whether anything has been changed, and how it stands where nobody waits
//! for the end.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::apply::{Cause, Event, Failure, Halt, Summary, What};
use crate::cluster::Timestamp;
use crate::plan::Plan;
use crate::resource::Key;

/// How far each change has come.
#[derive(Debug)]
pub(super) struct Tally {
    changes: Vec<Stand>,
    touched: bool,
}

/// How far a change has come.
#[derive(Clone, Debug, Default)]
struct Stand {
    calls: usize,
    done: Option<Timestamp>,
    last: Option<What>,
}

impl Tally {
    pub fn new(plan: &Plan) -> Self {
        let changes = plan.changes().unwrap_or_default().len();
        Self { changes: vec![Stand::default(); changes], touched: false }
    }

    /// Whether anything has been changed, or may have been.
    pub fn touched(&self) -> bool {
        self.touched
    }

    /// When each change was done, of those that were.
    pub fn done(&self) -> BTreeMap<usize, Timestamp> {
        let changes = self.changes.iter().enumerate();
        changes.filter_map(|(change, stand)| Some((change, stand.done?))).collect()
    }

    pub fn see(&mut self, event: &Event) {
        let Some(stand) = self.changes.get_mut(event.change) else { return };
        if let What::Done { .. } = event.what {
            stand.done = Some(event.at);
        }
        match &event.what {
            What::Calling(_) => {
                // The one before has been accepted, or left doubt.
                self.touched |= stand.calls > 0;
                stand.calls += 1;
            }
            // A call that fails for good has no effect; what fails otherwise does so after it.
            What::Failed(Failure::World(error)) => {
                let refused = matches!(&stand.last, Some(What::Calling(call)) if *call == error.operation);
                self.touched |= stand.calls > 0 && !refused;
            }
            What::Done { .. } | What::Doubted(_) | What::Waiting { .. } | What::Failed(_) => {
                self.touched |= stand.calls > 0;
            }
            What::Started | What::Postponed { .. } | What::Skipped { .. } => {}
        }
        stand.last = Some(event.what.clone());
    }

    /// The ends of changes whose own end nobody waits for, by their numbers in the plan.
    pub fn ends(&self, halt: Halt) -> Vec<(usize, What)> {
        let end = |(change, stand): (usize, &Stand)| match &stand.last {
            Some(What::Done { .. } | What::Failed(_) | What::Skipped { .. }) => None,
            Some(_) => Some((change, What::Failed(halt.into()))),
            None => Some((change, What::Skipped { because: Cause::Halted(halt) })),
        };
        self.changes.iter().enumerate().filter_map(end).collect()
    }

    /// What can be said of a run that ends now, and the calls whose answers were not waited for.
    pub fn cut_short(&self, plan: &Plan, halt: Halt, took: Duration) -> (Summary, Vec<(Key, &'static str)>) {
        let mut summary = Summary { halted: Some(halt), took, ..Summary::default() };
        let mut doubtful = Vec::new();
        for (change, stand) in plan.changes().unwrap_or_default().iter().zip(&self.changes) {
            let key = || change.key.clone();
            match &stand.last {
                None => summary.skipped.push((key(), Cause::Halted(halt))),
                Some(What::Skipped { because }) => summary.skipped.push((key(), because.clone())),
                Some(What::Done { .. }) => summary.done += 1,
                Some(What::Failed(failure)) => summary.failed.push((key(), failure.clone())),
                Some(What::Started | What::Postponed { .. }) => summary.failed.push((key(), halt.into())),
                Some(What::Waiting { troubles, .. }) => {
                    summary.leave(key(), troubles);
                    summary.failed.push((key(), halt.into()));
                }
                Some(What::Doubted(_)) => {
                    summary.leave(key(), &[]);
                    summary.failed.push((key(), halt.into()));
                }
                Some(What::Calling(call)) => {
                    doubtful.push((key(), *call));
                    summary.failed.push((key(), halt.into()));
                }
            }
        }
        (summary, doubtful)
    }
}
