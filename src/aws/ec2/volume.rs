use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types;
use futures::future::try_join_all;

use super::filter;
use crate::aws::Aws;
use crate::aws::call::{Call, done, unread};
use crate::aws::guests::{instances, listed, nodegroup_of};
use crate::aws::live::{attributes, count, live, moment, text};
use crate::aws::tags::of_ec2;
use crate::resource::ec2::{Ebs, PersistentVolume, Told, Volume};
use crate::resource::{Key, Live};
use crate::world::{Answer, WorldError};

/// The most values that a filter takes.
const MOST: usize = 200;

/// Volumes that Kubernetes has made for the cluster, as their tags tell, and those of its PersistentVolumes, where
/// these could be read.
pub(in crate::aws) async fn of_claims(
    aws: &Aws,
    persistent: Option<&[PersistentVolume]>,
) -> Result<Vec<Live>, WorldError> {
    let owned = filter(&format!("tag:{}", Volume::mark_of(&aws.cluster)), ["owned"]);
    let tagged = vec![owned, filter("tag-key", Volume::marks())];
    let ids: Vec<&str> = persistent.unwrap_or_default().iter().map(|it| it.volume_id.as_str()).collect();
    let named = ids.chunks(MOST).map(|ids| vec![filter("volume-id", ids.iter().copied())]);
    let read = try_join_all([tagged].into_iter().chain(named).map(|asked| list(aws, asked))).await?;
    let all = read.iter().flatten().filter_map(|it| Some((it.volume_id()?, it)));
    let all: BTreeMap<&str, &types::Volume> = all.collect();
    let told = |id: &str, it: &types::Volume| {
        persistent.map_or(Told::Unread, |all| Told::by(all, id, &of_ec2(it.tags())))
    };
    let going = going(aws, all.values().copied()).await?;
    let translate = |(id, it)| translated(aws, it, told(id, it), holder(it, &going));
    Ok(all.into_iter().filter_map(translate).collect())
}

/// The instances that have volumes and go before them: with a node group, or by themselves already. What cannot be
/// listed is not said to go.
async fn going<'a>(
    aws: &Aws,
    volumes: impl Iterator<Item = &'a types::Volume>,
) -> Result<BTreeSet<String>, WorldError> {
    let ids: BTreeSet<&str> = volumes.flat_map(attached_to).collect();
    let ids: Vec<&str> = ids.into_iter().collect();
    let asked = ids.chunks(MOST).map(|ids| vec![filter("instance-id", ids.iter().copied())]);
    let read = try_join_all(asked.map(|by| async { listed(instances(aws, by).await) })).await?;
    let going = read.iter().flatten().filter(|it| goes(&aws.cluster, it));
    Ok(going.filter_map(|it| it.instance_id().map(str::to_owned)).collect())
}

fn goes(cluster: &str, it: &types::Instance) -> bool {
    let state = it.state().and_then(|state| state.name());
    let is_over =
        matches!(state, Some(types::InstanceStateName::ShuttingDown | types::InstanceStateName::Terminated));
    is_over || nodegroup_of(cluster, it).is_some()
}

/// What has a volume and is not known to go before it.
fn holder(volume: &types::Volume, going: &BTreeSet<String>) -> Option<String> {
    attached_to(volume).find(|id| !going.contains(*id)).map(str::to_owned)
}

/// The instances that have a volume, or what of AWS's has it instead.
fn attached_to(volume: &types::Volume) -> impl Iterator<Item = &str> {
    let is_over = |it: &types::VolumeAttachment| it.state() == Some(&types::VolumeAttachmentState::Detached);
    let attached = volume.attachments().iter().filter(move |it| !is_over(it));
    attached.filter_map(|it| it.instance_id().or(it.associated_resource()))
}

/// A volume, by its id; what the cluster says of it, and what has it, is not asked again.
pub(in crate::aws) async fn look(aws: &Aws, key: &Key) -> Result<Vec<Live>, WorldError> {
    let read = list(aws, vec![filter("volume-id", [&key.name])]).await?;
    Ok(read.iter().filter_map(|it| translated(aws, it, Told::Unread, None)).collect())
}

async fn list(aws: &Aws, by: Vec<types::Filter>) -> Result<Vec<types::Volume>, WorldError> {
    let all = aws.reads.ec2.describe_volumes().set_filters(Some(by)).into_paginator().items().send();
    all.try_collect().await.map_err(unread("ec2:DescribeVolumes"))
}

fn translated(aws: &Aws, volume: &types::Volume, told: Told, held_by: Option<String>) -> Option<Live> {
    let ebs = Ebs {
        volume_size: count(volume.size()).unwrap_or_default(),
        volume_type: text(volume.volume_type().map(types::VolumeType::as_str)),
        iops: count(volume.iops()),
        throughput: count(volume.throughput()),
        encrypted: volume.encrypted(),
        kms_key_id: volume.kms_key_id().map(str::to_owned),
    };
    let (cluster, tags) = (aws.cluster.clone(), of_ec2(volume.tags()));
    let properties = Volume { ebs, cluster, told, held_by, tags };
    let live = live(properties, attributes([("VolumeId", volume.volume_id())]))?;
    let status = text(volume.state().map(types::VolumeState::as_str));
    Some(Live { status, made: moment(volume.create_time()), ..live })
}

pub(super) async fn delete(call: &Call<'_>, id: &str) -> Result<Answer, WorldError> {
    let delete = call.client().ec2.delete_volume().volume_id(id);
    delete.send().await.map(|_| done()).map_err(call.failed())
}

#[test]
fn only_nodes_of_node_groups_let_go_of_it() {
    let instance = |id: &str, state: &str, tags: &[(&str, &str)]| {
        let state = types::InstanceState::builder().name(state.into()).build();
        let tags = tags.iter().map(|(key, value)| types::Tag::builder().key(*key).value(*value).build());
        types::Instance::builder().instance_id(id).state(state).set_tags(Some(tags.collect())).build()
    };
    let group = ("eks:nodegroup-name", "ng1");
    let all = [
        instance("i-node", "running", &[("eks:cluster-name", "demo"), group]),
        instance("i-over", "shutting-down", &[]),
        instance(
            "i-karpenter",
            "running",
            &[("eks:eks-cluster-name", "demo"), ("karpenter.sh/nodepool", "a")],
        ),
        instance("i-other", "running", &[("eks:cluster-name", "other"), group]),
        instance("i-stopped", "stopped", &[]),
    ];
    let going = all.iter().filter(|it| goes("demo", it)).filter_map(|it| it.instance_id());
    let going: BTreeSet<String> = going.map(str::to_owned).collect();
    let held = |attached: &[(&str, &str)]| {
        let attached = attached.iter().map(|(id, state)| {
            types::VolumeAttachment::builder().instance_id(*id).state((*state).into()).build()
        });
        holder(&types::Volume::builder().set_attachments(Some(attached.collect())).build(), &going)
    };
    for id in ["i-node", "i-over"] {
        assert_eq!(held(&[(id, "attached")]), None);
    }
    for id in ["i-karpenter", "i-other", "i-stopped", "i-not-listed"] {
        assert_eq!(held(&[("i-node", "attached"), (id, "attached")]).as_deref(), Some(id));
        assert_eq!(held(&[(id, "detached")]), None);
    }
}
