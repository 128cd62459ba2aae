"""DescribeUpdate and ListUpdates, and the updates of a cluster itself: one at a time, one type a call."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ..call import Call
from ..errors import ApiError
from ..failures import failure_of
from . import access, checks
from .clusters import check_endpoints, enabled_logs, ensure_log_group, logging_view
from .registry import Answer, operation
from .store import Cluster, Store, fail_update, new_update
from .versions import checked_version, number, platform_version

MODES = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"]
AUTO_MODE = ("computeConfig", "kubernetesNetworkConfig", "storageConfig")


def _where(params: dict[str, Any]) -> dict[str, str]:
    return {key: params[key] for key in ("nodegroupName", "addonName") if params.get(key)}


@operation("DescribeUpdate")
def describe_update(call: Call) -> Answer:
    cluster = call.store.cluster(call.params["name"])
    for update in cluster.updates:
        if update["view"]["id"] == call.params["updateId"] and update["where"] == _where(call.params):
            return {"update": update["view"]}
    text = f"No update found for ID: {call.params['updateId']}"
    raise ApiError("ResourceNotFoundException", text, 404, clusterName=cluster.name)


@operation("ListUpdates")
def list_updates(call: Call) -> Answer:
    where = _where(call.params)
    cluster = call.store.cluster(call.params["name"])
    if name := where.get("nodegroupName"):
        call.store.nodegroup(cluster.name, name)
    if name := where.get("addonName"):
        call.store.addon(cluster.name, name)
    return {"updateIds": [item["view"]["id"] for item in cluster.updates if item["where"] == where]}


def _updatable(call: Call, kind: str) -> Cluster:
    cluster = call.store.cluster(call.params["name"])
    where = {"clusterName": cluster.name}
    if cluster.busy:
        text = f"Cannot {kind} because cluster {cluster.name} currently has update {cluster.busy} in progress"
        raise ApiError("ResourceInUseException", text, 409, **where)
    if cluster.status in ("CREATING", "UPDATING"):
        raise ApiError("ResourceInUseException", "Cluster is not in ACTIVE status", 409, **where)
    if cluster.status != "ACTIVE":
        raise ApiError("InvalidRequestException", "Cluster is not in ACTIVE status", **where)
    return cluster


def _run(
    store: Store, cluster: Cluster, kind: str, params: dict[str, str], apply: Callable[[], None]
) -> Answer:
    """The cluster is UPDATING until the update's end; only then does Describe show the new value."""
    update = new_update(cluster, kind, params)
    failure = store.world.take_failure("cluster-update", cluster.name)
    cluster.busy = update["id"]
    cluster.view["status"] = "UPDATING"

    def end() -> None:
        cluster.busy = None
        cluster.view["status"] = "ACTIVE"
        if failure:
            fail_update(update, failure, [cluster.name])
        else:
            apply()
            update["status"] = "Successful"

    def failed(error: Exception) -> None:
        fail_update(update, failure_of(error, "OperationNotPermitted", "Unknown"), [cluster.name])

    duration = "cluster.version-update" if kind == "VersionUpdate" else "cluster.config-update"
    store.world.later(duration, end, failed=failed)
    return {"update": dict(update)}


@operation("UpdateClusterVersion")
def update_cluster_version(call: Call) -> Answer:
    cluster = _updatable(call, "VersionUpdate")
    old, new = (
        cluster.view["version"],
        checked_version(call.world, call.params["version"], clusterName=cluster.name),
    )
    if old == new:
        raise checks.invalid(f"Cluster is already at the desired configuration with version {new}")
    if number(new) != (number(old)[0], number(old)[1] + 1):
        text = f"Unsupported Kubernetes minor version update from {old} to {new}"
        raise checks.invalid(text, clusterName=cluster.name)
    platform = platform_version(call.world, new)

    def apply() -> None:
        cluster.view["version"], cluster.view["platformVersion"] = new, platform

    return _run(call.store, cluster, "VersionUpdate", {"Version": new, "PlatformVersion": platform}, apply)


