use aws_sdk_eks::types;
use futures::future::{join, try_join_all};

use super::{begun, trouble};
use crate::aws::Aws;
use crate::aws::call::{Call, done, made, unread};
use crate::aws::errors::lacking;
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

/// The call that reads one.
const DESCRIBE: &str = "eks:DescribeNodegroup";

fn lacks(what: &str) -> WorldError {
    lacking(DESCRIBE, what)
}

/// One node group, if it is there, ours or not.
pub(in crate::aws) async fn read(aws: &Aws, name: &str) -> Result<Option<Live>, WorldError> {
    let describe = aws.reads.eks.describe_nodegroup().cluster_name(&aws.cluster).nodegroup_name(name);
    let told = describe.send().await.map_err(unread(DESCRIBE));
    let told = still_there(told.and_then(|told| told.nodegroup.ok_or_else(|| lacks("the node group"))))?;
    let live = told.map(|group| whole(aws, &group)).transpose()?;
    match &live {
        Some(live) => _ = aws.memory().nodegroups.insert(name.to_owned(), key(aws, live)),
        None => _ = aws.memory().nodegroups.remove(name),
    }
    Ok(live)
}

/// A node group as it was told.
fn whole(aws: &Aws, group: &types::Nodegroup) -> Result<Live, WorldError> {
    let live = translated(group).ok_or_else(|| lacks("its ARN"))?;
    let untold = untold(group).filter(|_| key(aws, &live).is_some());
    untold.map_or(Ok(live), |what| Err(lacks(what)))
}

/// What EKS always tells of groups like ours, and here does not. If that differed another group would be made: so it
/// is no difference, but an answer that cannot be read.
fn untold(group: &types::Nodegroup) -> Option<&'static str> {
    let template = group.launch_template();
    let told = [
        ("nodeRole", group.node_role().is_some()),
        ("subnets", !group.subnets().is_empty()),
        ("amiType", group.ami_type().is_some()),
        ("capacityType", group.capacity_type().is_some()),
        ("instanceTypes", !group.instance_types().is_empty()),
        ("launchTemplate", template.is_some_and(|it| it.id().is_some() && it.version().is_some())),
    ];
    told.into_iter().find(|(_, is_told)| !is_told).map(|(what, _)| what)
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

#[test]
fn what_another_group_would_be_made_for_is_told_or_nothing_is() {
    let template = || types::LaunchTemplateSpecification::builder().id("lt-1").version("1").build();
    let whole = || {
        let group =
            types::Nodegroup::builder().node_role("arn").subnets("subnet-1").instance_types("m5.large");
        let group = group.ami_type("A_NEW_ONE".into()).capacity_type(types::CapacityTypes::OnDemand);
        group.launch_template(template())
    };
    assert_eq!(untold(&whole().build()), None, "a word that is not known is a word all the same");
    let cases = [
        ("nodeRole", whole().set_node_role(None)),
        ("subnets", whole().set_subnets(None)),
        ("amiType", whole().set_ami_type(None)),
        ("capacityType", whole().set_capacity_type(None)),
        ("instanceTypes", whole().set_instance_types(None)),
        ("launchTemplate", whole().set_launch_template(None)),
    ];
    for (what, group) in cases {
        assert_eq!(untold(&group.build()), Some(what));
    }
}
