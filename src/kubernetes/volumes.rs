//! PersistentVolumes whose data are in volumes of EBS, whoever has made them.

use kube::api::{DynamicObject, ListParams};
use serde_json::Value;

use super::Tokens;
use super::objects::{LIST, Objects, at};
use crate::resource::ec2::PersistentVolume;
use crate::resource::kubernetes::Kind;
use crate::world::WorldError;

/// EBS's driver as an add-on, and as a part of EKS Auto Mode.
const DRIVERS: [&str; 2] = ["ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com"];

impl<T: Tokens> Objects<T> {
    /// All of them.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub async fn persistent_volumes(&self) -> Result<Vec<PersistentVolume>, WorldError> {
        let all = self.list(Kind::PERSISTENT_VOLUME, ListParams::default()).await;
        Ok(all.map_err(|error| error.of(LIST))?.iter().filter_map(translated).collect())
    }
}

fn translated(object: &DynamicObject) -> Option<PersistentVolume> {
    let spec = &object.data["spec"];
    let claim = || {
        Some(format!(
            "{}/{}",
            string(spec, &["claimRef", "namespace"])?,
            string(spec, &["claimRef", "name"])?
        ))
    };
    Some(PersistentVolume {
        name: object.metadata.name.clone()?,
        volume_id: volume_id(spec)?,
        claim: claim(),
        reclaim_policy: string(spec, &["persistentVolumeReclaimPolicy"]).unwrap_or("Retain").to_owned(),
    })
}

/// The volume's id: of the driver, or as Kubernetes itself had it before: `aws://us-west-2a/vol-0123`.
fn volume_id(spec: &Value) -> Option<String> {
    let is_ebs = string(spec, &["csi", "driver"]).is_some_and(|driver| DRIVERS.contains(&driver));
    let by_driver = string(spec, &["csi", "volumeHandle"]).filter(|_| is_ebs);
    let text = by_driver.or_else(|| string(spec, &["awsElasticBlockStore", "volumeID"]))?;
    let id = text.rsplit('/').next().unwrap_or(text);
    id.starts_with("vol-").then(|| id.to_owned())
}

fn string<'a>(value: &'a Value, path: &[&str]) -> Option<&'a str> {
    at(value, path).as_str()
}

#[test]
fn a_volume_is_found_in_either_language() {
    let of = |spec: Value| {
        let object = serde_json::json!({
            "apiVersion": "v1", "kind": "PersistentVolume", "metadata": { "name": "pvc-1" }, "spec": spec,
        });
        translated(&serde_json::from_value(object).expect("an object"))
    };
    let csi = |driver: &str| {
        of(serde_json::json!({
            "csi": { "driver": driver, "volumeHandle": "vol-1" }, "persistentVolumeReclaimPolicy": "Delete",
            "claimRef": { "namespace": "web", "name": "data" },
        }))
    };
    let persistent = |claim: Option<&str>, policy: &str| PersistentVolume {
        name: "pvc-1".to_owned(),
        volume_id: "vol-1".to_owned(),
        claim: claim.map(str::to_owned),
        reclaim_policy: policy.to_owned(),
    };
    assert_eq!(csi("ebs.csi.aws.com"), Some(persistent(Some("web/data"), "Delete")));
    assert_eq!(csi("efs.csi.aws.com"), None);
    let old = of(serde_json::json!({ "awsElasticBlockStore": { "volumeID": "aws://us-west-2a/vol-1" } }));
    assert_eq!(old, Some(persistent(None, "Retain")), "a policy that is not said is the safe one");
    assert_eq!(of(serde_json::json!({ "hostPath": { "path": "/data" } })), None);
}
