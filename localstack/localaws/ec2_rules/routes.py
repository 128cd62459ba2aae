"""Routes lead to gateways that exist, in the table's own VPC; where the gateway goes, a black hole stays."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.route_tables import Route

from ..call import Call
from ..errors import ApiError
from ..rules import rule


@rule("ec2", "CreateRoute", "ReplaceRoute")
def check_target(call: Call, moto: Any) -> Any:
    params, ec2 = call.params, call.aws.ec2
    table = ec2.get_route_table(params["RouteTableId"])
    if nat_id := params.get("NatGatewayId"):
        nat = ec2.nat_gateways.get(nat_id)
        if not nat or nat.state in ("deleted", "failed"):
            raise ApiError("InvalidNatGatewayID.NotFound", f"The natGateway ID '{nat_id}' does not exist")
        _same_network(table, "nat gateway", nat_id, nat.vpc_id)
    if (gateway_id := params.get("GatewayId", "")).startswith("igw-"):
        if gateway_id not in ec2.internet_gateways:
            raise ApiError("InvalidGatewayID.NotFound", f"The gateway ID '{gateway_id}' does not exist")
        vpc = ec2.internet_gateways[gateway_id].vpc
        _same_network(table, "network gateway", gateway_id, vpc.id if vpc else "")
    return moto.answer()


def _same_network(table: Any, kind: str, ident: str, vpc_id: str) -> None:
    if table.vpc_id != vpc_id:
        text = f"route table {table.id} and {kind} {ident} belong to different networks"
        raise ApiError("InvalidParameterValue", text)


def _state(route: Any) -> str:
    nat, gateway = route.nat_gateway, route.gateway
    if nat and nat.state in ("deleted", "failed"):
        return "blackhole"
    if gateway and getattr(gateway, "id", "").startswith("igw-") and not gateway.vpc:
        return "blackhole"
    return "active"


def patch() -> None:
    Route.state = property(_state)
