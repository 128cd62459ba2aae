"""Every fault in every protocol, and what the calls' list tells of it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ConnectionClosedError

from conftest import Aws, refused

# service: (a read, its method, a change, its method, arguments)
READS = {
    "ec2": ("DescribeVpcs", "describe_vpcs"),
    "iam": ("ListRoles", "list_roles"),
    "sts": ("GetCallerIdentity", "get_caller_identity"),
    "autoscaling": ("DescribeAutoScalingGroups", "describe_auto_scaling_groups"),
    "eks": ("ListClusters", "list_clusters"),
    "kms": ("ListKeys", "list_keys"),
    "logs": ("DescribeLogGroups", "describe_log_groups"),
}
THROTTLED = {
    "ec2": ("RequestLimitExceeded", 503),
    "iam": ("Throttling", 400),
    "sts": ("Throttling", 400),
    "autoscaling": ("Throttling", 400),
    "eks": ("ThrottlingException", 429),
    "kms": ("ThrottlingException", 400),
    "logs": ("ThrottlingException", 400),
}
DENIED = {
    "ec2": "UnauthorizedOperation",
    "iam": "AccessDenied",
    "sts": "AccessDenied",
    "autoscaling": "AccessDenied",
    "eks": "AccessDeniedException",
    "kms": "AccessDeniedException",
    "logs": "AccessDeniedException",
}


def read(aws: Aws, service: str):
    return getattr(aws.client(service), READS[service][1])()


@pytest.mark.parametrize("service", READS)
def test_throttle(aws: Aws, service: str) -> None:
    aws.faults({"operation": READS[service][0], "kind": "throttle"})
    code, status = THROTTLED[service]
    with refused(code, status=status):
        read(aws, service)


@pytest.mark.parametrize("service", READS)
def test_deny(aws: Aws, service: str) -> None:
    aws.faults({"operation": f"{service}:*", "kind": "deny"})
    action = f"{service}:{READS[service][0]}"
    with refused(DENIED[service], action, 403) as error:
        read(aws, service)
    assert f"arn:aws:iam::{aws.account}:user/dev" in error.response["Error"]["Message"]


@pytest.mark.parametrize("service", READS)
def test_error_on_the_nth_call(aws: Aws, service: str) -> None:
    rule = {
        "operation": READS[service][0],
        "kind": "error",
        "nth": 2,
        "code": "Odd",
        "message": "as said",
        "status": 418,
    }
    aws.faults(rule)
    read(aws, service)
    with refused("Odd", "as said", 418):
        read(aws, service)
    read(aws, service)


@pytest.mark.parametrize("service", READS)
def test_close_before(aws: Aws, service: str) -> None:
    aws.faults({"operation": "*", "kind": "close-before", "times": 1})
    with pytest.raises(ConnectionClosedError):
        read(aws, service)
    read(aws, service)


def test_close_before_and_after_the_effect(aws: Aws) -> None:
    aws.faults({"operation": "Create*", "kind": "close-before"})
    with pytest.raises(ConnectionClosedError):
        aws.vpc()
    aws.faults({"operation": "Create*", "kind": "close-after"})
    with pytest.raises(ConnectionClosedError):
        aws.vpc()
    aws.faults()
    assert len([line for line in aws.inventory() if line.startswith("ec2\tvpc\t")]) == 1
    assert [call["code"] for call in aws.calls()] == ["ConnectionClosed"] * 2


def test_delays_do_not_add_up(aws: Aws) -> None:
    aws.faults({"operation": "ec2:*", "kind": "delay", "ms": 200})
    ec2 = aws.ec2
    started = time.monotonic()
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: ec2.describe_vpcs(), range(16)))
    assert 0.2 <= time.monotonic() - started < 1.2


def test_share_is_seeded(aws: Aws) -> None:
    def run() -> list[int]:
        aws.faults({"operation": "ListClusters", "kind": "throttle", "share": 0.3, "seed": 7})
        aws.control("DELETE", "calls")
        for _ in range(40):
            try:
                aws.eks.list_clusters()
            except Exception:
                pass
        return [call["status"] for call in aws.calls()]

    first = run()
    assert first == run() and 4 <= first.count(429) <= 20


def test_hits_are_counted_and_cleared(aws: Aws) -> None:
    aws.faults(
        {"operation": "Describe*", "kind": "delay", "ms": 0}, {"operation": "eks:*", "kind": "delay", "ms": 0}
    )
    aws.ec2.describe_vpcs()
    aws.ec2.describe_subnets()
    assert [rule["hits"] for rule in aws.control("GET", "faults")] == [2, 0]
    assert aws.control("DELETE", "faults") == []


def test_stale(aws: Aws) -> None:
    aws.faults({"operation": "Describe*", "kind": "stale", "ms": 300})
    before = len(aws.ec2.describe_vpcs()["Vpcs"])
    aws.vpc()
    assert len(aws.ec2.describe_vpcs()["Vpcs"]) == before
    time.sleep(0.35)
    assert len(aws.ec2.describe_vpcs()["Vpcs"]) == before + 1


def test_hold_status(aws: Aws) -> None:
    request = aws.cluster_request()
    aws.settings(paused=True)
    aws.eks.create_cluster(**request)
    aws.faults({"operation": "DescribeCluster", "kind": "hold-status"})
    assert aws.eks.describe_cluster(name="demo")["cluster"]["status"] == "CREATING"
    aws.settings(paused=False)
    assert aws.eks.describe_cluster(name="demo")["cluster"]["status"] == "CREATING"
    aws.faults()
    assert aws.eks.describe_cluster(name="demo")["cluster"]["status"] == "ACTIVE"


def test_faults_are_the_accounts_own(aws: Aws) -> None:
    aws.faults({"operation": "*", "kind": "deny"})
    other = aws.client("ec2", key=f"AKIA{int(aws.account) + 500000000}")
    other.describe_vpcs()


def test_calls_are_written_down(aws: Aws) -> None:
    aws.vpc()
    aws.ec2.describe_vpcs(Filters=[{"Name": "tag:k", "Values": ["v"]}])
    with refused("ResourceNotFoundException"):
        aws.client("eks", "eu-west-1").describe_cluster(name="nobody")
    create, describe, cluster = aws.calls()
    assert (create["n"], create["service"], create["operation"], create["mutating"]) == (
        1,
        "ec2",
        "CreateVpc",
        True,
    )
    assert (
        create["params"] == {"CidrBlock": "192.168.0.0/16"}
        and create["status"] == 200
        and create["code"] == ""
    )
    assert describe["mutating"] is False and describe["params"]["Filter.1.Name"] == "tag:k"
    assert (cluster["operation"], cluster["params"]) == ("DescribeCluster", {"name": "nobody"})
    assert (cluster["region"], cluster["status"], cluster["code"]) == (
        "eu-west-1",
        404,
        "ResourceNotFoundException",
    )
    assert cluster["access_key"] == f"AKIA{aws.account}"
    aws.control("DELETE", "calls")
    assert aws.calls() == []


@pytest.mark.parametrize(
    ("service", "operation", "arguments"),
    [
        ("ec2", "describe_ipams", {}),
        ("iam", "list_organizations_features", {}),
        ("sts", "get_delegated_access_token", {"TradeInToken": "t"}),
        ("eks", "describe_insight", {"clusterName": "c", "id": "i"}),
        ("kms", "list_aliases", None),
        ("cloudformation", "list_stacks", {}),
        ("sqs", "list_queues", {}),
    ],
)
def test_what_is_lacking_says_so_once(aws: Aws, service: str, operation: str, arguments: dict | None) -> None:
    if arguments is None:
        aws.client(service).list_aliases()
        return
    with refused("NotImplemented", service, 501):
        getattr(aws.client(service), operation)(**arguments)
