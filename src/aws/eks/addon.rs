use std::collections::BTreeMap;

use aws_sdk_eks::types;
use futures::future::try_join_all;

use super::{begun, pod_identity_association, trouble};
use crate::aws::Aws;
use crate::aws::call::{Call, done, made, unread};
use crate::aws::errors::lacking;
use crate::aws::live::{attributes, live, moment, still_there, text};
use crate::aws::tags::{of_eks, to_eks};
use crate::resource::eks::{Addon, NamespaceConfig};
use crate::resource::iam::RoleArn;
use crate::resource::{Attributes, Json, Key, Live, OneOf, Val};
use crate::world::{Answer, WorldError};

/// The names of the add-ons in the cluster.
pub(in crate::aws) async fn names(aws: &Aws) -> Result<Vec<String>, WorldError> {
    let list = aws.reads.eks.list_addons().cluster_name(&aws.cluster).into_paginator().items();
    let names = list.send().try_collect().await.map_err(unread("eks:ListAddons"));
    still_there(names).map(Option::unwrap_or_default)
}

/// The key that an add-on has by its name, which is its identity.
pub(in crate::aws) fn key(name: &str) -> Key {
    Key { kind: Addon::TYPE, name: name.to_owned() }
}

/// The call that reads one.
const DESCRIBE: &str = "eks:DescribeAddon";

/// One add-on, if it is there.
pub(in crate::aws) async fn read(aws: &Aws, name: &str) -> Result<Option<Live>, WorldError> {
    let describe = aws.reads.eks.describe_addon().cluster_name(&aws.cluster).addon_name(name);
    let told = describe.send().await.map_err(unread(DESCRIBE));
    let told = told.and_then(|told| told.addon.ok_or_else(|| lacking(DESCRIBE, "the add-on")));
    let Some(addon) = still_there(told)? else { return Ok(None) };
    let roles = roles(aws, &addon).await?;
    translated(&addon, roles).map(Some).ok_or_else(|| lacking(DESCRIBE, "its ARN"))
}

type Roles = BTreeMap<String, Val<RoleArn>>;

/// The roles of its service accounts: EKS tells only the ARNs of the associations that it has.
async fn roles(aws: &Aws, addon: &types::Addon) -> Result<Roles, WorldError> {
    let ids = addon.pod_identity_associations().iter().filter_map(|arn| arn.rsplit('/').next());
    let told = try_join_all(ids.map(|id| pod_identity_association::describe(aws, id))).await?;
    let role =
        |it: types::PodIdentityAssociation| Some((it.service_account?, Val::Known(it.role_arn?.into())));
    Ok(told.into_iter().flatten().filter_map(role).collect())
}

/// What there is under one key, adopted or to be.
pub(in crate::aws) async fn look(aws: &Aws, key: &Key) -> Result<Vec<Live>, WorldError> {
    let live = read(aws, &key.name).await?;
    Ok(live.into_iter().filter(|live| aws.is_marked(live) != Some(false)).collect())
}

fn translated(addon: &types::Addon, roles: Roles) -> Option<Live> {
    let role = addon.service_account_role_arn().filter(|arn| !arn.is_empty());
    let namespace = addon.namespace_config().and_then(|it| it.namespace());
    let properties = Addon {
        cluster_name: Val::Known(text(addon.cluster_name()).into()),
        addon_name: addon.addon_name().map(str::to_owned),
        addon_version: addon.addon_version().map(str::to_owned),
        configuration_values: addon.configuration_values().and_then(settings),
        service_account_role_arn: role.map(|arn| Val::Known(arn.to_owned().into())),
        pod_identity_associations: roles,
        namespace_config: namespace.map(|it| NamespaceConfig { namespace: it.to_owned() }),
        resolve_conflicts: None,
        awaited: None,
        tags: of_eks(addon.tags()),
    };
    let issues = addon.health().map(|health| health.issues()).unwrap_or_default().iter();
    let told = issues.map(|it| trouble(it.code().map(types::AddonIssueCode::as_str), it.message()));
    Some(Live {
        status: text(addon.status().map(types::AddonStatus::as_str)),
        made: moment(addon.created_at()),
        troubles: told.collect(),
        ..live(properties, attributes_of(addon))?
    })
}

