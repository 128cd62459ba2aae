use aws_sdk_eks::types;
use futures::future::{join, try_join_all};

use super::{begun, trouble};
use crate::aws::Aws;
use crate::aws::call::{Call, done, made, unread};
use crate::aws::live::{attributes, count, live, moment, number, still_there, text};
use crate::aws::memory::key_of;
use crate::aws::tags::{of_eks, to_eks};
use crate::resource::eks::{DesiredSize, LaunchTemplateSpecification, Nodegroup, NodegroupUpdate};
use crate::resource::eks::{ScalingConfig, Taint, UpdateConfig};
use crate::resource::{Attributes, Key, Live, OneOf, Val, tags};
use crate::world::{Answer, WorldError};

/// The names of the node groups in the cluster, ours or not.
pub(in crate::aws) async fn names(aws: &Aws) -> Result<Vec<String>, WorldError> {
    let list = aws.reads.eks.list_nodegroups().cluster_name(&aws.cluster).into_paginator().items();
    let names = list.send().try_collect().await.map_err(unread("eks:ListNodegroups"));
    still_there(names).map(Option::unwrap_or_default)
}

/// One node group, if it is there, ours or not.
pub(in crate::aws) async fn read(aws: &Aws, name: &str) -> Result<Option<Live>, WorldError> {
    let describe = aws.reads.eks.describe_nodegroup().cluster_name(&aws.cluster).nodegroup_name(name);
    let told = describe.send().await.map(|told| told.nodegroup).map_err(unread("eks:DescribeNodegroup"));
    let live = still_there(told)?.flatten().as_ref().and_then(translated);
    match &live {
        Some(live) => _ = aws.memory().nodegroups.insert(name.to_owned(), key(aws, live)),
        None => _ = aws.memory().nodegroups.remove(name),
    }
    Ok(live)
}

/// Its key, if it is this cluster's.
pub(in crate::aws) fn key(aws: &Aws, live: &Live) -> Option<Key> {
    let ours = live.properties.tags().get(tags::CLUSTER) == Some(aws.cluster.as_str());
    live.key().filter(|key| ours && key.kind == Nodegroup::TYPE)
}

/// What there is under one key: while one replaces the other there are two. Those whose name is known
/// are looked at right away, for a list may be behind.
pub(in crate::aws) async fn look(aws: &Aws, at: &Key) -> Result<Vec<Live>, WorldError> {
    let known = aws.memory().nodegroups_of(at);
    let seen = try_join_all(known.iter().map(|name| read(aws, name)));
    let (listed, seen) = join(names(aws), seen).await;
    let (mut listed, seen) = (listed?, seen?);
    listed.retain(|name| !known.contains(name) && !aws.memory().is_of_another(name, at));
    let others = try_join_all(listed.iter().map(|name| read(aws, name))).await?;
    let found = seen.into_iter().chain(others).flatten();
    Ok(found.filter(|live| key(aws, live).as_ref() == Some(at)).collect())
}

fn translated(group: &types::Nodegroup) -> Option<Live> {
    let properties = Nodegroup {
        cluster_name: Val::Known(text(group.cluster_name()).into()),
        nodegroup_name: group.nodegroup_name().map(str::to_owned),
        node_role: Val::Known(text(group.node_role()).into()),
        subnets: group.subnets().iter().map(|id| Val::Known(id.clone().into())).collect(),
        instance_types: group.instance_types().to_vec(),
        ami_type: text(group.ami_type().map(types::AmiTypes::as_str)),
        capacity_type: text(group.capacity_type().map(types::CapacityTypes::as_str)),
        launch_template: launch_template(group.launch_template()),
        scaling_config: scaling_config(group.scaling_config()),
        labels: group
            .labels()
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
        taints: group.taints().iter().filter_map(taint).collect(),
        update_config: update_config(group.update_config()),
        tags: of_eks(group.tags()),
    };
    let issues = group.health().map(|health| health.issues()).unwrap_or_default().iter();
    let told = issues.map(|it| trouble(it.code().map(types::NodegroupIssueCode::as_str), it.message()));
    Some(Live {
        status: text(group.status().map(types::NodegroupStatus::as_str)),
        made: moment(group.created_at()),
        troubles: told.collect(),
        ..live(properties, attributes_of(group))?
    })
}

fn launch_template(template: Option<&types::LaunchTemplateSpecification>) -> LaunchTemplateSpecification {
    LaunchTemplateSpecification {
        id: Val::Known(text(template.and_then(|it| it.id())).into()),
        version: Val::Known(text(template.and_then(|it| it.version())).into()),
    }
}

fn scaling_config(config: Option<&types::NodegroupScalingConfig>) -> ScalingConfig {
    let size =
        |of: fn(&types::NodegroupScalingConfig) -> Option<i32>| count(config.and_then(of)).unwrap_or(0);
    ScalingConfig {
        min_size: size(|it| it.min_size()),
        max_size: size(|it| it.max_size()),
        desired_size: DesiredSize::of(size(|it| it.desired_size())),
    }
}

fn update_config(config: Option<&types::NodegroupUpdateConfig>) -> UpdateConfig {
    UpdateConfig {
        max_unavailable: count(config.and_then(|it| it.max_unavailable())),
        max_unavailable_percentage: count(config.and_then(|it| it.max_unavailable_percentage())),
    }
}

