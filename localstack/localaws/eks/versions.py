"""Kubernetes versions: what EKS offers, which one it takes by itself, and the AMI releases of each."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any

from ..call import Call
from ..errors import ApiError
from ..world import World
from .registry import Answer, operation

DATA = Path(__file__).parent.parent / "data"


@cache
def catalogue() -> dict[str, Any]:
    return json.loads((DATA / "versions.json").read_text())


def number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def known(world: World) -> list[dict[str, Any]]:
    """Newest first, the retired ones too, for a cluster may live on; versions added by the account's settings look like the newest known one."""
    shipped = catalogue()["versions"]
    names = {item["version"] for item in shipped}
    added = [v for v in world.releases.versions if v not in names]
    fresh = [{**shipped[0], "version": v, "patch": f"{v}.0", "platform": "eks.1"} for v in added]
    return sorted([*fresh, *shipped], key=lambda item: number(item["version"]), reverse=True)


def offered(world: World) -> list[dict[str, Any]]:
    """Those that a cluster can be made with."""
    return [item for item in known(world) if item["version"] not in world.releases.retired]


def default_version(world: World) -> str:
    return world.releases.default_version or catalogue()["default"]


def checked_version(world: World, version: str | None, **where: str) -> str:
    version = version or default_version(world)
    if version not in [item["version"] for item in offered(world)]:
        raise ApiError("InvalidParameterException", f"unsupported Kubernetes version {version}", **where)
    return version


def platform_version(world: World, version: str) -> str:
    return next(item["platform"] for item in known(world) if item["version"] == version)


def patch_of(world: World, version: str) -> str:
    return next(item["patch"] for item in known(world) if item["version"] == version)


def ami_dates(world: World) -> list[str]:
    """When AWS has released images, in order; one added by the account's settings among them."""
    added = [world.releases.ami_release] if world.releases.ami_release else []
    return sorted({*catalogue()["amiReleases"], *added})


def ami_release(world: World, version: str, ami_type: str) -> str:
    """The one that a new node group gets."""
    date = world.releases.ami_release or catalogue()["amiReleases"][-1]
    return ami_release_of(world, version, ami_type, date)


def ami_release_of(world: World, version: str, ami_type: str, date: str) -> str:
    """`1.34.4-20261105` for Amazon Linux, Bottlerocket's own numbers for Bottlerocket."""
    if ami_type.startswith("BOTTLEROCKET"):
        return f"1.{47 + ami_dates(world).index(date)}.0-{int(date):x}"
    return f"{patch_of(world, version)}-{date}"


@operation("DescribeClusterVersions")
def describe_cluster_versions(call: Call) -> Answer:
    params = call.params
    answer = [_information(call.world, item) for item in offered(call.world)]
    if wanted := params.get("clusterVersions"):
        answer = [item for item in answer if item["clusterVersion"] in wanted]
    if params.get("defaultOnly"):
        answer = [item for item in answer if item["defaultVersion"]]
    if status := params.get("versionStatus"):
        answer = [item for item in answer if item["versionStatus"] == status]
    if status := params.get("status"):
        answer = [item for item in answer if item["status"] == status]
    return {"clusterVersions": answer}


def _information(world: World, item: dict[str, Any]) -> dict[str, Any]:
    version = item["version"]
    standard = version in catalogue()["standardSupport"] or version in world.releases.versions
    return {
        "clusterVersion": version,
        "clusterType": "eks",
        "defaultPlatformVersion": item["platform"],
        "defaultVersion": version == default_version(world),
        "releaseDate": _day(item["release"]),
        "endOfStandardSupportDate": _day(item["standard"]),
        "endOfExtendedSupportDate": _day(item["extended"]),
        "status": "standard-support" if standard else "extended-support",
        "versionStatus": "STANDARD_SUPPORT" if standard else "EXTENDED_SUPPORT",
        "kubernetesPatchVersion": item["patch"],
    }


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)
