//! `AWS::EKS::Nodegroup`

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::{ClusterName, NodegroupUpdate, Operation, retag};
use crate::resource::ec2::{LaunchTemplateId, LaunchTemplateVersion, SubnetId};
use crate::resource::iam::RoleArn;
use crate::resource::key::{suffix, within};
use crate::resource::{Added, Calls, Comparison, Incomplete, Key, Live, Milestone, Place, Property, Remark};
use crate::resource::{Resource, Set, Standing, Tags, Type, Val, properties, tags};

properties! {
    /// Nodes that EKS starts, updates and replaces.
    pub struct Nodegroup {
        /// Whose.
        exact cluster_name: Val<ClusterName> => Replace;
        /// EKS's name for it, taken when it is made; the key has the file's.
        open nodegroup_name: String => Protected;
        /// What its nodes act as.
        exact node_role: Val<RoleArn> => Replace;
        /// Where its nodes stand.
        exact subnets: Set<Val<SubnetId>> => Replace;
        /// What its nodes run on.
        exact instance_types: Vec<String> => Replace;
        /// What image its nodes start from: `AL2023_x86_64_STANDARD`.
        exact ami_type: String => Replace;
        /// `ON_DEMAND` or `SPOT`.
        exact capacity_type: String => Replace;
        /// What its nodes are started from.
        nested launch_template: LaunchTemplateSpecification;
        /// How many.
        nested scaling_config: ScalingConfig;
        /// Kubernetes labels of its nodes.
        exact labels: BTreeMap<String, String> => InPlace;
        /// Kubernetes taints of its nodes.
        exact taints: Set<Taint> => InPlace;
        /// How many nodes an update takes at once.
        nested update_config: UpdateConfig;
        /// Tags.
        exact tags: Tags => InPlace;
    }
}

properties! {
    /// One version of a launch template; the one that the nodes run, not the latest.
    pub struct LaunchTemplateSpecification {
        /// Which template.
        exact id: Val<LaunchTemplateId> => Replace;
        /// Which version of it.
        exact version: Val<LaunchTemplateVersion> => InPlace;
    }
}

properties! {
    /// How many nodes.
    pub struct ScalingConfig {
        /// At least.
        exact min_size: u32 => InPlace;
        /// At most.
        exact max_size: u32 => InPlace;
        /// To begin with.
        exact desired_size: DesiredSize => InPlace;
    }
}

properties! {
    /// How many nodes an update takes at once: one of these.
    pub struct UpdateConfig {
        /// A number of nodes.
        exact max_unavailable: Option<u32> => InPlace;
        /// A share of the group.
        exact max_unavailable_percentage: Option<u32> => InPlace;
    }
}

/// What keeps pods off a node that do not tolerate it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Taint {
    /// Its name.
    pub key: String,
    /// Its value, which may be empty.
    pub value: String,
    /// In EKS's words: `NO_SCHEDULE`.
    pub effect: String,
}

impl Property for Taint {}

/// A desiredSize belongs to the file until it is applied, and then to whoever scales. Where an autoscaler does, the
/// file's counts for a new group alone.
#[derive(Clone, Debug, PartialEq)]
pub struct DesiredSize {
    /// As the file says, or as it is.
    pub size: u32,
    /// As last applied, in what lives (from a tag).
    pub applied: Option<u32>,
    /// The nearest that the file's bounds allow, in what lives outside of them.
    pub nearest: Option<u32>,
    /// Who chooses it once there are any, as desired.
    pub chosen_by: Chooser,
}

/// Who chooses how many nodes a group has, once there are any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Chooser {
    /// Whoever applies the file.
    #[default]
    File,
    /// An autoscaler, which this shows.
    Autoscaler(String),
    /// It is not known whether an autoscaler does, for this reason: what somebody has moved since it was applied is
    /// left alone.
    Unseen(String),
}

impl DesiredSize {
    /// So many, and nothing more is known of it.
    pub fn of(size: u32) -> Self {
        Self { size, applied: None, nearest: None, chosen_by: Chooser::File }
    }

    /// The size that is to be asked for, where it is not right as it is.
    fn wanted(&self, live: &Self) -> Option<u32> {
        let changed = live.applied.unwrap_or(live.size) != self.size;
        if changed && self.left(live).is_none() { Some(self.size) } else { live.nearest }
    }

    /// Who the size of what lives is left to.
    fn left(&self, live: &Self) -> Option<String> {
        let is_moved = live.applied.is_some_and(|applied| applied != live.size);
        match &self.chosen_by {
            Chooser::Autoscaler(by) => Some(by.clone()),
            Chooser::Unseen(why) if is_moved => Some(format!("if there is one: {why}")),
            Chooser::File | Chooser::Unseen(_) => None,
        }
    }
}

impl Serialize for DesiredSize {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.size.serialize(serializer)
    }
}

impl Property for DesiredSize {
    fn compare(&self, live: &Self, at: &Place, into: &mut Comparison) {
        let wanted = self.wanted(live);
        if let Some(wanted) = wanted {
            into.differ(at, Some(live), Some(&Self::of(wanted)));
        }
        let (file, left, live) = (self.size, self.left(live), wanted.unwrap_or(live.size));
        match left {
            _ if live == file => {}
            Some(by) => into.notes.push(Remark::Autoscaled { file, live, by }),
            None if wanted.is_none() => into.notes.push(Remark::Scaled { applied: file, live }),
            None => {}
        }
    }
}

