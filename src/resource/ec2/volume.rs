//! `AWS::EC2::Volume`, as far as claims of pods have made one.

use serde::Serialize;

use super::{Ebs, Operation};
use crate::resource::{Added, Calls, Comparison, Key, Live, Milestone, Property, Resource};
use crate::resource::{Standing, Tags, Type, attributes};

attributes! {
    /// The id of a volume.
    VolumeId of Volume = "VolumeId";
}

/// The tags that say for which PersistentVolume a volume was made: that of EBS's driver, and that of Kubernetes.
const MADE_FOR: [&str; 2] = ["CSIVolumeName", "kubernetes.io/created-for/pv/name"];
/// Those that say for which claim.
const CLAIM: [&str; 2] = ["kubernetes.io/created-for/pvc/namespace", "kubernetes.io/created-for/pvc/name"];
/// What the tag of a cluster begins with; its name follows.
const OF_CLUSTER: &str = "kubernetes.io/cluster/";
/// The policy by which what a claim has made goes with it.
const DELETE: &str = "Delete";

/// A volume with the data of pods. It is never desired: with a whole cluster it goes or stays as its
/// PersistentVolume says, and nobody else touches it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Volume {
    /// What it is.
    pub ebs: Ebs,
    /// The cluster that is asked.
    pub cluster: String,
    /// What that says of it.
    pub told: Told,
    /// The instance that has it, where that is not known to go with the cluster's node groups.
    pub held_by: Option<String>,
    /// All its tags.
    pub tags: Tags,
}

/// What a cluster says of a volume.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Told {
    /// It could not be asked.
    Unread,
    /// None of its PersistentVolumes leads there.
    Nothing,
    /// This one does, and where several do, it is the one that decides.
    Of(PersistentVolume),
}

/// A PersistentVolume whose data are in a volume of EBS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersistentVolume {
    /// Its name.
    pub name: String,
    /// The volume's id.
    pub volume_id: String,
    /// The claim that it is bound to: `web/data`.
    pub claim: Option<String>,
    /// What becomes of the volume with the claim: `Delete` or `Retain`.
    pub reclaim_policy: String,
}

/// Why a volume stays when its cluster goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Stay {
    /// Its PersistentVolume has this policy.
    #[error("policy {0}")]
    Policy(String),
    /// The cluster could not be asked for its policy.
    #[error("policy not read")]
    Unread,
    /// No PersistentVolume leads to it any more.
    #[error("no PersistentVolume any more")]
    Nothing,
    /// It was not made for the PersistentVolume, as its tags tell.
    #[error("not made for its PersistentVolume")]
    NotMade,
    /// Its tags name another cluster.
    #[error("of cluster {0}, too")]
    Shared(String),
    /// This instance has it, and AWS deletes none that is attached.
    #[error("attached to {0}, which is not known to go")]
    Attached(String),
    /// Its cluster does not go.
    #[error("its cluster stays")]
    WithCluster,
}

impl Told {
    /// What these, which are all of its cluster, say of a volume with such tags. Of several that lead there, one that
    /// does not say `Delete` decides, and else the one that it was made for.
    pub fn by(all: &[PersistentVolume], volume_id: &str, tags: &Tags) -> Self {
        let its: Vec<&PersistentVolume> = all.iter().filter(|it| it.volume_id == volume_id).collect();
        let keeps = its.iter().find(|it| it.reclaim_policy != DELETE);
        let decides = keeps.or_else(|| its.iter().find(|it| is_made_for(tags, it))).or(its.first());
        decides.map_or(Told::Nothing, |it| Told::Of((*it).clone()))
    }
}

fn is_made_for(tags: &Tags, persistent: &PersistentVolume) -> bool {
    MADE_FOR.iter().any(|tag| tags.get(tag) == Some(&persistent.name))
}

impl Volume {
    /// Why it stays; nothing, where it is certain that it goes with its cluster.
    pub fn stay(&self) -> Option<Stay> {
        let persistent = match &self.told {
            Told::Unread => return Some(Stay::Unread),
            Told::Nothing => return Some(Stay::Nothing),
            Told::Of(persistent) => persistent,
        };
        if persistent.reclaim_policy != DELETE {
            return Some(Stay::Policy(persistent.reclaim_policy.clone()));
        }
        if !is_made_for(&self.tags, persistent) {
            return Some(Stay::NotMade);
        }
        let clusters = self.tags.0.keys().filter_map(|tag| tag.strip_prefix(OF_CLUSTER));
        let other = clusters.into_iter().find(|name| *name != self.cluster);
        let attached = || self.held_by.clone().map(Stay::Attached);
        other.map(|name| Stay::Shared(name.to_owned())).or_else(attached)
    }

    /// The claim that it is for, as the cluster says or else its tags do: `web/data`.
    pub fn claim(&self) -> Option<String> {
        let bound = match &self.told {
            Told::Of(persistent) => persistent.claim.clone(),
            Told::Unread | Told::Nothing => None,
        };
        let [namespace, name] = CLAIM.map(|tag| self.tags.get(tag));
        bound.or_else(|| Some(format!("{}/{}", namespace?, name?)))
    }

    /// The tags of which each volume that Kubernetes has made has one.
    pub fn marks() -> [&'static str; 3] {
        let [by_driver, by_kubernetes] = MADE_FOR;
        [by_driver, by_kubernetes, CLAIM[1]]
    }

    /// The tag of all that Kubernetes has made for a cluster.
    pub fn mark_of(cluster: &str) -> String {
        format!("{OF_CLUSTER}{cluster}")
    }

    /// Its name in the graph: `volume/vol-0123456789abcdef0`.
    pub fn key(id: &str) -> Key {
        Key { kind: Type::Volume, name: id.to_owned() }
    }
}

