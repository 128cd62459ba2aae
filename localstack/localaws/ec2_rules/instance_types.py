"""Instance types looked up by name: the common question, without walking through all 1,400."""

from __future__ import annotations

from functools import cache
from typing import Any

from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS, INSTANCE_TYPES

from ..call import Call
from ..rules import rule


def _named(call: Call, others: tuple[str, ...] = ()) -> list[str] | None:
    """The names that an instance-type filter asks for, if no other filter but `others` stands beside it."""
    filters = {item["Name"]: item.get("Values", []) for item in call.params.get("Filters", [])}
    names = filters.pop("instance-type", None)
    plain = names is not None and not any("*" in name or "?" in name for name in names)
    return names if plain and filters.keys() <= set(others) else None


@rule("ec2", "DescribeInstanceTypes")
def describe_instance_types(call: Call, moto: Any) -> Any:
    asked = call.params.get("InstanceTypes")
    if asked and not call.params.get("Filters") and all(name in INSTANCE_TYPES for name in asked):
        return {"InstanceTypes": [INSTANCE_TYPES[name] for name in asked]}
    names = None if asked else _named(call)
    if names is None:
        return moto.answer()
    return {"InstanceTypes": [INSTANCE_TYPES[name] for name in names if name in INSTANCE_TYPES]}


@cache
def _offerings(location_type: str, region: str) -> dict[str, list[dict[str, Any]]]:
    by_name: dict[str, list[dict[str, Any]]] = {}
    for item in INSTANCE_TYPE_OFFERINGS[location_type].get(region, []):
        by_name.setdefault(item["InstanceType"], []).append(item)
    return by_name


@rule("ec2", "DescribeInstanceTypeOfferings")
def describe_instance_type_offerings(call: Call, moto: Any) -> Any:
    location_type = call.params.get("LocationType", "region")
    names = _named(call, ("location",))
    if names is None or location_type not in INSTANCE_TYPE_OFFERINGS:
        return moto.answer()
    wanted = [
        v for item in call.params["Filters"] if item["Name"] == "location" for v in item.get("Values", [])
    ]
    found = [item for name in names for item in _offerings(location_type, call.region).get(name, [])]
    return {"InstanceTypeOfferings": [item for item in found if not wanted or item["Location"] in wanted]}
