"""Which add-ons there are, in which versions, and what they can be configured with."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from ..call import Call
from ..errors import ApiError
from ..world import World
from .registry import Answer, operation
from .versions import DATA, number, offered


@cache
def catalogue() -> dict[str, Any]:
    return json.loads((DATA / "addons.json").read_text())


def versions_of(world: World, name: str, kubernetes: str) -> list[str]:
    """Newest first; what the account's settings release comes on top."""
    known = catalogue()[name]["versions"]
    return [
        *world.releases.addons.get(name, []),
        *(known.get(kubernetes) or known.get("*") or _nearest(known, kubernetes)),
    ]


def _nearest(known: dict[str, list[str]], kubernetes: str) -> list[str]:
    """A Kubernetes version that the settings added takes the newest known one's versions."""
    return known[max((key for key in known if number(key) <= number(kubernetes)), key=number)]


def default_of(world: World, name: str, kubernetes: str) -> str:
    if released := world.releases.addon_defaults.get(name):
        return released
    known = catalogue()[name]["defaults"]
    return known.get(kubernetes) or known.get("*") or versions_of(world, name, kubernetes)[-1]


def needs_nodes(name: str) -> bool:
    return bool(catalogue()[name].get("needsNodes"))


def publisher(name: str) -> tuple[str, str]:
    entry = catalogue()[name]
    return entry.get("publisher", "eks"), entry.get("owner", "aws")


@operation("DescribeAddonVersions")
def describe_addon_versions(call: Call) -> Answer:
    params = call.params
    answer = []
    for name, entry in catalogue().items():
        if name != params.get("addonName", name):
            continue
        shown_publisher, owner = publisher(name)
        matching = (
            entry["type"] in params.get("types", [entry["type"]])
            and shown_publisher in params.get("publishers", [shown_publisher])
            and owner in params.get("owners", [owner])
        )
        if matching and (versions := _versions(call, name)):
            answer.append(
                {
                    "addonName": name,
                    "type": entry["type"],
                    "addonVersions": versions,
                    "publisher": shown_publisher,
                    "owner": owner,
                    "defaultNamespace": entry["namespace"],
                }
            )
    return {"addons": answer}


def _versions(call: Call, name: str) -> list[dict[str, Any]]:
    """Every version once, with the Kubernetes versions that it runs on."""
    found: dict[str, list[dict[str, Any]]] = {}
    for item in offered(call.world):
        kubernetes = item["version"]
        if kubernetes != call.params.get("kubernetesVersion", kubernetes):
            continue
        default = default_of(call.world, name, kubernetes)
        for version in versions_of(call.world, name, kubernetes):
            compatibility = {
                "clusterVersion": kubernetes,
                "platformVersions": ["*"],
                "defaultVersion": version == default,
            }
            found.setdefault(version, []).append(compatibility)
    return [
        {
            "addonVersion": version,
            "architecture": ["amd64", "arm64"],
            "computeTypes": ["ec2", "auto", "hybrid"],
            "compatibilities": compatibilities,
            "requiresConfiguration": False,
            "requiresIamPermissions": bool(catalogue()[name].get("permissions")),
        }
        for version, compatibilities in found.items()
    ]


@operation("DescribeAddonConfiguration")
def describe_addon_configuration(call: Call) -> Answer:
    name, version = call.params["addonName"], call.params["addonVersion"]
    known = name in catalogue() and any(
        version in versions_of(call.world, name, item["version"]) for item in offered(call.world)
    )
    if not known:
        text = f"Addon {name} with version {version} not supported"
        raise ApiError("ResourceNotFoundException", text, 404, addonName=name)
    return {
        "addonName": name,
        "addonVersion": version,
        "configurationSchema": json.dumps(schema(name)),
        "podIdentityConfiguration": [
            {
                "serviceAccount": account,
                "recommendedManagedPolicies": [f"arn:aws:iam::aws:policy/{policy}" for policy in policies],
            }
            for account, policies in catalogue()[name].get("identity", {}).items()
        ],
    }


def schema(name: str) -> dict[str, Any]:
    deeper = catalogue()[name].get("schemas", {})
    return {
        "$schema": "http://json-schema.org/draft-06/schema#",
        "type": "object",
        "additionalProperties": False,
        "properties": {key: deeper.get(key, {}) for key in catalogue()[name]["configuration"]},
    }
