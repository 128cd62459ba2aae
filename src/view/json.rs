//! Answers for programs: objects with `apiVersion`, `kind` and stable names.

use serde::Serialize;
use serde_json::{Value, json};

use crate::apply::Summary;
use crate::cluster::Facts;
use crate::ops::Draft;
use crate::plan::{Action, Change, Plan, Scope, Unseen, Why};
use crate::resource::Operation;
use crate::view::stream;

/// The version of all answers.
pub const API_VERSION: &str = "eksact.dev/v1alpha1";

/// An answer of a kind.
pub fn answer(kind: &str, rest: Value) -> Value {
    joined(json!({ "apiVersion": API_VERSION, "kind": kind }), rest)
}

/// One object, with the names of another behind its own.
pub fn joined(mut one: Value, other: Value) -> Value {
    if let (Some(one), Value::Object(other)) = (one.as_object_mut(), other) {
        one.extend(other);
    }
    one
}

/// A plan.
pub fn plan(cluster: &str, draft: &Draft) -> Value {
    let plan = &draft.plan;
    let more = json!({
        "unchanged": plan.unchanged.iter().map(|(key, _)| key.to_string()).collect::<Vec<_>>(),
        "notes": plan.notes.iter().map(|it| json!({ "key": it.key, "note": it.what })).collect::<Vec<_>>(),
        "amiReleases": draft.facts.releases,
        "lockout": draft.lockout().map(|it| json!({ "key": it.key(), "reason": it.to_string() })),
    });
    joined(deletion(cluster, &draft.facts, plan), more)
}

/// A plan that takes some of a cluster away.
pub fn deletion(cluster: &str, facts: &Facts, plan: &Plan) -> Value {
    answer(
        "Plan",
        json!({
            "cluster": cluster,
            "region": facts.region,
            "account": facts.caller.account,
            "changes": plan.changes().unwrap_or_default().iter().map(change).collect::<Vec<_>>(),
            "refused": refused(plan),
            "unread": unread(plan),
            "actions": plan.actions(),
            "floorSeconds": plan.floor(facts.now).as_secs(),
        }),
    )
}

fn change(change: &Change) -> Value {
    json!({
        "key": change.key,
        "type": change.key.kind.cloudformation(),
        "action": action(change.action),
        "id": change.doomed().map(|live| live.id.clone()),
        "differences": change.differences,
        "calls": change.operations.iter().map(Operation::action).collect::<Vec<_>>(),
        "needs": change.needs.iter().map(|need| need.change).collect::<Vec<_>>(),
    })
}

/// What a change does, in a word that stays.
pub fn action(action: Action) -> &'static str {
    match action {
        Action::Create => "create",
        Action::Update => "update",
        Action::Remake => "remake",
        Action::Wait => "wait",
        Action::Delete => "delete",
    }
}

fn refused(plan: &Plan) -> Vec<Value> {
    let refused = plan.refused.iter().map(|it| match &it.why {
        Why::Protected(differences) => {
            json!({ "key": it.key, "reason": "protected", "differences": differences })
        }
        Why::Kept => json!({ "key": it.key, "reason": "kept" }),
        Why::Clash(id) => json!({ "key": it.key, "reason": "clash", "id": id }),
        Why::Incomplete(why) => json!({ "key": it.key, "reason": "incomplete", "message": why.to_string() }),
    });
    refused.collect()
}

fn unread(plan: &Plan) -> Vec<Value> {
    let why = |why: &Unseen| match why {
        Unseen::Failed(error) => error.to_string(),
        Unseen::Unclear(status) => format!("unknown status {status}"),
        Unseen::Needs(key) => format!("needs {key}"),
        Unseen::MayBeUsedBy(scope) => format!("may be used by {scope}"),
    };
    let what = |scope: &Scope| scope.to_string();
    plan.unread.iter().map(|it| json!({ "what": what(&it.what), "reason": why(&it.why) })).collect()
}

/// What came of a run.
pub fn summary(cluster: &str, summary: &Summary) -> Value {
    let failed = summary.failed.iter();
    let failed = failed.map(|(key, failure)| joined(json!({ "key": key }), stream::failed(failure)));
    let skipped = summary.skipped.iter();
    let skipped = skipped.map(|(key, because)| joined(json!({ "key": key }), stream::skipped(because)));
    answer(
        "Summary",
        json!({
            "cluster": cluster,
            "done": summary.done,
            "failed": failed.collect::<Vec<_>>(),
            "skipped": skipped.collect::<Vec<_>>(),
            "left": summary.left,
            "halted": summary.halted.map(|halt| halt.to_string()),
            "tookSeconds": summary.took.as_secs_f64(),
            "waitedSeconds": summary.waited.as_secs_f64(),
        }),
    )
}

/// As JSON text.
pub fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_else(|error| format!("{{\"error\": \"{error}\"}}"))
}

/// As YAML text.
pub fn to_yaml(value: &impl Serialize) -> String {
    serde_saphyr::to_string(value).unwrap_or_else(|error| format!("error: {error}\n"))
}
