"""EC2's filters, for the lists that moto filters too little or not at all."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from ..errors import ApiError

Field = str | Callable[[Any], Any]


def select(things: list[Any], filters: list[dict[str, Any]], fields: dict[str, Field]) -> list[Any]:
    """Every filter must match; a filter matches if one of its values does, `*` and `?` being wild."""
    for item in filters:
        name, values = item["Name"], item.get("Values", [])
        things = [thing for thing in things if any(_matches(v, values) for v in _values(thing, name, fields))]
    return things


def _values(thing: Any, name: str, fields: dict[str, Field]) -> list[str]:
    tags = {tag["key"]: tag["value"] for tag in thing.get_tags()}
    if name.startswith("tag:"):
        key = name.removeprefix("tag:")
        return [tags[key]] if key in tags else []
    if name == "tag-key":
        return list(tags)
    if name not in fields:
        raise ApiError("InvalidParameterValue", f"The filter '{name}' is invalid")
    field = fields[name]
    value = field(thing) if callable(field) else getattr(thing, field)
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _matches(value: str, wanted: list[str]) -> bool:
    return any(fnmatchcase(value, pattern.replace("[", "[[]")) for pattern in wanted)