impl Nodegroup {
    fn aws_name(&self) -> Result<String, Incomplete> {
        self.nodegroup_name.clone().ok_or(Incomplete::Lacks("NodegroupName"))
    }

    /// What is to be said to EKS so that the sizes and the labels are right.
    fn config(&self, live: &Self, how: &Comparison) -> NodegroupUpdate {
        let differs = |(name, value): &(&String, &String)| live.labels.get(*name) != Some(*value);
        let pair = |(name, value): (&String, &String)| (name.clone(), value.clone());
        let sizes = &self.scaling_config;
        // EKS refuses bounds that the size is outside of: with them goes the nearest that is inside.
        let desired = sizes.desired_size.wanted(&live.scaling_config.desired_size);
        let taints = |of: &Self, but: &Self| of.taints.without(&but.taints).cloned().collect::<Vec<_>>();
        // A taint is told from others by its key and effect: one with another value is changed.
        let (put, gone) = (taints(self, live), taints(live, self));
        let changed = |it: &Taint| put.iter().any(|other| other.key == it.key && other.effect == it.effect);
        let remove_taints = gone.iter().filter(|it| !changed(it)).cloned().collect();
        NodegroupUpdate {
            add_or_update_labels: self.labels.iter().filter(differs).map(pair).collect(),
            remove_labels: live
                .labels
                .keys()
                .filter(|name| !self.labels.contains_key(*name))
                .cloned()
                .collect(),
            add_or_update_taints: put,
            remove_taints,
            scaling_config: how.touches("ScalingConfig").then_some((sizes.min_size, sizes.max_size, desired)),
            update_config: how.touches("UpdateConfig").then(|| self.update_config.clone()),
        }
    }
}

impl Resource for Nodegroup {
    const ID: &'static str = "Arn";
    /// Nodes need vpc-cni to join, but it becomes ready only when there are nodes; and a way out. Pods look for
    /// their roles when they start, and use them until they end, and their volumes.
    const AFTER: &'static [(Type, Milestone)] = &[
        (Type::Addon, Milestone::Requested),
        (Type::PodIdentityAssociation, Milestone::Requested),
        (Type::OidcProvider, Milestone::Requested),
        (Type::Role, Milestone::Requested),
        (Type::RouteTable, Milestone::Ready),
        (Type::Volume, Milestone::Ready),
    ];
    const STATES: &'static [(&'static str, Standing)] = &[
        ("CREATING", Standing::Settling),
        ("UPDATING", Standing::Settling),
        ("ACTIVE", Standing::Ready),
        ("DEGRADED", Standing::Ready),
        ("DELETING", Standing::Deleting),
        ("CREATE_FAILED", Standing::Failed),
        ("DELETE_FAILED", Standing::Failed),
    ];

    fn mark(&self) -> Option<(&'static str, String)> {
        Some((tags::DESIRED, self.scaling_config.desired_size.size.to_string()))
    }

    /// With the desiredSize that was last applied beside the one that is, and the nearest that may be. One that is
    /// left to an autoscaler is not applied, and so its tag stays as it is.
    fn face(&self, mut live: Live<Self>) -> Live<Self> {
        let applied = live.properties.tags.get(tags::DESIRED).and_then(|size| size.parse().ok());
        let bounds = &self.scaling_config;
        let desired = &mut live.properties.scaling_config.desired_size;
        let nearest = desired.size.max(bounds.min_size).min(bounds.max_size);
        (desired.applied, desired.nearest) = (applied, Some(nearest).filter(|it| *it != desired.size));
        let is_left = bounds.desired_size.left(desired).is_some();
        if let (true, Some((key, mark))) = (is_left, self.mark()) {
            live.properties.tags.0.insert(key.to_owned(), mark);
        }
        live
    }

    fn name(&self) -> Option<&str> {
        self.nodegroup_name.as_deref()
    }

    /// The file's name, while nobody has it; then with a hash of all that was asked for, references
    /// by the names of what they point at: the same in a run before those exist and one after.
    fn take_name(&mut self, key: &Key, held: &[&str]) -> Result<(), Incomplete> {
        let name = match held {
            [] => key.name.clone(),
            held => key.name.clone() + &suffix(&[&serde_json::to_string(&self)?, &held.join(" ")]),
        };
        self.nodegroup_name = Some(within(63, name));
        Ok(())
    }

    fn create(&self, _: &Added<Self>, _: &[String]) -> Calls {
        Ok(vec![Operation::CreateNodegroup { name: self.aws_name()?, nodegroup: self.clone() }.into()])
    }

    fn update(&self, live: &Live<Self>, how: &Comparison) -> Calls {
        let (cluster_name, name) = (live.properties.cluster_name.clone(), live.properties.aws_name()?);
        let update = self.config(&live.properties, how);
        let config = (update != NodegroupUpdate::default()).then(|| Operation::UpdateNodegroupConfig {
            cluster_name: cluster_name.clone(),
            name: name.clone(),
            update,
        });
        let version = how.touches("LaunchTemplate.Version").then(|| Operation::UpdateNodegroupVersion {
            cluster_name,
            name,
            launch_template: self.launch_template.clone(),
        });
        // The tags come last: one of them says which desiredSize has been applied.
        let retag = retag(&live.id, &self.tags, &live.properties.tags);
        Ok(config.into_iter().chain(version).map(Into::into).chain(retag).collect())
    }

    fn delete(live: &Live<Self>) -> Calls {
        let cluster_name = live.properties.cluster_name.clone();
        Ok(vec![Operation::DeleteNodegroup { cluster_name, name: live.properties.aws_name()? }.into()])
    }
}
