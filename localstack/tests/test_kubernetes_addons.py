"""The objects that EKS makes for add-ons, and the volumes of the EBS driver."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conftest import Aws, eventually, refused
from kube import Kube, cluster, nodegroup
from test_pod_identity import pod_role

APPS = "/apis/apps/v1/namespaces/kube-system"
SYSTEM = "/api/v1/namespaces/kube-system"
CLASSES = "/apis/storage.k8s.io/v1/storageclasses"
CLAIMS = "/api/v1/namespaces/default/persistentvolumeclaims"
DAEMONS = {"vpc-cni": "aws-node", "kube-proxy": "kube-proxy", "eks-pod-identity-agent": "eks-pod-identity-agent"}


@pytest.fixture(scope="module")
def kube(controlled: Aws) -> Kube:
    live = cluster(controlled)
    nodegroup(controlled, live)
    return Kube(controlled, live)


@pytest.fixture
def driver(controlled: Aws, kube: Kube) -> None:
    if "aws-ebs-csi-driver" not in controlled.eks.list_addons(clusterName="demo")["addons"]:
        controlled.eks.create_addon(clusterName="demo", addonName="aws-ebs-csi-driver")
    running(kube, "deployments/ebs-csi-controller", 2)


def there(kube: Kube, path: str) -> bool:
    return kube.status("GET", path) == 200


def running(kube: Kube, what: str, count: int) -> None:
    eventually(lambda: there(kube, f"{APPS}/{what}"))
    key = "numberReady" if what.startswith("daemonsets") else "readyReplicas"
    eventually(lambda: kube.get(f"{APPS}/{what}")["status"].get(key, 0) == count)


def gone(aws: Aws, name: str) -> None:
    with refused("ResourceNotFoundException"):
        aws.eks.describe_addon(clusterName="demo", addonName=name)


def test_coredns_is_as_eks_makes_it(controlled: Aws, kube: Kube) -> None:
    controlled.eks.create_addon(clusterName="demo", addonName="coredns")
    running(kube, "deployments/coredns", 2)
    found = kube.get(f"{APPS}/deployments/coredns")
    assert found["metadata"]["labels"]["k8s-app"] == "kube-dns"
    assert found["metadata"]["labels"]["eks.amazonaws.com/component"] == "coredns"
    assert {item["manager"] for item in found["metadata"]["managedFields"]} >= {"eks"}
    image = found["spec"]["template"]["spec"]["containers"][0]["image"]
    addon = controlled.eks.describe_addon(clusterName="demo", addonName="coredns")["addon"]
    assert image.endswith(f"/eks/coredns:{addon['addonVersion']}")
    service = kube.get(f"{SYSTEM}/services/kube-dns")
    assert service["spec"]["clusterIP"] == "10.100.0.10"
    assert "kubernetes" in kube.get(f"{SYSTEM}/configmaps/coredns")["data"]["Corefile"]

    budget = "/apis/policy/v1/namespaces/kube-system/poddisruptionbudgets/coredns"
    assert kube.get(budget)["spec"]["maxUnavailable"] == 1
    spread = {"maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "ScheduleAnyway"}
    values = json.dumps(
        {
            "replicaCount": 3,
            "resources": {"requests": {"cpu": "50m"}},
            "podDisruptionBudget": {"enabled": True, "minAvailable": "50%"},
            "topologySpreadConstraints": [spread],
        }
    )
    controlled.eks.update_addon(clusterName="demo", addonName="coredns", configurationValues=values)
    controlled.eks.describe_addon(clusterName="demo", addonName="coredns")
    running(kube, "deployments/coredns", 3)
    pods = kube.get(f"{APPS}/deployments/coredns")["spec"]["template"]["spec"]
    assert pods["containers"][0]["resources"] == {"requests": {"cpu": "50m"}}
    assert pods["topologySpreadConstraints"] == [spread]
    found = kube.get(budget)["spec"]
    assert (found["minAvailable"], found.get("maxUnavailable")) == ("50%", None)

    controlled.eks.delete_addon(clusterName="demo", addonName="coredns")
    gone(controlled, "coredns")
    for path in (f"{APPS}/deployments/coredns", f"{SYSTEM}/services/kube-dns", f"{SYSTEM}/configmaps/coredns"):
        eventually(lambda path=path: not there(kube, path))


def test_agents_run_on_each_node(controlled: Aws, kube: Kube) -> None:
    for name in DAEMONS:
        controlled.eks.create_addon(clusterName="demo", addonName=name)
    for name in DAEMONS.values():
        running(kube, f"daemonsets/{name}", 2)
    for name, daemon in DAEMONS.items():
        controlled.eks.delete_addon(clusterName="demo", addonName=name)
        gone(controlled, name)
        eventually(lambda daemon=daemon: not there(kube, f"{APPS}/daemonsets/{daemon}"))


def test_preserved_software_stays(controlled: Aws, kube: Kube) -> None:
    controlled.eks.create_addon(clusterName="demo", addonName="metrics-server")
    running(kube, "deployments/metrics-server", 2)

    def available() -> bool:
        found = kube.get("/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io")
        conditions = found.get("status", {}).get("conditions", [])
        return any(item["type"] == "Available" and item["status"] == "True" for item in conditions)

    eventually(available, 40)
    assert len(kube.items("/apis/metrics.k8s.io/v1beta1/nodes")) == 2
    controlled.eks.delete_addon(clusterName="demo", addonName="metrics-server", preserve=True)
    gone(controlled, "metrics-server")
    controlled.eks.create_addon(clusterName="demo", addonName="snapshot-controller")
    running(kube, "deployments/snapshot-controller", 2)
    assert there(kube, f"{APPS}/deployments/metrics-server")
    controlled.eks.create_addon(clusterName="demo", addonName="metrics-server")
    controlled.eks.describe_addon(clusterName="demo", addonName="metrics-server")
    controlled.eks.delete_addon(clusterName="demo", addonName="metrics-server")
    gone(controlled, "metrics-server")
    eventually(lambda: not there(kube, f"{APPS}/deployments/metrics-server"))


def claim(name: str, storage: str) -> dict[str, Any]:
    spec = {
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": storage,
        "resources": {"requests": {"storage": "3Gi"}},
    }
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name}, "spec": spec}


def user_of(name: str) -> dict[str, Any]:
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": name}}
    spec = {"containers": [{"name": "c", "image": "i"}], "volumes": [volume]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"uses-{name}"}, "spec": spec}


def volumes(aws: Aws) -> list[dict[str, Any]]:
    filters = [{"Name": "tag-key", "Values": ["ebs.csi.aws.com/cluster"]}]
    return aws.ec2.describe_volumes(Filters=filters)["Volumes"]


def gp3(**more: Any) -> dict[str, Any]:
    whole = {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": "gp3"},
        "provisioner": "ebs.csi.aws.com",
        "parameters": {"type": "gp3", "encrypted": "true"},
        "volumeBindingMode": "WaitForFirstConsumer",
    }
    return {**whole, **more}


def test_a_claim_gets_a_volume_of_ec2(controlled: Aws, kube: Kube, driver: None) -> None:
    kube.make(CLASSES, gp3())
    kube.make(CLAIMS, claim("data", "gp3"))
    kube.make("/api/v1/namespaces/default/pods", user_of("data"))
    eventually(lambda: kube.get(f"{CLAIMS}/data")["status"]["phase"] == "Bound", 20)
    pod = "/api/v1/namespaces/default/pods/uses-data"
    eventually(lambda: kube.get(pod)["status"]["phase"] == "Running")
    (made,) = volumes(controlled)
    assert (made["Size"], made["VolumeType"], made["Encrypted"]) == (3, "gp3", True)
    node = kube.nodes()[kube.get(pod)["spec"]["nodeName"]]
    assert made["AvailabilityZone"] == node["metadata"]["labels"]["topology.kubernetes.io/zone"]
    tags = {item["Key"]: item["Value"] for item in made["Tags"]}
    assert tags["kubernetes.io/created-for/pvc/name"] == "data" and tags["kubernetes.io/cluster/demo"] == "owned"
    kube.call("DELETE", f"{CLAIMS}/data")
    kube.call("DELETE", pod)
    eventually(lambda: volumes(controlled) == [], 20)
    eventually(lambda: kube.items("/api/v1/persistentvolumes") == [])


def test_the_driver_needs_its_role_where_that_is_asked_for(controlled: Aws, kube: Kube, driver: None) -> None:
    """The nodes' own role says nothing of volumes; what AWS recommends, by an association, does."""
    controlled.settings(permissions=True)
    kube.make(CLAIMS, claim("kept", "gp3"))
    kube.make("/api/v1/namespaces/default/pods", user_of("kept"))
    events = "/api/v1/namespaces/default/events"

    def complaint() -> str:
        return next((item["message"] for item in kube.items(events) if item["reason"] == "ProvisioningFailed"), "")

    eventually(complaint)
    assert "AccessDenied" in complaint() and "ec2:CreateVolume" in complaint()
    assert kube.get(f"{CLAIMS}/kept")["status"]["phase"] == "Pending"
    role = pod_role(controlled, "volumes")
    policy = "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"
    controlled.iam.attach_role_policy(RoleName="volumes", PolicyArn=policy)
    asked = [{"serviceAccount": "ebs-csi-controller-sa", "roleArn": role}]
    where = {"clusterName": "demo", "addonName": "aws-ebs-csi-driver"}
    controlled.eks.update_addon(**where, podIdentityAssociations=asked)
    controlled.eks.describe_addon(**where)
    controlled.eks.create_addon(clusterName="demo", addonName="eks-pod-identity-agent")
    eventually(lambda: kube.get(f"{CLAIMS}/kept")["status"]["phase"] == "Bound", 20)
    controlled.settings(permissions=False)
    kube.call("DELETE", f"{CLAIMS}/kept")
    kube.call("DELETE", "/api/v1/namespaces/default/pods/uses-kept")
    eventually(lambda: volumes(controlled) == [], 20)


