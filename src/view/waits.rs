//! What is waited for, as far as events have told.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::apply::{Event, What};
use crate::cluster::{Timestamp, since};
use crate::ops::{Happened, Seen, Sight};
use crate::resource::Trouble;

/// How often a wait that goes on is told again.
pub const HEARTBEAT: Duration = Duration::from_secs(30);

/// Who is waited for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    /// The change at this place of the plan.
    Change(usize),
    /// The API server.
    Api,
    /// The nodes of a node group.
    Nodes(String),
}

/// One wait.
#[derive(Clone, Debug)]
pub(super) struct Wait {
    /// The key of what is waited for: `cluster/demo`, `nodes/ng1`.
    pub what: String,
    /// How it is, in AWS's word or ours; empty, where it is not to be seen.
    pub status: String,
    /// What is in the way, if anything is known to be.
    pub troubles: Vec<Trouble>,
    pub since: Timestamp,
    /// How long it usually takes; nothing, where that is not known.
    pub usual: Duration,
    told: Timestamp,
}

/// All waits.
#[derive(Debug, Default)]
pub(super) struct Waits {
    all: BTreeMap<Who, Wait>,
}

impl Waits {
    /// Takes in what has happened; answers with the wait that has begun or goes on in another way.
    pub fn see(&mut self, happened: &Happened) -> Option<&Wait> {
        match happened {
            Happened::Change(event) => self.event(event),
            Happened::Seen(sight) => self.sight(sight),
        }
    }

    fn event(&mut self, event: &Event) -> Option<&Wait> {
        let who = Who::Change(event.change);
        match &event.what {
            What::Waiting { status, troubles, since, usual } => {
                let (what, status, troubles) = (event.key.to_string(), status.clone(), troubles.clone());
                let (since, usual) = (*since, *usual);
                // What is in the way at first often passes: it is told with the next heartbeat.
                if let Some(wait) =
                    self.all.get_mut(&who).filter(|it| it.status == status && it.since == since)
                {
                    wait.troubles = troubles;
                    return None;
                }
                Some(self.begin(who, Wait { what, status, troubles, since, usual, told: event.at }))
            }
            What::Calling(_) | What::Doubted(_) => None,
            What::Started
            | What::Postponed { .. }
            | What::Done { .. }
            | What::Failed(_)
            | What::Skipped { .. } => {
                self.all.remove(&who);
                None
            }
        }
    }

    fn sight(&mut self, sight: &Sight) -> Option<&Wait> {
        match &sight.what {
            Seen::ApiSilent { since, usual, why } => {
                let (what, status) = ("api-server".to_owned(), format!("silent ({why})"));
                // What comes instead of an answer changes with each question: it is told with the next heartbeat.
                let before = self.all.get(&Who::Api).map(|wait| wait.told);
                let (since, usual, told) = (*since, *usual, before.unwrap_or(sight.at));
                let wait = Wait { what, status, troubles: Vec::new(), since, usual, told };
                let wait = self.begin(Who::Api, wait);
                before.is_none().then_some(wait)
            }
            Seen::ApiAnswers => {
                self.all.remove(&Who::Api);
                None
            }
            Seen::Kubeconfig(_) | Seen::Missing { .. } => None,
            Seen::Nodes { nodegroup, ready, wanted, since, usual } => {
                let (what, status) = (format!("nodes/{nodegroup}"), format!("{ready} of {wanted} Ready"));
                let (since, usual, troubles) = (*since, *usual, Vec::new());
                let wait = Wait { what, status, troubles, since, usual, told: sight.at };
                Some(self.begin(Who::Nodes(nodegroup.clone()), wait))
            }
            Seen::NodesReady { nodegroup, .. } => {
                self.all.remove(&Who::Nodes(nodegroup.clone()));
                None
            }
        }
    }

    fn begin(&mut self, who: Who, wait: Wait) -> &Wait {
        let slot = self.all.entry(who).or_insert_with(|| wait.clone());
        *slot = wait;
        slot
    }

    /// Those of which nothing has been told for a while; now they are.
    pub fn silent(&mut self, now: Timestamp) -> Vec<Wait> {
        let silent = self.all.values_mut().filter(|wait| since(now, wait.told) >= HEARTBEAT);
        let told = silent.map(|wait| {
            wait.told = now;
            wait.clone()
        });
        told.collect()
    }
}

#[test]
fn a_server_that_is_silent_in_ever_new_words_is_told_each_30_s() {
    let at = |seconds| Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_secs(seconds);
    let mut waits = Waits::default();
    let mut is_told = |seconds: &i64| {
        let why = format!("refused for {seconds} s");
        let what = Seen::ApiSilent { since: at(0), usual: HEARTBEAT, why };
        let begun = waits.see(&Happened::Seen(Sight { at: at(*seconds), what })).is_some();
        begun || waits.silent(at(*seconds)).iter().any(|wait| wait.status.contains(&format!("{seconds} s")))
    };
    let told: Vec<i64> = (0..=60).step_by(3).filter(|seconds| is_told(seconds)).collect();
    assert_eq!(told, [0, 30, 60]);
}
