"""Pod identity associations: those that people make, and those that an add-on owns."""

from __future__ import annotations

import json
import re
import secrets
import string
import uuid
from typing import Any

from ..call import Call
from ..clock import utcnow
from ..errors import ApiError
from . import checks
from .nodegroup_checks import usable_cluster
from .registry import Answer, operation
from .store import Addon, Cluster, Store

SERVICE = "pods.eks.amazonaws.com"
ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")
# What Kubernetes allows as names.
LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")
IDS = string.ascii_lowercase + string.digits


def _where(cluster: Cluster) -> dict[str, str]:
    return {"clusterName": cluster.name}


def _check_role(call: Call, arn: str, **where: str) -> None:
    """In the same account, known to EKS by now, and to be assumed by pods."""
    if not ROLE.fullmatch(arn):
        raise checks.invalid(f"Role ARN {arn} is not valid", **where)
    if arn.split(":")[4] != call.account:
        text = "The role provided in the request must be in the same account as the cluster"
        raise checks.invalid(text, **where)
    found = next((role for role in call.aws.iam.roles.values() if role.arn == arn), None)
    if not found or checks.too_new(call.world, arn):
        raise checks.invalid("Role provided in the request does not exist.", **where)
    if not trusts_pods(found):
        text = (
            "Trust policy of the role provided is invalid. "
            "Follow the official documentation to resolve the issue."
        )
        raise checks.invalid(text, **where)


def trusts_pods(role: Any) -> bool:
    """Whether one statement lets pods both assume the role and tag the session."""
    document = role.assume_role_policy_document
    document = json.loads(document) if isinstance(document, str) else document
    statements = document.get("Statement", [])
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal", {})
        services = _listed(principal.get("Service") if isinstance(principal, dict) else principal)
        actions = {item.lower() for item in _listed(statement.get("Action"))}
        both = {"sts:assumerole", "sts:tagsession"} <= actions or actions & {"*", "sts:*"}
        if statement.get("Effect") == "Allow" and SERVICE in services and both:
            return True
    return False


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def _check(call: Call, cluster: Cluster, params: dict[str, Any], tags_disabled: bool) -> None:
    where = _where(cluster)
    if arn := params.get("roleArn"):
        _check_role(call, arn, **where)
    if (target := params.get("targetRoleArn")) and not ROLE.fullmatch(target):
        raise checks.invalid(f"Target role ARN {target} is not valid", **where)
    if not params.get("policy"):
        return
    if not tags_disabled:
        raise checks.invalid("disableSessionTags must be true when a policy is specified", **where)
    try:
        json.loads(params["policy"])
    except ValueError:
        raise checks.invalid("The policy provided in the request is not valid JSON", **where) from None


def _check_names(cluster: Cluster, namespace: str, account: str) -> None:
    if not LABEL.fullmatch(namespace):
        raise checks.invalid(f"The namespace {namespace} is not valid", **_where(cluster))
    if not SUBDOMAIN.fullmatch(account):
        raise checks.invalid(f"The service account {account} is not valid", **_where(cluster))


def _of(cluster: Cluster, namespace: str, account: str) -> dict[str, Any] | None:
    for view in cluster.associations.values():
        if (view["namespace"], view["serviceAccount"]) == (namespace, account):
            return view
    return None


def _add(store: Store, cluster: Cluster, namespace: str, account: str, role: str) -> dict[str, Any]:
    if found := _of(cluster, namespace, account):
        text = f"Association already exists: {found['associationId']}"
        raise ApiError("ResourceInUseException", text, 409, **_where(cluster))
    ident = "a-" + "".join(secrets.choice(IDS) for _ in range(17))
    view = {
        "clusterName": cluster.name,
        "namespace": namespace,
        "serviceAccount": account,
        "roleArn": role,
        "associationArn": store.arn("podidentityassociation", cluster.name, ident),
        "associationId": ident,
        "tags": {},
        "createdAt": utcnow(),
        "modifiedAt": utcnow(),
        "disableSessionTags": False,
    }
    cluster.associations[ident] = view
    return view


def _set_options(view: dict[str, Any], params: dict[str, Any]) -> None:
    if "disableSessionTags" in params:
        view["disableSessionTags"] = params["disableSessionTags"]
    for key in ("targetRoleArn", "policy"):
        if key in params:
            view[key] = params[key] or None
    if view.get("targetRoleArn"):
        view.setdefault("externalId", str(uuid.uuid4()))
    else:
        view.pop("externalId", None)


