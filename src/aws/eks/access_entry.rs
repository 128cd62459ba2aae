use aws_sdk_eks::types;
use futures::future::join;

use crate::aws::Aws;
use crate::aws::call::{Call, done, made, unread};
use crate::aws::errors::lacking;
use crate::aws::live::{attributes, live, moment, still_there, text};
use crate::aws::tags::{of_eks, to_eks};
use crate::resource::eks::{AccessEntry, AccessScope};
use crate::resource::{Attributes, Key, Live, OneOf, Resource, Set, Val};
use crate::world::{Answer, Class, WorldError};

/// Whom the cluster has entries for, ours or not. None where EKS does not look at entries: so it
/// refuses to list them.
pub(in crate::aws) async fn principals(aws: &Aws) -> Result<Vec<String>, WorldError> {
    let list = aws.reads.eks.list_access_entries().cluster_name(&aws.cluster).into_paginator().items();
    let listed: Result<Vec<String>, _> = list.send().try_collect().await;
    match still_there(listed.map_err(unread("eks:ListAccessEntries"))) {
        Err(error) if error.class == Class::Refused => Ok(Vec::new()),
        listed => Ok(listed?.unwrap_or_default()),
    }
}

/// The key that an entry has by its principal, which is its identity.
pub(in crate::aws) fn key(principal: &str) -> Key {
    Key { kind: AccessEntry::TYPE, name: principal.to_owned() }
}

/// One entry with its policies, if it is there.
pub(in crate::aws) async fn read(aws: &Aws, principal: &str) -> Result<Option<Live>, WorldError> {
    let (entry, policies) = join(describe(aws, principal), policies(aws, principal)).await;
    entry?.map(|live| with_policies(live, policies)).transpose()
}

/// One entry, if it is there and the cluster's: others have no business with its policies.
pub(in crate::aws) async fn read_ours(aws: &Aws, principal: &str) -> Result<Option<Live>, WorldError> {
    match describe(aws, principal).await?.filter(|live| aws.is_marked(live) == Some(true)) {
        Some(live) => Ok(Some(with_policies(live, policies(aws, principal).await)?)),
        None => Ok(None),
    }
}

/// What there is under one key, adopted or to be.
pub(in crate::aws) async fn look(aws: &Aws, key: &Key) -> Result<Vec<Live>, WorldError> {
    let live = match read(aws, &key.name).await {
        // EKS has no entries in this cluster yet.
        Err(error) if error.class == Class::Refused => None,
        live => live?,
    };
    Ok(live.into_iter().filter(|live| aws.is_marked(live) != Some(false)).collect())
}

/// The call that reads one.
const DESCRIBE: &str = "eks:DescribeAccessEntry";

async fn describe(aws: &Aws, principal: &str) -> Result<Option<Live>, WorldError> {
    let describe = aws.reads.eks.describe_access_entry().cluster_name(&aws.cluster).principal_arn(principal);
    let told = describe.send().await.map_err(unread(DESCRIBE));
    let told = told.and_then(|told| told.access_entry.ok_or_else(|| lacking(DESCRIBE, "the entry")));
    let translated = |entry| translated(&entry).ok_or_else(|| lacking(DESCRIBE, "its ARN"));
    still_there(told)?.map(translated).transpose()
}

/// Whether there is an entry, whoever made it; nothing, where EKS does not say, or does not look at entries.
pub(in crate::aws) async fn is_there(aws: &Aws, principal: &str) -> Option<bool> {
    describe(aws, principal).await.ok().map(|entry| entry.is_some())
}

type Policies = Vec<types::AssociatedAccessPolicy>;

async fn policies(aws: &Aws, principal: &str) -> Result<Policies, WorldError> {
    let list = aws.reads.eks.list_associated_access_policies().cluster_name(&aws.cluster);
    let pages: Result<Vec<_>, _> = list.principal_arn(principal).into_paginator().send().try_collect().await;
    let listed = pages.map_err(unread("eks:ListAssociatedAccessPolicies"));
    let listed = still_there(listed)?.unwrap_or_default().into_iter();
    Ok(listed.flat_map(|page| page.associated_access_policies.unwrap_or_default()).collect())
}

