use super::{INVALID, active, create as make, named, update};
use crate::resource::ec2::{LaunchTemplateId, LaunchTemplateVersion};
use crate::resource::eks::{Addon, Nodegroup, NodegroupUpdate, Taint};
use crate::resource::{Attributes, OneOf, Timestamp, Val};
use crate::sim::iam::passed;
use crate::sim::state::{Played, Refusal, State, text};
use crate::world::Class;

pub(super) fn create(state: &mut State, name: &str, nodegroup: &Nodegroup, ends: Timestamp) -> Played {
    active(state, text(&nodegroup.cluster_name)?)?;
    named(state, Addon::TYPE, "vpc-cni").map_err(|_| (Class::Refused, "NodeCreationFailure"))?;
    passed(state, text(&nodegroup.node_role)?).ok_or(INVALID)?;
    let version = number(text(&nodegroup.launch_template.version)?)?;
    if version > latest(state, &nodegroup.launch_template.id)? || name.len() > 63 {
        return Err(INVALID);
    }
    state.log.actions.insert("iam:PassRole");
    make(state, nodegroup.clone().into(), name, (Attributes::new(), Attributes::new()), ends)
}

pub(super) fn configure(state: &mut State, name: &str, to: &NodegroupUpdate, ends: Timestamp) -> Played {
    let item = named(state, Nodegroup::TYPE, name)?;
    let live = Nodegroup::of(&item.live.properties).ok_or(INVALID)?;
    if let Some((min, max, desired)) = to.scaling_config {
        let size = desired.unwrap_or(live.scaling_config.desired_size.size);
        if !(min..=max).contains(&size) {
            return Err(INVALID);
        }
    }
    update::<Nodegroup>(state, name, ends, |it| {
        it.labels.extend(to.add_or_update_labels.clone());
        it.labels.retain(|name, _| !to.remove_labels.contains(name));
        let is_put = |it: &Taint| {
            to.add_or_update_taints.iter().any(|put| (&put.key, &put.effect) == (&it.key, &it.effect))
        };
        it.taints.0.retain(|taint| !to.remove_taints.contains(taint) && !is_put(taint));
        it.taints.0.extend(to.add_or_update_taints.iter().cloned());
        it.update_config = to.update_config.clone().unwrap_or(it.update_config.clone());
        if let Some((min, max, desired)) = to.scaling_config {
            (it.scaling_config.min_size, it.scaling_config.max_size) = (min, max);
            it.scaling_config.desired_size.size = desired.unwrap_or(it.scaling_config.desired_size.size);
        }
    })
}

/// Its nodes are replaced by those of another version of their template.
pub(super) fn turn(
    state: &mut State,
    name: &str,
    version: &Val<LaunchTemplateVersion>,
    ends: Timestamp,
) -> Played {
    update::<Nodegroup>(state, name, ends, |it| it.launch_template.version = version.clone())
}

fn latest(state: &mut State, template: &Val<LaunchTemplateId>) -> Result<u32, Refusal> {
    let template = state.by_id(text(template)?)?;
    number(template.live.attributes.get("LatestVersionNumber").ok_or(INVALID)?)
}

fn number(version: &str) -> Result<u32, Refusal> {
    version.parse().map_err(|_| INVALID)
}
