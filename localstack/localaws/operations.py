"""Which operation a request is, and its parameters as plain data; EKS's routes come from botocore's model."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote

from botocore.loaders import Loader

from .http1 import Request

READS = ("Describe", "List", "Get", "Lookup", "Search", "Simulate", "Validate", "Filter", "AssumeRole")


@cache
def model(service: str, kind: str = "service-2") -> dict[str, Any]:
    return Loader().load_service_model(service, kind)


@cache
def eks_routes() -> list[tuple[str, re.Pattern[str], str]]:
    """(method, pattern, operation), longest literal paths first."""
    routes = []
    for name, operation in model("eks")["operations"].items():
        uri = operation["http"]["requestUri"].split("?")[0]
        pattern = re.sub(r"\{(\w+)\+?\}", r"(?P<\1>[^/]+)", uri)
        routes.append((operation["http"]["method"], re.compile(pattern + "/?$"), name))
    return routes


def match_eks(request: Request) -> tuple[str, dict[str, str]] | None:
    for method, pattern, name in eks_routes():
        if method == request.method and (match := pattern.match(request.path)):
            return name, {key: unquote(value) for key, value in match.groupdict().items()}
    return None


def form_of(request: Request) -> dict[str, str]:
    text = request.body.decode("utf-8", "replace") or request.query
    return dict(parse_qsl(text, keep_blank_values=True))


def json_body(request: Request) -> dict[str, Any]:
    try:
        value = json.loads(request.body) if request.body else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def identify(request: Request, service: str) -> tuple[str, dict[str, Any]]:
    """The operation's name and its decoded parameters: form fields, or path, query and JSON body together."""
    if service == "eks":
        found = match_eks(request)
        if not found:
            return f"{request.method} {request.path}", {}
        name, path = found
        query = {key: v[0] if len(v) == 1 else v for key, v in parse_qs(request.query).items()}
        return name, {**query, **json_body(request), **path}
    if target := request.headers.get("x-amz-target"):
        return target.split(".")[-1], json_body(request)
    form = form_of(request)
    name = form.pop("Action", f"{request.method} {request.path}")
    form.pop("Version", None)
    return name, form


def is_mutating(operation: str, params: dict[str, Any]) -> bool:
    if operation.startswith(READS):
        return False
    return str(params.get("DryRun", "")).lower() != "true"
