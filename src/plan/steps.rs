//! What a plan does, as a person counts: two changes that replace one thing are one step.

use super::{Action, Change, Note, Plan};
use crate::resource::{Remark, Type};

/// One step of a plan, by the places of its changes in [`Plan::changes`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is done.
    pub change: usize,
    /// The deletions of those whose place it takes: with any, it is a replacement.
    pub instead_of: Vec<usize>,
}

impl Plan {
    /// The steps, in the order of the changes that they begin with.
    pub fn steps(&self) -> Vec<Step> {
        let makes =
            |of: &Change| self.changes.iter().position(|it| it.key == of.key && it.action == Action::Create);
        let place =
            |at: usize| Some(&self.changes[at]).filter(|it| it.action == Action::Delete).and_then(makes);
        let all = 0..self.changes.len();
        let step = |change: usize| Step {
            change,
            instead_of: all.clone().filter(|other| place(*other) == Some(change)).collect(),
        };
        all.clone().filter(|change| place(*change).is_none()).map(step).collect()
    }

    /// Whether anything that lives is deleted, be it to be made again, or replaced. What never came
    /// to work is not counted: it is made again for that. Logs of a cluster that lives are counted, which AWS deletes once
    /// they are kept for a shorter time.
    pub fn destroys(&self) -> bool {
        let is_made = |it: &Change| it.key.kind == Type::Cluster && it.action == Action::Create;
        let destroys = |it: &Change| matches!(it.action, Action::Delete | Action::Remake);
        // What is there before a cluster is made is of none that lives: of one before it, or of a run that was killed.
        let forgets = |it: &Note| matches!(it.what, Remark::Forgets { .. });
        let forgets = || !self.changes.iter().any(is_made) && self.notes.iter().any(forgets);
        self.changes.iter().any(destroys) || forgets()
    }
}
