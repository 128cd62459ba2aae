"""Availability zones with everything that AWS tells of them, in an order that a setting can change."""

from __future__ import annotations

from typing import Any

from ..call import Call
from ..rules import rule


@rule("ec2", "DescribeAvailabilityZones")
def describe_availability_zones(call: Call, moto: Any) -> Any:
    params = call.params
    zones = call.aws.ec2.describe_availability_zones(
        {item["Name"]: item.get("Values", []) for item in params.get("Filters", [])},
        params.get("ZoneNames", []),
        params.get("ZoneIds", []),
    )
    order = call.world.releases.zones
    if order == "reverse":
        zones = list(reversed(zones))
    elif order:
        zones = sorted(zones, key=lambda zone: order.index(zone.name) if zone.name in order else len(order))
    return {"AvailabilityZones": [_shown(call.region, zone) for zone in zones]}


def _shown(region: str, zone: Any) -> dict[str, Any]:
    return {
        "OptInStatus": "opt-in-not-required",
        "Messages": [],
        "RegionName": region,
        "ZoneName": zone.name,
        "ZoneId": zone.zone_id,
        "GroupName": f"{region}-zg-1",
        "NetworkBorderGroup": region,
        "ZoneType": "availability-zone",
        "State": zone.state,
    }