@operation("UpdateClusterConfig")
def update_cluster_config(call: Call) -> Answer:
    kinds = _kinds(call.params)
    if len(kinds) > 1:
        raise checks.invalid("Only one type of update can be allowed.", clusterName=call.params["name"])
    if not kinds:
        raise checks.invalid("No updates were specified.", clusterName=call.params["name"])
    kind = kinds[0]
    return PLANS[kind](call, _updatable(call, kind))


def _kinds(params: dict[str, Any]) -> list[str]:
    vpc = params.get("resourcesVpcConfig", {})
    kinds = []
    if vpc.keys() & {"endpointPublicAccess", "endpointPrivateAccess", "publicAccessCidrs"}:
        kinds.append("EndpointAccessUpdate")
    if vpc.keys() & {"subnetIds", "securityGroupIds"}:
        kinds.append("VpcConfigUpdate")
    if any(key in params for key in AUTO_MODE):
        kinds.append("AutoModeUpdate")
    simple = {
        "logging": "LoggingUpdate",
        "accessConfig": "AccessConfigUpdate",
        "upgradePolicy": "UpgradePolicyUpdate",
        "zonalShiftConfig": "ZonalShiftConfigUpdate",
        "remoteNetworkConfig": "RemoteNetworkConfigUpdate",
        "deletionProtection": "DeletionProtectionUpdate",
        "controlPlaneScalingConfig": "ControlPlaneScalingConfigUpdate",
    }
    return kinds + [kind for key, kind in simple.items() if key in params]


def _unchanged(cluster: Cluster, text: str) -> ApiError:
    return checks.invalid(
        f"Cluster is already at the desired configuration with {text}", clusterName=cluster.name
    )


def _endpoints(call: Call, cluster: Cluster) -> Answer:
    live, asked = cluster.view["resourcesVpcConfig"], call.params["resourcesVpcConfig"]
    keys = ("endpointPrivateAccess", "endpointPublicAccess")
    wanted = {key: asked.get(key, live[key]) for key in keys}
    check_endpoints(wanted["endpointPublicAccess"], wanted["endpointPrivateAccess"], cluster.name)
    cidrs = asked.get("publicAccessCidrs") or live["publicAccessCidrs"] or ["0.0.0.0/0"]
    wanted["publicAccessCidrs"] = list(cidrs) if wanted["endpointPublicAccess"] else []
    if all(sorted(live[k]) == sorted(v) if isinstance(v, list) else live[k] == v for k, v in wanted.items()):
        text = ", ".join(f"{key}: {str(wanted[key]).lower()}" for key in keys)
        raise _unchanged(cluster, f"{text}, and Public Endpoint Restrictions: [{', '.join(cidrs)}]")
    params = {
        "EndpointPublicAccess": str(wanted["endpointPublicAccess"]).lower(),
        "EndpointPrivateAccess": str(wanted["endpointPrivateAccess"]).lower(),
        "PublicAccessCidrs": json.dumps(wanted["publicAccessCidrs"]),
    }
    return _run(call.store, cluster, "EndpointAccessUpdate", params, lambda: live.update(wanted))


def _vpc_config(call: Call, cluster: Cluster) -> Answer:
    live, asked = cluster.view["resourcesVpcConfig"], call.params["resourcesVpcConfig"]
    wanted = {key: list(asked.get(key, live[key])) for key in ("subnetIds", "securityGroupIds")}
    vpc_id, _ = checks.cluster_subnets(call, wanted["subnetIds"], cluster.name)
    if vpc_id != live["vpcId"]:
        raise checks.invalid(
            "Provided subnets belong to another VPC than the cluster", clusterName=cluster.name
        )
    checks.security_groups(call.aws, wanted["securityGroupIds"], vpc_id, clusterName=cluster.name)
    if all(sorted(live[key]) == sorted(wanted[key]) for key in wanted):
        raise _unchanged(cluster, "the subnets and security groups given")
    params = {
        "Subnets": json.dumps(wanted["subnetIds"]),
        "SecurityGroups": json.dumps(wanted["securityGroupIds"]),
    }
    return _run(call.store, cluster, "VpcConfigUpdate", params, lambda: live.update(wanted))


