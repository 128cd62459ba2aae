"""Keeps the Node wholes of one API server as the account's machines are, in the background and in order."""

from __future__ import annotations

import sys
import threading
import traceback
from typing import Any

from ..clock import utcnow
from .apiserver import ApiServer
from .client import MERGE, Client, Refused

Json = dict[str, Any]
NODES = "/api/v1/nodes"
RETRY_SECONDS = 0.5


class Keeper:
    """Only the newest wish counts. What others change in a Node, and no wish of ours names anew, stays."""

    def __init__(self, server: ApiServer) -> None:
        self._server = server
        self._changed = threading.Condition()
        self._wanted: dict[str, Json] = {}
        self._have: dict[str, Json] = {}
        self._stopped = False
        self._thread: threading.Thread | None = None

    @property
    def idle(self) -> bool:
        with self._changed:
            return self._wanted == self._have

    def want(self, nodes: dict[str, Json]) -> None:
        """Each node as the whole object, without what changes by itself."""
        with self._changed:
            if nodes == self._wanted:
                return
            self._wanted = nodes
            if not self._thread:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
            self._changed.notify()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify()

    def _next(self) -> tuple[str, Json | None] | None:
        """The node to see to: what goes, goes first. Waits while there is none; None is the end."""
        with self._changed:
            while not self._stopped:
                for name, have in self._have.items():
                    if not _same(self._wanted.get(name), have):
                        return name, None
                for name, node in self._wanted.items():
                    if self._have.get(name) != node:
                        return name, node
                self._changed.wait()
        return None

    def _run(self) -> None:
        client = self._server.client()
        said = False
        while found := self._next():
            name, node = found
            try:
                self._apply(client, name, self._have.get(name), node)
            except Exception:
                if self._stopped or not self._server.running:
                    return
                if not said:
                    traceback.print_exc(file=sys.stderr)
                said = True
                with self._changed:
                    self._changed.wait(RETRY_SECONDS)
                continue
            with self._changed:
                if node is None:
                    self._have.pop(name)
                else:
                    self._have = {**self._have, name: node}

    @staticmethod
    def _apply(client: Client, name: str, have: Json | None, node: Json | None) -> None:
        if node is None:
            _delete(client, name)
        elif have is None:
            _create(client, node)
        else:
            _change(client, name, have, node)


def _same(one: Json | None, other: Json) -> bool:
    """The same machine, whatever may have changed about it."""
    return one is not None and one["spec"]["providerID"] == other["spec"]["providerID"]


def _delete(client: Client, name: str) -> None:
    """With the machine end its pods, which no kubelet could say any more."""
    _forget(client, f"{NODES}/{name}")
    for pod in client.call("GET", f"/api/v1/pods?fieldSelector=spec.nodeName%3D{name}")["items"]:
        where = pod["metadata"]
        _forget(client, f"/api/v1/namespaces/{where['namespace']}/pods/{where['name']}?gracePeriodSeconds=0")


def _forget(client: Client, path: str) -> None:
    try:
        client.call("DELETE", path)
    except Refused as error:
        if error.status != 404:
            raise


def _create(client: Client, node: Json) -> None:
    """Admission adds a taint to what is new; a node that is ready has lost it."""
    path = f"{NODES}/{node['metadata']['name']}"
    whole = {**node, "status": _stamped(node["status"])}
    try:
        made = client.call("POST", NODES, whole)
    except Refused as error:
        if error.status != 409:
            raise
        _delete(client, node["metadata"]["name"])
        made = client.call("POST", NODES, whole)
    if made["spec"].get("taints", []) != node["spec"]["taints"]:
        client.call("PATCH", path, {"spec": {"taints": node["spec"]["taints"]}}, MERGE)


def _change(client: Client, name: str, have: Json, node: Json) -> None:
    path = f"{NODES}/{name}"
    old, new = have["metadata"]["labels"], node["metadata"]["labels"]
    patch: Json = {}
    if old != new:
        patch["metadata"] = {"labels": {**dict.fromkeys(old.keys() - new.keys()), **new}}
    if have["metadata"]["annotations"] != node["metadata"]["annotations"]:
        patch.setdefault("metadata", {})["annotations"] = node["metadata"]["annotations"]
    if have["spec"]["taints"] != node["spec"]["taints"]:
        ours = [(item["key"], item["effect"]) for item in have["spec"]["taints"] + node["spec"]["taints"]]
        live = client.call("GET", path)["spec"].get("taints", [])
        others = [item for item in live if (item["key"], item["effect"]) not in ours]
        patch["spec"] = {"taints": others + node["spec"]["taints"]}
    if patch:
        client.call("PATCH", path, patch, MERGE)
    if have["status"] != node["status"]:
        client.call("PATCH", f"{path}/status", {"status": _stamped(node["status"])}, MERGE)


def _stamped(status: Json) -> Json:
    now = utcnow().strftime("%Y-%m-%dT%H:%M:%SZ")
    times = {"lastHeartbeatTime": now, "lastTransitionTime": now}
    return {**status, "conditions": [{**item, **times} for item in status["conditions"]]}
