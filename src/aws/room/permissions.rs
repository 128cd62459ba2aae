//! Whether the caller may do what a plan does, as IAM's simulator tells.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_iam::types::PolicyEvaluationDecisionType::{ExplicitDeny, ImplicitDeny};
use aws_sdk_iam::types::{ContextEntry, ContextKeyTypeEnum, EvaluationResult};
use futures::{FutureExt, StreamExt, stream};

use super::Room;
use crate::cluster::AskRoom;

/// How many simulations are under way at once: IAM gives few.
const AT_ONCE: usize = 8;
/// What the caller has just done. A simulator that denies it does not know what counts here: the session's
/// own policy, say, or that nobody looks at policies.
const DONE: (&str, &str) = ("*", "ec2:DescribeAvailabilityZones");

/// What the caller may not do, by action; nothing, where IAM cannot be asked.
pub(super) async fn denied(room: &Room<'_>, ask: &AskRoom) -> BTreeMap<String, BTreeSet<String>> {
    let mut denied: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    if ask.actions.is_empty() {
        return denied;
    }
    let Some(source) = room.in_time(policy_source(room, &ask.caller)).await else { return denied };
    let mut asked = ask.actions.clone();
    asked.insert(DONE.0.to_owned(), BTreeSet::from([DONE.1]));
    let asked: Vec<_> = asked.into_iter().map(|it| simulate(room, ask, &source, it).boxed()).collect();
    let told: Vec<Told> = stream::iter(asked).buffer_unordered(AT_ONCE).collect().await;
    if !told.iter().any(is_right) {
        return denied;
    }
    for (resource, results) in told {
        for result in results.into_iter().filter(|it| is_denied(it, &resource)) {
            denied.entry(result.eval_action_name).or_default().insert(resource.clone());
        }
    }
    denied
}

/// A resource, and what is told of it; nothing, where nothing is.
type Told = (String, Vec<EvaluationResult>);

async fn simulate(
    room: &Room<'_>,
    ask: &AskRoom,
    source: &str,
    (resource, actions): (String, BTreeSet<&'static str>),
) -> Told {
    let call = room.clients.iam.simulate_principal_policy().policy_source_arn(source);
    let call = call.set_action_names(Some(actions.into_iter().map(str::to_owned).collect()));
    let call = call.resource_arns(&resource).set_context_entries(Some(context(room, ask)));
    let results = call.into_paginator().items().send();
    let results = room.in_time(async { results.try_collect().await.ok() }).await;
    (resource, results.unwrap_or_default())
}

/// Whether an answer is about what has been done, and says that it may be.
fn is_right((resource, results): &Told) -> bool {
    *resource == DONE.0 && !results.is_empty() && !results.iter().any(|it| is_denied(it, resource))
}

/// Whether the answer is no. Where a condition could not be judged, it is none.
fn is_denied(result: &EvaluationResult, resource: &str) -> bool {
    let own = result.resource_specific_results().iter().find(|it| it.eval_resource_name() == resource);
    let (decision, lacking) = match own {
        Some(own) => (own.eval_resource_decision(), own.missing_context_values()),
        None => (result.eval_decision(), result.missing_context_values()),
    };
    let known = lacking.is_empty() && result.missing_context_values().is_empty();
    known && matches!(decision, ExplicitDeny | ImplicitDeny)
}

/// What policies may put conditions on.
fn context(room: &Room<'_>, ask: &AskRoom) -> Vec<ContextEntry> {
    let entry = |name: String, values: Vec<String>, kind| {
        let entry = ContextEntry::builder().context_key_name(name).set_context_key_values(Some(values));
        entry.context_key_type(kind).build()
    };
    let text = |name: String, value: &str| entry(name, vec![value.to_owned()], ContextKeyTypeEnum::String);
    let tags = ask.tags.iter().flat_map(|(key, value)| {
        ["aws:RequestTag", "aws:ResourceTag"].map(|kind| text(format!("{kind}/{key}"), value))
    });
    let keys = ask.tags.keys().cloned().collect();
    let keys = entry("aws:TagKeys".to_owned(), keys, ContextKeyTypeEnum::StringList);
    tags.chain([keys, text("aws:RequestedRegion".to_owned(), &room.aws.region)]).collect()
}

/// The user, or the role that a session is of: a session's ARN lacks the role's path. The root user and
/// federated users have no policies that can be simulated.
async fn policy_source(room: &Room<'_>, caller: &str) -> Option<String> {
    let resource = caller.splitn(6, ':').nth(5)?;
    if resource.starts_with("user/") {
        return Some(caller.to_owned());
    }
    let role = resource.strip_prefix("assumed-role/")?.split('/').next()?;
    Some(room.clients.iam.get_role().role_name(role).send().await.ok()?.role?.arn)
}
