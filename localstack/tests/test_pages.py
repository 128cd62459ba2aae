"""Every paginated list in pages of one gives the same items as in one piece."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conftest import Aws, refused

STATEMENT = {"Effect": "Allow", "Action": "*", "Resource": "*"}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})
LISTS = [
    ("ec2", "describe_vpcs", "Vpcs"),
    ("ec2", "describe_subnets", "Subnets"),
    ("ec2", "describe_internet_gateways", "InternetGateways"),
    ("ec2", "describe_route_tables", "RouteTables"),
    ("ec2", "describe_nat_gateways", "NatGateways"),
    ("ec2", "describe_security_groups", "SecurityGroups"),
    ("ec2", "describe_network_interfaces", "NetworkInterfaces"),
    ("ec2", "describe_launch_templates", "LaunchTemplates"),
    ("ec2", "describe_instances", "Reservations"),
    ("ec2", "describe_volumes", "Volumes"),
    ("ec2", "describe_tags", "Tags"),
    ("iam", "list_roles", "Roles"),
    ("iam", "list_instance_profiles", "InstanceProfiles"),
    ("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups"),
    ("eks", "list_clusters", "clusters"),
    ("eks", "describe_addon_versions", "addons"),
    ("eks", "describe_cluster_versions", "clusterVersions"),
    ("logs", "describe_log_groups", "logGroups"),
    ("kms", "list_keys", "Keys"),
]
OF_A_CLUSTER = [
    ("list_nodegroups", "nodegroups"),
    ("list_addons", "addons"),
    ("list_access_entries", "accessEntries"),
]


@pytest.fixture(scope="module")
def full(endpoint: str) -> Aws:
    """An account with two of everything."""
    aws = Aws(endpoint, "300000000001")
    logging = {"clusterLogging": [{"types": ["api"], "enabled": True}]}
    request = aws.cluster_request("one", logging=logging)
    igw = aws.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    aws.ec2.create_internet_gateway()
    subnet = request["resourcesVpcConfig"]["subnetIds"][0]
    vpc = aws.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["VpcId"]
    aws.ec2.attach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
    for _ in range(2):
        address = aws.ec2.allocate_address(Domain="vpc")["AllocationId"]
        aws.ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)
        aws.client("kms").create_key()
    aws.eks.create_cluster(**request)
    aws.eks.create_cluster(**{**request, "name": "two"})
    for name in ("a", "b"):
        aws.nodegroup(aws.eks.describe_cluster(name="one")["cluster"], name)
    for name in ("vpc-cni", "coredns"):
        aws.eks.create_addon(clusterName="one", addonName=name)
    for policy in ("AmazonEKSClusterPolicy", "AmazonEKSVPCResourceController"):
        aws.iam.attach_role_policy(RoleName="one-cluster", PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
    for name in ("first", "second"):
        aws.iam.put_role_policy(RoleName="one-cluster", PolicyName=name, PolicyDocument=POLICY)
    return aws


def everything(client: Any, operation: str, key: str, **arguments: Any) -> tuple[list, int]:
    """All items, and the number of pages."""
    pages = [page[key] for page in client.get_paginator(operation).paginate(**arguments)]
    return [item for page in pages for item in page], len(pages)


def same_in_pages_of_one(aws: Aws, service: str, operation: str, key: str, **arguments: Any) -> None:
    client = aws.client(service)
    whole, _ = everything(client, operation, key, **arguments)
    assert len(whole) >= 2
    aws.faults({"operation": "*", "kind": "pages"})
    cut, pages = everything(client, operation, key, **arguments)
    aws.faults()
    assert cut == whole and pages == len(whole)


@pytest.mark.parametrize(("service", "operation", "key"), LISTS)
def test_lists(full: Aws, service: str, operation: str, key: str) -> None:
    same_in_pages_of_one(full, service, operation, key)


@pytest.mark.parametrize(("operation", "key"), OF_A_CLUSTER)
def test_lists_of_a_cluster(full: Aws, operation: str, key: str) -> None:
    same_in_pages_of_one(full, "eks", operation, key, clusterName="one")


def test_updates(full: Aws) -> None:
    for wanted in (True, False):
        full.eks.update_cluster_config(name="two", deletionProtection=wanted)
    same_in_pages_of_one(full, "eks", "list_updates", "updateIds", name="two")


def test_policies_of_a_role(full: Aws) -> None:
    same_in_pages_of_one(
        full, "iam", "list_attached_role_policies", "AttachedPolicies", RoleName="one-cluster"
    )
    same_in_pages_of_one(full, "iam", "list_role_policies", "PolicyNames", RoleName="one-cluster")


def test_launch_template_versions(full: Aws) -> None:
    lt = full.ec2.create_launch_template(LaunchTemplateName="v", LaunchTemplateData={})["LaunchTemplate"]
    for _ in range(3):
        full.ec2.create_launch_template_version(
            LaunchTemplateId=lt["LaunchTemplateId"], LaunchTemplateData={}
        )
    operation = "describe_launch_template_versions"
    same_in_pages_of_one(
        full, "ec2", operation, "LaunchTemplateVersions", LaunchTemplateId=lt["LaunchTemplateId"]
    )


def test_filters_hold_across_pages(full: Aws) -> None:
    filters = [{"Name": "tag:eks:cluster-name", "Values": ["one"]}]
    same_in_pages_of_one(full, "ec2", "describe_instances", "Reservations", Filters=filters)


def test_limits_are_honoured(full: Aws) -> None:
    answer = full.ec2.describe_instances(MaxResults=5)
    assert "NextToken" not in answer
    answer = full.eks.list_nodegroups(clusterName="one", maxResults=1)
    assert len(answer["nodegroups"]) == 1 and answer["nextToken"]
    answer = full.iam.list_roles(MaxItems=1)
    assert answer["IsTruncated"] is True and len(answer["Roles"]) == 1
    rest = full.iam.list_roles(Marker=answer["Marker"])
    assert rest["IsTruncated"] is False


def test_a_token_of_another_list_is_refused(full: Aws) -> None:
    token = full.ec2.describe_subnets(MaxResults=5)
    assert "NextToken" in token
    with refused("InvalidNextToken"):
        filters = [{"Name": "vpc-id", "Values": ["vpc-1"]}]
        full.ec2.describe_subnets(NextToken=token["NextToken"], Filters=filters)
    with refused("InvalidParameterException"):
        full.eks.list_clusters(nextToken="nonsense")
