"""Service Quotas: how many of what an account may have; held to only where a setting says a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto.ec2.models.instance_types import INSTANCE_TYPES

from .backends import Backends
from .call import Call
from .errors import ApiError
from .rules import rule

STANDARD = "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances"


@dataclass(frozen=True)
class Quota:
    service: str
    name: str
    # What an account has that nobody has raised anything for; of virtual CPUs, one that has been used a while.
    default: int


QUOTAS = {
    "L-F678F1CE": Quota("vpc", "VPCs per Region", 5),
    "L-A4707A72": Quota("vpc", "Internet gateways per Region", 5),
    "L-FE5A380F": Quota("vpc", "NAT gateways per Availability Zone", 5),
    "L-DF5E4CA3": Quota("vpc", "Network interfaces per Region", 5000),
    "L-0263D0A3": Quota("ec2", "EC2-VPC Elastic IPs", 5),
    "L-1216C47A": Quota("ec2", STANDARD, 256),
    "L-DB2E81BA": Quota("ec2", "Running On-Demand G and VT instances", 64),
    "L-417A185B": Quota("ec2", "Running On-Demand P instances", 64),
    "L-34B43A08": Quota("ec2", "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests", 256),
    "L-3819A6DF": Quota("ec2", "All G and VT Spot Instance Requests", 64),
    "L-1194D53C": Quota("eks", "Clusters", 100),
    "L-6D54EA21": Quota("eks", "Managed node groups per cluster", 30),
    "L-BD136A63": Quota("eks", "Nodes per managed node group", 450),
}
NAMES = {"vpc": "Amazon Virtual Private Cloud (Amazon VPC)", "ec2": "Amazon Elastic Compute Cloud (Amazon EC2)"}
NAMES["eks"] = "Amazon Elastic Kubernetes Service (Amazon EKS)"


def checked(asked: dict[str, int]) -> dict[str, int]:
    """What a setting says, if it can be meant."""
    if unknown := sorted(asked.keys() - QUOTAS.keys()):
        raise ValueError(f"unknown quotas {unknown}; known are {sorted(QUOTAS)}")
    return {code: int(value) for code, value in asked.items()}


def _show(call: Call, code: str, value: int) -> dict[str, Any]:
    quota = QUOTAS[code]
    return {
        "ServiceCode": quota.service,
        "ServiceName": NAMES[quota.service],
        "QuotaArn": f"arn:aws:servicequotas:{call.region}:{call.account}:{quota.service}/{code}",
        "QuotaCode": code,
        "QuotaName": quota.name,
        "Value": float(value),
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }


def _value(call: Call, code: str) -> int:
    applied = call.operation in ("GetServiceQuota", "ListServiceQuotas")
    default = QUOTAS[code].default
    return call.world.quotas.get(code, default) if applied else default


@rule("servicequotas", "GetServiceQuota", "GetAWSDefaultServiceQuota")
def get_service_quota(call: Call, moto: Any) -> Any:
    service, code = call.params["ServiceCode"], call.params["QuotaCode"]
    if code not in QUOTAS or QUOTAS[code].service != service:
        text = "The request failed because the specified service or quota does not exist."
        raise ApiError("NoSuchResourceException", text)
    return {"Quota": _show(call, code, _value(call, code))}


@rule("servicequotas", "ListServiceQuotas", "ListAWSDefaultServiceQuotas")
def list_service_quotas(call: Call, moto: Any) -> Any:
    service = call.params["ServiceCode"]
    if service not in NAMES:
        raise ApiError("NoSuchResourceException", f"The service {service} does not exist.")
    found = [code for code, quota in QUOTAS.items() if quota.service == service]
    return {"Quotas": [_show(call, code, _value(call, code)) for code in found]}


def _nat_gateways(call: Call) -> int:
    """Of the zone that the new one is to be in."""
    ec2 = call.aws.ec2
    zone = ec2.get_subnet(call.params["SubnetId"]).availability_zone
    living = [nat for nat in ec2.nat_gateways.values() if nat.state in ("pending", "available", "deleting")]
    return sum(ec2.get_subnet(nat.subnet_id).availability_zone == zone for nat in living)


def _nodegroups(call: Call) -> int:
    return len(call.store.cluster(call.params["clusterName"]).nodegroups)


FULL = "The maximum number of {} has been reached."
# operation: the quota, how much of it is used, the code and the words of the refusal
LIMITED: dict[str, tuple[str, Callable[[Call], int], str, str]] = {
    "CreateVpc": ("L-F678F1CE", lambda call: len(call.aws.ec2.vpcs), "VpcLimitExceeded", FULL.format("VPCs")),
    "CreateInternetGateway": (
        "L-A4707A72",
        lambda call: len(call.aws.ec2.internet_gateways),
        "InternetGatewayLimitExceeded",
        FULL.format("internet gateways"),
    ),
    "AllocateAddress": (
        "L-0263D0A3",
        lambda call: len(call.aws.ec2.addresses),
        "AddressLimitExceeded",
        FULL.format("addresses"),
    ),
    "CreateNatGateway": (
        "L-FE5A380F",
        _nat_gateways,
        "NatGatewayLimitExceeded",
        FULL.format("NAT gateways"),
    ),
    "CreateCluster": (
        "L-1194D53C",
        lambda call: len(call.store.clusters),
        "ResourceLimitExceededException",
        FULL.format("clusters"),
    ),
    "CreateNodegroup": (
        "L-6D54EA21",
        _nodegroups,
        "ResourceLimitExceededException",
        FULL.format("node groups of a cluster"),
    ),
}


def enforce(call: Call) -> None:
    """Refuses what would be one too many."""
    code, used, error, text = LIMITED.get(call.operation, ("", lambda call: 0, "", ""))
    limit = call.world.quotas.get(code)
    if limit is not None and used(call) >= limit:
        raise ApiError(error, text)


def vcpus(instance_type: str) -> int:
    return INSTANCE_TYPES[instance_type]["VCpuInfo"]["DefaultVCpus"]


def _is_standard(instance_type: str) -> bool:
    return instance_type[0] in "acdhimrtz" and not instance_type.startswith(("hpc", "inf", "mac", "trn", "dl"))


def enforce_vcpus(limits: dict[str, int], aws: Backends, instance_type: str, spot: bool) -> None:
    """On-demand instances of the standard families only, as one more of this type is to be started."""
    limit = limits.get("L-1216C47A")
    if limit is None or spot or not _is_standard(instance_type):
        return
    running = [it for it in aws.ec2.all_instances() if it.state in ("pending", "running")]
    counted = [it for it in running if it.lifecycle != "spot" and _is_standard(it.instance_type)]
    if sum(vcpus(it.instance_type) for it in counted) + vcpus(instance_type) > limit:
        text = (
            f"You have requested more vCPU capacity than your current vCPU limit of {limit} allows for the "
            "instance bucket that the specified instance type belongs to."
        )
        raise ApiError("VcpuLimitExceeded", text)
