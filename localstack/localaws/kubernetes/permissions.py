"""Which role a pod has, and whether its policies let it make a call: asked only where the account wants it."""

from __future__ import annotations

import fnmatch
import json
from typing import TYPE_CHECKING, Any

from ..clock import utcnow
from ..eks.pod_identity import trusts_pods
from .client import Client, Refused

if TYPE_CHECKING:
    from .planes import ControlPlane

Json = dict[str, Any]
AGENT = "eks-pod-identity-agent"
ROLE = "eks.amazonaws.com/role-arn"


class Lacking(Exception):
    """AWS's refusal, in its words."""


def check(plane: ControlPlane, client: Client, pod: Json, *actions: str) -> None:
    """Raises `Lacking` for the first that the pod may not do."""
    world = plane.store.world
    if not world.permissions:
        return
    account = _account(client, pod)
    with world.lock:
        role = _role(plane, pod, account)
        if not role:
            raise Lacking("no EC2 IMDS role found, and no identity for the service account")
        for action in actions:
            if not _allows(role, action):
                session = f"arn:aws:sts::{world.account}:assumed-role/{role.name}/{pod['metadata']['name']}"
                text = f"User: {session} is not authorized to perform: {action}"
                raise Lacking(f"AccessDenied: {text} because no identity-based policy allows the {action} action")


def _account(client: Client, pod: Json) -> Json:
    name = pod["spec"].get("serviceAccountName", "default")
    try:
        return client.call("GET", f"/api/v1/namespaces/{pod['metadata']['namespace']}/serviceaccounts/{name}")
    except Refused:
        return {"metadata": {"name": name}}


def _role(plane: ControlPlane, pod: Json, account: Json) -> Any:
    """By the account's annotation, by its association where the agent is there, or else the node's own."""
    roles = {role.arn: role for role in plane.store.aws.iam.roles.values()}
    space, name = pod["metadata"]["namespace"], account["metadata"]["name"]
    if arn := account["metadata"].get("annotations", {}).get(ROLE):
        role = roles.get(arn)
        if not role or not _trusts_account(plane, role, f"system:serviceaccount:{space}:{name}"):
            raise Lacking("AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity")
        return role
    for view in plane.cluster.associations.values():
        if (view["namespace"], view["serviceAccount"]) == (space, name) and AGENT in plane.cluster.addons:
            role = roles.get(view["roleArn"])
            return role if role and trusts_pods(role) else None
    return _node_role(plane, pod, roles)


def _trusts_account(plane: ControlPlane, role: Any, subject: str) -> bool:
    """Its trust policy must name the cluster's provider, which must be there, and the account or a pattern for it."""
    issuer = plane.cluster.view["identity"]["oidc"]["issuer"].removeprefix("https://")
    document = role.assume_role_policy_document
    document = json.loads(document) if isinstance(document, str) else document
    if not any(item.url == issuer for item in plane.store.aws.iam.open_id_providers.values()):
        return False
    for statement in _listed(document.get("Statement")):
        federated = _listed(statement.get("Principal", {}).get("Federated"))
        patterns = [
            value
            for condition in statement.get("Condition", {}).values()
            for key, values in condition.items()
            if key == f"{issuer}:sub"
            for value in _listed(values)
        ]
        named = not patterns or any(fnmatch.fnmatchcase(subject, pattern) for pattern in patterns)
        if named and any(item.endswith(f"oidc-provider/{issuer}") for item in federated):
            return True
    return False


def _node_role(plane: ControlPlane, pod: Json, roles: dict[str, Any]) -> Any:
    """A pod in a network of its own is one hop farther from the instance's metadata than the node."""
    for group in plane.cluster.nodegroups.values():
        asg = plane.store.aws.autoscaling.autoscaling_groups.get(group.group_name)
        for state in asg.instance_states if asg else []:
            instance = state.instance
            if instance.private_dns_name == pod["spec"].get("nodeName"):
                hops = int(instance.metadata_options.http_put_response_hop_limit or 1)
                near = pod["spec"].get("hostNetwork") or hops > 1
                return roles.get(group.view["nodeRole"]) if near else None
    return None


def _documents(role: Any) -> list[Json]:
    inline = [json.loads(text) if isinstance(text, str) else text for text in role.policies.values()]
    for policy in role.managed_policies.values():
        version = next(item for item in policy.versions if item.is_default)
        inline.append(json.loads(version.document) if isinstance(version.document, str) else version.document)
    return inline


def _allows(role: Any, action: str) -> bool:
    """Resources and conditions are not looked at."""
    found = False
    for document in _documents(role):
        for statement in _listed(document.get("Statement")):
            names = [item.lower() for item in _listed(statement.get("Action"))]
            if any(fnmatch.fnmatchcase(action.lower(), name) for name in names):
                if statement["Effect"] == "Deny" and not statement.get("Condition"):
                    return False
                found = found or statement["Effect"] == "Allow"
    return found


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def complain(client: Client, thing: Json, reason: str, text: str) -> None:
    """An Event about the thing, once."""
    where = thing["metadata"]
    now = utcnow().strftime("%Y-%m-%dT%H:%M:%SZ")
    event = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": f"{where['name']}.{reason.lower()}", "namespace": where["namespace"]},
        "involvedObject": {
            "apiVersion": thing["apiVersion"],
            "kind": thing["kind"],
            **{key: where[key] for key in ("name", "namespace", "uid")},
        },
        "type": "Warning",
        "reason": reason,
        "message": text,
        "firstTimestamp": now,
        "lastTimestamp": now,
        "count": 1,
        "source": {"component": "aws"},
    }
    try:
        client.call("POST", f"/api/v1/namespaces/{where['namespace']}/events", event)
    except Refused as error:
        if error.status != 409:
            raise
