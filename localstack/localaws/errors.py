"""Errors as AWS sends them: one exception, and its body in the form of each protocol."""

from __future__ import annotations

import json
import uuid
from typing import Any
from xml.sax.saxutils import escape

from .http1 import Response

PROTOCOLS = {
    "ec2": "ec2",
    "iam": "query",
    "sts": "query",
    "autoscaling": "query",
    "elasticloadbalancing": "query",
    "cloudformation": "query",
    "eks": "rest-json",
}
XMLNS = {
    "iam": "https://iam.amazonaws.com/doc/2010-05-08/",
    "sts": "https://sts.amazonaws.com/doc/2011-06-15/",
    "autoscaling": "http://autoscaling.amazonaws.com/doc/2011-01-01/",
    "elasticloadbalancing": "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
    "cloudformation": "http://cloudformation.amazonaws.com/doc/2010-05-15/",
}


class ApiError(Exception):
    """An error answer. Extra members (clusterName, validZones) go into JSON bodies only."""

    def __init__(self, code: str, message: str, status: int = 400, **members: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status, self.members = code, message, status, members


def protocol_of(service: str) -> str:
    return PROTOCOLS.get(service, "json")


def error_response(service: str, error: ApiError) -> Response:
    request_id = str(uuid.uuid4())
    protocol = protocol_of(service)
    if protocol == "ec2":
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error>'
            f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
            f"</Error></Errors><RequestID>{request_id}</RequestID></Response>"
        )
        return Response(error.status, {"content-type": "text/xml;charset=UTF-8"}, body.encode())
    if protocol == "query":
        kind = "Sender" if error.status < 500 else "Receiver"
        body = (
            f'<ErrorResponse xmlns="{XMLNS[service]}"><Error><Type>{kind}</Type>'
            f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message></Error>"
            f"<RequestId>{request_id}</RequestId></ErrorResponse>"
        )
        headers = {"content-type": "text/xml", "x-amzn-requestid": request_id}
        return Response(error.status, headers, body.encode())
    if protocol == "rest-json":
        body = json.dumps({**error.members, "message": error.message})
        headers = {
            "content-type": "application/json",
            "x-amzn-errortype": error.code,
            "x-amzn-requestid": request_id,
        }
        return Response(error.status, headers, body.encode())
    body = json.dumps({"__type": error.code, "message": error.message})
    headers = {"content-type": "application/x-amz-json-1.1", "x-amzn-requestid": request_id}
    return Response(error.status, headers, body.encode())


def not_implemented(service: str, operation: str, why: str = "") -> ApiError:
    """501, because SDKs retry 500, 502, 503 and 504 and would hide the gap behind a delay."""
    text = f"the local AWS has no {service}:{operation}"
    return ApiError("NotImplemented", f"{text} ({why})" if why else text, 501)
