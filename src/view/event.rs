//! What happens, one plain line each: for a pipe, a log, a pipeline.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::readiness;
use super::units::{self, duration, moment};
use super::waits::{Wait, Waits};
use crate::apply::{Cause, Event, Failure, What};
use crate::cluster::{Timestamp, since};
use crate::ops::{Happened, Kubeconfig, Seen, Short};
use crate::plan::Action;

/// What is over within so many seconds is told when it is done, and not while it is waited for.
const SHORT: u64 = 10;

/// Turns what happens into lines; it remembers what is under way.
#[derive(Debug, Default)]
pub struct Lines {
    /// Whether every call is told.
    calls: bool,
    began: BTreeMap<usize, Timestamp>,
    waits: Waits,
}

impl Lines {
    /// With every call, or without.
    pub fn new(calls: bool) -> Self {
        Self { calls, ..Self::default() }
    }

    /// Whether calls are not told, so that a board tells as much.
    pub fn are_few(&self) -> bool {
        !self.calls
    }

    /// The line of what has happened, if it is worth one.
    pub fn line(&mut self, happened: &Happened) -> Option<String> {
        let at = happened.at();
        let wait = self.waits.see(happened);
        let wait =
            wait.filter(|wait| self.calls || wait.usual.as_secs() >= SHORT).map(|wait| waiting(wait, at));
        let told = match happened {
            Happened::Change(event) => self.event(event),
            Happened::Seen(sight) => seen(&sight.what),
        };
        told.or(wait).map(|line| format!("{} {line}", moment(at)))
    }

    fn event(&mut self, event: &Event) -> Option<String> {
        match &event.what {
            What::Started => {
                self.began.insert(event.change, event.at);
                None
            }
            What::Calling(action) => self.calls.then(|| format!("calling  {} {action}", event.key)),
            What::Waiting { .. } => None,
            What::Done { id } => Some(self.done(event, id)),
            // Why a run ends before its time is said once, at its end.
            What::Skipped { because: Cause::Halted(_) } => None,
            other => Some(format!("{:<8} {} {}", word(other), event.key, why(other))),
        }
    }

    /// The lines of what has been waited for in silence.
    pub fn heartbeat(&mut self, now: Timestamp) -> Vec<String> {
        let silent = self.waits.silent(now);
        silent.iter().map(|wait| format!("{} {}", moment(now), waiting(wait, now))).collect()
    }

    fn done(&self, event: &Event, id: &str) -> String {
        let began = self.began.get(&event.change).copied().unwrap_or(event.at);
        let id = short_id(id);
        let took = duration(since(event.at, began));
        format!("{:<8} {} {id} {took}", done_word(event.action), event.key)
    }
}

fn waiting(wait: &Wait, now: Timestamp) -> String {
    let status = if wait.status.is_empty() { "not seen yet" } else { &wait.status };
    // At first much is in the way that passes by itself.
    let late = since(now, wait.since) > wait.usual;
    let troubles = wait.troubles.iter().filter(|_| late);
    let why: Vec<String> = troubles.map(|it| format!("; {}: {}", it.code, it.message)).collect();
    format!("waiting  {} {status} {}{}", wait.what, elapsed(wait, now), why.concat())
}

/// `4m01s of about 10m`.
pub(super) fn elapsed(wait: &Wait, now: Timestamp) -> String {
    let elapsed = duration(since(now, wait.since));
    if wait.usual.is_zero() { elapsed } else { format!("{elapsed} of about {}", duration(wait.usual)) }
}

/// The line of what is seen, but for waits.
fn seen(seen: &Seen) -> Option<String> {
    match seen {
        Seen::ApiSilent { .. } | Seen::Nodes { .. } => None,
        Seen::ApiAnswers => Some("answers  api-server".to_owned()),
        Seen::Kubeconfig(it) => Some(format!("written  {}", kubeconfig(it))),
        Seen::Missing { nodegroup, why } => Some(missing(nodegroup, why)),
        Seen::NodesReady { nodegroup, nodes } => Some(format!("ready    nodes/{nodegroup} {nodes} Ready")),
    }
}

/// What keeps the nodes of a group that EKS is at.
pub(super) fn missing(nodegroup: &str, why: &[Short]) -> String {
    let next: String = readiness::remedies(why).iter().map(|remedy| format!("; next: {remedy}")).collect();
    format!("missing  nodes/{nodegroup} {}{next}", readiness::reasons(why))
}

fn kubeconfig(it: &Kubeconfig) -> String {
    let path = |path: &PathBuf| units::path(path, it.home.as_deref());
    let current = if it.current { ", now current" } else { "" };
    let backup = it.backup.as_ref().map(|it| format!(" (the file as it was: {})", path(it)));
    format!("kubeconfig {}, context {}{current}{}", path(&it.path), it.context, backup.unwrap_or_default())
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
        What::Failed(Failure::Halted(_)) => "stopped",
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
        Failure::Broken { troubles, .. } | Failure::Late { troubles, .. } if !troubles.is_empty() => {
            let told = troubles.iter().map(|it| format!("{}, \"{}\"", it.code, it.message));
            format!("{failure}: {}", told.collect::<Vec<_>>().join("; "))
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
