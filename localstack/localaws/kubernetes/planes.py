"""The control plane of one cluster: its API server, the port that leads to it, and what the stack keeps there."""

from __future__ import annotations

import sys
import threading
import time
from typing import Any

from ..eks.store import Cluster, Store
from . import machines, stages
from .actors import Actors
from .apiserver import ROLES, ApiServer
from .applications import Applications
from .client import Client
from .egress import nobody
from .front import Front
from .keeper import Keeper
from .pool import Pool

# How long the rules of a role are taken to be what they were.
RULES_SECONDS = 2.0

planes: dict[str, ControlPlane] = {}


class ControlPlane:
    def __init__(self, pool: Pool, store: Store, cluster: Cluster) -> None:
        self.store, self.cluster = store, cluster
        self._pool = pool
        cidr = cluster.view["kubernetesNetworkConfig"]["serviceIpv4Cidr"]
        self.server: ApiServer = pool.take(cidr, store.world.controllers)
        self._front: Front | None = None
        self._keeper = Keeper(self.server)
        self.applications = Applications(self)
        self._actors: Actors | None = None
        # For whose pods there is no room, and how often that has been lifted.
        self._full: set[str] = set()
        self._lifts = 0
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._rules: dict[str, tuple[float, list[dict[str, Any]]]] = {}
        planes[self.server.ident] = self

    @property
    def settled(self) -> bool:
        """Ready or failed: in either case there is nothing more to wait for."""
        return self.server.settled.is_set()

    def open(self) -> str:
        """The endpoint, from now on; the server is ready."""
        resolve = self.applications.resolve if self.server.controlled else nobody
        self._front = Front(self._pool.network, self.server.address, self.server.egress_socket, resolve)
        if self.server.controlled:
            self._actors = Actors(self)
        self.follow()
        return f"https://127.0.0.1:{self._front.port}"

    def follow(self) -> None:
        """Lets the nodes and the port be what the account says now; the work is done in the background."""
        if self._front:
            self._front.set_mode(self.store.world.trouble("api", self.cluster.name))
            self._follow_pods()
            self._keeper.want(machines.nodes(self.store, self.cluster, "15" if self._lifts % 2 else "0"))

        if self._actors:
            self._actors.follow()

    def _follow_pods(self) -> None:
        """A pod for which there was no room is looked at again when something about a node changes."""
        pods = self.store.world.troubles["pods"]
        full = {name for name, mode in pods.items() if mode == stages.UNSCHEDULABLE}
        if self._full - full:
            self._lifts += 1
        self._full = full
        self.server.controllers.trouble(pods)

    def synced(self) -> bool:
        """Whether the API server shows what the account says now."""
        self.follow()
        return self._keeper.idle or not self.server.running

    def neighbours(self) -> list[str]:
        return sorted({plane.cluster.name for plane in list(planes.values())})

    def rules(self, role: str) -> list[dict[str, Any]]:
        with self._lock:
            known = self._rules.get(role)
            if known and time.monotonic() - known[0] < RULES_SECONDS:
                return known[1]
            self._client = self._client or self.server.client()
            rules = self._client.call("GET", f"{ROLES}/{role}").get("rules") or []
            self._rules[role] = (time.monotonic(), rules)
            return rules

    def stop(self) -> None:
        """Nobody waits for it: the process is gone a moment later."""
        planes.pop(self.server.ident, None)
        self._keeper.stop()
        if self._actors:
            self._actors.stop()
        threading.Thread(target=self._stop, daemon=True).start()

    def _stop(self) -> None:
        if self._front:
            self._front.close()
        self._pool.stop(self.server)

    def complain(self) -> None:
        print(f"local AWS: cluster {self.cluster.name}: {self.server.error}", file=sys.stderr, flush=True)
