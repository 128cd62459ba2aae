//! What happens, one plain line each: for a pipe, a log, a pipeline.

use std::collections::BTreeMap;
use std::time::Duration;

use super::units::{duration, moment};
use crate::apply::{Event, Failure, What};
use crate::cluster::{Timestamp, since};
use crate::plan::Action;
use crate::resource::Key;

/// How often a wait that goes on is told again.
pub const HEARTBEAT: Duration = Duration::from_secs(30);

/// Turns events into lines; it remembers what is under way.
#[derive(Debug, Default)]
pub struct Lines {
    /// Whether every call is told.
    calls: bool,
    began: BTreeMap<usize, Timestamp>,
    waiting: BTreeMap<usize, Wait>,
}

#[derive(Debug)]
struct Wait {
    key: Key,
    status: String,
    since: Timestamp,
    usual: Duration,
    told: Timestamp,
}

impl Lines {
    /// With every call, or without.
    pub fn new(calls: bool) -> Self {
        Self { calls, ..Self::default() }
    }

    /// The line of an event, if it is worth one.
    pub fn line(&mut self, event: &Event) -> Option<String> {
        let told = match &event.what {
            What::Started => {
                self.began.insert(event.change, event.at);
                None
            }
            What::Calling(action) => self.calls.then(|| format!("calling  {} {action}", event.key)),
            What::Waiting { status, since, usual } => {
                let wait = Wait {
                    key: event.key.clone(),
                    status: status.clone(),
                    since: *since,
                    usual: *usual,
                    told: event.at,
                };
                let line = wait.line(event.at);
                self.waiting.insert(event.change, wait);
                // What is over within seconds anyway is told when it is done.
                (usual.as_secs() >= 10 || self.calls).then_some(line)
            }
            What::Done { id } => Some(self.done(event, id)),
            other => Some(format!("{:<8} {} {}", word(other), event.key, why(other))),
        };
        if !matches!(event.what, What::Waiting { .. } | What::Calling(_) | What::Doubted(_)) {
            self.waiting.remove(&event.change);
        }
        told.map(|line| format!("{} {line}", moment(event.at)))
    }

    /// The lines of what has been waited for in silence.
    pub fn heartbeat(&mut self, now: Timestamp) -> Vec<String> {
        let silent = self.waiting.values_mut().filter(|wait| since(now, wait.told) >= HEARTBEAT);
        let told = silent.map(|wait| {
            wait.told = now;
            format!("{} {}", moment(now), wait.line(now))
        });
        told.collect()
    }

    fn done(&self, event: &Event, id: &str) -> String {
        let began = self.began.get(&event.change).copied().unwrap_or(event.at);
        let id = short_id(id);
        let took = duration(since(event.at, began));
        format!("{:<8} {} {id} {took}", done_word(event.action), event.key)
    }
}

impl Wait {
    fn line(&self, now: Timestamp) -> String {
        let elapsed = duration(since(now, self.since));
        let status = if self.status.is_empty() { "not seen yet" } else { &self.status };
        let usual =
            if self.usual.is_zero() { String::new() } else { format!(" of about {}", duration(self.usual)) };
        format!("waiting  {} {status} {elapsed}{usual}", self.key)
    }
}

/// The part of an ARN that people know a thing by: of a node group or add-on its name.
fn short_id(id: &str) -> &str {
    let mut parts = id.split('/');
    match parts.next() {
        Some(first) if first.ends_with(":nodegroup") || first.ends_with(":addon") => {
            parts.nth(1).unwrap_or(id)
        }
        _ => id.rsplit('/').next().unwrap_or(id),
    }
}

/// What was done, in one word.
pub(super) fn done_word(action: Action) -> &'static str {
    match action {
        Action::Create => "created",
        Action::Update => "changed",
        Action::Remake => "remade",
        Action::Wait => "settled",
        Action::Delete => "deleted",
    }
}

fn word(what: &What) -> &'static str {
    match what {
        What::Failed(_) => "failed",
        What::Skipped { .. } => "skipped",
        What::Doubted(_) => "unsure",
        What::Postponed { .. } => "again",
        What::Started | What::Calling(_) | What::Waiting { .. } | What::Done { .. } => "",
    }
}

fn why(what: &What) -> String {
    match what {
        What::Failed(failure) => failure_text(failure),
        What::Skipped { because } => because.to_string(),
        What::Doubted(error) => format!("{error}: looking what has become of it"),
        What::Postponed { because, pause } => format!("{because}: sent again in {}", duration(*pause)),
        What::Started | What::Calling(_) | What::Waiting { .. } | What::Done { .. } => String::new(),
    }
}

/// A failure with AWS's words and, where there is one, the id of the request.
pub(super) fn failure_text(failure: &Failure) -> String {
    match failure {
        Failure::World(error) => match &error.request_id {
            Some(id) => format!("{error} (request {id})"),
            None => error.to_string(),
        },
        Failure::Broken { status, troubles } if !troubles.is_empty() => {
            let told = troubles.iter().map(|it| format!("{}, \"{}\"", it.code, it.message));
            format!("it is {status}: {}", told.collect::<Vec<_>>().join("; "))
        }
        other => other.to_string(),
    }
}

#[test]
fn an_arn_is_told_by_the_name_in_it() {
    assert_eq!(short_id("arn:aws:eks:us-west-2:1:nodegroup/demo/ng1/0a-1b"), "ng1");
    assert_eq!(short_id("arn:aws:eks:us-west-2:1:cluster/demo"), "demo");
    assert_eq!(short_id("subnet-0f"), "subnet-0f");
}
