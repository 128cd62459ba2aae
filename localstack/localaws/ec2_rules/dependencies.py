"""DependencyViolation wherever AWS gives it: nothing goes while something else still needs it."""

from __future__ import annotations

from typing import Any

from ..call import Call
from ..errors import ApiError
from ..rules import rule


def violation(text: str) -> ApiError:
    return ApiError("DependencyViolation", text)


def _forget_tags(call: Call, *idents: str) -> None:
    for ident in idents:
        call.aws.ec2.tags.pop(ident, None)


@rule("ec2", "DeleteVpc")
def delete_vpc(call: Call, moto: Any) -> Any:
    ec2, vpc_id = call.aws.ec2, call.params["VpcId"]
    ec2.get_vpc(vpc_id)
    if any(_inside(ec2, vpc_id)):
        raise violation(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
    tables = [table.id for table in ec2.route_tables.values() if table.vpc_id == vpc_id]
    for ident, acl in list(ec2.network_acls.items()):
        if acl.vpc_id == vpc_id:
            ec2.network_acls.pop(ident)
            _forget_tags(call, ident)
    groups = list(ec2.groups.get(vpc_id, {}))
    answer = moto.answer()
    ec2.groups.pop(vpc_id, None)
    _forget_tags(call, vpc_id, *tables, *groups)
    return answer


def _inside(ec2: Any, vpc_id: str):
    """What lies in a VPC beyond its default group, main route table and default network ACL."""
    yield any(s.vpc_id == vpc_id for by_zone in ec2.subnets.values() for s in by_zone.values())
    yield any(igw.vpc and igw.vpc.id == vpc_id for igw in ec2.internet_gateways.values())
    yield any(t.vpc_id == vpc_id and not t.main_association_id for t in ec2.route_tables.values())
    yield any(group.name != "default" for group in ec2.groups.get(vpc_id, {}).values())
    yield any(eni.vpc_id == vpc_id for eni in ec2.enis.values())
    yield any(
        nat.vpc_id == vpc_id and nat.state not in ("deleted", "failed") for nat in ec2.nat_gateways.values()
    )
    yield any(e.vpc_id == vpc_id and e.state != "deleted" for e in ec2.vpc_end_points.values())
    yield any(acl.vpc_id == vpc_id and not acl.default for acl in ec2.network_acls.values())


@rule("ec2", "DeleteSubnet")
def delete_subnet(call: Call, moto: Any) -> Any:
    ec2, subnet_id = call.aws.ec2, call.params["SubnetId"]
    ec2.get_subnet(subnet_id)
    if any(eni.subnet.id == subnet_id for eni in ec2.enis.values()):
        raise violation(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
    answer = moto.answer()
    for table in ec2.route_tables.values():
        for association, target in list(table._associations.items()):
            if target == subnet_id:
                table._associations.pop(association)
    _forget_tags(call, subnet_id)
    return answer


@rule("ec2", "DeleteSecurityGroup")
def delete_security_group(call: Call, moto: Any) -> Any:
    ec2, ident = call.aws.ec2, call.params.get("GroupId")
    group = ec2.get_security_group_from_id(ident) if ident else None
    if group and group.name == "default":
        raise ApiError(
            "CannotDelete", f'the specified group: "{ident}" name: "default" cannot be deleted by a user'
        )
    if group and (_used(ec2, group) or _referenced(ec2, group)):
        raise violation(f"resource {ident} has a dependent object")
    answer = moto.answer()
    _forget_tags(call, ident or "")
    return answer


def _used(ec2: Any, group: Any) -> bool:
    return any(group.id == item.id for eni in ec2.enis.values() for item in eni.group_set)


def _referenced(ec2: Any, group: Any) -> bool:
    """By a rule of another group; its own rules go with it."""
    return any(
        item.source_group.get("GroupId") == group.id
        for by_id in ec2.groups.values()
        for other in by_id.values()
        if other.id != group.id
        for item in [*other.ingress_rules, *other.egress_rules]
    )


@rule("ec2", "DetachInternetGateway")
def detach_internet_gateway(call: Call, moto: Any) -> Any:
    vpc_id = call.params["VpcId"]
    igw = call.aws.ec2.get_internet_gateway(call.params["InternetGatewayId"])
    mapped = any(eni.vpc_id == vpc_id and eni.public_ip for eni in call.aws.ec2.enis.values())
    if igw.vpc and igw.vpc.id == vpc_id and mapped:
        raise violation(
            f"Network {vpc_id} has some mapped public address(es). "
            "Please unmap those public address(es) before detaching the gateway."
        )
    return moto.answer()


@rule("ec2", "AttachInternetGateway")
def attach_internet_gateway(call: Call, moto: Any) -> Any:
    vpc_id = call.params["VpcId"]
    for other in call.aws.ec2.internet_gateways.values():
        if other.vpc and other.vpc.id == vpc_id and other.id != call.params["InternetGatewayId"]:
            raise ApiError(
                "InvalidParameterValue", f"Network {vpc_id} already has an internet gateway attached"
            )
    return moto.answer()


@rule("ec2", "DeleteInternetGateway")
def delete_internet_gateway(call: Call, moto: Any) -> Any:
    ident = call.params["InternetGatewayId"]
    if call.aws.ec2.get_internet_gateway(ident).vpc:
        raise violation(f"The internetGateway '{ident}' has dependencies and cannot be deleted.")
    answer = moto.answer()
    _forget_tags(call, ident)
    return answer


@rule("ec2", "DeleteRouteTable")
def delete_route_table(call: Call, moto: Any) -> Any:
    ident = call.params["RouteTableId"]
    table = call.aws.ec2.get_route_table(ident)
    if table.main_association_id or table._associations:
        raise violation(f"The routeTable '{ident}' has dependencies and cannot be deleted.")
    answer = moto.answer()
    _forget_tags(call, ident)
    return answer


@rule("ec2", "DeleteNetworkInterface")
def delete_network_interface(call: Call, moto: Any) -> Any:
    ident = call.params["NetworkInterfaceId"]
    eni = call.aws.ec2.get_network_interface(ident)
    if eni.status != "available" or eni.attachment_id:
        raise ApiError("InvalidParameterValue", f"Network interface '{ident}' is currently in use.")
    answer = moto.answer()
    _forget_tags(call, ident)
    return answer


@rule("ec2", "ReleaseAddress")
def release_address(call: Call, moto: Any) -> Any:
    """An address that a NAT gateway holds is not the caller's to release; one on a machine is in use."""
    allocation = call.params.get("AllocationId")
    if allocation:
        address = call.aws.ec2.address_by_allocation([allocation])[0]
        if address.association_id:
            raise _held(address)
        answer = moto.answer()
        _forget_tags(call, allocation)
        return answer
    return moto.answer()


@rule("ec2", "DisassociateAddress")
def disassociate_address(call: Call, moto: Any) -> Any:
    for address in call.aws.ec2.addresses:
        if address.association_id and address.association_id == call.params.get("AssociationId"):
            if _by_nat_gateway(address):
                raise _held(address)
    return moto.answer()


def _by_nat_gateway(address: Any) -> bool:
    return bool(address.eni and address.eni.interface_type == "nat_gateway")


def _held(address: Any) -> ApiError:
    if _by_nat_gateway(address):
        return ApiError("AuthFailure", "You do not have permission to access the specified resource.", 403)
    return ApiError("InvalidIPAddress.InUse", f"Address {address.public_ip} is in use.")
