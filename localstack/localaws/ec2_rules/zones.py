"""Availability zones with everything that AWS tells of them, in an order that a setting can change."""

from __future__ import annotations

from typing import Any

from ..call import Call
from ..errors import ApiError
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


@rule("ec2", "CreateSubnet")
def create_subnet(call: Call, moto: Any) -> Any:
    """moto's refusal lists the zones of all regions."""
    asked = call.params.get("AvailabilityZone")
    names = [zone.name for zone in call.aws.ec2.describe_availability_zones()]
    if asked and asked not in names:
        text = f"Value ({asked}) for parameter availabilityZone is invalid. Subnets can currently only be created in "
        raise ApiError(
            "InvalidParameterValue", text + f"the following availability zones: {', '.join(names)}."
        )
    return moto.answer()
