"""How an add-on's status goes on with time, and with the nodes that some need to become ACTIVE."""

from __future__ import annotations

from ..clock import DURATIONS, utcnow
from ..errors import ApiError
from ..failures import Failure, failure_of
from .addon_catalogue import needs_nodes
from .pod_identity import disown, own
from .store import Addon, Cluster, Json, Store, fail_update


def duration(store: Store, name: str, doing: str) -> float:
    if not store.world.clock.factor:
        return 0.0
    return DURATIONS.get(f"addon.{name}.{doing}", DURATIONS[f"addon.{doing}"])


def settle_addon(store: Store, cluster: Cluster, addon: Addon) -> None:
    """Without nodes such an add-on stays as it is, and is DEGRADED after the time that EKS gives it."""
    clock = store.world.clock
    waiting = addon.view["status"] == "DEGRADED" and addon.doing == ""
    if not addon.doing and not waiting:
        return
    began = addon.began
    if needs_nodes(addon.name) and addon.doing != "delete":
        since = cluster.nodes_since()
        if since is None:
            _without_nodes(store, addon)
            return
        began = max(began, since)
    elif waiting:
        return
    if clock.now() >= began + duration(store, addon.name, addon.doing or "create"):
        _finish(store, cluster, addon)


def _without_nodes(store: Store, addon: Addon) -> None:
    clock = store.world.clock
    if not addon.doing or not clock.factor or clock.now() < addon.began + DURATIONS["addon.no-nodes-limit"]:
        return
    text = "The add-on is unhealthy because it doesn't have the desired number of replicas."
    _settle_failed(addon, "InsufficientNumberOfReplicas", text, "DEGRADED")


def _settle_failed(addon: Addon, code: str, message: str, status: str) -> None:
    addon.view["status"], addon.view["modifiedAt"] = status, utcnow()
    addon.view["health"] = {"issues": [{"code": code, "message": message, "resourceIds": []}]}
    addon.doing, addon.failure = "", None


def _finish(store: Store, cluster: Cluster, addon: Addon) -> None:
    doing, failure = addon.doing, addon.failure
    if doing == "update" and not failure and addon.wanted is not None:
        failure = _associate(store, cluster, addon, addon.wanted)
    addon.wanted = None
    if failure:
        _fail(addon, doing, failure)
        return
    if doing == "delete":
        disown(cluster, addon)
        if addon.preserve:
            cluster.preserved.add(addon.name)
        cluster.addons.pop(addon.name, None)
        return
    if doing == "update":
        addon.view.update(addon.pending)
        if addon.update:
            addon.update["status"] = "Successful"
    addon.view["status"], addon.view["modifiedAt"] = "ACTIVE", utcnow()
    addon.view["health"] = {"issues": []}
    addon.doing, addon.pending, addon.update = "", {}, None


def _associate(store: Store, cluster: Cluster, addon: Addon, asked: list[Json]) -> Failure | None:
    """Somebody may have taken a service account while the update was under way."""
    try:
        own(store, cluster, addon, asked)
        return None
    except ApiError as error:
        return failure_of(error, "ConfigurationConflict", "InternalFailure")


def _fail(addon: Addon, doing: str, failure) -> None:
    """CREATE_FAILED, UPDATE_FAILED, DELETE_FAILED; or DEGRADED where that was asked for."""
    status = (
        failure.status
        or {"create": "CREATE_FAILED", "update": "UPDATE_FAILED", "delete": "DELETE_FAILED"}[doing]
    )
    if doing == "update" and addon.update:
        fail_update(addon.update, failure, [addon.name])
    code = failure.code or "ConfigurationConflict"
    message = failure.message or "Conflicts found when trying to apply."
    _settle_failed(addon, code, message, status)
