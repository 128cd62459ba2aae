"""Whether nodes in a subnet can reach the control plane and the internet, so that they can join.

Only where the VPC has an internet gateway: without one, the nodes are taken to get out in a way not seen from here.
"""

from __future__ import annotations

from typing import Any

from .store import Nodegroup, Store

NOT_JOINED = "Instances failed to join the kubernetes cluster"
NEVER_JOIN, NEVER_READY = "never-join", "never-ready"


def _default_route(ec2: Any, subnet_id: str, vpc_id: str) -> Any | None:
    """The route to everywhere of the subnet's own table, or of the main one."""
    tables = [table for table in ec2.route_tables.values() if table.vpc_id == vpc_id]
    own = next((table for table in tables if subnet_id in table._associations.values()), None)
    table = own or next((table for table in tables if table.main_association_id), None)
    routes = table.routes if table else []
    return next((route for route in routes if route.destination_cidr_block == "0.0.0.0/0"), None)


def _has_internet_gateway(ec2: Any, vpc_id: str) -> bool:
    return any(igw.vpc and igw.vpc.id == vpc_id for igw in ec2.internet_gateways.values())


def without_public_address(store: Store, group: Nodegroup, data: dict[str, Any]) -> list[str]:
    """Subnets that lead to an internet gateway but give their instances no public address."""
    ec2 = store.aws.ec2
    if any(nic.get("AssociatePublicIpAddress") for nic in data.get("NetworkInterfaces") or []):
        return []
    found = []
    for subnet_id in group.view["subnets"]:
        subnet = ec2.get_subnet(subnet_id)
        route = _default_route(ec2, subnet_id, subnet.vpc_id)
        gateway = route.gateway if route else None
        if gateway and gateway.id.startswith("igw-") and not subnet.map_public_ip_on_launch:
            found.append(subnet_id)
    return found


def joins(store: Store, group: Nodegroup) -> bool:
    """Whether a node of the group that starts now becomes one of the cluster's."""
    if group.refused or group.view["status"] == "CREATE_FAILED":
        return False
    return store.world.trouble("nodes", group.name) != NEVER_JOIN and not cut_off(store, group)


def cut_off(store: Store, group: Nodegroup) -> list[str]:
    """Subnets whose nodes reach nothing yet: no route to everywhere, or one to a gateway that does not work."""
    ec2 = store.aws.ec2
    found = []
    for subnet_id in group.view["subnets"]:
        subnet = ec2.get_subnet(subnet_id)
        if not _has_internet_gateway(ec2, subnet.vpc_id):
            continue
        route = _default_route(ec2, subnet_id, subnet.vpc_id)
        nat = route.nat_gateway if route else None
        if not route or route.state != "active" or (nat and nat.state != "available"):
            found.append(subnet_id)
    return found
