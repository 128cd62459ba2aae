use aws_sdk_eks::types;
use futures::future::try_join_all;

use crate::aws::Aws;
use crate::aws::call::{Call, done, made, unread};
use crate::aws::errors::lacking;
use crate::aws::live::{attributes, live, moment, still_there, text};
use crate::aws::tags::{of_eks, to_eks};
use crate::resource::eks::{PodIdentityAssociation, PodIdentityUpdate, SessionPolicy};
use crate::resource::{Attributes, Json, Key, Live, OneOf, Resource, Val};
use crate::world::{Answer, Class, WorldError};

/// Those of the cluster, ours or not, that no add-on has; and what add-ons have, by its key and ARN.
pub(in crate::aws) async fn all(aws: &Aws) -> Result<(Vec<Live>, Vec<(Key, String)>), WorldError> {
    let listed = match listed(aws, None).await {
        // Where EKS has no associations there are none.
        Err(error) if error.class == Class::Refused => Vec::new(),
        listed => listed?,
    };
    let (owned, free): (Vec<_>, Vec<_>) = listed.into_iter().partition(|it| it.owner_arn().is_some());
    let read = try_join_all(free.iter().map(|it| read(aws, it.association_id().unwrap_or_default())));
    let lives = read.await?.into_iter().flatten().collect();
    let owned = owned.iter().map(|it| {
        let key = key(it.namespace().unwrap_or_default(), it.service_account().unwrap_or_default());
        (key, text(it.association_arn()))
    });
    Ok((lives, owned.collect()))
}

/// The key that an association has by its service account, which is its identity.
pub(in crate::aws) fn key(namespace: &str, service_account: &str) -> Key {
    let name = PodIdentityAssociation::called(namespace, service_account);
    Key { kind: PodIdentityAssociation::TYPE, name }
}

/// The same of one that lives.
pub(in crate::aws) fn key_of(live: &Live) -> Option<Key> {
    let association = PodIdentityAssociation::of(&live.properties)?;
    Some(key(&association.namespace, &association.service_account))
}

/// What there is under one key, adopted or to be.
pub(in crate::aws) async fn look(aws: &Aws, key: &Key) -> Result<Vec<Live>, WorldError> {
    let Some(which) = key.name.split_once('.') else { return Ok(Vec::new()) };
    let listed = listed(aws, Some(which)).await?;
    let free = listed.iter().filter(|it| it.owner_arn().is_none());
    let read = try_join_all(free.map(|it| read(aws, it.association_id().unwrap_or_default()))).await?;
    let lives = read.into_iter().flatten();
    let is_its = |live: &Live| aws.is_marked(live) != Some(false) && key_of(live).as_ref() == Some(key);
    Ok(lives.filter(is_its).collect())
}

type Summary = types::PodIdentityAssociationSummary;

async fn listed(aws: &Aws, which: Option<(&str, &str)>) -> Result<Vec<Summary>, WorldError> {
    let list = aws.reads.eks.list_pod_identity_associations().cluster_name(&aws.cluster);
    let list = match which {
        Some((namespace, account)) => list.namespace(namespace).service_account(account),
        None => list,
    };
    let listed: Result<Vec<Summary>, _> = list.into_paginator().items().send().try_collect().await;
    let listed = still_there(listed.map_err(unread("eks:ListPodIdentityAssociations")))?;
    Ok(listed.unwrap_or_default())
}

async fn read(aws: &Aws, id: &str) -> Result<Option<Live>, WorldError> {
    let translated = |association| translated(&association).ok_or_else(|| lacking(DESCRIBE, "its id"));
    describe(aws, id).await?.map(translated).transpose()
}

/// The call that reads one.
const DESCRIBE: &str = "eks:DescribePodIdentityAssociation";

/// One association by its id, whoever has it.
pub(super) async fn describe(
    aws: &Aws,
    id: &str,
) -> Result<Option<types::PodIdentityAssociation>, WorldError> {
    let describe = aws.reads.eks.describe_pod_identity_association().cluster_name(&aws.cluster);
    let told = describe.association_id(id).send().await.map_err(unread(DESCRIBE));
    still_there(told.and_then(|told| told.association.ok_or_else(|| lacking(DESCRIBE, "the association"))))
}

fn translated(association: &types::PodIdentityAssociation) -> Option<Live> {
    let properties = PodIdentityAssociation {
        cluster_name: Val::Known(text(association.cluster_name()).into()),
        namespace: text(association.namespace()),
        service_account: text(association.service_account()),
        role_arn: Val::Known(text(association.role_arn()).into()),
        target_role_arn: association.target_role_arn().filter(|arn| !arn.is_empty()).map(str::to_owned),
        disable_session_tags: association.disable_session_tags().unwrap_or_default(),
        policy: SessionPolicy(association.policy().filter(|it| !it.is_empty()).map(document)),
        tags: of_eks(association.tags()),
    };
    let live = live(properties, attributes_of(association))?;
    Some(Live { made: moment(association.created_at()), ..live })
}

fn document(text: &str) -> Val<Json> {
    Val::Known(Json::from(text.to_owned()))
}

fn attributes_of(association: &types::PodIdentityAssociation) -> Attributes {
    attributes([
        (PodIdentityAssociation::ID, association.association_arn()),
        ("AssociationId", association.association_id()),
        ("ExternalId", association.external_id()),
    ])
}

pub(super) async fn create(
    call: &Call<'_>,
    association: &PodIdentityAssociation,
) -> Result<Answer, WorldError> {
    let policy = association.policy.0.as_ref().map(|it| call.text(it)).transpose()?;
    let create = call.client().eks.create_pod_identity_association();
    let create = create
        .cluster_name(call.text(&association.cluster_name)?)
        .namespace(&association.namespace)
        .service_account(&association.service_account)
        .role_arn(call.text(&association.role_arn)?)
        .set_target_role_arn(association.target_role_arn.clone())
        .set_disable_session_tags(association.disable_session_tags.then_some(true))
        .set_policy(policy.map(str::to_owned))
        .set_tags(to_eks(&association.tags));
    let answer = create.send().await.map_err(call.failed())?;
    Ok(made(answer.association().map(attributes_of).unwrap_or_default()))
}

pub(super) async fn update(
    call: &Call<'_>,
    (cluster, id): (&str, &str),
    to: &PodIdentityUpdate,
) -> Result<Answer, WorldError> {
    let policy = to.policy.as_ref().map(|it| call.text(it)).transpose()?;
    let update = call.client().eks.update_pod_identity_association().cluster_name(cluster);
    let update = update
        .association_id(id)
        .role_arn(call.text(&to.role_arn)?)
        // One that is not named would stay: an empty one takes it away.
        .target_role_arn(to.target_role_arn.clone().unwrap_or_default())
        .disable_session_tags(to.disable_session_tags)
        .set_policy(policy.map(str::to_owned));
    update.send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn delete(call: &Call<'_>, cluster: &str, id: &str) -> Result<Answer, WorldError> {
    let delete = call.client().eks.delete_pod_identity_association().cluster_name(cluster);
    delete.association_id(id).send().await.map(|_| done()).map_err(call.failed())
}
