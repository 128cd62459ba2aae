"""EC2's rules, a file per family; importing them registers them."""

from . import dependencies, instances, launch_templates, nat_gateways, zones

__all__ = ["dependencies", "instances", "launch_templates", "nat_gateways", "zones"]
