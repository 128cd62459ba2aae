"""CreateNodegroup, DescribeNodegroup, ListNodegroups, DeleteNodegroup."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from ..call import Call
from ..clock import DURATIONS, Failed, utcnow
from ..errors import ApiError
from ..failures import Failure, failure_of
from ..quotas import enforce
from . import access, checks, joining, nodes
from . import nodegroup_checks as rules
from .registry import Answer, operation
from .store import Cluster, Nodegroup, Store
from .versions import ami_release, checked_version


@operation("CreateNodegroup")
def create_nodegroup(call: Call) -> Answer:
    params, store = call.params, call.store
    cluster = store.cluster(params["clusterName"])
    name = params["nodegroupName"]
    where = {"clusterName": cluster.name, "nodegroupName": name}
    rules.usable_cluster(cluster)
    if name in cluster.nodegroups:
        text = f"NodeGroup already exists with name {name} and cluster name {cluster.name}"
        raise ApiError("ResourceInUseException", text, 409, **where)
    template = _check(call, cluster, where)
    enforce(call)
    group = Nodegroup(_view(call, cluster, template))
    group.user_template = template[:2] if template else None
    cluster.nodegroups[name] = group
    call.replay = lambda: {"nodegroup": group.view} if cluster.nodegroups.get(name) is group else None
    _begin(store, cluster, group)
    return {"nodegroup": group.view}


def _check(call: Call, cluster: Cluster, where: dict[str, str]) -> tuple[str, int, dict[str, Any]] | None:
    params = call.params
    rules.scaling({"minSize": 1, "maxSize": 2, "desiredSize": 2, **params.get("scalingConfig", {})}, **where)
    rules.subnets(call, cluster, **where)
    template = rules.launch_template(call, **where)
    data = template[2] if template else None
    if data is not None:
        rules.against_template(params, data, **where)
    rules.custom_without_image(params, data, **where)
    types = params.get("instanceTypes") or (
        [data["InstanceType"]] if data and data.get("InstanceType") else []
    )
    rules.instance_types(types, params.get("amiType") or _default_ami(data), **where)
    if params.get("version"):
        checked_version(call.world, params["version"], **where)
        rules.version(params["version"], cluster, **where)
    version = params.get("version") or cluster.view["version"]
    ami_type = params.get("amiType") or _default_ami(data)
    rules.release(params.get("releaseVersion"), version, ami_type, **where)
    rules.labels(params.get("labels", {}), **where)
    rules.update_config(params.get("updateConfig", {}), **where)
    checks.tags(params.get("tags"), **where)
    checks.role(call, params["nodeRole"], "ec2.amazonaws.com", **where)
    return template


def _default_ami(data: dict[str, Any] | None) -> str:
    return "CUSTOM" if data and data.get("ImageId") else "AL2023_x86_64_STANDARD"


def _view(call: Call, cluster: Cluster, template: tuple[str, int, dict[str, Any]] | None) -> dict[str, Any]:
    params = call.params
    data = template[2] if template else None
    ami_type = params.get("amiType") or _default_ami(data)
    version = params.get("version") or cluster.view["version"]
    name = params["nodegroupName"]
    release = params.get("releaseVersion") or ami_release(call.world, version, ami_type)
    view = {
        "nodegroupName": name,
        "nodegroupArn": call.store.arn("nodegroup", cluster.name, name, str(uuid.uuid4())),
        "clusterName": cluster.name,
        "version": version,
        "releaseVersion": nodes.image_of(ami_type, "") if ami_type == "CUSTOM" else release,
        "createdAt": utcnow(),
        "modifiedAt": utcnow(),
        "status": "CREATING",
        "capacityType": params.get("capacityType", "ON_DEMAND"),
        "scalingConfig": {"minSize": 1, "maxSize": 2, "desiredSize": 2, **params.get("scalingConfig", {})},
        "subnets": list(params["subnets"]),
        "amiType": ami_type,
        "nodeRole": params["nodeRole"],
        "health": {"issues": []},
        "updateConfig": dict(params.get("updateConfig") or {"maxUnavailable": 1}),
        "tags": checks.tags(params.get("tags")),
    }
    for key in ("labels", "taints", "remoteAccess", "nodeRepairConfig", "warmPoolConfig"):
        if params.get(key):
            view[key] = params[key]
    _machine(view, params, call, template)
    return view


def _machine(view: dict[str, Any], params: dict[str, Any], call: Call, template: tuple | None) -> None:
    """Types and disk are shown where the API decides them, not where the template does."""
    if template:
        ident, number, data = template
        name = call.aws.ec2.launch_templates[ident].name
        view["launchTemplate"] = {"id": ident, "name": name, "version": str(number)}
        if data.get("ImageId"):
            view["releaseVersion"] = data["ImageId"]
        if not data.get("InstanceType"):
            view["instanceTypes"] = params.get("instanceTypes") or ["t3.medium"]
    else:
        view["instanceTypes"] = params.get("instanceTypes") or ["t3.medium"]
        view["diskSize"] = params.get("diskSize", 20)


def _begin(store: Store, cluster: Cluster, group: Nodegroup) -> None:
    world = store.world
    access.add_node_role(store, cluster, group.view["nodeRole"], "WINDOWS" in group.view["amiType"])
    failure = world.take_failure("nodegroup-create", group.name)
    group.refused = failure is not None
    group.began = world.clock.now()
    world.later("nodegroup.instances", lambda: _launch(store, cluster, group), failed=_lost(group))
    if failure:
        group.event = world.later("nodegroup.fail", lambda: _fail(group, failure, "CREATE_FAILED"))
        return
    empty = group.view["scalingConfig"]["desiredSize"] == 0
    duration = "nodegroup.create-empty" if empty else "nodegroup.create"
    group.event = world.later(duration, lambda: _activate(store, cluster, group), failed=_lost(group))


def _lost(group: Nodegroup) -> Failed:
    """The end of a creation in which EC2 refused something."""
    return lambda error: _give_up(group, failure_of(error, "AsgInstanceLaunchFailures", "InternalFailure"))


def _launch(store: Store, cluster: Cluster, group: Nodegroup) -> None:
    """The group and its machines, or what stands in their way."""
    role = group.view["nodeRole"]
    if not any(item.arn == role for item in store.aws.iam.roles.values()):
        _give_up(group, Failure("", "IamNodeRoleNotFound", f"The role {role} was not found."))
        return
    data = nodes.template_data(store, cluster, group)
    if subnets := joining.without_public_address(store, group, data):
        text = (
            f"One or more Amazon EC2 Subnets of {subnets} for node group {group.name} does not automatically assign "
            "public IP addresses to instances launched into it."
        )
        _give_up(group, Failure("", "Ec2SubnetInvalidConfiguration", text))
        return
    nodes.make_group(store, cluster, group)
    nodes.scale(store, cluster, group)


def _give_up(group: Nodegroup, failure: Failure) -> None:
    if group.event:
        group.event.cancel()
    _fail(group, failure, "CREATE_FAILED")


def _activate(store: Store, cluster: Cluster, group: Nodegroup) -> None:
    """Nodes that cannot get out try again until the limit; with durations off they fail at once."""
    clock = store.world.clock
    waited = clock.now() - group.began
    if group.view["scalingConfig"]["desiredSize"] and not joining.joins(store, group):
        if clock.factor and waited < DURATIONS["nodegroup.join-limit"]:
            again = partial(_activate, store, cluster, group)
            group.event = store.world.later("nodegroup.join-retry", again, failed=_lost(group))
        else:
            _fail(group, Failure("", "NodeCreationFailure"), "CREATE_FAILED")
        return
    group.nodes_ready = True
    group.event = clock.when(cluster.synced, lambda: _show_active(store, group))


def _show_active(store: Store, group: Nodegroup) -> None:
    group.view["status"] = "ACTIVE"
    group.ready_since = store.world.clock.now()


def _fail(group: Nodegroup, failure: Failure, status: str) -> None:
    group.view["status"] = status
    group.busy = None
    message = failure.message or joining.NOT_JOINED
    issue = {"code": failure.code or "NodeCreationFailure", "message": message, "resourceIds": [group.name]}
    group.view["health"] = {"issues": [issue]}


@operation("DescribeNodegroup")
def describe_nodegroup(call: Call) -> Answer:
    group = call.store.nodegroup(call.params["clusterName"], call.params["nodegroupName"])
    nodes.follow(call.store, group)
    return {"nodegroup": group.view}


@operation("ListNodegroups")
def list_nodegroups(call: Call) -> Answer:
    return {"nodegroups": sorted(call.store.cluster(call.params["clusterName"]).nodegroups)}


@operation("DeleteNodegroup")
def delete_nodegroup(call: Call) -> Answer:
    store = call.store
    cluster = store.cluster(call.params["clusterName"])
    group = store.nodegroup(cluster.name, call.params["nodegroupName"])
    status = group.view["status"]
    where = {"clusterName": cluster.name, "nodegroupName": group.name}
    if status in ("CREATING", "UPDATING"):
        text = f"Nodegroup {group.name} cannot be deleted because it is currently in {status} status"
        raise ApiError("ResourceInUseException", text, 409, **where)
    if status != "DELETING":
        _begin_delete(store, cluster, group)
    return {"nodegroup": group.view}


def _begin_delete(store: Store, cluster: Cluster, group: Nodegroup) -> None:
    failure = store.world.take_failure("nodegroup-delete", group.name)
    group.view["status"] = "DELETING"
    group.ready_since = None
    if failure:
        failure.code = failure.code or "Ec2SecurityGroupDeletionFailure"
        store.world.later("nodegroup.delete", lambda: _fail(group, failure, "DELETE_FAILED"))
    else:
        store.world.later("nodegroup.delete", lambda: _remove(store, cluster, group), failed=_stuck(group))


def _stuck(group: Nodegroup) -> Failed:
    def failed(error: Exception) -> None:
        _fail(group, failure_of(error, "InternalFailure", "InternalFailure"), "DELETE_FAILED")

    return failed


def _remove(store: Store, cluster: Cluster, group: Nodegroup) -> None:
    """Its nodes are gone from Kubernetes before it is gone from EKS."""
    nodes.remove_group(store, cluster, group)
    store.world.clock.when(cluster.synced, lambda: _forget(cluster, group))


def _forget(cluster: Cluster, group: Nodegroup) -> None:
    cluster.nodegroups.pop(group.name, None)
    others = {item.view["nodeRole"] for item in cluster.nodegroups.values()}
    entry = cluster.entries.get(group.view["nodeRole"])
    if entry and group.view["nodeRole"] not in others and entry.view["type"].startswith("EC2"):
        cluster.entries.pop(group.view["nodeRole"])
