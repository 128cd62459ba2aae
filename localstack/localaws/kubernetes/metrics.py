"""What metrics-server answers: the resource metrics API, with a steady little load."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ..clock import utcnow
from ..http1 import Request, Response

Json = dict[str, Any]
GROUP = "metrics.k8s.io/v1beta1"
ROOT = f"/apis/{GROUP}"
VERBS = ["get", "list"]
NODE_USAGE = {"cpu": "120m", "memory": "900Mi"}
CONTAINER_USAGE = {"cpu": "10m", "memory": "40Mi"}


def handle(request: Request, items: Callable[[str], list[Json]]) -> Response:
    """`items` lists objects of the cluster by their path."""
    found = _answer(request, items)
    status = 200 if found is not None else 404
    body = found if found is not None else {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 404}
    return Response(status, {"content-type": "application/json"}, json.dumps(body).encode())


def _answer(request: Request, items: Callable[[str], list[Json]]) -> Json | None:
    path = request.path.rstrip("/")
    query = f"?{request.query}" if request.query else ""
    if path == ROOT:
        return _resources()
    if not path.startswith(f"{ROOT}/"):
        return None
    parts = path.removeprefix(f"{ROOT}/").split("/")
    if parts[0] == "nodes":
        return _found("NodeMetrics", [_node(item) for item in items(f"/api/v1/nodes{query}")], parts[1:])
    if parts[0] == "pods":
        return _found("PodMetrics", _pods(items(f"/api/v1/pods{query}")), [])
    if parts[0] == "namespaces" and parts[2:3] == ["pods"]:
        listed = items(f"/api/v1/namespaces/{parts[1]}/pods{query}")
        return _found("PodMetrics", _pods(listed), parts[3:])
    return None


def _found(kind: str, found: list[Json], name: list[str]) -> Json | None:
    if name:
        return next((item for item in found if item["metadata"]["name"] == name[0]), None)
    return {"kind": f"{kind}List", "apiVersion": GROUP, "metadata": {}, "items": found}


def _resources() -> Json:
    kinds = [("nodes", "NodeMetrics", False), ("pods", "PodMetrics", True)]
    shown = [
        {"name": name, "singularName": "", "namespaced": namespaced, "kind": kind, "verbs": VERBS}
        for name, kind, namespaced in kinds
    ]
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": GROUP, "resources": shown}


def _measured(kind: str, thing: Json) -> Json:
    metadata = {key: thing["metadata"][key] for key in ("name", "namespace", "labels") if key in thing["metadata"]}
    now = utcnow().strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"kind": kind, "apiVersion": GROUP, "metadata": metadata, "timestamp": now, "window": "15s"}


def _node(node: Json) -> Json:
    return {**_measured("NodeMetrics", node), "usage": NODE_USAGE}


def _pods(pods: list[Json]) -> list[Json]:
    return [
        {
            **_measured("PodMetrics", pod),
            "containers": [{"name": item["name"], "usage": CONTAINER_USAGE} for item in pod["spec"]["containers"]],
        }
        for pod in pods
        if pod["status"].get("phase") == "Running"
    ]
