use std::collections::BTreeMap;

use aws_sdk_ec2::types::{self, LaunchTemplateHttpTokensState, ResourceType, VolumeType};
use futures::future::join_all;

use super::{filter, ours};
use crate::aws::Aws;
use crate::aws::call::{Call, done, made, unread};
use crate::aws::live::{Item, Listed, attributes, count, live, moment, number, still_there, text};
use crate::aws::tags::{of_ec2, to_ec2, with};
use crate::resource::ec2::{BlockDeviceMapping, Ebs, LaunchTemplate, LaunchTemplateData, MetadataOptions};
use crate::resource::{Attributes, Key, List, Live, OneOf, tags};
use crate::world::{Answer, WorldError};

/// Launch templates of the cluster, with all of their versions.
pub(in crate::aws) async fn read(aws: &Aws, key: Option<&Key>) -> Listed {
    let describe = aws.reads.ec2.describe_launch_templates().set_filters(ours(aws, key));
    let templates = describe.into_paginator().items().send().try_collect().await;
    let templates = templates.map_err(unread("ec2:DescribeLaunchTemplates"))?;
    let items = aws.ours(LaunchTemplate::TYPE, key, templates.iter().filter_map(translated));
    Ok(join_all(items.into_iter().map(|item| complete(aws, item))).await.into_iter().flatten().collect())
}

/// The ids of those that have one of these names, by name, but are not this cluster's.
pub(in crate::aws) async fn foreign(
    aws: &Aws,
    names: &[&String],
) -> Result<BTreeMap<String, String>, WorldError> {
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    let named = filter("launch-template-name", names.iter().copied());
    let describe = aws.reads.ec2.describe_launch_templates().filters(named);
    let templates = describe.into_paginator().items().send().try_collect().await;
    let templates = templates.map_err(unread("ec2:DescribeLaunchTemplates"))?;
    let is_foreign =
        |it: &&types::LaunchTemplate| of_ec2(it.tags()).get(tags::CLUSTER) != Some(aws.cluster.as_str());
    let named = |it: &types::LaunchTemplate| {
        Some((it.launch_template_name()?.to_owned(), it.launch_template_id()?.to_owned()))
    };
    Ok(templates.iter().filter(is_foreign).filter_map(named).collect())
}

/// Its versions are told by a call of their own.
async fn complete(aws: &Aws, mut item: Item) -> Option<Item> {
    let told = match &item.live {
        Ok(live) => still_there(versions(aws, &live.id).await).transpose()?,
        Err(_) => return Some(item),
    };
    item.live = item.live.and_then(|live| Ok(with_versions(live, told?)));
    Some(item)
}

async fn versions(aws: &Aws, id: &str) -> Result<Vec<types::LaunchTemplateVersion>, WorldError> {
    let describe = aws.reads.ec2.describe_launch_template_versions().launch_template_id(id);
    let versions = describe.into_paginator().items().send().try_collect().await;
    let mut versions = versions.map_err(unread("ec2:DescribeLaunchTemplateVersions"))?;
    versions.sort_by_key(|version| version.version_number());
    Ok(versions)
}

fn translated(template: &types::LaunchTemplate) -> Option<Live> {
    let properties = LaunchTemplate {
        launch_template_data: data(&types::ResponseLaunchTemplateData::builder().build()),
        launch_template_name: template.launch_template_name().map(str::to_owned),
        tags: of_ec2(template.tags()),
    };
    let made = moment(template.create_time());
    Some(Live { made, ..live(properties, told(template))? })
}

fn told(template: &types::LaunchTemplate) -> Attributes {
    let latest = template.latest_version_number().map(|number| number.to_string());
    attributes([
        ("LaunchTemplateId", template.launch_template_id()),
        ("LatestVersionNumber", latest.as_deref()),
    ])
}

/// What is current is the last version that has no more in it than we would put there: one that has is
/// somebody else's, and no node group of ours is brought to it.
fn with_versions(mut live: Live, versions: Vec<types::LaunchTemplateVersion>) -> Live {
    let plain: Vec<_> = versions.iter().filter(|version| !says_more(version)).collect();
    let shown = if plain.is_empty() { versions.iter().collect() } else { plain };
    let mut numbered = shown.into_iter().filter_map(|version| {
        let mut one = live.properties.clone();
        LaunchTemplate::of_mut(&mut one)?.launch_template_data = data(version.launch_template_data()?);
        Some((version.version_number()?.to_string(), one))
    });
    let mut numbered: Vec<_> = numbered.by_ref().collect();
    if let Some((number, latest)) = numbered.pop() {
        live.attributes.insert("LatestVersionNumber", number);
        live.properties = latest;
        live.earlier = numbered;
    }
    live
}

fn says_more(version: &types::LaunchTemplateVersion) -> bool {
    let Some(mut rest) = version.launch_template_data().cloned() else { return false };
    (rest.block_device_mappings, rest.metadata_options, rest.tag_specifications) = (None, None, None);
    rest != types::ResponseLaunchTemplateData::builder().build()
}

