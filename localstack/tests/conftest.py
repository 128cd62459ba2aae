"""One stack for the whole run, one account for each test."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

# Nothing of the user's own settings may steer boto3, nor a proxy stand between it and loopback.
for name in [key for key in os.environ if key.startswith("AWS_") or key.lower().endswith("_proxy")]:
    del os.environ[name]
os.environ.update(AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull)

HERE = Path(__file__).resolve().parent.parent
numbers = itertools.count(200000000001)
session = boto3.Session()


def start(*arguments: str) -> tuple[subprocess.Popen, str]:
    command = [str(HERE / "serve"), "--until-eof", *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sys.stderr)
    return process, json.loads(process.stdout.readline())["endpoint"]


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    process, url = start("--factor", "0")
    yield url
    process.stdin.close()
    process.wait(10)


@pytest.fixture(scope="session")
def kubernetes_stack() -> Iterator[tuple[subprocess.Popen, str]]:
    """A second stack, with an API server behind every cluster; its programs are built where that is not done."""
    process, url = start("--factor", "0", "--kubernetes", "--warm", "1")
    yield process, url
    process.stdin.close()
    process.wait(10)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs Kubernetes comes last: its programs may still be building."""
    items.sort(key=lambda item: "kubernetes" in item.path.name)


def make_client(endpoint: str, service: str, region: str, key: str) -> Any:
    return session.client(
        service,
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key="local",
        config=Config(retries={"max_attempts": 0}, max_pool_connections=32),
    )


@cache
def shared_client(endpoint: str, service: str, region: str) -> Any:
    return make_client(endpoint, service, region, "AKIASHARED")


class Aws:
    """One account of the stack, with AWS's durations off unless a test turns them on."""

    def __init__(self, endpoint: str, account: str) -> None:
        self.endpoint, self.account = endpoint, account

    def client(self, service: str, region: str = "us-west-2", key: str = "") -> Any:
        """Clients are dear to make: this account's are shared by all tests, with the caller changed."""
        if key:
            return make_client(self.endpoint, service, region, key)
        shared = shared_client(self.endpoint, service, region)
        shared._request_signer._credentials = Credentials(f"AKIA{self.account}", "local")
        return shared

    @property
    def ec2(self) -> Any:
        return self.client("ec2")

    @property
    def iam(self) -> Any:
        return self.client("iam")

    @property
    def eks(self) -> Any:
        return self.client("eks")

    @property
    def autoscaling(self) -> Any:
        return self.client("autoscaling")

    def control(self, method: str, name: str, body: Any = None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        url = f"{self.endpoint}/_local/{name}?account={self.account}"
        with urllib.request.urlopen(urllib.request.Request(url, data=data, method=method)) as answer:
            text = answer.read().decode()
            return json.loads(text) if answer.headers["content-type"] == "application/json" else text

    def faults(self, *rules: dict[str, Any]) -> None:
        self.control("POST", "faults", list(rules))

    def settings(self, **values: Any) -> None:
        self.control("POST", "settings", values)

    def fail(self, what: str, **values: Any) -> None:
        self.control("POST", "fail", {"what": what, **values})

    def inventory(self) -> list[str]:
        return self.control("GET", "inventory").splitlines()

    def calls(self) -> list[dict[str, Any]]:
        return self.control("GET", "calls")

    # What nearly every test needs first.

    def vpc(self, cidr: str = "192.168.0.0/16") -> str:
        return self.ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"]

    def subnet(self, vpc: str, cidr: str, zone: str = "us-west-2a") -> str:
        answer = self.ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone)
        return answer["Subnet"]["SubnetId"]

    def network(self) -> tuple[str, list[str]]:
        vpc = self.vpc()
        return vpc, [self.subnet(vpc, f"192.168.{n * 32}.0/19", f"us-west-2{z}") for n, z in enumerate("ab")]

    def role(self, name: str, service: str) -> str:
        statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        return self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]

    def cluster_request(self, name: str = "demo", **changes: Any) -> dict[str, Any]:
        _, subnets = self.network()
        role = self.role(f"{name}-cluster", "eks.amazonaws.com")
        access = {"authenticationMode": "API"}
        request = {
            "name": name,
            "roleArn": role,
            "resourcesVpcConfig": {"subnetIds": subnets},
            "accessConfig": access,
        }
        return {**request, **changes}

    def cluster(self, name: str = "demo", **changes: Any) -> dict[str, Any]:
        self.eks.create_cluster(**self.cluster_request(name, **changes))
        return self.eks.describe_cluster(name=name)["cluster"]

    def nodegroup_request(self, cluster: dict[str, Any], name: str = "ng", **changes: Any) -> dict[str, Any]:
        request = {
            "clusterName": cluster["name"],
            "nodegroupName": name,
            "subnets": cluster["resourcesVpcConfig"]["subnetIds"],
            "nodeRole": self.role(f"{cluster['name']}-{name}", "ec2.amazonaws.com"),
            "scalingConfig": {"minSize": 1, "maxSize": 4, "desiredSize": 2},
        }
        return {**request, **changes}

    def nodegroup(self, cluster: dict[str, Any], name: str = "ng", **changes: Any) -> dict[str, Any]:
        self.eks.create_nodegroup(**self.nodegroup_request(cluster, name, **changes))
        return self.eks.describe_nodegroup(clusterName=cluster["name"], nodegroupName=name)["nodegroup"]


@pytest.fixture
def aws(endpoint: str) -> Aws:
    return Aws(endpoint, str(next(numbers)))


@pytest.fixture(scope="session")
def kubernetes_pid(kubernetes_stack: tuple[subprocess.Popen, str]) -> int:
    return kubernetes_stack[0].pid


@pytest.fixture
def kubernetes(kubernetes_stack: tuple[subprocess.Popen, str]) -> Iterator[Aws]:
    """An account with Kubernetes, whose API servers end with the test."""
    aws = Aws(kubernetes_stack[1], str(next(numbers)))
    yield aws
    aws.control("POST", "reset")


@pytest.fixture(scope="module")
def kubernetes_shared(kubernetes_stack: tuple[subprocess.Popen, str]) -> Iterator[Aws]:
    """One for all tests of a file."""
    aws = Aws(kubernetes_stack[1], str(next(numbers)))
    yield aws
    aws.control("POST", "reset")


@pytest.fixture(scope="module")
def controlled(kubernetes_stack: tuple[subprocess.Popen, str]) -> Iterator[Aws]:
    """One for all tests of a file, whose clusters have controllers."""
    aws = Aws(kubernetes_stack[1], str(next(numbers)))
    aws.settings(controllers=True)
    yield aws
    aws.control("POST", "reset")


class Refused:
    """`with refused("Code", "words") as error:` the call inside must fail so."""

    def __init__(self, code: str, words: str = "", status: int = 0) -> None:
        self.code, self.words, self.status = code, words, status

    def __enter__(self) -> Refused:
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        assert error is not None, f"was not refused with {self.code}"
        if not isinstance(error, ClientError):
            return False
        self.response = error.response
        assert error.response["Error"]["Code"] == self.code, error
        assert self.words in error.response["Error"]["Message"], error
        assert not self.status or error.response["ResponseMetadata"]["HTTPStatusCode"] == self.status
        return True


def refused(code: str, words: str = "", status: int = 0) -> Refused:
    return Refused(code, words, status)


def eventually(check: Any, seconds: float = 5) -> Any:
    deadline = time.monotonic() + seconds
    while True:
        if value := check():
            return value
        assert time.monotonic() < deadline, "it never became so"
        time.sleep(0.01)
