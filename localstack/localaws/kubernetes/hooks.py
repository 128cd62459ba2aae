"""What an API server asks the stack: who has this token, and may this caller do that?"""

from __future__ import annotations

import json
import sys
import traceback
from typing import Any

from ..callers import canonical, user_id
from ..http1 import Request, Response
from . import stages
from .identity import OWN_RULES, ROLES, allows, entry_of, identity, in_scope
from .planes import ControlPlane, planes
from .tokens import Invalid, caller

PATH = "/_kubernetes/"


def handle(request: Request) -> Response:
    ident, _, what = request.path.removeprefix(PATH).partition("/")
    plane = planes.get(ident)
    if what == "filter":
        body = json.dumps(_filter(plane, json.loads(request.body))).encode()
        return Response(200, {"content-type": "application/json"}, body)
    try:
        review = json.loads(request.body)
        status = {"authenticate": _authenticate, "authorize": _authorize}[what](plane, review["spec"])
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        status = {"error" if what == "authenticate" else "evaluationError": str(error)}
    answer = {"apiVersion": review["apiVersion"], "kind": review["kind"], "status": status}
    return Response(200, {"content-type": "application/json"}, json.dumps(answer).encode())


def _filter(plane: ControlPlane | None, asked: dict[str, Any]) -> dict[str, Any]:
    """The scheduler's question: on which of these nodes is there room? On none, where that is asked for."""
    names = asked.get("NodeNames") or []
    if plane and stages.of(plane.store.world.troubles["pods"], stages.workload(asked["Pod"])) == stages.UNSCHEDULABLE:
        return {"NodeNames": [], "FailedNodes": dict.fromkeys(names, "Insufficient cpu"), "Error": ""}
    return {"NodeNames": names, "FailedNodes": {}, "Error": ""}


def _authenticate(plane: ControlPlane | None, spec: dict[str, Any]) -> dict[str, Any]:
    if not plane:
        return {"authenticated": False, "error": "this API server is no cluster's"}
    cluster = plane.cluster
    try:
        found = caller(spec.get("token", ""), cluster.name, plane.neighbours())
    except Invalid as error:
        return {"authenticated": False, "error": str(error)}
    with plane.store.world.lock:
        known = identity(cluster, found.arn)
    if not known:
        return {"authenticated": False, "error": f"{found.arn} has no access entry"}
    ident = user_id(found.arn)
    user = {
        "username": known.username,
        "uid": f"aws-iam-authenticator:{found.account}:{ident.split(':')[0]}",
        "groups": known.groups,
        "extra": {
            "accessKeyId": [found.access_key],
            "arn": [found.arn],
            "canonicalArn": [canonical(found.arn)],
            "principalId": [ident.split(":")[0]],
            "sessionName": [ident.partition(":")[2]],
        },
    }
    return {"authenticated": True, "user": user}


def _authorize(plane: ControlPlane | None, spec: dict[str, Any]) -> dict[str, Any]:
    """No opinion is what anybody gets whom no policy allows it."""
    arn = (spec.get("extra", {}).get("arn") or [""])[0]
    if not plane or not arn:
        return {"allowed": False}
    asked = spec.get("resourceAttributes") or spec.get("nonResourceAttributes") or {}
    with plane.store.world.lock:
        entry = entry_of(plane.cluster, arn)
        if not entry or plane.cluster.view["accessConfig"]["authenticationMode"] == "CONFIG_MAP":
            return {"allowed": False}
        held = [item for item in entry.policies.values() if in_scope(item, asked.get("namespace", ""))]
    for association in held:
        policy = association["policyArn"].split("/")[-1]
        rules = OWN_RULES.get(policy) or (plane.rules(ROLES[policy]) if policy in ROLES else [])
        if allows(rules, asked):
            return {"allowed": True, "reason": f"EKS Access Policy: allowed by {association['policyArn']}"}
    return {"allowed": False}
