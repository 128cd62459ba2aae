use crate::resource::ec2::{Ebs, PersistentVolume, Told, Volume};
use crate::resource::{OneOf, Tags, Type, tags};
use crate::sim::state::{Played, State};
use crate::world::Class;

/// One that was made for a claim, with a reclaim policy.
pub(in crate::sim) fn put(state: &mut State, cluster: &str, claim: &str, policy: &str) {
    let ebs = Ebs {
        volume_size: 20,
        volume_type: "gp3".to_owned(),
        iops: None,
        throughput: None,
        encrypted: None,
        kms_key_id: None,
    };
    let name = format!("pv of {claim}");
    let pairs = [(tags::CLUSTER, cluster), ("CSIVolumeName", &name)];
    let tags = Tags(pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).into());
    let volume = Volume { ebs, cluster: cluster.to_owned(), told: Told::Unread, held_by: None, tags };
    let item = state.make(volume.into(), None, "available");
    let id = item.live.id.clone();
    item.live.properties.tags_mut().0.insert(tags::KEY.to_owned(), Volume::key(&id).to_string());
    if let Some(volume) = Volume::of_mut(&mut item.live.properties) {
        let (claim, reclaim_policy) = (Some(claim.to_owned()), policy.to_owned());
        volume.told = Told::Of(PersistentVolume { name, volume_id: id, claim, reclaim_policy });
    }
}

/// While there are nodes, a pod has it.
pub(super) fn delete(state: &mut State, id: &str) -> Played {
    if state.living().any(|live| live.properties.kind() == Type::Nodegroup) {
        return Err((Class::Busy, "VolumeInUse"));
    }
    state.vanish(id, "VolumeInUse")
}
