//! Volumes with the data of pods: which go with their cluster, and which stay and go on costing.

use std::collections::BTreeMap;

use super::units::count;
use crate::ops::Removal;
use crate::price::{Money, volume_a_month};
use crate::resource::ec2::{Stay, Volume};
use crate::resource::{Any, Key, Live};

/// `claims web/cache-0 20 GiB, web/cache-1 20 GiB`.
pub(super) fn line(members: &[(&Key, &Any)]) -> String {
    let volumes = members.iter().filter_map(|(key, any)| match any {
        Any::Volume(volume) => Some((key.name.as_str(), volume)),
        _ => None,
    });
    claims(&volumes.collect::<Vec<_>>())
}

fn claims(volumes: &[(&str, &Volume)]) -> String {
    let told = |(id, volume): &(&str, &Volume)| {
        format!("{} {} GiB", volume.claim().unwrap_or_else(|| (*id).to_owned()), volume.ebs.volume_size)
    };
    let several = if volumes.len() == 1 { "" } else { "s" };
    let unclaimed = volumes.iter().all(|(_, volume)| volume.claim().is_none());
    let what = if unclaimed { String::new() } else { format!("claim{several} ") };
    format!("{what}{}", volumes.iter().map(told).collect::<Vec<_>>().join(", "))
}

/// Those that stay, before anything is deleted: `= 1 volume   claim web/data 100 GiB, policy Retain: stays, $8 a month`.
pub(super) fn staying(removal: &Removal) -> Vec<String> {
    let mut by_reason: BTreeMap<Stay, Vec<(&str, &Volume)>> = BTreeMap::new();
    for (live, volume, why) in removal.volumes() {
        by_reason.entry(why).or_default().push((live.id.as_str(), volume));
    }
    let line = |(why, volumes): (&Stay, &Vec<(&str, &Volume)>)| {
        let (title, stay) =
            (count(volumes.len(), "volume"), if volumes.len() == 1 { "stays" } else { "stay" });
        let all = volumes.iter().map(|(_, volume)| volume_a_month(&removal.facts.region, &volume.ebs));
        let price = all.sum::<Option<Money>>().map(a_month).unwrap_or_default();
        format!("= {title:<16} {}, {why}: {stay}{price}", claims(volumes))
    };
    by_reason.iter().map(line).collect()
}

/// Each that stays, afterwards: `volume vol-0ab1 (claim web/data, 100 GiB, policy Retain), $8 a month`, with how it
/// is deleted, where nobody has decided that it is kept and no cluster that stays may want it.
pub fn stays(removal: &Removal) -> Vec<String> {
    let region = &removal.facts.region;
    let told = |(live, volume, why): (&Live, &Volume, Stay)| {
        let claim = volume.claim().map(|claim| format!("claim {claim}, ")).unwrap_or_default();
        let price = volume_a_month(region, &volume.ebs).map(a_month).unwrap_or_default();
        let delete = match why {
            Stay::Policy(_) | Stay::WithCluster => String::new(),
            Stay::Unread | Stay::Nothing | Stay::NotMade | Stay::Shared(_) | Stay::Attached(_) => {
                let once =
                    volume.held_by.as_ref().map(|it| format!(" once {it} is gone")).unwrap_or_default();
                format!("; aws ec2 delete-volume --region {region} --volume-id {} deletes it{once}", live.id)
            }
        };
        format!("volume {} ({claim}{} GiB, {why}){price}{delete}", live.id, volume.ebs.volume_size)
    };
    removal.volumes().into_iter().map(told).collect()
}

/// `, $8 a month`.
fn a_month(price: Money) -> String {
    let price = price.to_string();
    format!(", {} a month", price.strip_suffix(".00").unwrap_or(&price))
}
