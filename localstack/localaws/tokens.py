"""EC2's client tokens: the same request with the same token is answered as before and does nothing twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from .call import Call
from .errors import ApiError
from .http1 import Response

OPERATIONS = {
    "CreateNatGateway",
    "CreateRouteTable",
    "CreateLaunchTemplate",
    "CreateLaunchTemplateVersion",
    "CreateVpcEndpoint",
    "RunInstances",
}


def once(call: Call, params: dict[str, str], answer: Callable[[], Response]) -> Response:
    """`params` are the form's fields as sent."""
    token = params.get("ClientToken")
    if not token or call.operation not in OPERATIONS:
        return answer()
    digest = hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()
    key = ("ec2", call.region, call.operation, token)
    if known := call.world.tokens.get(key):
        if known[0] != digest:
            text = "Arguments on this idempotent request are inconsistent with arguments used before."
            raise ApiError("IdempotentParameterMismatch", text)
        return known[1]
    response = answer()
    if response.status == 200:
        call.world.tokens[key] = (digest, response)
    return response