def _logging(call: Call, cluster: Cluster) -> Answer:
    before = enabled_logs(cluster.view)
    wanted = logging_view(call.params["logging"], before)
    if wanted == cluster.view["logging"]:
        raise checks.invalid("No changes needed for the logging config provided", clusterName=cluster.name)

    def apply() -> None:
        cluster.view["logging"] = wanted
        ensure_log_group(call.store, cluster)

    return _run(call.store, cluster, "LoggingUpdate", {"ClusterLogging": json.dumps(wanted)}, apply)


def _access(call: Call, cluster: Cluster) -> Answer:
    live = cluster.view["accessConfig"]
    old, new = live["authenticationMode"], call.params["accessConfig"].get("authenticationMode")
    if not new or new == old:
        raise _unchanged(cluster, f"authenticationMode: {old}")
    if MODES.index(new) < MODES.index(old):
        raise checks.invalid(
            f"Unsupported authentication mode update from {old} to {new}", clusterName=cluster.name
        )

    def apply() -> None:
        live["authenticationMode"] = new
        for group in cluster.nodegroups.values():
            access.add_node_role(call.store, cluster, group.view["nodeRole"])

    return _run(call.store, cluster, "AccessConfigUpdate", {"AuthenticationMode": new}, apply)


def _block(key: str, kind: str, param: str) -> Callable[[Call, Cluster], Answer]:
    """An update that puts one block of the request in the place of what is there."""

    def plan(call: Call, cluster: Cluster) -> Answer:
        wanted = call.params[key]
        if cluster.view.get(key) == wanted:
            raise _unchanged(cluster, f"{key}: {json.dumps(wanted)}")
        value = json.dumps(wanted)
        return _run(call.store, cluster, kind, {param: value}, lambda: cluster.view.update({key: wanted}))

    return plan


def _auto_mode(call: Call, cluster: Cluster) -> Answer:
    if missing := [key for key in AUTO_MODE if key not in call.params]:
        text = (
            f"For EKS Auto Mode, {', '.join(AUTO_MODE)} must be set together; missing: {', '.join(missing)}"
        )
        raise checks.invalid(text, clusterName=cluster.name)

    def apply() -> None:
        for key in AUTO_MODE:
            cluster.view[key] = {**cluster.view.get(key, {}), **call.params[key]}

    params = {key[0].upper() + key[1:]: json.dumps(call.params[key]) for key in AUTO_MODE}
    return _run(call.store, cluster, "AutoModeUpdate", params, apply)


PLANS: dict[str, Callable[[Call, Cluster], Answer]] = {
    "EndpointAccessUpdate": _endpoints,
    "VpcConfigUpdate": _vpc_config,
    "LoggingUpdate": _logging,
    "AccessConfigUpdate": _access,
    "AutoModeUpdate": _auto_mode,
    "UpgradePolicyUpdate": _block("upgradePolicy", "UpgradePolicyUpdate", "UpgradePolicy"),
    "ZonalShiftConfigUpdate": _block("zonalShiftConfig", "ZonalShiftConfigUpdate", "ZonalShiftConfig"),
    "RemoteNetworkConfigUpdate": _block(
        "remoteNetworkConfig", "RemoteNetworkConfigUpdate", "RemoteNetworkConfig"
    ),
    "DeletionProtectionUpdate": _block(
        "deletionProtection", "DeletionProtectionUpdate", "DeletionProtection"
    ),
    "ControlPlaneScalingConfigUpdate": _block(
        "controlPlaneScalingConfig", "ControlPlaneScalingConfigUpdate", "UpdatedTier"
    ),
}