impl Property for Volume {}

impl Resource for Volume {
    const ID: &'static str = "VolumeId";
    const STATES: &'static [(&'static str, Standing)] = &[
        ("creating", Standing::Settling),
        ("available", Standing::Ready),
        ("in-use", Standing::Ready),
        ("deleting", Standing::Deleting),
        ("deleted", Standing::Gone),
        ("error", Standing::Failed),
    ];
    /// As long as it is there, its cluster can be asked what is to become of it.
    const AFTER: &'static [(Type, Milestone)] = &[(Type::Cluster, Milestone::Ready)];

    fn create(&self, _: &Added<Self>, _: &[String]) -> Calls {
        Ok(Vec::new())
    }

    fn update(&self, _: &Live<Self>, _: &Comparison) -> Calls {
        Ok(Vec::new())
    }

    fn delete(live: &Live<Self>) -> Calls {
        Ok(vec![Operation::DeleteVolume { volume_id: live.get()? }.into()])
    }
}

#[cfg(test)]
fn volume(told: Told, tags: &[(&str, &str)]) -> Volume {
    let ebs = Ebs {
        volume_size: 20,
        volume_type: "gp3".to_owned(),
        iops: None,
        throughput: None,
        encrypted: None,
        kms_key_id: None,
    };
    let tags = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    Volume { ebs, cluster: "demo".to_owned(), told, held_by: None, tags: Tags(tags.collect()) }
}

#[cfg(test)]
fn persistent(policy: &str) -> Told {
    Told::Of(PersistentVolume {
        name: "pvc-1".to_owned(),
        volume_id: "vol-1".to_owned(),
        claim: Some("web/data".to_owned()),
        reclaim_policy: policy.to_owned(),
    })
}

#[test]
fn only_what_was_made_for_a_claim_that_says_so_goes() {
    let (ours, theirs) = (("kubernetes.io/cluster/demo", "owned"), ("kubernetes.io/cluster/other", "owned"));
    let (by_driver, in_tree) = (("CSIVolumeName", "pvc-1"), ("kubernetes.io/created-for/pv/name", "pvc-1"));
    let stay = |told, tags: &[(&str, &str)]| volume(told, tags).stay();
    assert_eq!(stay(persistent(DELETE), &[ours, by_driver]), None);
    assert_eq!(stay(persistent(DELETE), &[in_tree]), None, "not every driver is told the cluster's name");
    let retain = Some(Stay::Policy("Retain".to_owned()));
    assert_eq!(stay(persistent("Retain"), &[ours, by_driver]), retain);
    assert_eq!(stay(persistent(DELETE), &[ours]), Some(Stay::NotMade), "somebody has brought it along");
    assert_eq!(stay(persistent(DELETE), &[("CSIVolumeName", "pvc-2")]), Some(Stay::NotMade));
    assert_eq!(stay(persistent(DELETE), &[by_driver, theirs]), Some(Stay::Shared("other".to_owned())));
    assert_eq!(stay(Told::Unread, &[ours, by_driver]), Some(Stay::Unread));
    assert_eq!(stay(Told::Nothing, &[ours, by_driver]), Some(Stay::Nothing));
    let held = |policy| {
        let volume = volume(persistent(policy), &[ours, by_driver]);
        Volume { held_by: Some("i-1".to_owned()), ..volume }.stay()
    };
    assert_eq!(held(DELETE), Some(Stay::Attached("i-1".to_owned())));
    assert_eq!(held("Retain"), retain, "that is for good");
}

#[test]
fn of_several_that_lead_to_it_the_one_that_keeps_it_decides() {
    let led = |name: &str, volume_id: &str, policy: &str| PersistentVolume {
        name: name.to_owned(),
        volume_id: volume_id.to_owned(),
        claim: None,
        reclaim_policy: policy.to_owned(),
    };
    let stay = |all: &[PersistentVolume]| {
        let tags = [("CSIVolumeName", "pvc-1")];
        let bare = volume(Told::Unread, &tags);
        volume(Told::by(all, "vol-1", &bare.tags), &tags).stay()
    };
    let both = |its: [PersistentVolume; 2]| {
        let [first, second] = its.clone();
        [stay(&its), stay(&[second, first])]
    };
    let made = || led("pvc-1", "vol-1", DELETE);
    let retain = || Some(Stay::Policy("Retain".to_owned()));
    assert_eq!(both([made(), led("web-data", "vol-1", "Retain")]), [retain(), retain()]);
    assert_eq!(
        both([led("pvc-1", "vol-1", "Retain"), led("web-data", "vol-1", DELETE)]),
        [retain(), retain()]
    );
    assert_eq!(both([made(), led("web-data", "vol-1", DELETE)]), [None, None]);
    assert_eq!(both([made(), led("web-data", "vol-2", "Retain")]), [None, None], "that one leads elsewhere");
    let brought = [led("a", "vol-1", DELETE), led("b", "vol-1", DELETE)];
    assert_eq!(both(brought), [Some(Stay::NotMade), Some(Stay::NotMade)]);
    assert_eq!(stay(&[]), Some(Stay::Nothing));
}

#[test]
fn a_claim_is_known_by_the_cluster_or_by_tags() {
    let tags = [
        ("kubernetes.io/created-for/pvc/namespace", "shop"),
        ("kubernetes.io/created-for/pvc/name", "cache-0"),
    ];
    assert_eq!(volume(persistent(DELETE), &tags).claim().as_deref(), Some("web/data"));
    assert_eq!(volume(Told::Unread, &tags).claim().as_deref(), Some("shop/cache-0"));
    assert_eq!(volume(Told::Unread, &tags[..1]).claim(), None);
}
