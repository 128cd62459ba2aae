//! What the nodes of a group are started from.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::nodegroups::at;
use super::tags::TAGGED;
use crate::config::{Choice, ManagedNodeGroup};
use crate::resource::ec2::{BlockDeviceMapping, Ebs, LaunchTemplate, LaunchTemplateData, MetadataOptions};
use crate::resource::{Added, Key, List};

/// Where Amazon Linux 2023 has its root volume.
const ROOT: &str = "/dev/xvda";

/// Draws the launch template: always one, for a volume and a way to credentials that are said are known.
pub(super) fn draw(draft: &mut Draft<'_>, group: &ManagedNodeGroup) -> Added<LaunchTemplate> {
    let name = group.name.0.as_str();
    let tags: BTreeMap<String, String> = draft.tagging().instance(name, &group.tags.0);
    let data = LaunchTemplateData {
        block_device_mappings: List(vec![root(group)]),
        metadata_options: MetadataOptions {
            http_tokens: if group.disable_imds_v1.value { "required" } else { "optional" }.to_owned(),
            // With 1, an answer does not get from the node to a pod with a network of its own.
            http_put_response_hop_limit: if group.disable_pod_imds.value { 1 } else { 2 },
        },
        tag_specifications: TAGGED.map(|kind| (kind.to_owned(), tags.clone())).into(),
    };
    let tags = draft.tagging().named_with::<LaunchTemplate>(name, super::tags::nodegroup(name));
    let template = LaunchTemplate { launch_template_data: data, launch_template_name: None, tags };
    let template = draft.graph.add(name, template);
    place(draft, template.key(), group);
    template
}

fn root(group: &ManagedNodeGroup) -> BlockDeviceMapping {
    let device = group.volume_name.as_ref().map_or(ROOT, |name| name.0.as_str());
    let (iops, throughput) = group.volume_speed();
    let ebs = Ebs {
        volume_size: group.volume_size.count(),
        volume_type: group.volume_type.word().to_owned(),
        iops,
        throughput,
        // The account's own default may encrypt all the same: that is never switched off here.
        encrypted: group.volume_encrypted.value.then_some(true),
        kms_key_id: group.volume_kms_key_id.as_ref().map(|key| key.0.clone()),
    };
    BlockDeviceMapping { device_name: device.to_owned(), ebs }
}

fn place(draft: &mut Draft<'_>, key: &Key, group: &ManagedNodeGroup) {
    let device = "LaunchTemplateData.BlockDeviceMappings.0";
    let options = "LaunchTemplateData.MetadataOptions";
    let places = [
        (format!("{device}.DeviceName"), at(&group.volume_name)),
        (format!("{device}.Ebs.VolumeSize"), group.volume_size.written_at()),
        (format!("{device}.Ebs.VolumeType"), group.volume_type.written_at()),
        (format!("{device}.Ebs.Iops"), at(&group.volume_iops).or(group.volume_type.written_at())),
        (format!("{device}.Ebs.Throughput"), at(&group.volume_throughput).or(group.volume_type.written_at())),
        (format!("{device}.Ebs.Encrypted"), group.volume_encrypted.written_at()),
        (format!("{device}.Ebs.KmsKeyId"), at(&group.volume_kms_key_id)),
        (format!("{options}.HttpTokens"), group.disable_imds_v1.written_at()),
        (format!("{options}.HttpPutResponseHopLimit"), group.disable_pod_imds.written_at()),
        ("LaunchTemplateData.TagSpecifications".to_owned(), group.tags.written_at()),
        (String::new(), group.name.written_at()),
    ];
    for (path, span) in places {
        draft.places(key, &[(&path, span)]);
    }
}
