"""CreateAddon, DescribeAddon, ListAddons, UpdateAddon, DeleteAddon."""

from __future__ import annotations

import json
import uuid
from typing import Any

from ..call import Call
from ..clock import utcnow
from ..errors import ApiError
from . import checks
from .addon_catalogue import catalogue, default_of, publisher, schema, versions_of
from .addon_schema import problems
from .nodegroup_checks import usable_cluster
from .pod_identity import check_owned, own
from .registry import Answer, operation
from .store import Addon, Cluster, new_update


@operation("CreateAddon")
def create_addon(call: Call) -> Answer:
    params, store = call.params, call.store
    cluster = store.cluster(params["clusterName"])
    name = params["addonName"]
    where = {"clusterName": cluster.name, "addonName": name}
    usable_cluster(cluster)
    version = _version(call, cluster, params.get("addonVersion"), where)
    if name in cluster.addons:
        raise ApiError("ResourceInUseException", "Addon already exists.", 409, **where)
    _check(call, where)
    shown_publisher, owner = publisher(name)
    view = {
        "addonName": name,
        "clusterName": cluster.name,
        "status": "CREATING",
        "addonVersion": version,
        "health": {"issues": []},
        "addonArn": store.arn("addon", cluster.name, name, str(uuid.uuid4())),
        "createdAt": utcnow(),
        "modifiedAt": utcnow(),
        "tags": checks.tags(params.get("tags"), **where),
        "publisher": shown_publisher,
        "owner": owner,
        "namespaceConfig": {"namespace": _namespace(params, name)},
    }
    for key in ("serviceAccountRoleArn", "configurationValues"):
        if params.get(key):
            view[key] = params[key]
    asked = params.get("podIdentityAssociations") or []
    check_owned(call, cluster, name, view["namespaceConfig"]["namespace"], asked)
    addon = Addon(view, began=call.world.clock.now(), doing="create")
    addon.failure = call.world.take_failure("addon-create", name)
    cluster.addons[name] = addon
    cluster.preserved.discard(name)
    own(store, cluster, addon, asked)
    call.replay = lambda: {"addon": addon.view} if cluster.addons.get(name) is addon else None
    return {"addon": view}


def _namespace(params: dict[str, Any], name: str) -> str:
    return params.get("namespaceConfig", {}).get("namespace") or catalogue()[name]["namespace"]


def _version(call: Call, cluster: Cluster, asked: str | None, where: dict[str, str]) -> str:
    name, kubernetes = where["addonName"], cluster.view["version"]
    if name not in catalogue():
        text = f"Addon {name} specified is not supported in {kubernetes} kubernetes version"
        raise checks.invalid(text, **where)
    if asked and asked not in versions_of(call.world, name, kubernetes):
        raise checks.invalid(f"Addon version specified is not supported: {name} {asked}", **where)
    return asked or default_of(call.world, name, kubernetes)


def _check(call: Call, where: dict[str, str]) -> None:
    if arn := call.params.get("serviceAccountRoleArn"):
        if not any(role.arn == arn for role in call.aws.iam.roles.values()):
            raise checks.invalid(f"The service account role {arn} does not exist", **where)
    if values := call.params.get("configurationValues"):
        _configuration(values, where)


def _configuration(text: str, where: dict[str, str]) -> None:
    """Well-formed JSON that the add-on's schema allows, as far as that is known here."""
    start = "ConfigurationValue provided in request is not supported: "
    try:
        values = json.loads(text)
    except ValueError:
        raise checks.invalid(start + "the value is not valid JSON", **where) from None
    if found := problems(schema(where["addonName"]), values):
        told = f"Json schema validation failed with error: [{', '.join(found)}]"
        raise checks.invalid(start + told, **where)


@operation("DescribeAddon")
def describe_addon(call: Call) -> Answer:
    return {"addon": call.store.addon(call.params["clusterName"], call.params["addonName"]).view}


@operation("ListAddons")
def list_addons(call: Call) -> Answer:
    return {"addons": sorted(call.store.cluster(call.params["clusterName"]).addons)}


def _idle(cluster: Cluster, addon: Addon, where: dict[str, str]) -> None:
    if addon.view["status"] in ("CREATING", "UPDATING", "DELETING"):
        text = f"Addon {addon.name} cannot be updated as it is currently in {addon.view['status']} state"
        raise ApiError("ResourceInUseException", text, 409, **where)


@operation("UpdateAddon")
def update_addon(call: Call) -> Answer:
    params = call.params
    cluster = call.store.cluster(params["clusterName"])
    addon = call.store.addon(cluster.name, params["addonName"])
    where = {"clusterName": cluster.name, "addonName": addon.name}
    _idle(cluster, addon, where)
    usable_cluster(cluster)
    asked = params.get("addonVersion")
    version = _version(call, cluster, asked, where) if asked else addon.view["addonVersion"]
    _check(call, where)
    wanted: dict[str, Any] = {"addonVersion": version}
    if "configurationValues" in params:
        wanted["configurationValues"] = params["configurationValues"] or None
    # EKS takes an absent role for the nodes' (hashicorp/terraform-provider-aws#19402), and knows no empty one.
    wanted["serviceAccountRoleArn"] = params.get("serviceAccountRoleArn")
    associations = params.get("podIdentityAssociations")
    check_owned(call, cluster, addon.name, addon.view["namespaceConfig"]["namespace"], associations or [])
    shown = {"AddonVersion": version}
    for key in ("resolveConflicts", "configurationValues", "serviceAccountRoleArn"):
        if params.get(key):
            shown[key[0].upper() + key[1:]] = params[key]
    if associations is not None:
        shown["PodIdentityAssociations"] = json.dumps(associations)
    addon.update = new_update(cluster, "AddonUpdate", shown, addonName=addon.name)
    addon.pending, addon.wanted, addon.doing = wanted, associations, "update"
    addon.began = call.world.clock.now()
    addon.failure = call.world.take_failure("addon-update", addon.name)
    addon.view["status"] = "UPDATING"
    return {"update": dict(addon.update)}


@operation("DeleteAddon")
def delete_addon(call: Call) -> Answer:
    cluster = call.store.cluster(call.params["clusterName"])
    addon = call.store.addon(cluster.name, call.params["addonName"])
    if addon.view["status"] != "DELETING":
        addon.doing, addon.began = "delete", call.world.clock.now()
        addon.preserve = call.params.get("preserve", False)
        addon.failure = call.world.take_failure("addon-delete", addon.name)
        addon.view["status"] = "DELETING"
    return {"addon": addon.view}
