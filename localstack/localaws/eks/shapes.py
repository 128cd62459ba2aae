"""Requests checked against, and answers written by, botocore's own model of EKS."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from ..errors import ApiError
from ..operations import model

TYPES: dict[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "timestamp": (datetime, int, float),
}


def operation_model(name: str) -> dict[str, Any]:
    return model("eks")["operations"][name]


def read_request(name: str, params: dict[str, Any]) -> dict[str, Any]:
    """Query strings become what the shape says; every constraint that the model knows is checked."""
    spec = operation_model(name).get("input")
    if not spec:
        return params
    shape = model("eks")["shapes"][spec["shape"]]
    known = {}
    for member, ref in shape["members"].items():
        wire = ref.get("locationName", member)
        if wire in params:
            known[member] = (
                _from_query(ref, params[wire]) if ref.get("location") == "querystring" else params[wire]
            )
    problems: list[str] = []
    _check(spec["shape"], known, "", problems)
    if problems:
        count = len(problems)
        plural = "s" if count > 1 else ""
        text = f"{count} validation error{plural} detected: {'; '.join(problems)}"
        raise ApiError("InvalidParameterException", text)
    return known


def _from_query(ref: dict[str, Any], value: Any) -> Any:
    kind = model("eks")["shapes"][ref["shape"]]["type"]
    if kind == "list":
        return value if isinstance(value, list) else [value]
    if kind == "boolean":
        return str(value).lower() == "true"
    if kind == "integer":
        return int(value)
    return value


def _check(shape_name: str, value: Any, path: str, problems: list[str], strict: bool = False) -> None:
    """Collects what is wrong. `strict` is for our own answers: unknown members are wrong too."""
    shape = model("eks")["shapes"][shape_name]
    kind = shape["type"]
    if not isinstance(value, TYPES[kind]) or (kind in ("integer", "long") and isinstance(value, bool)):
        problems.append(f"Value at '{path}' is not of type {kind}")
        return
    if kind == "structure":
        _check_structure(shape, value, path, problems, strict)
    elif kind == "list":
        _check_length(shape, len(value), path, problems)
        for index, item in enumerate(value):
            _check(shape["member"]["shape"], item, f"{path}.{index + 1}.member", problems, strict)
    elif kind == "map":
        for key, item in value.items():
            _check(shape["key"]["shape"], key, f"{path} key", problems, strict)
            _check(shape["value"]["shape"], item, f"{path}.{key}.member", problems, strict)
    elif kind == "string":
        _check_string(shape, value, path, problems)
    elif kind in ("integer", "long"):
        _check_length(shape, value, path, problems)


def _check_structure(shape: dict, value: dict, path: str, problems: list[str], strict: bool) -> None:
    for member in shape.get("required", []):
        if value.get(member) is None:
            problems.append(_constraint("null", f"{path}.{member}".lstrip("."), "Member must not be null"))
    for member, item in value.items():
        ref = shape["members"].get(member)
        if ref and item is not None:
            _check(ref["shape"], item, f"{path}.{member}".lstrip("."), problems, strict)
        elif strict and not ref:
            problems.append(f"'{path}' has no member '{member}'")


def _check_string(shape: dict, value: str, path: str, problems: list[str]) -> None:
    if "enum" in shape and value not in shape["enum"]:
        wanted = f"Member must satisfy enum value set: [{', '.join(shape['enum'])}]"
        problems.append(_constraint(value, path, wanted))
    if "pattern" in shape and not re.match(shape["pattern"] + "$", value):
        problems.append(
            _constraint(value, path, f"Member must satisfy regular expression pattern: {shape['pattern']}")
        )
    _check_length(shape, len(value), path, problems)


def _check_length(shape: dict, size: int, path: str, problems: list[str]) -> None:
    if "min" in shape and size < shape["min"]:
        problems.append(_constraint(str(size), path, f"Member must be at least {shape['min']}"))
    if "max" in shape and size > shape["max"]:
        problems.append(_constraint(str(size), path, f"Member must be at most {shape['max']}"))


def _constraint(value: str, path: str, wanted: str) -> str:
    return f"Value '{value}' at '{path}' failed to satisfy constraint: {wanted}"


def write_answer(name: str, answer: dict[str, Any]) -> bytes:
    """An answer that AWS's model does not allow is a fault of ours and must not pass as AWS's behaviour."""
    answer = _without_none(answer)
    problems: list[str] = []
    _check(operation_model(name)["output"]["shape"], answer, "", problems, strict=True)
    if problems:
        raise AssertionError(f"{name} answers what EKS never would: {problems}")
    return json.dumps(answer, default=_timestamp).encode()


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_none(item) for item in value]
    return value


def _timestamp(value: Any) -> float:
    if isinstance(value, datetime):
        return round(value.timestamp(), 3)
    raise TypeError(f"{type(value)} has no form in JSON")
