"""UpdateNodegroupConfig and UpdateNodegroupVersion."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

from ..call import Call
from ..clock import utcnow
from ..errors import ApiError
from ..failures import Failure, failure_of
from . import checks, joining, nodes
from . import nodegroup_checks as rules
from .registry import Answer, operation
from .store import Cluster, Nodegroup, fail_update, new_update
from .versions import ami_release, checked_version

CHANGES = ("labels", "taints", "scalingConfig", "updateConfig", "nodeRepairConfig", "warmPoolConfig")


def _updatable(call: Call) -> tuple[Cluster, Nodegroup, dict[str, str]]:
    cluster = call.store.cluster(call.params["clusterName"])
    group = call.store.nodegroup(cluster.name, call.params["nodegroupName"])
    where = {"clusterName": cluster.name, "nodegroupName": group.name}
    nodes.follow(call.store, group)
    if group.busy:
        text = f"Nodegroup cannot be updated: not in Active State, update {group.busy} in progress"
        raise ApiError("ResourceInUseException", text, 409, **where)
    if group.view["status"] in ("CREATING", "UPDATING", "DELETING"):
        text = f"Nodegroup cannot be updated as it is currently not in Active State ({group.view['status']})"
        raise ApiError("ResourceInUseException", text, 409, **where)
    if group.view["status"] not in ("ACTIVE", "DEGRADED"):
        text = f"Nodegroup is in {group.view['status']} status and cannot be updated"
        raise ApiError("InvalidRequestException", text, **where)
    return cluster, group, where


def _run(call: Call, where: dict, kind: str, params: dict[str, str], apply: Callable[[], None]) -> Answer:
    world = call.world
    cluster = call.store.cluster(where["clusterName"])
    group = cluster.nodegroups[where["nodegroupName"]]
    update = new_update(cluster, kind, params, nodegroupName=group.name)
    failure = world.take_failure("nodegroup-update", group.name)
    before, template = copy.deepcopy(group.view), group.user_template
    group.busy = update["id"]
    group.view["status"] = "UPDATING"

    def end() -> None:
        stuck = kind == "VersionUpdate" and not joining.joins(call.store, group)
        reason = failure or (Failure("", "NodeCreationFailure", joining.NOT_JOINED) if stuck else None)
        if reason:
            reason.code = reason.code or "PodEvictionFailure"
            close(reason)
        else:
            apply()
            world.clock.when(cluster.synced, close)

    def failed(error: Exception) -> None:
        """The group is as it was, machines included."""
        group.view.clear()
        group.view.update(before)
        group.user_template = template
        nodes.scale(call.store, cluster, group)
        close(failure_of(error, "NodeCreationFailure", "Unknown"))

    def close(reason: Failure | None = None) -> None:
        group.busy = None
        group.view["status"], group.view["modifiedAt"] = "ACTIVE", utcnow()
        if reason:
            fail_update(update, reason, [group.name])
        else:
            update["status"] = "Successful"

    duration = "nodegroup.config-update" if kind == "ConfigUpdate" else "nodegroup.version-update"
    world.later(duration, end, failed=failed)
    return {"update": dict(update)}


@operation("UpdateNodegroupConfig")
def update_nodegroup_config(call: Call) -> Answer:
    cluster, group, where = _updatable(call)
    if not any(call.params.get(key) for key in CHANGES):
        raise checks.invalid("No updates were specified.", **where)
    wanted, shown = _wanted(call.params, group.view, where)

    def apply() -> None:
        if group.view["scalingConfig"]["desiredSize"] == 0:
            group.ready_since = call.world.clock.now()
        group.view.update(wanted)
        nodes.scale(call.store, cluster, group)

    return _run(call, where, "ConfigUpdate", shown, apply)


def _wanted(
    params: dict[str, Any], view: dict[str, Any], where: dict
) -> tuple[dict[str, Any], dict[str, str]]:
    """The properties after the update, and the update's parameters as EKS shows them."""
    wanted: dict[str, Any] = {}
    shown: dict[str, str] = {}
    if sizes := params.get("scalingConfig"):
        wanted["scalingConfig"] = rules.scaling({**view["scalingConfig"], **sizes}, **where)
        shown.update({key[0].upper() + key[1:]: str(value) for key, value in sizes.items()})
    if labels := params.get("labels"):
        wanted["labels"] = _labels(view.get("labels", {}), labels, where)
        shown["LabelsToAdd"] = json.dumps(labels.get("addOrUpdateLabels", {}))
        shown["LabelsToRemove"] = json.dumps(labels.get("removeLabels", []))
    if taints := params.get("taints"):
        wanted["taints"] = _taints(view.get("taints", []), taints)
        shown["TaintsToAdd"] = json.dumps(taints.get("addOrUpdateTaints", []))
        shown["TaintsToRemove"] = json.dumps(taints.get("removeTaints", []))
    if config := params.get("updateConfig"):
        rules.update_config(config, **where)
        wanted["updateConfig"] = dict(config)
        shown.update({key[0].upper() + key[1:]: str(value) for key, value in config.items()})
    if repair := params.get("nodeRepairConfig"):
        wanted["nodeRepairConfig"] = repair
        shown["NodeRepairConfig"] = json.dumps(repair)
    if pool := params.get("warmPoolConfig"):
        wanted["warmPoolConfig"] = pool
    return wanted, shown