/// Settings as JSON, whichever of the two languages they were written in; none, if they set nothing.
fn settings(written: &str) -> Option<Val<Json>> {
    let json = serde_json::from_str(written).ok();
    let document = json.or_else(|| serde_saphyr::from_str::<serde_json::Value>(written).ok());
    let empty = |it: &serde_json::Value| it.is_null() || it.as_object().is_some_and(|map| map.is_empty());
    match document {
        Some(document) if empty(&document) => None,
        Some(document) => Some(Val::Known(document.to_string().into())),
        None => Some(written).filter(|it| !it.trim().is_empty()).map(|it| Val::Known(it.to_owned().into())),
    }
}

fn attributes_of(addon: &types::Addon) -> Attributes {
    attributes([
        ("Arn", addon.addon_arn()),
        ("AddonName", addon.addon_name()),
        ("AddonVersion", addon.addon_version()),
    ])
}

pub(super) async fn create(call: &Call<'_>, name: &str, addon: &Addon) -> Result<Answer, WorldError> {
    let settings = addon.configuration_values.as_ref().map(|it| call.text(it)).transpose()?;
    let namespace = addon
        .namespace_config
        .as_ref()
        .map(|config| types::AddonNamespaceConfigRequest::builder().namespace(&config.namespace).build());
    let create = call.client().eks.create_addon().cluster_name(call.text(&addon.cluster_name)?);
    let role = addon.service_account_role_arn.as_ref().map(|it| call.text(it)).transpose()?;
    let roles = Some(associations(call, addon)?).filter(|roles| !roles.is_empty());
    let create = create
        .addon_name(name)
        .set_service_account_role_arn(role.map(str::to_owned))
        .set_pod_identity_associations(roles)
        .set_addon_version(addon.addon_version.clone())
        .set_configuration_values(settings.map(str::to_owned))
        .set_resolve_conflicts(addon.resolve_conflicts.as_deref().map(Into::into))
        .set_namespace_config(namespace)
        .set_tags(to_eks(&addon.tags));
    let answer = create.send().await.map_err(call.failed())?;
    Ok(made(answer.addon().map(attributes_of).unwrap_or_default()))
}

fn associations(
    call: &Call<'_>,
    addon: &Addon,
) -> Result<Vec<types::AddonPodIdentityAssociations>, WorldError> {
    let association = |(account, role): (&String, &Val<RoleArn>)| {
        let association = types::AddonPodIdentityAssociations::builder().service_account(account);
        let association = association.role_arn(call.text(role)?).build();
        association.map_err(|error| call.unsendable(&error.to_string()))
    };
    addon.pod_identity_associations.iter().map(association).collect()
}

pub(super) async fn update(
    call: &Call<'_>,
    cluster: &str,
    name: &str,
    addon: &Addon,
) -> Result<Answer, WorldError> {
    // Settings that are not said would stay as they are.
    let settings = addon.configuration_values.as_ref().map_or(Ok("{}"), |it| call.text(it))?;
    let role = addon.service_account_role_arn.as_ref().map(|it| call.text(it)).transpose()?;
    let update = call.client().eks.update_addon().cluster_name(cluster).addon_name(name);
    let update = update
        // Without a role, that of the nodes counts again; without any associations, those that it has go.
        .set_service_account_role_arn(role.map(str::to_owned))
        .set_pod_identity_associations(Some(associations(call, addon)?))
        .set_addon_version(addon.addon_version.clone())
        .configuration_values(settings)
        .set_resolve_conflicts(addon.resolve_conflicts.as_deref().map(Into::into));
    let answer = update.send().await.map_err(call.failed())?;
    Ok(begun(answer.update()))
}

pub(super) async fn delete(call: &Call<'_>, cluster: &str, name: &str) -> Result<Answer, WorldError> {
    let delete = call.client().eks.delete_addon().cluster_name(cluster).addon_name(name);
    delete.send().await.map(|_| done()).map_err(call.failed())
}

#[test]
fn settings_read_the_same_in_either_language() {
    let json = settings(r#"{ "env": { "b": "1", "a": 2 } }"#);
    assert_eq!(json, Some(Val::Known(r#"{"env":{"a":2,"b":"1"}}"#.to_owned().into())));
    assert_eq!(settings("env:\n  a: 2\n  b: \"1\"\n"), json);
    for nothing in ["", "  ", "{}", "{ }", "null", "---\n"] {
        assert_eq!(settings(nothing), None, "{nothing:?}");
    }
}
