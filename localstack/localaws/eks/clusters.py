"""CreateCluster, DescribeCluster, ListClusters, DeleteCluster, and how a cluster comes and goes."""

from __future__ import annotations

import base64
import uuid
from typing import Any

from moto.core.exceptions import ServiceException

from ..call import Call
from ..callers import canonical
from ..clock import utcnow
from ..errors import ApiError
from ..failures import Failure, failure_of
from ..kubernetes import pool
from ..kubernetes.certificates import Authority
from ..kubernetes.etcd import loopback
from ..kubernetes.planes import ControlPlane
from ..quotas import enforce
from . import access, checks, network
from .registry import Answer, operation
from .store import Cluster, Store
from .versions import checked_version, platform_version

LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
# The port of a cluster without Kubernetes: on this machine, and refused at once.
NOWHERE = 1
# Sent at creation and shown as sent.
ECHOED = (
    "remoteNetworkConfig",
    "computeConfig",
    "storageConfig",
    "zonalShiftConfig",
    "controlPlaneScalingConfig",
    "kubeApiServerConfig",
    "kubeSchedulerConfig",
    "kubeControllerManagerConfig",
)


@operation("CreateCluster")
def create_cluster(call: Call) -> Answer:
    params, store = call.params, call.store
    name = params["name"]
    if name in store.clusters:
        raise ApiError(
            "ResourceInUseException", f"Cluster already exists with name: {name}", 409, clusterName=name
        )
    vpc_id = _check(call)
    enforce(call)
    view = _view(call, vpc_id)
    cluster = Cluster(view, issuer_id=uuid.uuid4().hex.upper())
    if call.world.kubernetes:
        cluster.plane = ControlPlane(pool.pool, store, cluster)
    store.clusters[name] = cluster
    call.replay = lambda: (
        {"cluster": store.clusters[name].view} if store.clusters.get(name) is cluster else None
    )
    if view["accessConfig"]["bootstrapClusterCreatorAdminPermissions"]:
        access.add_creator(store, cluster, canonical(call.caller_arn))
    _begin(store, cluster)
    return {"cluster": view}


def _check(call: Call) -> str:
    params = call.params
    name = params["name"]
    config = params["resourcesVpcConfig"]
    checked_version(call.world, params.get("version"), clusterName=name)
    vpc_id, _ = checks.cluster_subnets(call, config.get("subnetIds", []), name)
    checks.security_groups(call.aws, config.get("securityGroupIds", []), vpc_id, clusterName=name)
    check_endpoints(
        config.get("endpointPublicAccess", True), config.get("endpointPrivateAccess", False), name
    )
    checks.encryption(call, params.get("encryptionConfig", []), name)
    checks.tags(params.get("tags"), clusterName=name)
    checks.role(call, params["roleArn"], "eks.amazonaws.com", clusterName=name)
    return vpc_id


def check_endpoints(public: bool, private: bool, name: str) -> None:
    if not public and not private:
        raise checks.invalid("Private and public endpoint access cannot be false", clusterName=name)


def _view(call: Call, vpc_id: str) -> dict[str, Any]:
    params = call.params
    config = params["resourcesVpcConfig"]
    network_config = params.get("kubernetesNetworkConfig", {})
    access_config = params.get("accessConfig", {})
    version = checked_version(call.world, params.get("version"))
    public = config.get("endpointPublicAccess", True)
    view = {
        "name": params["name"],
        "arn": call.store.arn("cluster", params["name"]),
        "createdAt": utcnow(),
        "version": version,
        "roleArn": params["roleArn"],
        "resourcesVpcConfig": {
            "subnetIds": list(config["subnetIds"]),
            "securityGroupIds": list(config.get("securityGroupIds", [])),
            "vpcId": vpc_id,
            "endpointPublicAccess": public,
            "endpointPrivateAccess": config.get("endpointPrivateAccess", False),
            "publicAccessCidrs": list(config.get("publicAccessCidrs", ["0.0.0.0/0"])) if public else [],
        },
        "kubernetesNetworkConfig": {
            "serviceIpv4Cidr": network.service_cidr(call.aws, vpc_id, network_config.get("serviceIpv4Cidr")),
            "ipFamily": network_config.get("ipFamily", "ipv4"),
            "elasticLoadBalancing": network_config.get("elasticLoadBalancing", {"enabled": False}),
        },
        "logging": logging_view(params.get("logging", {})),
        "status": "CREATING",
        "certificateAuthority": {},
        "platformVersion": platform_version(call.world, version),
        "tags": checks.tags(params.get("tags")),
        "health": {"issues": []},
        "accessConfig": {
            "authenticationMode": access_config.get("authenticationMode", "CONFIG_MAP"),
            "bootstrapClusterCreatorAdminPermissions": access_config.get(
                "bootstrapClusterCreatorAdminPermissions", True
            ),
        },
        "upgradePolicy": {"supportType": params.get("upgradePolicy", {}).get("supportType", "EXTENDED")},
        "deletionProtection": params.get("deletionProtection", False),
        "zonalShiftConfig": {"enabled": False},
    }
    if params.get("encryptionConfig"):
        view["encryptionConfig"] = params["encryptionConfig"]
    view.update({key: params[key] for key in ECHOED if key in params})
    return view


def logging_view(asked: dict[str, Any], before: list[str] | None = None) -> dict[str, Any]:
    """EKS shows the types that are on and those that are off, each in one entry."""
    on = set(before or [])
    for entry in asked.get("clusterLogging", []):
        types = set(entry.get("types", []))
        on = on | types if entry.get("enabled") else on - types
    shown = []
    if on:
        shown.append({"types": [item for item in LOG_TYPES if item in on], "enabled": True})
    if len(on) < len(LOG_TYPES):
        shown.append({"types": [item for item in LOG_TYPES if item not in on], "enabled": False})
    return {"clusterLogging": shown}


