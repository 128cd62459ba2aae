"""Quotas as Service Quotas tells them, and as AWS holds to them; permissions as IAM's simulator tells them."""

from __future__ import annotations

import pytest

from conftest import Aws, refused

CODES = {
    "vpc": ["L-F678F1CE", "L-A4707A72", "L-FE5A380F", "L-DF5E4CA3"],
    "ec2": ["L-0263D0A3", "L-1216C47A", "L-DB2E81BA", "L-417A185B", "L-34B43A08", "L-3819A6DF"],
    "eks": ["L-1194D53C", "L-6D54EA21", "L-BD136A63"],
}


@pytest.mark.parametrize("service", CODES)
def test_told(aws: Aws, service: str) -> None:
    quotas = aws.client("service-quotas")
    told = quotas.list_service_quotas(ServiceCode=service)["Quotas"]
    assert [it["QuotaCode"] for it in told] == CODES[service]
    for quota in told:
        one = quotas.get_service_quota(ServiceCode=service, QuotaCode=quota["QuotaCode"])["Quota"]
        assert one == quota and one["Value"] > 0 and one["ServiceCode"] == service
    aws.settings(quotas={code: 7 for code in CODES[service]})
    assert {it["Value"] for it in quotas.list_service_quotas(ServiceCode=service)["Quotas"]} == {7}
    default = quotas.get_aws_default_service_quota(ServiceCode=service, QuotaCode=CODES[service][0])["Quota"]
    assert default == told[0]
    assert quotas.list_aws_default_service_quotas(ServiceCode=service)["Quotas"] == told


def test_what_there_is_not(aws: Aws) -> None:
    quotas = aws.client("service-quotas")
    for service, code in [("vpc", "L-00000000"), ("ec2", "L-F678F1CE"), ("nope", "L-F678F1CE")]:
        with refused("NoSuchResourceException"):
            quotas.get_service_quota(ServiceCode=service, QuotaCode=code)
    with refused("NoSuchResourceException"):
        quotas.list_service_quotas(ServiceCode="nope")


def test_set_and_unset(aws: Aws) -> None:
    aws.settings(quotas={"L-F678F1CE": 1})
    assert aws.control("GET", "settings")["quotas"] == {"L-F678F1CE": 1}
    with refused("VpcLimitExceeded", "VPCs", 400):
        aws.vpc()
    aws.settings(quotas={})
    aws.vpc()
    with pytest.raises(Exception, match="400"):
        aws.settings(quotas={"L-00000000": 1})


def test_the_network_is_held_to_them(aws: Aws) -> None:
    vpc, (subnet, other) = aws.network()
    aws.settings(quotas={"L-A4707A72": 1, "L-0263D0A3": 2, "L-FE5A380F": 1})
    gateway = aws.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    aws.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    with refused("InternetGatewayLimitExceeded"):
        aws.ec2.create_internet_gateway()
    addresses = [aws.ec2.allocate_address(Domain="vpc")["AllocationId"] for _ in range(2)]
    with refused("AddressLimitExceeded"):
        aws.ec2.allocate_address(Domain="vpc")
    request = {"SubnetId": subnet, "AllocationId": addresses[0], "ClientToken": "one"}
    nat = aws.ec2.create_nat_gateway(**request)["NatGateway"]["NatGatewayId"]
    assert aws.ec2.create_nat_gateway(**request)["NatGateway"]["NatGatewayId"] == nat, "that is no second one"
    with refused("NatGatewayLimitExceeded"):
        aws.ec2.create_nat_gateway(SubnetId=subnet, AllocationId=addresses[1])
    aws.ec2.create_nat_gateway(SubnetId=other, AllocationId=addresses[1])


def test_eks_is_held_to_them(aws: Aws) -> None:
    cluster = aws.cluster()
    aws.settings(quotas={"L-1194D53C": 1, "L-6D54EA21": 1, "L-1216C47A": 4})
    with refused("ResourceLimitExceededException"):
        aws.eks.create_cluster(**aws.cluster_request("another"))
    group = {"clusterName": "demo", "nodegroupName": "ng"}
    aws.nodegroup(cluster, instanceTypes=["m5.large"])
    assert aws.eks.describe_nodegroup(**group)["nodegroup"]["status"] == "ACTIVE"
    second = aws.nodegroup_request(cluster, "two", instanceTypes=["m5.large"])
    with refused("ResourceLimitExceededException"):
        aws.eks.create_nodegroup(**second)
    aws.settings(quotas={"L-1216C47A": 5})
    aws.eks.create_nodegroup(**second)
    failed = aws.eks.describe_nodegroup(clusterName="demo", nodegroupName="two")["nodegroup"]
    assert failed["status"] == "CREATE_FAILED"
    issue = failed["health"]["issues"][0]
    assert issue["code"] == "AsgInstanceLaunchFailures" and "VcpuLimitExceeded" in issue["message"]
    aws.nodegroup(cluster, "three", instanceTypes=["m5.large"], capacityType="SPOT")
    spot = aws.eks.describe_nodegroup(clusterName="demo", nodegroupName="three")["nodegroup"]
    assert spot["status"] == "ACTIVE", "Spot capacity has quotas of its own"


def simulated(aws: Aws, *actions: str, **more: list[str]) -> dict[str, str]:
    source = f"arn:aws:iam::{aws.account}:user/dev"
    told = aws.iam.simulate_principal_policy(PolicySourceArn=source, ActionNames=list(actions), **more)
    return {it["EvalActionName"]: it["EvalDecision"] for it in told["EvaluationResults"]}


def test_what_is_denied_is_told_beforehand(aws: Aws) -> None:
    actions = ("ec2:CreateVpc", "eks:CreateCluster")
    assert set(simulated(aws, *actions).values()) == {"allowed"}
    aws.faults(
        {"operation": "eks:Create*", "kind": "deny"}, {"operation": "CreateVpc", "kind": "deny", "times": 1}
    )
    arn = f"arn:aws:eks:us-west-2:{aws.account}:cluster/demo"
    expected = {"ec2:CreateVpc": "allowed", "eks:CreateCluster": "implicitDeny"}
    assert simulated(aws, *actions) == simulated(aws, *actions, ResourceArns=[arn]) == expected
    told = aws.iam.simulate_principal_policy(
        PolicySourceArn=f"arn:aws:iam::{aws.account}:user/dev", ActionNames=[actions[1]], ResourceArns=[arn]
    )
    (specific,) = told["EvaluationResults"][0]["ResourceSpecificResults"]
    assert (specific["EvalResourceName"], specific["EvalResourceDecision"]) == (arn, "implicitDeny")
    assert not any(call["mutating"] for call in aws.calls())


def test_a_role_is_asked_about_if_it_is_there(aws: Aws) -> None:
    with refused("NoSuchEntity"):
        aws.iam.simulate_principal_policy(
            PolicySourceArn=f"arn:aws:iam::{aws.account}:role/r", ActionNames=["ec2:CreateVpc"]
        )
    arn = aws.role("r", "ec2.amazonaws.com")
    told = aws.iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["ec2:CreateVpc"])
    assert told["EvaluationResults"][0]["EvalDecision"] == "allowed"
