"""Which code answers a call: EKS here, everything else moto's response classes with our rules around them."""

from __future__ import annotations

import sys
import traceback
from typing import Any

from moto.autoscaling.responses import AutoScalingResponse
from moto.core.exceptions import ServiceException
from moto.core.request import Request as MotoRequest
from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores, method_names_from_class
from moto.ec2.responses import EC2Response
from moto.elb.responses import ELBResponse
from moto.elbv2.responses import ELBV2Response
from moto.iam.responses import IamResponse
from moto.kms.responses import KmsResponse
from moto.logs.responses import LogsResponse
from moto.servicequotas.responses import ServiceQuotasResponse
from moto.sts.responses import TokenResponse

from .call import Call
from .eks import (
    access,
    addon_catalogue,
    addons,
    clusters,
    nodegroup_updates,
    nodegroups,
    pod_identity,
    tags,
    updates,
    versions,
)
from .eks.registry import handle as handle_eks
from .errors import ApiError, error_response, not_implemented
from .http1 import Request, Response
from .operations import identify
from .pages import paginator
from .patches import UNLIMITED
from .quotas import enforce
from .rules import RULES
from .tokens import once
from .world import world_of

EKS_MODULES = (
    access,
    addon_catalogue,
    addons,
    clusters,
    nodegroup_updates,
    nodegroups,
    pod_identity,
    tags,
    updates,
    versions,
)
RESPONSES = {
    "ec2": EC2Response,
    "iam": IamResponse,
    "sts": TokenResponse,
    "autoscaling": AutoScalingResponse,
    "kms": KmsResponse,
    "logs": LogsResponse,
    "servicequotas": ServiceQuotasResponse,
}


class Moto:
    """One request inside moto: its parameters parsed, then answered by moto or serialised for it."""

    def __init__(self, request: Request, service: str) -> None:
        cls = RESPONSES.get(service)
        if service == "elasticloadbalancing":
            cls = ELBV2Response if "2015-12-01" in request.body.decode() else ELBResponse
        self.response: Any = None
        if cls:
            self.response = cls()
            url = f"http://{request.headers.get('host', 'localhost')}{request.target}"
            self.request = MotoRequest.from_primitives(request.method, url, request.headers, request.body)
            self.request.from_wsgi_server = True
            self.response.setup_class(self.request, url, self.request.headers)

    def knows(self, operation: str) -> bool:
        if not self.response:
            return False
        return camelcase_to_underscores(operation) in method_names_from_class(type(self.response))

    @property
    def params(self) -> dict[str, Any]:
        if not self.response.automated_parameter_parsing:
            self.response.parse_parameters(self.request)
        return self.response.params

    def answer(self) -> Response:
        return _encoded(*self.response.call_action())

    def serialise(self, result: Any) -> Response:
        return _encoded(*self.response.serialized(ActionResult(result)))


def _encoded(status: int, headers: dict[str, Any], body: Any) -> Response:
    data = body.encode() if isinstance(body, str) else body
    kept = {
        k.lower(): str(v)
        for k, v in headers.items()
        if k.lower() not in ("status", "content-length", "server")
    }
    return Response(int(status), kept, data)


def serve(request: Request) -> Response:
    """Never raises. What is unforeseen answers 501, with a trace on stderr: SDKs would retry a 500."""
    service = request.headers.get("x-local-service", "")
    operation, params = identify(request, service)
    world = world_of(request.headers["x-moto-account-id"])
    call = Call(
        world, request.headers["x-local-region"], service, operation, request.headers["x-local-arn"], params
    )
    with world.lock:
        try:
            world.settle()
            try:
                return _answer(call, request)
            except ApiError as error:
                return error_response(service, error)
            finally:
                # A refusal may be the first to see what time has brought about.
                world.follow()
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            why = f"{type(error).__name__}: {error}"
            return error_response(service, not_implemented(service, operation, why))


def _answer(call: Call, request: Request) -> Response:
    if call.service == "eks":
        return handle_eks(call)
    moto = Moto(request, call.service)
    if not moto.response or not ((call.service, call.operation) in RULES or moto.knows(call.operation)):
        raise not_implemented(call.service, call.operation)
    if call.service != "ec2":
        return _moto(call, moto)
    if str(call.params.get("DryRun", "")).lower() == "true":
        raise ApiError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)
    for name, value in call.params.items():
        if name.endswith(".Key") and "Tag." in name and value.lower().startswith("aws:"):
            text = f"Tag keys starting with 'aws:' are reserved for internal use: {value}"
            raise ApiError("InvalidParameterValue", text)
    if paginator("ec2", call.operation):
        # moto cuts some lists at 15 or 100 and gives no token; the proxy cuts pages.
        moto.response.params["MaxResults"] = UNLIMITED
    return once(call, call.params, lambda: _moto(call, moto))


def _moto(call: Call, moto: Moto) -> Response:
    found = RULES.get((call.service, call.operation))
    enforce(call)
    if not found:
        return moto.answer()
    call.params = moto.params
    try:
        result = found(call, moto)
    except ServiceException as error:
        return moto.serialise(error)
    return result if isinstance(result, Response) else moto.serialise(result)
