//! What happens, for programs: one JSON object a line, numbered, each line written whole.

use std::fmt;
use std::io::{self, ErrorKind, Write};

use serde_json::{Value, json};

use super::event::failure_text;
use super::json::{API_VERSION, action, joined};
use super::readiness;
use super::waits::{Wait, Waits};
use crate::apply::{Cause, Event, Failure, What};
use crate::cluster::{Facts, Timestamp, since};
use crate::ops::{Happened, Seen, Sight};
use crate::plan::{Change, Plan};
use crate::resource::Operation;
use crate::world::WorldError;

/// Writes events; the README says which there are.
pub struct Stream {
    into: Box<dyn Write + Send>,
    seq: u64,
    waits: Waits,
    over: bool,
    lost: Option<io::Error>,
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("seq", &self.seq).finish_non_exhaustive()
    }
}

impl Stream {
    /// Into a file or a pipe.
    pub fn new(into: Box<dyn Write + Send>) -> Self {
        Self { into, seq: 0, waits: Waits::default(), over: false, lost: None }
    }

    /// What is about to be done: the first line.
    pub fn plan(&mut self, at: Timestamp, cluster: &str, facts: &Facts, plan: &Plan) {
        let changes = plan.changes().unwrap_or_default();
        let rest = json!({
            "cluster": cluster,
            "region": facts.region,
            "account": facts.caller.account,
            "caller": facts.caller.arn,
            "changes": changes.iter().enumerate().map(planned).collect::<Vec<_>>(),
            "unchanged": plan.unchanged.len(),
            "refused": plan.refused.len(),
            "unread": plan.unread.len(),
            "floorSeconds": plan.floor(at).as_secs(),
        });
        self.write("Plan", at, rest);
    }

    /// One thing that happened.
    pub fn happened(&mut self, happened: &Happened) {
        self.waits.see(happened);
        let (kind, rest) = match happened {
            Happened::Change(event) => event_of(event),
            Happened::Seen(sight) => sight_of(sight),
        };
        self.write(kind, happened.at(), rest);
    }

    /// What has been waited for in silence.
    pub fn heartbeat(&mut self, now: Timestamp) {
        for wait in self.waits.silent(now) {
            self.write("Heartbeat", now, waited(&wait, now));
        }
    }

    /// Somebody has asked for the run to end.
    pub fn stopping(&mut self, at: Timestamp, signal: &str) {
        self.write("Stopping", at, json!({ "signal": signal }));
    }

    /// The last line: an answer, as `-o json` gives it. What comes after it is not written.
    pub fn end(&mut self, at: Timestamp, answer: &Value, exit: u8) {
        let kind = answer["kind"].as_str().unwrap_or("Summary").to_owned();
        let mut rest = answer.clone();
        if let Some(rest) = rest.as_object_mut() {
            ["apiVersion", "kind"].iter().for_each(|name| _ = rest.shift_remove(*name));
            rest.insert("exitCode".to_owned(), exit.into());
        }
        self.write(&kind, at, rest);
        self.over = true;
    }

    /// Why lines are missing, if any are.
    pub fn lost(&self) -> Option<&io::Error> {
        self.lost.as_ref()
    }

    /// In one call, so that nobody ever sees half a line. Who reads it may have gone: that is no failure of ours.
    fn write(&mut self, kind: &str, at: Timestamp, rest: Value) {
        if self.over {
            return;
        }
        self.seq += 1;
        let head = json!({
            "apiVersion": API_VERSION, "kind": kind, "seq": self.seq, "time": format!("{at:.3}"),
        });
        let line = joined(head, rest);
        let written = self.into.write_all(format!("{line}\n").as_bytes()).and_then(|()| self.into.flush());
        let lost = written.err().filter(|error| error.kind() != ErrorKind::BrokenPipe);
        self.lost = self.lost.take().or(lost);
    }
}

fn planned((index, change): (usize, &Change)) -> Value {
    json!({
        "change": index,
        "key": change.key,
        "type": change.key.kind.cloudformation(),
        "action": action(change.action),
        "calls": change.operations.iter().map(Operation::action).collect::<Vec<_>>(),
        "needs": change.needs.iter().map(|need| need.change).collect::<Vec<_>>(),
    })
}