def test_an_account_knows_its_role(controlled: Aws, kube: Kube, driver: None) -> None:
    role = controlled.role("ebs", "pods.eks.amazonaws.com")
    where = {"clusterName": "demo", "addonName": "aws-ebs-csi-driver"}
    controlled.eks.update_addon(**where, serviceAccountRoleArn=role)
    controlled.eks.describe_addon(**where)
    path = f"{SYSTEM}/serviceaccounts/ebs-csi-controller-sa"
    eventually(lambda: kube.get(path)["metadata"].get("annotations") == {"eks.amazonaws.com/role-arn": role})
    controlled.settings(permissions=True)
    kube.make(CLAIMS, claim("foreign", "gp3"))
    kube.make("/api/v1/namespaces/default/pods", user_of("foreign"))
    events = "/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3Dforeign"
    refusal = "Not authorized to perform sts:AssumeRoleWithWebIdentity"
    eventually(lambda: any(refusal in item["message"] for item in kube.items(events)))
    controlled.settings(permissions=False)
    eventually(lambda: kube.get(f"{CLAIMS}/foreign")["status"]["phase"] == "Bound", 20)
    kube.call("DELETE", f"{CLAIMS}/foreign")
    kube.call("DELETE", "/api/v1/namespaces/default/pods/uses-foreign")
    eventually(lambda: volumes(controlled) == [], 20)


def test_gp2_is_there_from_the_start_and_is_not_the_default(controlled: Aws, kube: Kube, driver: None) -> None:
    found = kube.get(f"{CLASSES}/gp2")
    assert found["provisioner"] == "kubernetes.io/aws-ebs" and "annotations" not in found["metadata"]
    kube.make(CLAIMS, claim("old", "gp2"))
    kube.make("/api/v1/namespaces/default/pods", user_of("old"))
    eventually(lambda: kube.get(f"{CLAIMS}/old")["status"]["phase"] == "Bound", 20)
    (made,) = volumes(controlled)
    assert made["VolumeType"] == "gp2"


def test_a_volume_outlives_its_cluster(controlled: Aws, kube: Kube) -> None:
    """The last test of this cluster."""
    assert volumes(controlled)
    controlled.eks.delete_nodegroup(clusterName="demo", nodegroupName="ng")
    eventually(lambda: controlled.eks.list_nodegroups(clusterName="demo")["nodegroups"] == [])
    controlled.eks.delete_cluster(name="demo")
    assert controlled.eks.list_clusters()["clusters"] == []
    assert volumes(controlled)