fn taint(taint: &types::Taint) -> Option<Taint> {
    let (key, effect) = (taint.key()?.to_owned(), text(taint.effect().map(types::TaintEffect::as_str)));
    Some(Taint { key, value: text(taint.value()), effect })
}

fn attributes_of(group: &types::Nodegroup) -> Attributes {
    let scaling = group.resources().and_then(|it| it.auto_scaling_groups().first());
    attributes([
        ("Arn", group.nodegroup_arn()),
        ("NodegroupName", group.nodegroup_name()),
        ("Version", group.version()),
        ("ReleaseVersion", group.release_version()),
        ("AutoScalingGroupName", scaling.and_then(|it| it.name())),
    ])
}

pub(super) async fn create(call: &Call<'_>, name: &str, group: &Nodegroup) -> Result<Answer, WorldError> {
    // Whatever becomes of the answer: under this name it is found.
    let key = key_of(&group.tags);
    call.aws.memory().nodegroups.insert(name.to_owned(), key);
    let subnets = group.subnets.0.iter().map(|id| call.text(id).map(str::to_owned));
    let create = call.client().eks.create_nodegroup().cluster_name(call.text(&group.cluster_name)?);
    let create = create
        .nodegroup_name(name)
        .node_role(call.text(&group.node_role)?)
        .set_subnets(Some(subnets.collect::<Result<_, _>>()?))
        .set_instance_types(Some(group.instance_types.clone()))
        .ami_type(group.ami_type.as_str().into())
        .capacity_type(group.capacity_type.as_str().into())
        .launch_template(template_request(call, &group.launch_template)?)
        .scaling_config(scaling_request(&group.scaling_config))
        .set_labels(Some(group.labels.clone().into_iter().collect()))
        .set_taints(Some(group.taints.0.iter().map(taint_request).collect()))
        .update_config(update_request(&group.update_config))
        .set_tags(to_eks(&group.tags));
    let answer = create.send().await.map_err(call.failed())?;
    Ok(made(answer.nodegroup().map(attributes_of).unwrap_or_default()))
}

fn template_request(
    call: &Call<'_>,
    template: &LaunchTemplateSpecification,
) -> Result<types::LaunchTemplateSpecification, WorldError> {
    let request = types::LaunchTemplateSpecification::builder().id(call.text(&template.id)?);
    Ok(request.version(call.text(&template.version)?).build())
}

fn scaling_request(config: &ScalingConfig) -> types::NodegroupScalingConfig {
    types::NodegroupScalingConfig::builder()
        .min_size(number(config.min_size))
        .max_size(number(config.max_size))
        .desired_size(number(config.desired_size.size))
        .build()
}

fn update_request(config: &UpdateConfig) -> types::NodegroupUpdateConfig {
    types::NodegroupUpdateConfig::builder()
        .set_max_unavailable(config.max_unavailable.map(number))
        .set_max_unavailable_percentage(config.max_unavailable_percentage.map(number))
        .build()
}

fn taint_request(taint: &Taint) -> types::Taint {
    let value = Some(taint.value.clone()).filter(|value| !value.is_empty());
    types::Taint::builder().key(&taint.key).set_value(value).effect(taint.effect.as_str().into()).build()
}

pub(super) async fn configure(
    call: &Call<'_>,
    cluster: &str,
    name: &str,
    to: &NodegroupUpdate,
) -> Result<Answer, WorldError> {
    let some = |taints: &[Taint]| Some(taints.iter().map(taint_request).collect::<Vec<_>>());
    let labels = types::UpdateLabelsPayload::builder()
        .set_add_or_update_labels(Some(to.add_or_update_labels.clone().into_iter().collect()))
        .set_remove_labels(Some(to.remove_labels.clone()));
    let taints = types::UpdateTaintsPayload::builder()
        .set_add_or_update_taints(some(&to.add_or_update_taints))
        .set_remove_taints(some(&to.remove_taints));
    let relabels = !(to.add_or_update_labels.is_empty() && to.remove_labels.is_empty());
    let retaints = !(to.add_or_update_taints.is_empty() && to.remove_taints.is_empty());
    let scaling = to.scaling_config.map(|(min, max, desired)| {
        let config = types::NodegroupScalingConfig::builder().min_size(number(min)).max_size(number(max));
        config.set_desired_size(desired.map(number)).build()
    });
    let update = call.client().eks.update_nodegroup_config().cluster_name(cluster).nodegroup_name(name);
    let update = update
        .set_labels(relabels.then(|| labels.build()))
        .set_taints(retaints.then(|| taints.build()))
        .set_scaling_config(scaling)
        .set_update_config(to.update_config.as_ref().map(update_request));
    let answer = update.send().await.map_err(call.failed())?;
    Ok(begun(answer.update()))
}

pub(super) async fn turn(
    call: &Call<'_>,
    cluster: &str,
    name: &str,
    template: &LaunchTemplateSpecification,
) -> Result<Answer, WorldError> {
    let update = call.client().eks.update_nodegroup_version().cluster_name(cluster).nodegroup_name(name);
    let update = update.launch_template(template_request(call, template)?);
    let answer = update.send().await.map_err(call.failed())?;
    Ok(begun(answer.update()))
}

pub(super) async fn delete(call: &Call<'_>, cluster: &str, name: &str) -> Result<Answer, WorldError> {
    let delete = call.client().eks.delete_nodegroup().cluster_name(cluster).nodegroup_name(name);
    delete.send().await.map(|_| done()).map_err(call.failed())
}
