"""Lists cut into pages, by botocore's own paginator definitions; tokens go on where the page before ended."""

from __future__ import annotations

import base64
import hashlib
import json
import xml.etree.ElementTree as ET
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from botocore.exceptions import UnknownServiceError

from .errors import ApiError, protocol_of
from .http1 import Request, Response
from .operations import model

MODELS = {"elasticloadbalancing": "elbv2"}
# The size of a page where the caller asks for none.
DEFAULT_SIZE = {"eks": 100, "iam": 100, "ec2": 1000, "autoscaling": 50}
BAD_TOKEN = {
    "ec2": ("InvalidNextToken", "The token is not valid.", 400),
    "query": ("ValidationError", "The pagination token is invalid.", 400),
    "rest-json": ("InvalidParameterException", "The nextToken is invalid.", 400),
    "json": ("InvalidParameterException", "The nextToken is invalid.", 400),
}


@cache
def paginator(service: str, operation: str) -> dict[str, Any] | None:
    try:
        found = model(MODELS.get(service, service), "paginators-1")["pagination"].get(operation)
    except UnknownServiceError:
        return None
    if not found or "input_token" not in found or isinstance(found["input_token"], list):
        return None
    return found


class Page:
    """The page asked for: the request goes on without token and limit, the answer is cut here."""

    def __init__(self, service: str, operation: str, request: Request, forced_size: int) -> None:
        self.service, self.operation = service, operation
        self.config = paginator(service, operation)
        self.start, self.size = 0, 0
        if not self.config:
            return
        fields = self._fields(request)
        token = fields.pop(self.config["input_token"], None)
        limit = fields.pop(self.config.get("limit_key", ""), None)
        self.digest = hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:12]
        if token:
            self.start = self._decode(str(token))
        asked = int(limit) if limit and str(limit).isdigit() else DEFAULT_SIZE.get(service, 100)
        self.size = min(asked, forced_size) if forced_size else asked
        if token or limit:
            self._put(request, fields)

    @property
    def active(self) -> bool:
        return bool(self.config)

    def _fields(self, request: Request) -> dict[str, Any]:
        protocol = protocol_of(self.service)
        if protocol == "rest-json":
            return dict(parse_qsl(request.query, keep_blank_values=True))
        if protocol == "json":
            return json.loads(request.body or b"{}")
        return dict(parse_qsl(request.body.decode(), keep_blank_values=True))

    def _put(self, request: Request, fields: dict[str, Any]) -> None:
        protocol = protocol_of(self.service)
        if protocol == "rest-json":
            pairs = parse_qsl(request.query, keep_blank_values=True)
            kept = [pair for pair in pairs if pair[0] in fields]
            request.target = request.path + (f"?{urlencode(kept)}" if kept else "")
        elif protocol == "json":
            request.body = json.dumps(fields).encode()
        else:
            request.body = urlencode(fields).encode()

    def _encode(self, offset: int) -> str:
        return base64.urlsafe_b64encode(f"{offset}:{self.digest}".encode()).decode()

    def _decode(self, token: str) -> int:
        """A token belongs to its request: with other filters it is refused."""
        try:
            offset, digest = base64.urlsafe_b64decode(token.encode()).decode().split(":")
            if digest == self.digest:
                return int(offset)
        except ValueError:
            pass
        raise ApiError(*BAD_TOKEN[protocol_of(self.service)])

    def cut(self, response: Response) -> Response:
        if not self.config or response.status != 200:
            return response
        key = self.config["result_key"]
        key = key[0] if isinstance(key, list) else key
        if protocol_of(self.service) in ("rest-json", "json"):
            return self._cut_json(response, key)
        return self._cut_xml(response, key)

    def _cut_json(self, response: Response, key: str) -> Response:
        answer = json.loads(response.body)
        items = answer.get(key, [])
        end = self.start + self.size
        if self.start == 0 and len(items) <= self.size:
            return response
        answer[key] = items[self.start : end]
        if more := self.config.get("more_results"):
            answer[more] = end < len(items)
        if end < len(items):
            answer[self.config["output_token"]] = self._encode(end)
        response.body = json.dumps(answer).encode()
        return response

    def _cut_xml(self, response: Response, key: str) -> Response:
        if self.start == 0 and response.body.count(b"<item>") + response.body.count(b"<member>") <= self.size:
            return response
        root = ET.fromstring(response.body)
        space = root.tag.partition("}")[0].strip("{") if root.tag.startswith("{") else ""
        prefix = f"{{{space}}}" if space else ""
        holder = root if self.service == "ec2" else root.find(f"{prefix}{self.operation}Result")
        found = holder.find(prefix + self._wire_name(key)) if holder is not None else None
        if found is None:
            return response
        items = list(found)
        end = self.start + self.size
        for item in [*items[: self.start], *items[end:]]:
            found.remove(item)
        self._put_token(holder, prefix, end if end < len(items) else 0)
        if space:
            ET.register_namespace("", space)
        response.body = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        return response

    def _put_token(self, holder: ET.Element, prefix: str, end: int) -> None:
        name = prefix + self._wire_name(self.config["output_token"])
        for old in holder.findall(name):
            holder.remove(old)
        if more := self.config.get("more_results"):
            element = holder.find(prefix + self._wire_name(more))
            if element is None:
                element = ET.SubElement(holder, prefix + self._wire_name(more))
            element.text = "true" if end else "false"
        if end:
            ET.SubElement(holder, name).text = self._encode(end)

    def _wire_name(self, member: str) -> str:
        spec = model(MODELS.get(self.service, self.service))
        output = spec["operations"][self.operation]["output"]["shape"]
        return spec["shapes"][output]["members"][member].get("locationName", member)
