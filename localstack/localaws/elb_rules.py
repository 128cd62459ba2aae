"""The network interfaces of load balancers, which keep subnets, groups and gateways from going before them."""

from __future__ import annotations

from typing import Any

from .backends import Backends
from .call import Call
from .eks.network import new_interface
from .rules import rule
from .world import World

# From the range that is kept for documentation.
PUBLIC = "203.0.113.{}"


def _description(balancer: Any) -> str:
    """As ELB names them: `ELB app/name/id`, the end of the load balancer's ARN."""
    return f"ELB {balancer.arn.partition('loadbalancer/')[2]}"


def connect(aws: Backends, balancer: Any) -> None:
    """One interface in each subnet; ELB's own, so that nobody else can take it away."""
    for number, subnet in enumerate(balancer.subnets, 1):
        eni = new_interface(aws, subnet.id, balancer.security_groups, _description(balancer), {})
        eni.requester_managed, eni.status = True, "in-use"
        if balancer.scheme == "internet-facing":
            eni.public_ip = PUBLIC.format(number)


def release(world: World, aws: Backends, balancer: Any) -> None:
    """They stay for a while longer than their load balancer."""

    def end() -> None:
        for ident, eni in list(aws.ec2.enis.items()):
            if eni.description == _description(balancer):
                aws.ec2.enis.pop(ident)

    world.later("load-balancer.interfaces", end)


@rule("elasticloadbalancing", "DeleteLoadBalancer")
def delete_load_balancer(call: Call, moto: Any) -> Any:
    """A classic one has a name and no ARN, and no interfaces here."""
    balancer = call.aws.elbv2.load_balancers.get(call.params.get("LoadBalancerArn", ""))
    answer = moto.answer()
    if balancer and answer.status == 200:
        release(call.world, call.aws, balancer)
    return answer
