"""Applies the objects of add-ons as EKS does: by server-side apply, when they are new or have changed."""

from __future__ import annotations

import threading
from typing import Any

from .client import Client, Refused

Json = dict[str, Any]
APPLY = "application/apply-patch+yaml"
MANAGER = "eks"
PLURALS = {
    "Namespace": "namespaces",
    "ServiceAccount": "serviceaccounts",
    "ConfigMap": "configmaps",
    "Service": "services",
    "Deployment": "deployments",
    "DaemonSet": "daemonsets",
    "PodDisruptionBudget": "poddisruptionbudgets",
    "StorageClass": "storageclasses",
    "CSIDriver": "csidrivers",
    "APIService": "apiservices",
}


def path_of(thing: Json) -> str:
    api, where = thing["apiVersion"], thing["metadata"]
    start = f"/api/{api}" if "/" not in api else f"/apis/{api}"
    within = f"/namespaces/{where['namespace']}" if "namespace" in where else ""
    return f"{start}{within}/{PLURALS[thing['kind']]}/{where['name']}"


class AddonKeeper:
    """What somebody edits stays until the add-on changes; an add-on that goes takes its objects along."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted: dict[str, list[Json]] = {}
        self._have: dict[str, list[Json]] = {}
        # What went since the last time, with the objects that are to go with it.
        self._going: dict[str, list[Json]] = {}

    def want(self, wanted: dict[str, list[Json]], preserved: set[str]) -> bool:
        """Whether there is something to do."""
        with self._lock:
            for name in self._wanted.keys() - wanted.keys():
                self._going[name] = [] if name in preserved else self._wanted[name]
            self._wanted = wanted
            return bool(self._going) or wanted != self._have

    def act(self, client: Client) -> None:
        with self._lock:
            wanted, going = self._wanted, dict(self._going)
        for name, things in going.items():
            self._have = {key: value for key, value in self._have.items() if key != name}
            self._remove(client, things)
            with self._lock:
                if self._going.get(name) is things:
                    self._going.pop(name)
        for name, things in wanted.items():
            have = self._have.get(name, [])
            if have == things:
                continue
            for thing in things:
                if thing not in have:
                    query = f"?fieldManager={MANAGER}&force=true"
                    client.call("PATCH", path_of(thing) + query, thing, APPLY)
            left = {path_of(thing) for thing in things}
            self._remove(client, [thing for thing in have if path_of(thing) not in left])
            self._have = {**self._have, name: things}

    @staticmethod
    def _remove(client: Client, things: list[Json]) -> None:
        """The other way round than they were made; a namespace may be somebody else's home by now."""
        for thing in reversed(things):
            if thing["kind"] == "Namespace":
                continue
            try:
                client.call("DELETE", path_of(thing))
            except Refused as error:
                if error.status != 404:
                    raise
