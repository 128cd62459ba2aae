"""Durations, their factor, failures to come."""

from __future__ import annotations

import json
import time

import pytest

from conftest import HERE, Aws, eventually, refused

DURATIONS = json.loads((HERE / "durations.json").read_text())


def status(aws: Aws) -> str:
    return aws.eks.describe_cluster(name="demo")["cluster"]["status"]


def test_durations_are_divided_by_the_factor(aws: Aws) -> None:
    request = aws.cluster_request()
    aws.settings(factor=1000)
    started = time.monotonic()
    aws.eks.create_cluster(**request)
    eventually(lambda: status(aws) == "ACTIVE")
    took = time.monotonic() - started
    assert DURATIONS["cluster.create"] / 1000 <= took < DURATIONS["cluster.create"] / 1000 + 0.5


def test_vpc_and_subnet_are_pending_first(aws: Aws) -> None:
    aws.settings(factor=10)
    vpc = aws.vpc()
    assert aws.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["State"] == "pending"
    subnet = aws.subnet(vpc, "192.168.0.0/24")
    assert aws.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["State"] == "pending"
    aws.settings(factor=0)
    assert aws.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["State"] == "available"
    assert aws.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["State"] == "available"


def test_what_is_under_way_goes_on_at_the_new_speed(aws: Aws) -> None:
    request = aws.cluster_request()
    aws.settings(factor=1)
    aws.eks.create_cluster(**request)
    assert status(aws) == "CREATING"
    aws.settings(factor=10_000)
    eventually(lambda: status(aws) == "ACTIVE")


def test_turning_durations_off_ends_what_is_under_way(aws: Aws) -> None:
    aws.cluster()
    aws.settings(factor=1)
    aws.eks.delete_cluster(name="demo")
    assert status(aws) == "DELETING"
    aws.settings(factor=0)
    with refused("ResourceNotFoundException"):
        status(aws)


def test_an_empty_group_is_quicker(aws: Aws) -> None:
    assert DURATIONS["nodegroup.create-empty"] < DURATIONS["nodegroup.create"]
    live = aws.nodegroup(aws.cluster(), scalingConfig={"minSize": 0, "maxSize": 1, "desiredSize": 0})
    assert live["status"] == "ACTIVE"


def test_cluster_failures(aws: Aws) -> None:
    request = aws.cluster_request()
    aws.fail("cluster-create", code="VpcNotFound", message="gone")
    aws.eks.create_cluster(**request)
    cluster = aws.eks.describe_cluster(name="demo")["cluster"]
    assert cluster["status"] == "FAILED"
    assert cluster["health"]["issues"] == [{"code": "VpcNotFound", "message": "gone", "resourceIds": []}]
    aws.eks.delete_cluster(name="demo")
    aws.eks.create_cluster(**request)
    aws.fail("cluster-update", code="SubnetNotFound")
    update = aws.eks.update_cluster_config(name="demo", deletionProtection=True)["update"]
    done = aws.eks.describe_update(name="demo", updateId=update["id"])["update"]
    assert done["status"] == "Failed" and done["errors"][0]["errorCode"] == "SubnetNotFound"
    cluster = aws.eks.describe_cluster(name="demo")["cluster"]
    assert cluster["status"] == "ACTIVE" and cluster["deletionProtection"] is False
    aws.fail("cluster-delete")
    aws.eks.delete_cluster(name="demo")
    assert aws.eks.describe_cluster(name="demo")["cluster"]["health"]["issues"]
    aws.eks.delete_cluster(name="demo")
    assert aws.eks.list_clusters()["clusters"] == []


def test_nodegroup_failures(aws: Aws) -> None:
    cluster = aws.cluster()
    aws.fail("nodegroup-create", code="AsgInstanceLaunchFailures", message="no capacity")
    live = aws.nodegroup(cluster)
    assert live["status"] == "CREATE_FAILED"
    assert live["health"]["issues"][0]["code"] == "AsgInstanceLaunchFailures"
    where = {"clusterName": "demo", "nodegroupName": "ng"}
    with refused("InvalidRequestException", "CREATE_FAILED"):
        aws.eks.update_nodegroup_config(**where, scalingConfig={"desiredSize": 1})
    aws.fail("nodegroup-delete")
    aws.eks.delete_nodegroup(**where)
    assert aws.eks.describe_nodegroup(**where)["nodegroup"]["status"] == "DELETE_FAILED"
    aws.eks.delete_nodegroup(**where)
    aws.iam.delete_role(RoleName="demo-ng")
    aws.fail("nodegroup-update", code="PodEvictionFailure")
    aws.nodegroup(cluster)
    update = aws.eks.update_nodegroup_config(**where, scalingConfig={"desiredSize": 3})["update"]
    done = aws.eks.describe_update(name="demo", nodegroupName="ng", updateId=update["id"])["update"]
    assert done["status"] == "Failed" and done["errors"][0]["errorCode"] == "PodEvictionFailure"
    assert aws.eks.describe_nodegroup(**where)["nodegroup"]["scalingConfig"]["desiredSize"] == 2


def test_addon_failures(aws: Aws) -> None:
    aws.cluster()
    where = {"clusterName": "demo", "addonName": "vpc-cni"}

    def status() -> str:
        return aws.eks.describe_addon(**where)["addon"]["status"]

    aws.fail("addon-create", code="ConfigurationConflict", name="vpc-cni")
    aws.eks.create_addon(**where)
    assert status() == "CREATE_FAILED"
    aws.fail("addon-delete")
    aws.eks.delete_addon(**where)
    assert status() == "DELETE_FAILED"
    aws.eks.delete_addon(**where)
    aws.fail("addon-create", status="DEGRADED", code="AccessDenied")
    aws.eks.create_addon(**where)
    assert status() == "DEGRADED"
    aws.fail("addon-update")
    update = aws.eks.update_addon(**where, configurationValues="{}")["update"]
    assert status() == "UPDATE_FAILED"
    done = aws.eks.describe_update(name="demo", addonName="vpc-cni", updateId=update["id"])["update"]
    assert done["status"] == "Failed" and done["errors"]


def test_nat_gateway_failure(aws: Aws) -> None:
    vpc = aws.vpc()
    igw = aws.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    aws.ec2.attach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
    aws.fail("nat-gateway-create", code="InsufficientFreeAddressesInSubnet")
    address = aws.ec2.allocate_address(Domain="vpc")["AllocationId"]
    aws.ec2.create_nat_gateway(SubnetId=aws.subnet(vpc, "192.168.0.0/24"), AllocationId=address)
    found = aws.ec2.describe_nat_gateways()["NatGateways"][0]
    assert (found["State"], found["FailureCode"]) == ("failed", "InsufficientFreeAddressesInSubnet")


def test_unknown_failures_and_settings_are_refused(aws: Aws) -> None:
    with pytest.raises(OSError):
        aws.fail("nonsense")
    with pytest.raises(OSError):
        aws.settings(nonsense=1)
    with pytest.raises(OSError):
        aws.faults({"operation": "*", "kind": "nonsense"})