def _labels(live: dict[str, str], asked: dict[str, Any], where: dict) -> dict[str, str]:
    rules.labels(asked.get("addOrUpdateLabels", {}), **where)
    kept = {key: value for key, value in live.items() if key not in asked.get("removeLabels", [])}
    return {**kept, **asked.get("addOrUpdateLabels", {})}


def _taints(live: list[dict[str, str]], asked: dict[str, Any]) -> list[dict[str, str]]:
    """A taint is known by its key and effect."""

    def ident(taint: dict[str, str]) -> tuple[str, str]:
        return taint.get("key", ""), taint.get("effect", "")

    gone = {ident(taint) for taint in [*asked.get("removeTaints", []), *asked.get("addOrUpdateTaints", [])]}
    return [taint for taint in live if ident(taint) not in gone] + asked.get("addOrUpdateTaints", [])


@operation("UpdateNodegroupVersion")
def update_nodegroup_version(call: Call) -> Answer:
    cluster, group, where = _updatable(call)
    rules.usable_cluster(cluster)
    params, view = call.params, group.view
    template = _template(call, group, where)
    custom = view["amiType"] == "CUSTOM"
    if custom and (params.get("version") or params.get("releaseVersion")):
        raise checks.invalid(
            "You cannot specify the field kubernetesVersion when using custom AMIs.", **where
        )
    version = params.get("version") or (view["version"] if template else cluster.view["version"])
    checked_version(call.world, version, **where)
    rules.version(version, cluster, **where)
    rules.release(params.get("releaseVersion"), version, view["amiType"], **where)
    release = params.get("releaseVersion") or (
        view["releaseVersion"] if template and version == view["version"] else None
    )
    wanted: dict[str, Any] = {"version": version}
    if not custom:
        wanted["releaseVersion"] = release or ami_release(call.world, version, view["amiType"])
    if template:
        wanted["launchTemplate"] = {**view["launchTemplate"], "version": str(template[1])}
        if image := template[2].get("ImageId"):
            wanted["releaseVersion"] = image

    def apply() -> None:
        view.update(wanted)
        if template:
            group.user_template = template[:2]
        nodes.replace_all(call.store, cluster, group)

    shown = {"Version": version, "ReleaseVersion": wanted.get("releaseVersion", view["releaseVersion"])}
    if template:
        shown["LaunchTemplateName"] = wanted["launchTemplate"]["name"]
        shown["LaunchTemplateVersion"] = wanted["launchTemplate"]["version"]
    return _run(call, where, "VersionUpdate", shown, apply)


def _template(call: Call, group: Nodegroup, where: dict[str, str]) -> tuple[str, int, dict[str, Any]] | None:
    """Another version of the group's own template; the template itself cannot be another."""
    found = rules.launch_template(call, **where)
    if not found:
        return None
    if not group.user_template or found[0] != group.user_template[0]:
        text = "You cannot change the launch template of a node group, only its version"
        raise checks.invalid(text, **where)
    data = found[2]
    if bool(data.get("ImageId")) != (group.view["amiType"] == "CUSTOM"):
        raise checks.invalid("You cannot move between a custom AMI and one of EKS's", **where)
    if data.get("InstanceType") and group.view.get("instanceTypes"):
        raise checks.invalid("Cannot specify instance types in launch template and API request", **where)
    rules.against_template({}, data, **where)
    return found
