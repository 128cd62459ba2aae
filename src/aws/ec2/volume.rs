use std::collections::BTreeMap;

use aws_sdk_ec2::types;
use futures::future::try_join_all;

use super::filter;
use crate::aws::Aws;
use crate::aws::call::{Call, done, unread};
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
    Ok(all.into_iter().filter_map(|(id, it)| translated(aws, it, told(id, it))).collect())
}

/// A volume, by its id; what the cluster says of it is not asked again.
pub(in crate::aws) async fn look(aws: &Aws, key: &Key) -> Result<Vec<Live>, WorldError> {
    let read = list(aws, vec![filter("volume-id", [&key.name])]).await?;
    Ok(read.iter().filter_map(|it| translated(aws, it, Told::Unread)).collect())
}

async fn list(aws: &Aws, by: Vec<types::Filter>) -> Result<Vec<types::Volume>, WorldError> {
    let all = aws.reads.ec2.describe_volumes().set_filters(Some(by)).into_paginator().items().send();
    all.try_collect().await.map_err(unread("ec2:DescribeVolumes"))
}

fn translated(aws: &Aws, volume: &types::Volume, told: Told) -> Option<Live> {
    let ebs = Ebs {
        volume_size: count(volume.size()).unwrap_or_default(),
        volume_type: text(volume.volume_type().map(types::VolumeType::as_str)),
        iops: count(volume.iops()),
        throughput: count(volume.throughput()),
        encrypted: volume.encrypted(),
        kms_key_id: volume.kms_key_id().map(str::to_owned),
    };
    let properties = Volume { ebs, cluster: aws.cluster.clone(), told, tags: of_ec2(volume.tags()) };
    let live = live(properties, attributes([("VolumeId", volume.volume_id())]))?;
    let status = text(volume.state().map(types::VolumeState::as_str));
    Some(Live { status, made: moment(volume.create_time()), ..live })
}

pub(super) async fn delete(call: &Call<'_>, id: &str) -> Result<Answer, WorldError> {
    let delete = call.client().ec2.delete_volume().volume_id(id);
    delete.send().await.map(|_| done()).map_err(call.failed())
}
