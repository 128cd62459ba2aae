"""Add-ons, their catalogue, and those that wait for nodes."""

from __future__ import annotations

import json

from conftest import Aws, refused


def live(aws: Aws, name: str) -> dict:
    return aws.eks.describe_addon(clusterName="demo", addonName=name)["addon"]


def test_create_and_show(aws: Aws) -> None:
    aws.cluster()
    role = aws.role("cni", "pods.eks.amazonaws.com")
    values = json.dumps({"env": {"ENABLE_PREFIX_DELEGATION": "true"}})
    created = aws.eks.create_addon(
        clusterName="demo",
        addonName="vpc-cni",
        addonVersion="v1.20.3-eksbuild.1",
        configurationValues=values,
        serviceAccountRoleArn=role,
        resolveConflicts="OVERWRITE",
        tags={"a": "b"},
    )["addon"]
    assert created["status"] == "CREATING"
    shown = live(aws, "vpc-cni")
    assert shown["status"] == "ACTIVE" and shown["addonVersion"] == "v1.20.3-eksbuild.1"
    assert shown["configurationValues"] == values and shown["serviceAccountRoleArn"] == role
    assert shown["tags"] == {"a": "b"} and shown["health"] == {"issues": []}
    assert shown["owner"] == "aws" and "resolveConflicts" not in shown
    assert aws.eks.list_addons(clusterName="demo")["addons"] == ["vpc-cni"]


def test_default_version_is_the_catalogues(aws: Aws) -> None:
    aws.cluster()
    aws.eks.create_addon(clusterName="demo", addonName="kube-proxy")
    answer = aws.eks.describe_addon_versions(addonName="kube-proxy", kubernetesVersion="1.34")["addons"][0]
    default = [
        item["addonVersion"]
        for item in answer["addonVersions"]
        if item["compatibilities"][0]["defaultVersion"]
    ]
    assert default == [live(aws, "kube-proxy")["addonVersion"]]


def test_catalogue(aws: Aws) -> None:
    names = {item["addonName"] for item in aws.eks.describe_addon_versions()["addons"]}
    assert names >= {
        "vpc-cni",
        "coredns",
        "kube-proxy",
        "metrics-server",
        "aws-ebs-csi-driver",
        "aws-efs-csi-driver",
        "eks-pod-identity-agent",
        "eks-node-monitoring-agent",
        "snapshot-controller",
        "amazon-cloudwatch-observability",
        "aws-mountpoint-s3-csi-driver",
    }
    for version in ("1.31", "1.35"):
        for item in aws.eks.describe_addon_versions(kubernetesVersion=version)["addons"]:
            flags = [each["compatibilities"][0]["defaultVersion"] for each in item["addonVersions"]]
            assert flags.count(True) == 1, (version, item["addonName"])
    schema = aws.eks.describe_addon_configuration(addonName="coredns", addonVersion="v1.12.4-eksbuild.1")
    assert "replicaCount" in json.loads(schema["configurationSchema"])["properties"]
    with refused("ResourceNotFoundException"):
        aws.eks.describe_addon_configuration(addonName="coredns", addonVersion="v0")


def test_some_wait_for_nodes(aws: Aws) -> None:
    cluster = aws.cluster()
    for name in ("coredns", "metrics-server", "aws-ebs-csi-driver", "vpc-cni"):
        aws.eks.create_addon(clusterName="demo", addonName=name)
    assert live(aws, "vpc-cni")["status"] == "ACTIVE"
    assert {live(aws, n)["status"] for n in ("coredns", "metrics-server", "aws-ebs-csi-driver")} == {
        "CREATING"
    }
    aws.nodegroup(cluster)
    assert {live(aws, n)["status"] for n in ("coredns", "metrics-server", "aws-ebs-csi-driver")} == {"ACTIVE"}


def test_without_nodes_it_is_degraded_in_the_end_and_well_again_with_them(aws: Aws) -> None:
    cluster = aws.cluster()
    aws.settings(factor=10_000_000)
    aws.eks.create_addon(clusterName="demo", addonName="coredns")
    shown = live(aws, "coredns")
    assert shown["status"] == "DEGRADED"
    assert shown["health"]["issues"][0]["code"] == "InsufficientNumberOfReplicas"
    aws.settings(factor=0)
    aws.nodegroup(cluster)
    shown = live(aws, "coredns")
    assert (shown["status"], shown["health"]) == ("ACTIVE", {"issues": []})


def test_update(aws: Aws) -> None:
    aws.cluster()
    where = {"clusterName": "demo", "addonName": "vpc-cni"}
    aws.eks.create_addon(**where)
    values = json.dumps({"enableNetworkPolicy": "true"})
    update = aws.eks.update_addon(
        **where, addonVersion="v1.20.4-eksbuild.2", configurationValues=values, resolveConflicts="PRESERVE"
    )["update"]
    assert update["type"] == "AddonUpdate" and update["status"] == "InProgress"
    shown = live(aws, "vpc-cni")
    assert (shown["addonVersion"], shown["configurationValues"]) == ("v1.20.4-eksbuild.2", values)
    done = aws.eks.describe_update(name="demo", addonName="vpc-cni", updateId=update["id"])["update"]
    assert done["status"] == "Successful"
    assert aws.eks.list_updates(name="demo", addonName="vpc-cni")["updateIds"] == [update["id"]]
    aws.settings(paused=True)
    aws.eks.update_addon(**where, configurationValues="{}")
    with refused("ResourceInUseException", "UPDATING", 409):
        aws.eks.update_addon(**where, configurationValues=values)


def test_delete(aws: Aws) -> None:
    aws.cluster()
    aws.eks.create_addon(clusterName="demo", addonName="vpc-cni")
    assert aws.eks.delete_addon(clusterName="demo", addonName="vpc-cni")["addon"]["status"] == "DELETING"
    with refused("ResourceNotFoundException", "No addon: vpc-cni found in cluster: demo", 404):
        live(aws, "vpc-cni")


def test_refusals(aws: Aws) -> None:
    aws.cluster()

    def create(name: str = "vpc-cni", **changes):
        aws.eks.create_addon(clusterName="demo", addonName=name, **changes)

    with refused("InvalidParameterException", "not supported in 1.34"):
        create("no-such-addon")
    with refused("InvalidParameterException", "version specified is not supported"):
        create(addonVersion="v9.9.9-eksbuild.1")
    with refused("InvalidParameterException", "not valid JSON"):
        create(configurationValues="{")
    with refused("InvalidParameterException", "$.nonsense"):
        create(configurationValues='{"nonsense": 1}')
    for values, told in (
        ('[]', "$: object expected"),
        ('{"autoScaling": {}}', "$.autoScaling.enabled: is missing"),
        ('{"autoScaling": {"enabled": true, "minReplicas": 1}}', "$.autoScaling.minReplicas: must have a minimum"),
        ('{"autoScaling": {"enabled": true, "most": 1}}', "$.autoScaling.most: is not defined"),
        ('{"podDisruptionBudget": {"minAvailable": "half"}}', "$.podDisruptionBudget.minAvailable: does not match"),
        ('{"replicaCount": "3"}', "$.replicaCount: integer expected"),
    ):
        with refused("InvalidParameterException", told):
            create("coredns", configurationValues=values)
    with refused("InvalidParameterException", "service account role"):
        create(serviceAccountRoleArn=f"arn:aws:iam::{aws.account}:role/nobody")
    create(clientRequestToken="t")
    create(clientRequestToken="t")
    with refused("ResourceInUseException", "Addon already exists.", 409):
        create()
