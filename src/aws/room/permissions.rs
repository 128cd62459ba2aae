//! Whether the caller may do what a plan does, as IAM's simulator tells.

use std::collections::BTreeSet;

use aws_sdk_iam::types::{
    ContextEntry, ContextKeyTypeEnum, EvaluationResult, PolicyEvaluationDecisionType as Decision,
};
use futures::StreamExt;
use futures::stream;

use super::in_time;
use crate::aws::Aws;
use crate::cluster::AskRoom;

/// How many simulations are under way at once: IAM gives few.
const AT_ONCE: usize = 4;

/// The actions that the caller may not do; none, where IAM cannot be asked.
pub(super) async fn denied(aws: &Aws, ask: &AskRoom) -> BTreeSet<(String, String)> {
    if ask.actions.is_empty() {
        return BTreeSet::new();
    }
    let Some(source) = in_time(policy_source(aws, &ask.caller)).await else { return BTreeSet::new() };
    let simulations = ask.actions.iter().map(async |(resource, actions)| {
        let call =
            aws.reads.iam.simulate_principal_policy().policy_source_arn(&source).resource_arns(resource);
        let call = call.set_action_names(Some(actions.iter().map(|it| (*it).to_owned()).collect()));
        let call = call.set_context_entries(Some(context(aws, ask)));
        let told = in_time(async { call.into_paginator().items().send().try_collect().await.ok() }).await;
        let told: Vec<EvaluationResult> = told.unwrap_or_default();
        let denied = told.iter().filter(|it| is_denied(it));
        denied.map(|it| (it.eval_action_name().to_owned(), resource.clone())).collect::<Vec<_>>()
    });
    stream::iter(simulations)
        .buffer_unordered(AT_ONCE)
        .collect::<Vec<_>>()
        .await
        .into_iter()
        .flatten()
        .collect()
}

/// Where a condition could not be judged, nothing is said.
fn is_denied(result: &EvaluationResult) -> bool {
    match result.eval_decision() {
        Decision::Allowed => false,
        Decision::ExplicitDeny => true,
        _ => result.missing_context_values().is_empty(),
    }
}

fn context(aws: &Aws, ask: &AskRoom) -> Vec<ContextEntry> {
    let entry = |name: &str, value: &str| {
        let entry = ContextEntry::builder().context_key_name(name).context_key_values(value);
        entry.context_key_type(ContextKeyTypeEnum::String).build()
    };
    let tags = ask.tags.iter().flat_map(|(key, value)| {
        ["aws:RequestTag", "aws:ResourceTag"].map(|kind| entry(&format!("{kind}/{key}"), value))
    });
    tags.chain([entry("aws:RequestedRegion", &aws.region)]).collect()
}

/// The user, or the role that a session is of: a session's ARN lacks the role's path. The root user and
/// federated users have no policies that can be simulated.
async fn policy_source(aws: &Aws, caller: &str) -> Option<String> {
    let resource = caller.splitn(6, ':').nth(5)?;
    if resource.starts_with("user/") {
        return Some(caller.to_owned());
    }
    let role = resource.strip_prefix("assumed-role/")?.split('/').next()?;
    Some(aws.reads.iam.get_role().role_name(role).send().await.ok()?.role?.arn)
}