fn event_of(event: &Event) -> (&'static str, Value) {
    let (kind, rest) = match &event.what {
        What::Started => ("ChangeStarted", json!({})),
        What::Calling(call) => ("CallSent", json!({ "call": call })),
        What::Waiting { status, troubles, since: began, usual } => (
            "ChangeWaiting",
            json!({
                "status": status,
                "troubles": troubles,
                "since": format!("{began:.3}"),
                "waitedSeconds": since(event.at, *began).as_secs_f64(),
                "usualSeconds": usual.as_secs(),
            }),
        ),
        What::Postponed { because, pause } => {
            ("CallPostponed", json!({ "error": error(because), "pauseSeconds": pause.as_secs_f64() }))
        }
        What::Doubted(because) => ("CallDoubted", json!({ "error": error(because) })),
        What::Done { id } => ("ChangeDone", json!({ "id": id })),
        What::Failed(failure) => ("ChangeFailed", failed(failure)),
        What::Skipped { because } => ("ChangeSkipped", skipped(because)),
    };
    let about = json!({ "change": event.change, "key": event.key, "action": action(event.action) });
    (kind, joined(about, rest))
}

fn sight_of(sight: &Sight) -> (&'static str, Value) {
    let waiting = |began: &Timestamp, usual: &std::time::Duration| {
        json!({
            "since": format!("{began:.3}"),
            "waitedSeconds": since(sight.at, *began).as_secs_f64(),
            "usualSeconds": usual.as_secs(),
        })
    };
    match &sight.what {
        Seen::ApiSilent { since, usual, why } => {
            ("ApiServerSilent", joined(waiting(since, usual), json!({ "reason": why })))
        }
        Seen::ApiAnswers => ("ApiServerAnswers", json!({})),
        Seen::Kubeconfig(it) => (
            "KubeconfigWritten",
            json!({ "path": it.path, "context": it.context, "current": it.current, "backup": it.backup }),
        ),
        Seen::Nodes { nodegroup, ready, wanted, since, usual } => {
            let nodes = json!({ "nodegroup": nodegroup, "ready": ready, "wanted": wanted });
            ("NodesWaiting", joined(nodes, waiting(since, usual)))
        }
        Seen::Missing { nodegroup, why } => {
            ("NodesMissing", json!({ "nodegroup": nodegroup, "reason": readiness::reasons(why) }))
        }
        Seen::NodesReady { nodegroup, nodes } => {
            ("NodesReady", json!({ "nodegroup": nodegroup, "ready": nodes, "wanted": nodes }))
        }
    }
}

fn waited(wait: &Wait, now: Timestamp) -> Value {
    json!({
        "what": wait.what,
        "status": wait.status,
        "troubles": wait.troubles,
        "since": format!("{:.3}", wait.since),
        "waitedSeconds": since(now, wait.since).as_secs_f64(),
        "usualSeconds": wait.usual.as_secs(),
    })
}

/// A call that failed: AWS's code and request, which support asks for.
pub(super) fn error(error: &WorldError) -> Value {
    json!({
        "code": error.code, "message": error.message, "call": error.operation, "requestId": error.request_id,
    })
}

/// Why a change failed.
pub(super) fn failed(failure: &Failure) -> Value {
    let reason = match failure {
        Failure::World(_) => "call",
        Failure::Broken { .. } => "broken",
        Failure::Late { .. } => "late",
        Failure::Astray(_) => "astray",
        Failure::Unsteady { .. } => "unsteady",
        Failure::Halted(_) => "halted",
    };
    let told = json!({ "reason": reason, "message": failure_text(failure) });
    match failure {
        Failure::World(cause) => joined(told, json!({ "error": error(cause) })),
        Failure::Broken { status, troubles } | Failure::Late { status, troubles, .. } => {
            joined(told, json!({ "status": status, "troubles": troubles }))
        }
        Failure::Unsteady { differences } => joined(told, json!({ "differences": differences })),
        Failure::Astray(_) | Failure::Halted(_) => told,
    }
}

/// Why a change was not begun.
pub(super) fn skipped(because: &Cause) -> Value {
    match because {
        Cause::Failed(key) => json!({ "reason": "failed", "because": key, "message": because.to_string() }),
        Cause::Halted(_) => json!({ "reason": "halted", "message": because.to_string() }),
    }
}

#[test]
fn what_does_not_stay_is_told_property_by_property() {
    use crate::resource::{Difference, Reaction};
    let difference = Difference {
        path: "Labels.stage".to_owned(),
        before: Some(json!("beta")),
        after: None,
        reaction: Reaction::InPlace,
    };
    let told = failed(&Failure::Unsteady { differences: vec![difference] });
    let message = "it does not stay as it is made: Labels.stage is \"beta\", and is to be absent";
    assert_eq!((&told["reason"], &told["message"]), (&json!("unsteady"), &json!(message)));
    assert_eq!(told["differences"], json!([{ "path": "Labels.stage", "before": "beta", "after": null }]));
}
