"""Access entries and their policies, also those that EKS makes by itself."""

from __future__ import annotations

import uuid
from typing import Any

from ..call import Call
from ..clock import utcnow
from ..errors import ApiError
from . import checks
from .registry import Answer, operation
from .store import AccessEntry, Cluster, Store

ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
POLICIES = (
    "AmazonEKSAdminPolicy",
    "AmazonEKSClusterAdminPolicy",
    "AmazonEKSAdminViewPolicy",
    "AmazonEKSEditPolicy",
    "AmazonEKSViewPolicy",
    "AmazonEKSSecretReaderPolicy",
    "AmazonEKSAutoNodePolicy",
    "AmazonEKSHybridPolicy",
)
# What a username must not begin with.
KEPT = ("system:", "eks:", "aws:", "amazon:", "iam:")
# The types of entry that can have policies.
WITH_POLICIES = ("STANDARD", "EC2")


def add_creator(store: Store, cluster: Cluster, caller_arn: str) -> None:
    cluster.creator = caller_arn
    if cluster.view["accessConfig"]["authenticationMode"] == "CONFIG_MAP":
        return
    entry = _add(store, cluster, caller_arn, "STANDARD", {})
    entry.policies[ADMIN] = _association(ADMIN, {"type": "cluster", "namespaces": []})


def add_node_role(store: Store, cluster: Cluster, role_arn: str, windows: bool = False) -> None:
    """Unless the cluster knows roles by its config map alone; an entry that is there stays as it is."""
    mode = cluster.view["accessConfig"]["authenticationMode"]
    if mode == "CONFIG_MAP" or role_arn in cluster.entries:
        return
    kind = "EC2_WINDOWS" if windows else "EC2_LINUX"
    _add(store, cluster, role_arn, kind, {})


def _add(store: Store, cluster: Cluster, principal: str, kind: str, params: dict[str, Any]) -> AccessEntry:
    account, what = principal.split(":")[4:6]
    arn = store.arn(
        "access-entry", cluster.name, what.split("/")[0], account, what.split("/")[-1], str(uuid.uuid4())
    )
    groups = list(params.get("kubernetesGroups", []))
    username = params.get("username") or _username(principal)
    if kind.startswith("EC2"):
        groups = ["system:nodes"]
        username = "system:node:{{EC2PrivateDNSName}}"
    view = {
        "clusterName": cluster.name,
        "principalArn": principal,
        "kubernetesGroups": groups,
        "accessEntryArn": arn,
        "createdAt": utcnow(),
        "modifiedAt": utcnow(),
        "tags": checks.tags(params.get("tags")),
        "username": username,
        "type": kind,
    }
    cluster.entries[principal] = AccessEntry(view)
    return cluster.entries[principal]


def _username(principal: str) -> str:
    """What EKS calls a principal: a user by its ARN, a role by that of its sessions, without its path."""
    partition, account, what = [principal.split(":")[part] for part in (1, 4, 5)]
    if not what.startswith("role/"):
        return principal
    return f"arn:{partition}:sts::{account}:assumed-role/{what.split('/')[-1]}/{{{{SessionName}}}}"


def _check_names(params: dict[str, Any], cluster: Cluster) -> None:
    where = {"clusterName": cluster.name}
    for group in params.get("kubernetesGroups", []):
        if group.startswith("system:"):
            raise checks.invalid(
                f"The kubernetes group name {group} is invalid, it cannot start with system:", **where
            )
    username = params.get("username", "")
    if kept := next((it for it in KEPT if username.startswith(it)), None):
        raise checks.invalid(f"The username must not begin with {kept}", **where)
    before, session, _ = username.partition("{{SessionName")
    if session and ":" not in before:
        raise checks.invalid("The username must contain a colon before {{SessionName}}", **where)


def _cluster(call: Call) -> Cluster:
    cluster = call.store.cluster(call.params["clusterName"])
    if cluster.view["accessConfig"]["authenticationMode"] == "CONFIG_MAP":
        text = (
            "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] "
            "to perform this operation."
        )
        raise ApiError("InvalidRequestException", text, clusterName=cluster.name)
    return cluster


def _entry(call: Call) -> AccessEntry:
    cluster = _cluster(call)
    found = cluster.entries.get(call.params["principalArn"])
    if not found:
        text = f"The specified principalArn could not be found: {call.params['principalArn']}"
        raise ApiError("ResourceNotFoundException", text, 404, clusterName=cluster.name)
    return found


