//! What must hold of a root volume.

use std::ops::RangeInclusive;

use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::Known;
use crate::config::sections::nodegroup::{ManagedNodeGroup, VolumeType};
use crate::config::value::Choice;

pub fn key_needs_encryption(group: &ManagedNodeGroup) -> Option<Diagnostic> {
    let key = group.volume_kms_key_id.known()?;
    let encrypted = group.volume_encrypted.known().filter(|encrypted| !encrypted.value)?;
    let off = Diagnostic::new(
        Code::NeedsOther,
        key.key,
        "`volumeKmsKeyID` has no effect: the volume is not encrypted",
    );
    Some(match encrypted.is_written() {
        true => off.label("remove it, or encrypt").and(encrypted.span, "off here"),
        false => off.label("write `volumeEncrypted: true`, too"),
    })
}

pub fn volume_speed(group: &ManagedNodeGroup) -> Vec<Diagnostic> {
    let Some(kind) = group.volume_type.known() else { return Vec::new() };
    let iops = group
        .volume_iops
        .known()
        .filter(|_| !matches!(kind.value, VolumeType::Gp3 | VolumeType::Io1 | VolumeType::Io2));
    let throughput = group.volume_throughput.known().filter(|_| kind.value != VolumeType::Gp3);
    let wrong = iops.map(|n| ("volumeIOPS", n.key, "gp3, io1 and io2"));
    let wrong = wrong.into_iter().chain(throughput.map(|n| ("volumeThroughput", n.key, "gp3")));
    let say = |(name, key, kinds)| {
        let message = format!("`{name}` can be set for {kinds} only");
        Diagnostic::new(Code::Exclusive, key, message)
            .label("remove it")
            .and(kind.place(), "the volume's type")
    };
    wrong.map(say).collect()
}

/// How many operations a second EBS sells of each type.
fn iops(kind: VolumeType) -> Option<RangeInclusive<i64>> {
    match kind {
        VolumeType::Gp3 => Some(3_000..=16_000),
        VolumeType::Io1 => Some(100..=64_000),
        VolumeType::Io2 => Some(100..=256_000),
        VolumeType::Gp2 | VolumeType::Sc1 | VolumeType::St1 => None,
    }
}

pub fn volume_iops_in_range(group: &ManagedNodeGroup) -> Option<Diagnostic> {
    let (kind, written) = (group.volume_type.known()?, group.volume_iops.known()?);
    let range = iops(kind.value).filter(|range| !range.contains(&written.0))?;
    let message = format!("volumeIOPS {} is out of range for {}", **written, kind.word());
    let label = format!("takes {} to {}", range.start(), range.end());
    let outside = Diagnostic::new(Code::VolumeLimits, written.span, message).label(label);
    Some(if kind.is_written() { outside.and(kind.span, "the volume's type") } else { outside })
}

pub fn starts_from_it(group: &ManagedNodeGroup) -> Option<Diagnostic> {
    let slow = |kind: VolumeType| matches!(kind, VolumeType::Sc1 | VolumeType::St1);
    let kind = group.volume_type.known().filter(|kind| slow(kind.value))?;
    let message = format!("no instance starts from a volume of type {}", kind.word());
    Some(Diagnostic::new(Code::VolumeLimits, kind.span, message).label("takes gp3, gp2, io1 or io2"))
}