fn data(data: &types::ResponseLaunchTemplateData) -> LaunchTemplateData {
    let options = data.metadata_options();
    let hops = options.and_then(|it| it.http_put_response_hop_limit());
    let tokens = options.and_then(|it| it.http_tokens());
    LaunchTemplateData {
        block_device_mappings: List(data.block_device_mappings().iter().map(volume).collect()),
        metadata_options: MetadataOptions {
            http_tokens: text(tokens.map(LaunchTemplateHttpTokensState::as_str)),
            http_put_response_hop_limit: count(hops).unwrap_or_default(),
        },
        tag_specifications: data.tag_specifications().iter().filter_map(specification).collect(),
    }
}

fn volume(mapping: &types::LaunchTemplateBlockDeviceMapping) -> BlockDeviceMapping {
    let ebs = mapping.ebs();
    BlockDeviceMapping {
        device_name: text(mapping.device_name()),
        ebs: Ebs {
            volume_size: count(ebs.and_then(|it| it.volume_size())).unwrap_or_default(),
            volume_type: text(ebs.and_then(|it| it.volume_type()).map(VolumeType::as_str)),
            iops: count(ebs.and_then(|it| it.iops())),
            throughput: count(ebs.and_then(|it| it.throughput())),
            encrypted: ebs.and_then(|it| it.encrypted()),
            kms_key_id: ebs.and_then(|it| it.kms_key_id()).map(str::to_owned),
        },
    }
}

fn specification(it: &types::LaunchTemplateTagSpecification) -> Option<(String, BTreeMap<String, String>)> {
    Some((it.resource_type()?.as_str().to_owned(), of_ec2(it.tags()).0))
}

pub(super) async fn create(
    call: &Call<'_>,
    name: &str,
    template: &LaunchTemplate,
) -> Result<Answer, WorldError> {
    let create = call.client().ec2.create_launch_template().launch_template_name(name);
    let create = create.launch_template_data(request(&template.launch_template_data));
    let create = create.tag_specifications(with(ResourceType::LaunchTemplate, &template.tags));
    let answer = create.send().await.map_err(call.failed())?;
    Ok(made(answer.launch_template().map(told).unwrap_or_default()))
}

pub(super) async fn add_version(
    call: &Call<'_>,
    id: &str,
    data: &LaunchTemplateData,
) -> Result<Answer, WorldError> {
    let create = call.client().ec2.create_launch_template_version().launch_template_id(id);
    let create = create.launch_template_data(request(data)).client_token(call.token()?);
    let answer = create.send().await.map_err(call.failed())?;
    let number = answer.launch_template_version().and_then(|it| it.version_number());
    let number = number.map(|number| number.to_string());
    Ok(made(attributes([("LaunchTemplateId", Some(id)), ("LatestVersionNumber", number.as_deref())])))
}

pub(super) async fn delete(call: &Call<'_>, id: &str) -> Result<Answer, WorldError> {
    let delete = call.client().ec2.delete_launch_template().launch_template_id(id);
    delete.send().await.map(|_| done()).map_err(call.failed())
}

fn request(data: &LaunchTemplateData) -> types::RequestLaunchTemplateData {
    let options = types::LaunchTemplateInstanceMetadataOptionsRequest::builder()
        .http_tokens(data.metadata_options.http_tokens.as_str().into())
        .http_put_response_hop_limit(number(data.metadata_options.http_put_response_hop_limit));
    let volumes = data.block_device_mappings.0.iter().map(volume_request).collect();
    let tags = data.tag_specifications.iter().map(|(kind, tags)| {
        types::LaunchTemplateTagSpecificationRequest::builder()
            .resource_type(kind.as_str().into())
            .set_tags(Some(to_ec2(tags).collect()))
            .build()
    });
    types::RequestLaunchTemplateData::builder()
        .set_block_device_mappings(Some(volumes))
        .metadata_options(options.build())
        .set_tag_specifications(Some(tags.collect()))
        .build()
}

fn volume_request(mapping: &BlockDeviceMapping) -> types::LaunchTemplateBlockDeviceMappingRequest {
    let ebs = types::LaunchTemplateEbsBlockDeviceRequest::builder()
        .volume_size(number(mapping.ebs.volume_size))
        .volume_type(mapping.ebs.volume_type.as_str().into())
        .set_iops(mapping.ebs.iops.map(number))
        .set_throughput(mapping.ebs.throughput.map(number))
        .set_encrypted(mapping.ebs.encrypted)
        .set_kms_key_id(mapping.ebs.kms_key_id.clone())
        .build();
    types::LaunchTemplateBlockDeviceMappingRequest::builder()
        .device_name(&mapping.device_name)
        .ebs(ebs)
        .build()
}
