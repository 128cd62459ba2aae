"""The gate: a proxy by both of its ways, and TLS by an authority of its own; and who comes with a token."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator

import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import SSLError

from conftest import HERE, Aws, make_client, refused, session


class Gate:
    def __init__(self, endpoint: str) -> None:
        command = [str(HERE / "gate"), "--to", endpoint]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        told = json.loads(self.process.stdout.readline())
        self.proxy, self.https, self.ca = told["proxy"], told["https"], told["ca"]

    def end(self) -> list[str]:
        said, _ = self.process.communicate()
        return said.splitlines()


@pytest.fixture
def gate(endpoint: str) -> Iterator[Gate]:
    gate = Gate(endpoint)
    yield gate
    gate.end()
    assert not os.path.exists(gate.ca)


def sts(aws: Aws, gate: Gate, endpoint: str, verify: str | bool, proxies: dict[str, str] | None = None):
    return session.client(
        "sts",
        endpoint_url=endpoint,
        region_name="us-west-2",
        aws_access_key_id=f"AKIA{aws.account}",
        aws_secret_access_key="local",
        verify=verify,
        config=Config(retries={"max_attempts": 0}, proxies=proxies),
    )


def test_tls(aws: Aws, gate: Gate) -> None:
    assert sts(aws, gate, gate.https, gate.ca).get_caller_identity()["Account"] == aws.account
    with pytest.raises(SSLError):
        sts(aws, gate, gate.https, True).get_caller_identity()


def test_proxy(aws: Aws, endpoint: str) -> None:
    gate = Gate(endpoint)
    named = gate.proxy.replace("http://", "http://somebody:secret@")
    through = {"http": gate.proxy, "https": named}
    for address, verify in [("https://aws.test", gate.ca), ("http://aws.test", True)]:
        client = sts(aws, gate, address, verify, through)
        assert client.get_caller_identity()["Account"] == client.get_caller_identity()["Account"] == aws.account
    assert gate.end() == [
        "CONNECT aws.test:443 by somebody",
        "POST http://aws.test/",
        "POST http://aws.test/",
    ]


def test_a_token_makes_a_session(aws: Aws, endpoint: str) -> None:
    arn = aws.role("web", "ec2.amazonaws.com")
    unsigned = session.client(
        "sts", endpoint_url=endpoint, region_name="us-west-2", config=Config(signature_version=UNSIGNED)
    )
    request = {"RoleArn": arn, "RoleSessionName": "me", "WebIdentityToken": "head.body.signature"}
    keys = unsigned.assume_role_with_web_identity(**request)["Credentials"]
    who = make_client(endpoint, "sts", "us-west-2", keys["AccessKeyId"]).get_caller_identity()["Arn"]
    assert who == f"arn:aws:sts::{aws.account}:assumed-role/web/me"
    with refused("InvalidIdentityToken"):
        unsigned.assume_role_with_web_identity(**{**request, "WebIdentityToken": "none"})
    with refused("AccessDenied"):
        unsigned.assume_role_with_web_identity(**{**request, "RoleArn": arn + "-not"})