@operation("CreateAccessEntry")
def create_access_entry(call: Call) -> Answer:
    cluster, params = _cluster(call), call.params
    principal = params["principalArn"]
    if principal in cluster.entries:
        text = "The specified access entry resource is already in use on this cluster."
        raise ApiError("ResourceInUseException", text, 409, clusterName=cluster.name)
    _check_principal(call, principal)
    kind = params.get("type", "STANDARD")
    if kind != "STANDARD" and (params.get("kubernetesGroups") or params.get("username")):
        raise checks.invalid(
            f"kubernetesGroups and username cannot be set for type {kind}", clusterName=cluster.name
        )
    _check_names(params, cluster)
    entry = _add(call.store, cluster, principal, kind, params)
    call.replay = lambda: {"accessEntry": entry.view} if cluster.entries.get(principal) is entry else None
    return {"accessEntry": entry.view}


def _check_principal(call: Call, principal: str) -> None:
    if not principal.startswith("arn:aws:iam::"):
        raise checks.invalid(
            "The principalArn parameter format is not valid", clusterName=call.params["clusterName"]
        )
    mine = principal.split(":")[4] == call.account
    if mine and ":role/" in principal and not any(r.arn == principal for r in call.aws.iam.roles.values()):
        text = f"The specified principalArn is invalid: invalid principal. {principal}"
        raise checks.invalid(text, clusterName=call.params["clusterName"])


@operation("DescribeAccessEntry")
def describe_access_entry(call: Call) -> Answer:
    return {"accessEntry": _entry(call).view}


@operation("ListAccessEntries")
def list_access_entries(call: Call) -> Answer:
    cluster = _cluster(call)
    wanted = call.params.get("associatedPolicyArn")
    found = [arn for arn, entry in cluster.entries.items() if not wanted or wanted in entry.policies]
    return {"accessEntries": found}


@operation("UpdateAccessEntry")
def update_access_entry(call: Call) -> Answer:
    entry = _entry(call)
    if entry.view["type"] != "STANDARD":
        raise checks.invalid(
            "Only entries of type STANDARD can be updated", clusterName=entry.view["clusterName"]
        )
    _check_names(call.params, _cluster(call))
    for key in ("kubernetesGroups", "username"):
        if key in call.params:
            entry.view[key] = call.params[key]
    entry.view["modifiedAt"] = utcnow()
    return {"accessEntry": entry.view}


@operation("DeleteAccessEntry")
def delete_access_entry(call: Call) -> Answer:
    _entry(call)
    call.store.cluster(call.params["clusterName"]).entries.pop(call.params["principalArn"])
    return {}


def _association(arn: str, scope: dict[str, Any]) -> dict[str, Any]:
    scope = {"type": scope.get("type", "cluster"), "namespaces": scope.get("namespaces", [])}
    return {"policyArn": arn, "accessScope": scope, "associatedAt": utcnow(), "modifiedAt": utcnow()}


@operation("AssociateAccessPolicy")
def associate_access_policy(call: Call) -> Answer:
    entry, params = _entry(call), call.params
    arn = params["policyArn"]
    where = {"clusterName": params["clusterName"]}
    if arn.split("/")[-1] not in POLICIES:
        raise ApiError("ResourceNotFoundException", f"The policyArn {arn} does not exist", 404, **where)
    if entry.view["type"] not in WITH_POLICIES:
        raise checks.invalid("Policies can only be associated with entries of type STANDARD", **where)
    if params["accessScope"].get("type") == "namespace" and not params["accessScope"].get("namespaces"):
        raise checks.invalid("A namespace scope needs namespaces", **where)
    association = _association(arn, params["accessScope"])
    if arn in entry.policies:
        association["associatedAt"] = entry.policies[arn]["associatedAt"]
    entry.policies[arn] = association
    return {
        "clusterName": params["clusterName"],
        "principalArn": params["principalArn"],
        "associatedAccessPolicy": association,
    }


@operation("DisassociateAccessPolicy")
def disassociate_access_policy(call: Call) -> Answer:
    entry, arn = _entry(call), call.params["policyArn"]
    if not entry.policies.pop(arn, None):
        text = f"The policyArn {arn} is not associated with this entry"
        raise ApiError("ResourceNotFoundException", text, 404, clusterName=call.params["clusterName"])
    return {}


@operation("ListAssociatedAccessPolicies")
def list_associated_access_policies(call: Call) -> Answer:
    entry = _entry(call)
    return {
        "clusterName": call.params["clusterName"],
        "principalArn": call.params["principalArn"],
        "associatedAccessPolicies": list(entry.policies.values()),
    }


@operation("ListAccessPolicies")
def list_access_policies(call: Call) -> Answer:
    return {
        "accessPolicies": [
            {"name": n, "arn": f"arn:aws:eks::aws:cluster-access-policy/{n}"} for n in POLICIES
        ]
    }
