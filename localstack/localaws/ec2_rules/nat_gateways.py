"""NAT gateways that take their time, fail without an internet gateway, and leave a tombstone."""

from __future__ import annotations

from typing import Any

from moto.core.utils import iso_8601_datetime_with_milliseconds
from moto.ec2.utils import add_tag_specification, random_private_ip

from ..call import Call
from ..clock import utcnow
from ..errors import ApiError
from ..rules import rule
from .filters import select

FIELDS = {"nat-gateway-id": "id", "vpc-id": "vpc_id", "subnet-id": "subnet_id", "state": "state"}


@rule("ec2", "CreateNatGateway")
def create_nat_gateway(call: Call, moto: Any) -> Any:
    params, ec2 = call.params, call.aws.ec2
    subnet = ec2.get_subnet(params["SubnetId"])
    kind = params.get("ConnectivityType", "public")
    allocation = params.get("AllocationId", "")
    if kind == "public":
        _check_address(ec2, allocation)
    tags = add_tag_specification(params.get("TagSpecifications", []))
    nat = ec2.create_nat_gateway(subnet.id, allocation, tags, kind)
    nat.state = "pending"
    nat.failure_code = nat.failure_message = nat.delete_time = None
    _dress_interface(nat, subnet)
    _begin(call, nat)
    return {"NatGateway": nat, "ClientToken": params.get("ClientToken")}


def _check_address(ec2: Any, allocation: str) -> None:
    if not allocation:
        raise ApiError("MissingParameter", "The request must include the AllocationId parameter.")
    address = ec2.address_by_allocation([allocation])[0]
    if address.association_id:
        raise ApiError(
            "Resource.AlreadyAssociated", f"Elastic IP address [{allocation}] is already associated"
        )


def _dress_interface(nat: Any, subnet: Any) -> None:
    """moto's address lies anywhere; it should lie in the subnet, and nobody may delete the interface."""
    eni, address = nat._eni, random_private_ip(subnet.cidr_block)
    eni.private_ip_address = nat.private_ip = address
    eni.private_ip_addresses = [{"Primary": True, "PrivateIpAddress": address}]
    nat.address_set[0]["privateIp"] = address
    eni.status, eni.requester_managed, eni.interface_type = "in-use", True, "nat_gateway"
    eni.description = f"Interface for NAT Gateway {nat.id}"


def _begin(call: Call, nat: Any) -> None:
    ec2, world = call.aws.ec2, call.world
    failure = world.take_failure("nat-gateway-create")
    attached = any(igw.vpc and igw.vpc.id == nat.vpc_id for igw in ec2.internet_gateways.values())
    if failure:
        code, text = failure.code or "InternalError", failure.message or "An internal error occurred"
        world.later("nat-gateway.fail", lambda: _fail(call, nat, code, text))
    elif nat.connectivity_type == "public" and not attached:
        text = f"Network {nat.vpc_id} has no Internet gateway attached"
        world.later("nat-gateway.fail", lambda: _fail(call, nat, "Gateway.NotAttached", text))
    else:
        world.later("nat-gateway.create", lambda: _become_available(nat))


def _become_available(nat: Any) -> None:
    if nat.state == "pending":
        nat.state = "available"


def _fail(call: Call, nat: Any, code: str, message: str) -> None:
    """A failed gateway gives its address and interface back and stays to be seen for about an hour."""
    if nat.state != "pending":
        return
    nat.state, nat.failure_code, nat.failure_message = "failed", code, message
    _give_back(call.aws.ec2, nat)
    call.world.clock.after("nat-gateway.tombstone", lambda: _bury(call.aws.ec2, nat), patient=True)


def _give_back(ec2: Any, nat: Any) -> None:
    for address in ec2.addresses:
        if address.eni is nat._eni:
            ec2.disassociate_address(address=address.public_ip)
    ec2.enis.pop(nat._eni.id, None)


def _bury(ec2: Any, nat: Any) -> None:
    ec2.nat_gateways.pop(nat.id, None)
    ec2.tags.pop(nat.id, None)


@rule("ec2", "DeleteNatGateway")
def delete_nat_gateway(call: Call, moto: Any) -> Any:
    ident = call.params["NatGatewayId"]
    nat = call.aws.ec2.nat_gateways.get(ident)
    if not nat:
        raise _not_found(ident)
    if nat.state in ("pending", "available"):
        nat.state = "deleting"
        call.world.later("nat-gateway.delete", lambda: _deleted(call, nat))
    elif nat.state == "failed":
        nat.state = "deleted"
    return {"NatGatewayId": ident}


def _deleted(call: Call, nat: Any) -> None:
    nat.state, nat.delete_time = "deleted", iso_8601_datetime_with_milliseconds(utcnow())
    _give_back(call.aws.ec2, nat)
    call.world.clock.after("nat-gateway.tombstone", lambda: _bury(call.aws.ec2, nat), patient=True)


def _not_found(ident: str) -> ApiError:
    return ApiError("NatGatewayNotFound", f"The Nat Gateway {ident} was not found")


@rule("ec2", "DescribeNatGateways")
def describe_nat_gateways(call: Call, moto: Any) -> Any:
    gateways = call.aws.ec2.nat_gateways
    wanted = call.params.get("NatGatewayIds", [])
    for ident in wanted:
        if ident not in gateways:
            raise _not_found(ident)
    found = [nat for nat in gateways.values() if not wanted or nat.id in wanted]
    return {"NatGateways": select(found, call.params.get("Filter", []), FIELDS)}