def enabled_logs(view: dict[str, Any]) -> list[str]:
    return [t for entry in view["logging"]["clusterLogging"] if entry["enabled"] for t in entry["types"]]


def _begin(store: Store, cluster: Cluster) -> None:
    world = store.world
    failure = world.take_failure("cluster-create", cluster.name)

    def failed(error: Exception) -> None:
        _give_up(cluster, failure_of(error, "VpcNotFound", "InternalFailure"))

    cluster.events = [
        world.later("cluster.security-group", lambda: network.make_security_group(store, cluster), None, failed),
        world.later("cluster.network-interfaces", lambda: _connect(store, cluster), None, failed),
    ]
    if failure:
        cluster.events.append(world.later("cluster.create", lambda: _fail(cluster, failure)))
    else:
        gate = (lambda: cluster.plane.settled) if cluster.plane else None
        cluster.events.append(world.later("cluster.create", lambda: _activate(store, cluster), gate, failed))


def _connect(store: Store, cluster: Cluster) -> None:
    """A subnet that went away meanwhile is the end of the creation."""
    try:
        network.make_interfaces(store, cluster)
    except ServiceException as error:
        _give_up(cluster, Failure("", "Ec2SubnetNotFound", error.message))


def _give_up(cluster: Cluster, failure: Failure) -> None:
    for event in cluster.events:
        event.cancel()
    _fail(cluster, failure)


def _activate(store: Store, cluster: Cluster) -> None:
    view, plane = cluster.view, cluster.plane
    if plane and plane.server.error:
        plane.complain()
        _fail(cluster, Failure("", "InternalFailure", "the API server did not start"))
        return
    issuer = f"https://oidc.eks.{store.region}.amazonaws.com/id/{cluster.issuer_id}"
    authority = plane.server.authority if plane else Authority()
    view["status"] = "ACTIVE"
    view["endpoint"] = plane.open() if plane else f"https://{loopback()}:{NOWHERE}"
    view["identity"] = {"oidc": {"issuer": issuer}}
    view["certificateAuthority"] = {"data": base64.b64encode(authority.pem).decode()}
    ensure_log_group(store, cluster)


def ensure_log_group(store: Store, cluster: Cluster) -> None:
    """Made by the first log line; it outlives the cluster, as on AWS."""
    name = f"/aws/eks/{cluster.name}/cluster"
    logs = store.aws.logs
    if enabled_logs(cluster.view) and name not in logs.groups:
        logs.create_log_group(name, {})


def _fail(cluster: Cluster, failure: Failure) -> None:
    cluster.stop()
    cluster.view["status"] = "FAILED"
    message = failure.message or "the control plane could not be made"
    issue = {"code": failure.code or "InternalFailure", "message": message, "resourceIds": []}
    cluster.view["health"] = {"issues": [issue]}


@operation("DescribeCluster")
def describe_cluster(call: Call) -> Answer:
    return {"cluster": call.store.cluster(call.params["name"]).view}


@operation("ListClusters")
def list_clusters(call: Call) -> Answer:
    return {"clusters": sorted(call.store.clusters)}


@operation("DeleteCluster")
def delete_cluster(call: Call) -> Answer:
    store = call.store
    cluster = store.cluster(call.params["name"])
    where = {"clusterName": cluster.name}
    if cluster.view.get("deletionProtection") and cluster.status != "FAILED":
        text = f"Cannot delete cluster {cluster.name} because deletion protection is enabled"
        raise ApiError("InvalidRequestException", text, **where)
    if cluster.nodegroups:
        raise ApiError("ResourceInUseException", "Cluster has nodegroups attached", 409, **where)
    if cluster.busy:
        text = f"Cannot delete because cluster {cluster.name} currently has an update in progress"
        raise ApiError("ResourceInUseException", text, 409, **where)
    if cluster.status == "CREATING":
        text = f"Cannot delete because cluster {cluster.name} is currently in CREATING status"
        raise ApiError("ResourceInUseException", text, 409, **where)
    if cluster.status != "DELETING":
        _begin_delete(store, cluster)
    return {"cluster": cluster.view}


def _begin_delete(store: Store, cluster: Cluster) -> None:
    world = store.world
    failure = world.take_failure("cluster-delete", cluster.name)
    before = cluster.status
    cluster.view["status"] = "DELETING"

    def stuck(error: Exception) -> None:
        _delete_failed(cluster, failure_of(error, "ResourceNotFound", "InternalFailure"), before)

    if failure:
        world.later("cluster.delete", lambda: _delete_failed(cluster, failure, before))
    else:
        world.later("cluster.delete", lambda: _remove(store, cluster), failed=stuck)


def _delete_failed(cluster: Cluster, failure: Any, before: str) -> None:
    """A cluster has no DELETE_FAILED: it shows the trouble in its health and stands as before."""
    cluster.view["status"] = "FAILED" if before == "FAILED" else "ACTIVE"
    message = failure.message or "the control plane could not be deleted"
    issue = {"code": failure.code or "ResourceNotFound", "message": message, "resourceIds": []}
    cluster.view["health"] = {"issues": [issue]}


def _remove(store: Store, cluster: Cluster) -> None:
    for event in cluster.events:
        event.cancel()
    network.remove(store, cluster)
    cluster.stop()
    store.clusters.pop(cluster.name, None)