fn translated(entry: &types::AccessEntry) -> Option<Live> {
    let properties = AccessEntry {
        cluster_name: Val::Known(text(entry.cluster_name()).into()),
        principal_arn: text(entry.principal_arn()),
        r#type: text(entry.r#type()),
        kubernetes_groups: Set(entry.kubernetes_groups().to_vec()),
        username: entry.username().map(str::to_owned),
        access_policies: [].into(),
        tags: of_eks(entry.tags()),
    };
    Some(Live { made: moment(entry.created_at()), ..live(properties, attributes_of(entry))? })
}

fn with_policies(mut live: Live, policies: Result<Policies, WorldError>) -> Result<Live, WorldError> {
    if let Some(entry) = AccessEntry::of_mut(&mut live.properties) {
        let told = policies?;
        let told = told.iter().map(|it| (text(it.policy_arn()), scope(it.access_scope())));
        entry.access_policies = told.collect();
    }
    Ok(live)
}

fn scope(scope: Option<&types::AccessScope>) -> AccessScope {
    let namespaces = scope.map(|it| it.namespaces()).unwrap_or_default();
    AccessScope {
        r#type: text(scope.and_then(|it| it.r#type()).map(types::AccessScopeType::as_str)),
        namespaces: namespaces.iter().cloned().collect(),
    }
}

fn attributes_of(entry: &types::AccessEntry) -> Attributes {
    attributes([
        (AccessEntry::ID, entry.access_entry_arn()),
        ("PrincipalArn", entry.principal_arn()),
        ("Username", entry.username()),
    ])
}

pub(super) async fn create(call: &Call<'_>, entry: &AccessEntry) -> Result<Answer, WorldError> {
    let create = call.client().eks.create_access_entry().cluster_name(call.text(&entry.cluster_name)?);
    let groups = Some(entry.kubernetes_groups.0.clone()).filter(|groups| !groups.is_empty());
    let create = create
        .principal_arn(&entry.principal_arn)
        .r#type(&entry.r#type)
        .set_kubernetes_groups(groups)
        .set_username(entry.username.clone())
        .set_tags(to_eks(&entry.tags));
    let answer = create.send().await.map_err(call.failed())?;
    Ok(made(answer.access_entry().map(attributes_of).unwrap_or_default()))
}

/// An entry, by its cluster and whom it is for.
type Which<'a> = (&'a str, &'a str);

pub(super) async fn update(
    call: &Call<'_>,
    (cluster, principal): Which<'_>,
    groups: &Set<String>,
    username: &str,
) -> Result<Answer, WorldError> {
    let update = call.client().eks.update_access_entry().cluster_name(cluster).principal_arn(principal);
    let update = update.set_kubernetes_groups(Some(groups.0.clone())).username(username);
    update.send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn associate(
    call: &Call<'_>,
    (cluster, principal): Which<'_>,
    policy: &str,
    scope: &AccessScope,
) -> Result<Answer, WorldError> {
    let namespaces = scope.namespaces.iter().cloned().collect();
    let scope = types::AccessScope::builder().r#type(scope.r#type.as_str().into());
    let scope = scope.set_namespaces(Some(namespaces)).build();
    let associate = call.client().eks.associate_access_policy().cluster_name(cluster);
    let associate = associate.principal_arn(principal).policy_arn(policy).access_scope(scope);
    associate.send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn disassociate(
    call: &Call<'_>,
    (cluster, principal): Which<'_>,
    policy: &str,
) -> Result<Answer, WorldError> {
    let disassociate = call.client().eks.disassociate_access_policy().cluster_name(cluster);
    let disassociate = disassociate.principal_arn(principal).policy_arn(policy);
    disassociate.send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn delete(call: &Call<'_>, (cluster, principal): Which<'_>) -> Result<Answer, WorldError> {
    let delete = call.client().eks.delete_access_entry().cluster_name(cluster).principal_arn(principal);
    delete.send().await.map(|_| done()).map_err(call.failed())
}
