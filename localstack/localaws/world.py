"""Everything one account has beyond moto: its clock, settings, failures to come, and its EKS per region."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .clock import Clock, Event, Failed, Gate
from .eks.store import Cluster, Store
from .failures import Failure

DEFAULT_FACTOR = 1.0
DEFAULT_KUBERNETES = False
DEFAULT_CONTROLLERS = False


@dataclass
class Releases:
    """What AWS has released, as far as it differs from the shipped catalogues."""

    default_version: str = ""
    versions: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    addons: dict[str, list[str]] = field(default_factory=dict)
    addon_defaults: dict[str, str] = field(default_factory=dict)
    zones: list[str] | str = ""
    ami_release: str = ""


class World:
    def __init__(self, account: str) -> None:
        self.account = account
        self.lock = threading.RLock()
        self.clock = Clock(DEFAULT_FACTOR)
        self.releases = Releases()
        self.leak = True
        self.kubernetes = DEFAULT_KUBERNETES
        # Whether controllers join the API servers, so that workloads run.
        self.controllers = DEFAULT_CONTROLLERS
        # Whether what controllers do in AWS needs the permissions of their pods' roles.
        self.permissions = False
        # What is wrong with nodes, ways to API servers, pods, webhooks, by the name of what it is about, or "*".
        self.troubles: dict[str, dict[str, str]] = {kind: {} for kind in ("nodes", "api", "pods", "webhook")}
        # What quotas are set to, by code; the others are told, and not held to.
        self.quotas: dict[str, int] = {}
        self.failures: list[Failure] = []
        self.stores: dict[str, Store] = {}
        self.role_born: dict[str, float] = {}
        self.tokens: dict[tuple[str, ...], tuple[str, Any]] = {}

    def store(self, region: str) -> Store:
        if region not in self.stores:
            self.stores[region] = Store(self, region)
        return self.stores[region]

    def settle(self) -> None:
        self.clock.settle()
        for store in self.stores.values():
            store.settle()

    def take_failure(self, what: str, name: str = "") -> Failure | None:
        for failure in self.failures:
            if failure.what == what and failure.name in ("", name) and failure.times > 0:
                failure.times -= 1
                return failure
        return None

    def trouble(self, kind: str, name: str) -> str:
        return self.troubles[kind].get(name, self.troubles[kind].get("*", ""))

    def follow(self) -> None:
        """Lets Kubernetes know of what a call has changed."""
        for cluster in self.clusters():
            if cluster.plane:
                cluster.plane.follow()

    def clusters(self) -> list[Cluster]:
        return [cluster for store in self.stores.values() for cluster in store.clusters.values()]

    def later(
        self,
        duration: str,
        effect: Callable[[], None],
        gate: Gate | None = None,
        failed: Failed | None = None,
    ) -> Event:
        return self.clock.after(duration, effect, gate=gate, failed=failed)


worlds: dict[str, World] = {}
_lock = threading.Lock()


def world_of(account: str) -> World:
    with _lock:
        if account not in worlds:
            worlds[account] = World(account)
        return worlds[account]
