"""What EKS holds in one account and region."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..backends import Backends
from ..clock import Event, utcnow
from ..errors import ApiError

if TYPE_CHECKING:
    from ..kubernetes.planes import ControlPlane
    from ..world import World

Json = dict[str, Any]


@dataclass
class Nodegroup:
    """`view` is what DescribeNodegroup shows; the rest is how it stands."""

    view: Json
    user_template: tuple[str, int] | None = None
    eks_template: str = ""
    group_name: str = ""
    began: float = 0.0
    ready_since: float | None = None
    busy: str | None = None
    event: Event | None = None
    # Of its nodes in Kubernetes: whether they will never be there, whether they are Ready, which are there.
    refused: bool = False
    nodes_ready: bool = False
    joined: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        return self.view["nodegroupName"]


@dataclass
class Addon:
    view: Json
    began: float = 0.0
    doing: str = ""
    update: Json | None = None
    pending: Json = field(default_factory=dict)
    # The pod identity associations that an update asks for; None leaves them as they are.
    wanted: list[Json] | None = None
    # Whether what it has made is to stay when it goes.
    preserve: bool = False
    failure: Any = None

    @property
    def name(self) -> str:
        return self.view["addonName"]


@dataclass
class AccessEntry:
    view: Json
    policies: dict[str, Json] = field(default_factory=dict)


@dataclass
class Cluster:
    view: Json
    issuer_id: str
    creator: str = ""
    plane: ControlPlane | None = None
    security_group: str = ""
    interfaces: list[str] = field(default_factory=list)
    nodegroups: dict[str, Nodegroup] = field(default_factory=dict)
    addons: dict[str, Addon] = field(default_factory=dict)
    entries: dict[str, AccessEntry] = field(default_factory=dict)
    # Pod identity associations as they are shown, by their id.
    associations: dict[str, Json] = field(default_factory=dict)
    # Add-ons that went and whose software was to stay.
    preserved: set[str] = field(default_factory=set)
    updates: list[Json] = field(default_factory=list)
    busy: str | None = None
    events: list[Event] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.view["name"]

    @property
    def status(self) -> str:
        return self.view["status"]

    def stop(self) -> None:
        """Its Kubernetes ends."""
        if self.plane:
            self.plane.stop()
        self.plane = None

    def synced(self) -> bool:
        """Whether Kubernetes, where there is one, shows the nodes as they are."""
        return self.plane is None or self.plane.synced()

    def nodes_since(self) -> float | None:
        """When the first node was there, by the account's clock."""
        times = [
            group.ready_since
            for group in self.nodegroups.values()
            if group.ready_since is not None and group.view["scalingConfig"]["desiredSize"] > 0
        ]
        return min(times) if times else None


class Store:
    def __init__(self, world: World, region: str) -> None:
        self.world, self.region = world, region
        self.clusters: dict[str, Cluster] = {}

    @property
    def aws(self) -> Backends:
        return Backends(self.world.account, self.region)

    def arn(self, kind: str, *parts: str) -> str:
        return f"arn:aws:eks:{self.region}:{self.world.account}:{kind}/{'/'.join(parts)}"

    def cluster(self, name: str) -> Cluster:
        if name not in self.clusters:
            raise ApiError(
                "ResourceNotFoundException", f"No cluster found for name: {name}.", 404, clusterName=name
            )
        return self.clusters[name]

    def nodegroup(self, cluster: str, name: str) -> Nodegroup:
        found = self.cluster(cluster).nodegroups.get(name)
        if not found:
            text = f"No node group found for name: {name}."
            raise ApiError("ResourceNotFoundException", text, 404, clusterName=cluster, nodegroupName=name)
        return found

    def addon(self, cluster: str, name: str) -> Addon:
        found = self.cluster(cluster).addons.get(name)
        if not found:
            text = f"No addon: {name} found in cluster: {cluster}"
            raise ApiError("ResourceNotFoundException", text, 404, clusterName=cluster, addonName=name)
        return found

    def settle(self) -> None:
        from .addon_states import settle_addon

        if self.world.clock.paused:
            return
        for cluster in list(self.clusters.values()):
            for addon in list(cluster.addons.values()):
                settle_addon(self, cluster, addon)


def new_update(cluster: Cluster, kind: str, params: Json, **where: str) -> Json:
    """A record of DescribeUpdate; `where` names the node group or add-on that it belongs to."""
    update = {
        "id": str(uuid.uuid4()),
        "status": "InProgress",
        "type": kind,
        "params": [{"type": key, "value": value} for key, value in params.items()],
        "createdAt": utcnow(),
        "errors": [],
    }
    cluster.updates.insert(0, {"where": where, "view": update})
    return update


def fail_update(update: Json, failure: Any, resources: list[str]) -> None:
    update["status"] = "Failed"
    code = failure.code or "Unknown"
    message = failure.message or "the update failed"
    update["errors"] = [{"errorCode": code, "errorMessage": message, "resourceIds": resources}]
