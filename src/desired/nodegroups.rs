//! Node groups, and what their nodes are started from.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::network::Network;
use super::tags::pairs;
use super::{images, machines, roles, sites};
use crate::config::{ComponentName, Effect, ManagedNodeGroup, Span, Taint as Written};
use crate::resource::eks::{
    Chooser, Cluster, DesiredSize, LaunchTemplateSpecification, Nodegroup, ScalingConfig,
};
use crate::resource::eks::{Taint, UpdateConfig};
use crate::resource::{Added, Key};

/// Draws each of them.
pub(super) fn draw(draft: &mut Draft<'_>, cluster: &Added<Cluster>, network: &Network) {
    for group in draft.config.managed_node_groups.iter() {
        one(draft, cluster, network, group);
    }
}

fn one(draft: &mut Draft<'_>, cluster: &Added<Cluster>, network: &Network, group: &ManagedNodeGroup) {
    let (name, role) = (group.name.0.as_str(), roles::nodes(draft, group));
    let template = machines::draw(draft, group);
    let (subnets, image) = (sites::choose(draft, group, network), images::ami_type(draft, group));
    // What is lacking has been reported.
    let (Some(subnets), Some(ami_type)) = (subnets, image) else { return };
    let nodegroup = Nodegroup {
        cluster_name: cluster.get(),
        nodegroup_name: None,
        node_role: role,
        subnets,
        instance_types: group.types().into_iter().map(str::to_owned).collect(),
        ami_type,
        capacity_type: if group.spot.value { "SPOT" } else { "ON_DEMAND" }.to_owned(),
        launch_template: LaunchTemplateSpecification { id: template.get(), version: template.get() },
        scaling_config: sizes(draft, group),
        labels: labels(draft, group),
        taints: group.taints.iter().map(|it| taint(it)).collect(),
        update_config: update(group),
        tags: draft.tagging().nodegroup(name, &group.tags.0),
    };
    let nodegroup = draft.graph.add(name, nodegroup);
    place(draft, nodegroup.key(), group);
}

fn sizes(draft: &Draft<'_>, group: &ManagedNodeGroup) -> ScalingConfig {
    let sizes = group.sizes();
    let desired_size = DesiredSize { chosen_by: chooser(draft), ..DesiredSize::of(sizes.desired) };
    ScalingConfig { min_size: sizes.min, max_size: sizes.max, desired_size }
}

/// Who chooses how many nodes there are, once there are any: the file's autoscaler, or somebody else's.
fn chooser(draft: &Draft<'_>) -> Chooser {
    let mut components = draft.config.components.iter();
    let is_own = components.any(|it| it.name.value == ComponentName::ClusterAutoscaler);
    let own = is_own.then(|| Chooser::Autoscaler("a component of the file".to_owned()));
    own.unwrap_or_else(|| draft.kept.chooser.clone())
}

/// With those by which eksctl and its users select nodes.
fn labels(draft: &Draft<'_>, group: &ManagedNodeGroup) -> BTreeMap<String, String> {
    let mut labels = draft.tagging().labels(&group.name.0);
    labels.extend(pairs(&group.labels.0));
    labels
}

fn taint(written: &Written) -> Taint {
    let effect = match written.effect.value {
        Effect::NoSchedule => "NO_SCHEDULE",
        Effect::PreferNoSchedule => "PREFER_NO_SCHEDULE",
        Effect::NoExecute => "NO_EXECUTE",
    };
    let value = written.value.as_ref().map(|value| value.to_string()).unwrap_or_default();
    Taint { key: written.key.0.clone(), value, effect: effect.to_owned() }
}

/// One node at once, as EKS has it, if the file says nothing.
fn update(group: &ManagedNodeGroup) -> UpdateConfig {
    let number = group.update_config.max_unavailable.as_ref().map(|it| it.count());
    let share = group.update_config.max_unavailable_percentage.as_ref().map(|it| it.count());
    UpdateConfig {
        max_unavailable: number.or(share.is_none().then_some(1)),
        max_unavailable_percentage: share,
    }
}

fn place(draft: &mut Draft<'_>, key: &Key, group: &ManagedNodeGroup) {
    let (min, max) = (at(&group.min_size), at(&group.max_size));
    let desired = at(&group.desired_capacity);
    let update = &group.update_config;
    draft.places(
        key,
        &[
            ("", group.name.written_at()),
            ("NodeRole", at(&group.iam.instance_role_arn)),
            (
                "Subnets",
                at(&group.subnets)
                    .or(at(&group.availability_zones))
                    .or(group.private_networking.written_at()),
            ),
            ("InstanceTypes", at(&group.instance_types).or(at(&group.instance_type))),
            (
                "AmiType",
                at(&group.instance_types).or(at(&group.instance_type)).or(group.ami_family.written_at()),
            ),
            ("CapacityType", group.spot.written_at()),
            ("ScalingConfig.MinSize", min.or(desired)),
            ("ScalingConfig.MaxSize", max.or(desired).or(min)),
            ("ScalingConfig.DesiredSize", desired.or(min)),
            ("Labels", group.labels.written_at()),
            ("Taints", group.taints.written_at()),
            ("UpdateConfig.MaxUnavailable", at(&update.max_unavailable)),
            ("UpdateConfig.MaxUnavailablePercentage", at(&update.max_unavailable_percentage)),
        ],
    );
    for (label, value) in group.labels.iter() {
        draft.places(key, &[(&format!("Labels.{}", label.value), value.written_at())]);
    }
}

/// Where something is written, if it is.
pub(super) fn at<T>(written: &Option<crate::config::Spanned<T>>) -> Option<Span> {
    written.as_ref().and_then(|it| it.written_at())
}
