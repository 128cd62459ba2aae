"""What EKS makes in the VPC for a cluster: its security group and the control plane's network interfaces."""

from __future__ import annotations

import ipaddress
import random
from typing import Any

from ..backends import Backends
from .store import Cluster, Store


def make_security_group(store: Store, cluster: Cluster) -> None:
    """Named and tagged as EKS does; everything inside the group may talk, and everything may go out."""
    ec2 = store.aws.ec2
    name = f"eks-cluster-sg-{cluster.name}-{random.randint(10**8, 10**10 - 1)}"
    text = (
        "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, "
        "as well as any managed workloads."
    )
    tags = {
        "Name": name,
        "aws:eks:cluster-name": cluster.name,
        f"kubernetes.io/cluster/{cluster.name}": "owned",
    }
    group = ec2.create_security_group(
        name, text, vpc_id=cluster.view["resourcesVpcConfig"]["vpcId"], tags=tags
    )
    ec2.authorize_security_group_ingress(
        group_name_or_id=group.id,
        ip_protocol="-1",
        from_port=None,
        to_port=None,
        ip_ranges=[],
        source_groups=[{"GroupId": group.id}],
        vpc_id=group.vpc_id,
    )
    cluster.security_group = group.id
    cluster.view["resourcesVpcConfig"]["clusterSecurityGroupId"] = group.id


def make_interfaces(store: Store, cluster: Cluster) -> None:
    """Two interfaces, in two zones, however many subnets were given."""
    ec2 = store.aws.ec2
    config = cluster.view["resourcesVpcConfig"]
    by_zone: dict[str, str] = {}
    for subnet_id in config["subnetIds"]:
        by_zone.setdefault(ec2.get_subnet(subnet_id).availability_zone, subnet_id)
    groups = [cluster.security_group, *config.get("securityGroupIds", [])]
    for subnet_id in list(by_zone.values())[:2]:
        eni = new_interface(store.aws, subnet_id, groups, f"Amazon EKS {cluster.name}", {})
        eni.requester_managed, eni.status = True, "in-use"
        cluster.interfaces.append(eni.id)


def new_interface(aws: Backends, subnet_id: str, groups: list[str], text: str, tags: dict[str, str]) -> Any:
    subnet = aws.ec2.get_subnet(subnet_id)
    eni = aws.ec2.create_network_interface(subnet, "", group_ids=groups, description=text, tags=tags)
    return eni


def remove(store: Store, cluster: Cluster) -> None:
    """EKS takes its own group away unless somebody's interface or rule still uses it."""
    ec2 = store.aws.ec2
    for eni_id in cluster.interfaces:
        ec2.enis.pop(eni_id, None)
    cluster.interfaces.clear()
    group = ec2.get_security_group_from_id(cluster.security_group) if cluster.security_group else None
    if group and not any(group in eni.group_set for eni in ec2.enis.values()):
        ec2.groups[group.vpc_id].pop(group.id, None)
        ec2.tags.pop(group.id, None)


def service_cidr(aws: Backends, vpc_id: str, asked: str | None) -> str:
    """EKS takes 10.100.0.0/16, or 172.20.0.0/16 where the VPC itself lies in 10.0.0.0/8."""
    if asked:
        return asked
    blocks = [item["cidr_block"] for item in aws.ec2.vpcs[vpc_id].cidr_block_association_set]
    ten = ipaddress.ip_network("10.0.0.0/8")
    inside = any(ipaddress.ip_network(block).overlaps(ten) for block in blocks)
    return "172.20.0.0/16" if inside else "10.100.0.0/16"
