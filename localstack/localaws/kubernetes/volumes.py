"""The EBS CSI driver's work: a volume for each claim that asks for one, while its controller is Ready."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import permissions
from .applications import is_ready
from .client import MERGE, Client, Refused

if TYPE_CHECKING:
    from .planes import ControlPlane

Json = dict[str, Any]
DRIVER = "ebs.csi.aws.com"
IN_TREE = "kubernetes.io/aws-ebs"
PROVISIONER = "volume.kubernetes.io/storage-provisioner"
NODE = "volume.kubernetes.io/selected-node"
BY = "pv.kubernetes.io/provisioned-by"
GUARD = "external-provisioner.volume.kubernetes.io/finalizer"
CONTROLLER = "ebs-csi-controller"
ZONE = "topology.kubernetes.io/zone"
VOLUMES = "/api/v1/persistentvolumes"
CLASSES = "/apis/storage.k8s.io/v1/storageclasses"
GIB = 2**30
UNITS = {"Ki": 2**10, "Mi": 2**20, "Gi": GIB, "Ti": 2**40, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


def act(plane: ControlPlane, client: Client) -> bool:
    """Whether something waits for permissions that no change here will tell of."""
    pods = client.call("GET", f"/api/v1/pods?labelSelector=app%3D{CONTROLLER}")["items"]
    pod = next((pod for pod in pods if is_ready(pod)), None)
    if not pod:
        return False
    waits = False
    classes = {item["metadata"]["name"]: item for item in client.call("GET", CLASSES)["items"]}
    for claim in client.call("GET", "/api/v1/persistentvolumeclaims")["items"]:
        found = classes.get(claim["spec"].get("storageClassName", ""))
        if not found or not _waits(claim):
            continue
        try:
            permissions.check(plane, client, pod, "ec2:CreateVolume")
            _provide(plane, client, claim, found)
        except permissions.Lacking as refusal:
            whole = {**claim, "apiVersion": "v1", "kind": "PersistentVolumeClaim"}
            text = f'failed to provision volume with StorageClass "{found["metadata"]["name"]}": {refusal}'
            permissions.complain(client, whole, "ProvisioningFailed", text)
            waits = True
    for volume in client.call("GET", VOLUMES)["items"]:
        if not _is_over(volume):
            continue
        try:
            permissions.check(plane, client, pod, "ec2:DeleteVolume")
            _remove(plane, client, volume)
        except permissions.Lacking:
            waits = True
    return waits


def _waits(claim: Json) -> bool:
    asked = claim["metadata"].get("annotations", {}).get(PROVISIONER)
    return asked == DRIVER and not claim["spec"].get("volumeName") and "deletionTimestamp" not in claim["metadata"]


def _is_over(volume: Json) -> bool:
    """Nobody's any more, and not to be kept."""
    if volume["metadata"].get("annotations", {}).get(BY) != DRIVER:
        return False
    if "deletionTimestamp" in volume["metadata"]:
        return GUARD in volume["metadata"].get("finalizers", [])
    policy = volume["spec"].get("persistentVolumeReclaimPolicy")
    return volume["status"].get("phase") == "Released" and policy == "Delete"


def _provide(plane: ControlPlane, client: Client, claim: Json, storage: Json) -> None:
    name = f"pvc-{claim['metadata']['uid']}"
    zone = _zone(plane, client, claim)
    size = _gibibytes(claim["spec"]["resources"]["requests"]["storage"])
    ident = _make(plane, claim, storage, name, zone, size)
    try:
        client.call("POST", VOLUMES, _object(claim, storage, name, ident, zone, size))
    except Refused as error:
        if error.status != 409:
            raise


def _zone(plane: ControlPlane, client: Client, claim: Json) -> str:
    """That of the node that the scheduler has chosen; else the first of the cluster's."""
    if node := claim["metadata"].get("annotations", {}).get(NODE):
        return client.call("GET", f"/api/v1/nodes/{node}")["metadata"]["labels"][ZONE]
    with plane.store.world.lock:
        subnet = plane.cluster.view["resourcesVpcConfig"]["subnetIds"][0]
        return plane.store.aws.ec2.get_subnet(subnet).availability_zone


def _gibibytes(text: str) -> int:
    unit = next((item for item in UNITS if text.endswith(item)), "")
    amount = float(text.removesuffix(unit)) * UNITS.get(unit, 1)
    return max(int(-(-amount // GIB)), 1)


def _tags(cluster: str, claim: Json, name: str) -> dict[str, str]:
    where = claim["metadata"]
    return {
        "CSIVolumeName": name,
        "Name": f"{cluster}-dynamic-{name}",
        "KubernetesCluster": cluster,
        f"kubernetes.io/cluster/{cluster}": "owned",
        "ebs.csi.aws.com/cluster": "true",
        "kubernetes.io/created-for/pv/name": name,
        "kubernetes.io/created-for/pvc/name": where["name"],
        "kubernetes.io/created-for/pvc/namespace": where["namespace"],
    }


def _make(plane: ControlPlane, claim: Json, storage: Json, name: str, zone: str, size: int) -> str:
    """The volume's id; one that is there already is not made again."""
    asked = {key.lower(): value for key, value in (storage.get("parameters") or {}).items()}
    with plane.store.world.lock:
        ec2 = plane.store.aws.ec2
        for volume in ec2.volumes.values():
            if ec2.tags.get(volume.id, {}).get("CSIVolumeName") == name:
                return volume.id
        made = ec2.create_volume(
            size,
            zone,
            encrypted=asked.get("encrypted", "").lower() == "true",
            kms_key_id=asked.get("kmskeyid"),
            volume_type=asked.get("type", "gp3"),
            iops=int(asked["iops"]) if "iops" in asked else None,
            throughput=int(asked["throughput"]) if "throughput" in asked else None,
        )
        made.add_tags(_tags(plane.cluster.name, claim, name))
        return made.id


def _object(claim: Json, storage: Json, name: str, ident: str, zone: str, size: int) -> Json:
    where = claim["metadata"]
    term = {"matchExpressions": [{"key": ZONE, "operator": "In", "values": [zone]}]}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name, "annotations": {BY: DRIVER}, "finalizers": [GUARD]},
        "spec": {
            "accessModes": claim["spec"]["accessModes"],
            "capacity": {"storage": f"{size}Gi"},
            "claimRef": {
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                **{key: where[key] for key in ("name", "namespace", "uid")},
            },
            "csi": {"driver": DRIVER, "fsType": "ext4", "volumeHandle": ident},
            "nodeAffinity": {"required": {"nodeSelectorTerms": [term]}},
            "persistentVolumeReclaimPolicy": storage.get("reclaimPolicy", "Delete"),
            "storageClassName": storage["metadata"]["name"],
            "volumeMode": claim["spec"].get("volumeMode", "Filesystem"),
        },
    }


def _remove(plane: ControlPlane, client: Client, volume: Json) -> None:
    with plane.store.world.lock:
        ec2 = plane.store.aws.ec2
        ec2.volumes.pop(volume["spec"]["csi"]["volumeHandle"], None)
        ec2.tags.pop(volume["spec"]["csi"]["volumeHandle"], None)
    path = f"{VOLUMES}/{volume['metadata']['name']}"
    if "deletionTimestamp" not in volume["metadata"]:
        volume = client.call("DELETE", path)
    left = [item for item in volume["metadata"].get("finalizers", []) if item != GUARD]
    client.call("PATCH", path, {"metadata": {"finalizers": left or None}}, MERGE)
