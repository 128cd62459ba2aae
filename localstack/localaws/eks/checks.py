"""What EKS asks of other services before it makes something: subnets, groups, roles, keys."""

from __future__ import annotations

import json
from typing import Any

from ..backends import Backends
from ..call import Call
from ..clock import DURATIONS
from ..errors import ApiError
from ..world import World

# Zones in which EKS makes no control plane, by zone id.
REFUSED_ZONES = {"use1-az3", "usw1-az2", "cac1-az3"}


def invalid(message: str, **where: str) -> ApiError:
    return ApiError("InvalidParameterException", message, **where)


def subnet(aws: Backends, subnet_id: str, **where: str) -> Any:
    for by_zone in aws.ec2.subnets.values():
        if subnet_id in by_zone:
            return by_zone[subnet_id]
    raise invalid(f"The subnet ID '{subnet_id}' does not exist", **where)


def cluster_subnets(call: Call, subnet_ids: list[str], name: str) -> tuple[str, list[Any]]:
    """The VPC that the subnets lie in; they must be in two zones or more, none of them refused by EKS."""
    if len(set(subnet_ids)) < 2:
        raise invalid("Subnets specified must be in at least two different AZs", clusterName=name)
    found = [subnet(call.aws, item, clusterName=name) for item in subnet_ids]
    if len({item.vpc_id for item in found}) > 1:
        raise invalid("Subnets provided belong to different VPCs", clusterName=name)
    if refused := next((item for item in found if item.availability_zone_id in REFUSED_ZONES), None):
        raise _unsupported_zone(call, refused.availability_zone, name)
    if len({item.availability_zone for item in found}) < 2:
        raise invalid("Subnets specified must be in at least two different AZs", clusterName=name)
    return found[0].vpc_id, found


def _unsupported_zone(call: Call, zone: str, name: str) -> ApiError:
    zones = call.aws.ec2.describe_availability_zones()
    valid = sorted(item.name for item in zones if item.zone_id not in REFUSED_ZONES)
    text = (
        f"Cannot create cluster '{name}' because {zone}, the targeted availability zone, does not currently "
        f"have sufficient capacity to support the cluster. Retry and choose from these availability zones: "
        f"{', '.join(valid)}"
    )
    return ApiError("UnsupportedAvailabilityZoneException", text, clusterName=name, validZones=valid)


def security_groups(aws: Backends, group_ids: list[str], vpc_id: str, **where: str) -> None:
    for group_id in group_ids:
        group = aws.ec2.get_security_group_from_id(group_id)
        if not group:
            raise invalid(f"The security group '{group_id}' does not exist", **where)
        if group.vpc_id != vpc_id:
            raise invalid(f"Security group(s) [{group_id}] are not in the same VPC as the subnets", **where)


def role(call: Call, arn: str, service: str, **where: str) -> Any:
    """The role, once the time has passed that IAM takes to tell other services about it."""
    found = next((item for item in call.aws.iam.roles.values() if item.arn == arn), None)
    refusal = invalid(
        f"Role with arn: {arn}, could not be assumed because it does not exist "
        "or the trusted entity is not correct",
        **where,
    )
    if not found or service not in _trusted(found):
        raise refusal
    if too_new(call.world, arn):
        raise refusal
    return found


def too_new(world: World, arn: str) -> bool:
    """Whether IAM has not yet told other services of this role."""
    born = world.role_born.get(arn)
    return bool(world.clock.factor) and born is not None and world.clock.now() - born < DURATIONS["iam.lag"]


def _trusted(found: Any) -> str:
    document = found.assume_role_policy_document
    return document if isinstance(document, str) else json.dumps(document)


def encryption(call: Call, config: list[dict[str, Any]], name: str) -> None:
    for item in config:
        if item.get("resources") != ["secrets"]:
            raise invalid("Only resources [secrets] can be encrypted", clusterName=name)
        arn = item.get("provider", {}).get("keyArn", "")
        if not arn.startswith("arn:") or arn.split("/")[-1] not in call.aws.kms.keys:
            raise invalid(f"The keyArn in encryptionConfig provider {arn} is invalid", clusterName=name)


def tags(given: dict[str, str] | None, **where: str) -> dict[str, str]:
    given = given or {}
    if len(given) > 50:
        raise invalid("Number of tags exceeds the limit of 50", **where)
    if reserved := [key for key in given if key.lower().startswith("aws:")]:
        raise invalid(f"Tag keys must not start with aws: {reserved}", **where)
    return dict(given)
