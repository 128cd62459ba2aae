"""As much of JSON Schema as the configurations of add-ons need, in the words of EKS's refusals."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]
TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
}


def problems(schema: Json, value: Any, at: str = "$") -> list[str]:
    """What is wrong with a value, each with its place."""
    if options := schema.get("anyOf"):
        tried = [problems(option, value, at) for option in options]
        return [] if [] in tried else tried[0]
    if "type" in schema and not _is(schema["type"], value):
        return [f"{at}: {schema['type']} expected"]
    found: list[str] = []
    if isinstance(value, dict):
        found += _members(schema, value, at)
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        found.append(f"{at}: does not match the regex pattern {schema['pattern']}")
    if isinstance(value, int) and not isinstance(value, bool):
        if value < schema.get("minimum", value):
            found.append(f"{at}: must have a minimum value of {schema['minimum']}")
        if value > schema.get("maximum", value):
            found.append(f"{at}: must have a maximum value of {schema['maximum']}")
    return found


def _is(kind: str, value: Any) -> bool:
    return isinstance(value, TYPES[kind]) and (kind != "integer" or not isinstance(value, bool))


def _members(schema: Json, value: Json, at: str) -> list[str]:
    known = schema.get("properties", {})
    found = [f"{at}.{key}: is missing but it is required" for key in schema.get("required", ()) if key not in value]
    for key, item in value.items():
        if key in known:
            found += problems(known[key], item, f"{at}.{key}")
        elif not schema.get("additionalProperties", True):
            text = "is not defined in the schema and the schema does not allow additional properties"
            found.append(f"{at}.{key}: {text}")
    return found
