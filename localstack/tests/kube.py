"""A cluster's API as its users see it: the endpoint and authority of DescribeCluster, a token of EKS."""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import time
from pathlib import Path
from typing import Any

from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from conftest import Aws, eventually

NODES = "/api/v1/nodes"
PODS = "/api/v1/namespaces/{}/pods"


def token(aws: Aws, cluster: str, key: str = "", **changes: Any) -> str:
    """Presigned as every client does it; the changes are for tokens that are not good."""
    url = f"{changes.get('endpoint', aws.endpoint)}/"
    params = {"Action": changes.get("action", "GetCallerIdentity"), "Version": "2011-06-15"}
    headers = {changes.get("header", "x-k8s-aws-id"): cluster}
    request = AWSRequest("GET", url, params={**params, **changes.get("params", {})}, headers=headers)
    credentials = Credentials(key or f"AKIA{aws.account}", changes.get("secret", "local"))
    SigV4QueryAuth(credentials, "sts", "us-west-2", expires=changes.get("expires", 60)).add_auth(request)
    signed = request.prepare().url
    signed = changes.get("edit", lambda text: text)(signed)
    return "k8s-aws-v1." + base64.urlsafe_b64encode(signed.encode()).decode().rstrip("=")


class Kube:
    def __init__(self, aws: Aws, cluster: dict[str, Any], key: str = "", bearer: str = "") -> None:
        authority = base64.b64decode(cluster["certificateAuthority"]["data"]).decode()
        self.context = ssl.create_default_context(cadata=authority)
        self.host, _, port = cluster["endpoint"].removeprefix("https://").partition(":")
        self.port = int(port)
        self.token = bearer or token(aws, cluster["name"], key)

    def call(self, method: str, path: str, body: Any = None, seconds: float = 20) -> tuple[int, Any]:
        connection = http.client.HTTPSConnection(
            self.host, self.port, context=self.context, timeout=seconds
        )
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text.startswith(b"{") else text.decode()
        finally:
            connection.close()

    def status(self, method: str, path: str, body: Any = None) -> int:
        return self.call(method, path, body)[0]

    def make(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        status, answer = self.call("POST", path, body)
        assert status == 201, answer
        return answer

    def get(self, path: str) -> dict[str, Any]:
        status, answer = self.call("GET", path)
        assert status == 200, answer
        return answer

    def items(self, path: str) -> list[dict[str, Any]]:
        return self.get(path)["items"]

    def nodes(self) -> dict[str, dict[str, Any]]:
        status, answer = self.call("GET", NODES)
        assert status == 200, answer
        return {item["metadata"]["name"]: item for item in answer["items"]}


def ready(node: dict[str, Any]) -> dict[str, Any]:
    return next(item for item in node["status"]["conditions"] if item["type"] == "Ready")


def cluster(aws: Aws, name: str = "demo", **changes: Any) -> dict[str, Any]:
    aws.eks.create_cluster(**aws.cluster_request(name, **changes))
    return active(aws, name)


def active(aws: Aws, name: str = "demo") -> dict[str, Any]:
    def found() -> Any:
        live = aws.eks.describe_cluster(name=name)["cluster"]
        return live if live["status"] != "CREATING" else None

    live = eventually(found, 60)
    assert live["status"] == "ACTIVE", live["health"]
    return live


def settled(aws: Aws, name: str = "ng", cluster: str = "demo") -> dict[str, Any]:
    """The node group, once nothing is under way."""

    def found() -> Any:
        live = aws.eks.describe_nodegroup(clusterName=cluster, nodegroupName=name)["nodegroup"]
        return live if live["status"] not in ("CREATING", "UPDATING") else None

    return eventually(found, 30)


def nodegroup(aws: Aws, live: dict[str, Any], name: str = "ng", **changes: Any) -> dict[str, Any]:
    aws.eks.create_nodegroup(**aws.nodegroup_request(live, name, **changes))
    return settled(aws, name, live["name"])


def namespace(name: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def config_map(name: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {}}


def workload(name: str, replicas: int = 1, kind: str = "Deployment", **spec: Any) -> dict[str, Any]:
    """A Deployment or the like with one container; the rest goes into the pods' spec."""
    labels = {"app": name}
    pods = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "c", "image": "i"}], **spec}}
    whole = {"selector": {"matchLabels": labels}, "template": pods}
    if kind != "DaemonSet":
        whole["replicas"] = replicas
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name}, "spec": whole}


def descendants(pid: int) -> dict[int, str]:
    """Every process below this one, with its command line."""
    parents, commands = {}, {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rpartition(")")[2].split()
            commands[int(path.name)] = (path / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        parents[int(path.name)] = int(fields[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return {child: commands.get(child, "") for child in found}


def api_servers(pid: int) -> dict[int, str]:
    return {child: line for child, line in descendants(pid).items() if "/kube-apiserver " in line}


def later(seconds: float) -> str:
    """A time of signing that many seconds from now."""
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(time.time() + seconds))
