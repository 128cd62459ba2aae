"""The AWS Load Balancer Controller's webhook server: what it lets pass, what it changes, what it refuses."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from ..http1 import Request, Response

Json = dict[str, Any]
# Reads an object of the cluster, as the controller's cache does; None where there is none.
Read = Callable[[str], Json | None]

NLB_CLASS = "service.k8s.aws/nlb"
ALB_CONTROLLER = "ingress.k8s.aws/alb"
PARAMETERS = "/apis/elbv2.k8s.aws/v1beta1/ingressclassparams/"
CLASSES = "/apis/networking.k8s.io/v1/ingressclasses/"


class Denied(Exception):
    def __init__(self, text: str, code: int = 403) -> None:
        super().__init__(text)
        self.code = code


def handle(request: Request, read: Read) -> Response:
    check = PATHS.get(request.path)
    if not check:
        return Response(404, {"content-type": "text/plain"}, b"404 page not found\n")
    review = json.loads(request.body)
    asked = review["request"]
    answer: Json = {"uid": asked["uid"], "allowed": True}
    try:
        if patch := check(asked, read):
            answer["patchType"] = "JSONPatch"
            answer["patch"] = base64.b64encode(json.dumps(patch).encode()).decode()
    except Denied as refusal:
        reason = "Forbidden" if refusal.code == 403 else "BadRequest"
        status = {"message": str(refusal), "code": refusal.code, "reason": reason}
        answer.update(allowed=False, status=status)
    body = {"apiVersion": review["apiVersion"], "kind": "AdmissionReview", "response": answer}
    return Response(200, {"content-type": "application/json"}, json.dumps(body).encode())


def _nothing(asked: Json, read: Read) -> None:
    return None


def _service(asked: Json, read: Read) -> list[Json] | None:
    """A load balancer that nobody else is asked for becomes this controller's."""
    spec = asked["object"]["spec"]
    if spec.get("type") != "LoadBalancer" or spec.get("loadBalancerClass"):
        return None
    return [{"op": "add", "path": "/spec/loadBalancerClass", "value": NLB_CLASS}]


def _default_binding(asked: Json, read: Read) -> list[Json] | None:
    """The real one asks AWS what kind of target group it is."""
    spec = asked["object"]["spec"]
    if not spec.get("targetGroupARN") and not spec.get("targetGroupName"):
        raise Denied("You must specify either TargetGroupARN or TargetGroupName", 400)
    if spec.get("targetType"):
        return None
    return [{"op": "add", "path": "/spec/targetType", "value": "instance"}]


def _check_binding(asked: Json, read: Read) -> None:
    spec = asked["object"]["spec"]
    if not spec.get("targetType"):
        raise Denied("TargetGroupBinding must specify these fields: spec.targetType")
    if spec["targetType"] == "ip" and spec.get("nodeSelector") is not None:
        raise Denied("TargetGroupBinding cannot set NodeSelector when TargetType is ip")
    if asked["operation"] != "UPDATE":
        return
    before = asked["oldObject"]["spec"]
    changed = [key for key in ("targetGroupARN", "targetType") if spec.get(key) != before.get(key)]
    if changed:
        names = ",".join(f"spec.{key}" for key in changed)
        raise Denied(f"TargetGroupBinding update may not change these fields: {names}")


def _check_ingress(asked: Json, read: Read) -> None:
    name = asked["object"]["spec"].get("ingressClassName")
    if not name:
        return
    found = read(CLASSES + name)
    if not found:
        raise Denied(f'invalid ingress class: IngressClass.networking.k8s.io "{name}" not found')
    parameters = found["spec"].get("parameters")
    if found["spec"].get("controller") != ALB_CONTROLLER or not parameters:
        return
    if (parameters.get("apiGroup"), parameters["kind"]) != ("elbv2.k8s.aws", "IngressClassParams"):
        raise Denied(f"invalid ingress class: IngressClass {name} references unknown parameters")
    if not read(PARAMETERS + parameters["name"]):
        text = f'IngressClassParams.elbv2.k8s.aws "{parameters["name"]}" not found'
        raise Denied(f"invalid ingress class: {text}")


PATHS: dict[str, Callable[[Json, Read], list[Json] | None]] = {
    "/mutate-v1-pod": _nothing,
    "/mutate-v1-pod-server-id": _nothing,
    "/mutate-alb-target-control-namespace-v1-pod": _nothing,
    "/mutate-alb-target-control-object-v1-pod": _nothing,
    "/mutate-v1-service": _service,
    "/mutate-elbv2-k8s-aws-v1beta1-targetgroupbinding": _default_binding,
    "/validate-elbv2-k8s-aws-v1beta1-targetgroupbinding": _check_binding,
    "/validate-elbv2-k8s-aws-v1beta1-ingressclassparams": _nothing,
    "/validate-networking-v1-ingress": _check_ingress,
    "/validate-aga-k8s-aws-v1beta1-globalaccelerator": _nothing,
}