@operation("CreatePodIdentityAssociation")
def create_pod_identity_association(call: Call) -> Answer:
    params, store = call.params, call.store
    cluster = store.cluster(params["clusterName"])
    usable_cluster(cluster)
    namespace, account = params["namespace"], params["serviceAccount"]
    _check_names(cluster, namespace, account)
    _check(call, cluster, params, params.get("disableSessionTags", False))
    tags = checks.tags(params.get("tags"), **_where(cluster))
    view = _add(store, cluster, namespace, account, params["roleArn"])
    view["tags"] = tags
    _set_options(view, params)
    ident = view["associationId"]
    call.replay = lambda: {"association": view} if cluster.associations.get(ident) is view else None
    return {"association": view}


def _association(call: Call) -> tuple[Cluster, dict[str, Any]]:
    cluster, ident = call.store.cluster(call.params["clusterName"]), call.params["associationId"]
    if ident not in cluster.associations:
        text = f"Association not found: {ident}"
        raise ApiError("ResourceNotFoundException", text, 404, **_where(cluster))
    return cluster, cluster.associations[ident]


def _not_owned(cluster: Cluster, view: dict[str, Any], verb: str) -> None:
    if owner := view.get("ownerArn"):
        text = f"Association {view['associationId']} cannot be {verb} because it is owned by {owner}"
        raise ApiError("InvalidRequestException", text, **_where(cluster))


@operation("DescribePodIdentityAssociation")
def describe_pod_identity_association(call: Call) -> Answer:
    return {"association": _association(call)[1]}


@operation("ListPodIdentityAssociations")
def list_pod_identity_associations(call: Call) -> Answer:
    params = call.params
    shown = ("clusterName", "namespace", "serviceAccount", "associationArn", "associationId", "ownerArn")
    wanted = {key: params[key] for key in ("namespace", "serviceAccount") if params.get(key)}
    found = [
        {key: view.get(key) for key in shown}
        for view in call.store.cluster(params["clusterName"]).associations.values()
        if wanted.items() <= view.items()
    ]
    return {"associations": found}


@operation("UpdatePodIdentityAssociation")
def update_pod_identity_association(call: Call) -> Answer:
    cluster, view = _association(call)
    _not_owned(cluster, view, "updated")
    disabled = call.params.get("disableSessionTags", view["disableSessionTags"])
    policy = call.params.get("policy", view.get("policy"))
    _check(call, cluster, {**call.params, "policy": policy}, disabled)
    if role := call.params.get("roleArn"):
        view["roleArn"] = role
    _set_options(view, call.params)
    view["modifiedAt"] = utcnow()
    return {"association": view}


@operation("DeletePodIdentityAssociation")
def delete_pod_identity_association(call: Call) -> Answer:
    cluster, view = _association(call)
    _not_owned(cluster, view, "deleted")
    return {"association": cluster.associations.pop(view["associationId"])}


def check_owned(call: Call, cluster: Cluster, addon: str, namespace: str, asked: list[dict[str, str]]) -> None:
    """What an add-on asks for: good roles, and service accounts that nobody else has."""
    where = {"clusterName": cluster.name, "addonName": addon}
    if len({item["serviceAccount"] for item in asked}) < len(asked):
        raise checks.invalid("A service account can be in one pod identity association only", **where)
    for item in asked:
        _check_names(cluster, namespace, item["serviceAccount"])
        _check_role(call, item["roleArn"], **where)
        found = _of(cluster, namespace, item["serviceAccount"])
        mine = addon in cluster.addons and cluster.addons[addon].view["addonArn"]
        if found and (not mine or found.get("ownerArn") != mine):
            text = f"Association already exists: {found['associationId']}"
            raise ApiError("ResourceInUseException", text, 409, **where)


def own(store: Store, cluster: Cluster, addon: Addon, asked: list[dict[str, str]]) -> None:
    """Makes the add-on's associations exactly these; one whose service account stays keeps its id."""
    roles = {item["serviceAccount"]: item["roleArn"] for item in asked}
    namespace, mine = addon.view["namespaceConfig"]["namespace"], addon.view["addonArn"]
    for ident, view in list(cluster.associations.items()):
        if view.get("ownerArn") != mine:
            continue
        role = roles.pop(view["serviceAccount"], None)
        if not role:
            cluster.associations.pop(ident)
        elif view["roleArn"] != role:
            view.update(roleArn=role, modifiedAt=utcnow())
    for account, role in roles.items():
        _add(store, cluster, namespace, account, role)["ownerArn"] = mine
    owned = [view for view in cluster.associations.values() if view.get("ownerArn") == mine]
    addon.view["podIdentityAssociations"] = [view["associationArn"] for view in owned] or None


def disown(cluster: Cluster, addon: Addon) -> None:
    """With the add-on go the associations that it owns; where its software stays, they stay as nobody's."""
    mine = addon.view["addonArn"]
    for ident, view in list(cluster.associations.items()):
        if view.get("ownerArn") != mine:
            continue
        if addon.preserve:
            view.pop("ownerArn")
        else:
            cluster.associations.pop(ident)
