"""EC2's rules, a file per family; importing them registers them."""

from . import (
    dependencies,
    images,
    instance_types,
    instances,
    launch_templates,
    nat_gateways,
    routes,
    security_groups,
    zones,
)

routes.patch()

__all__ = [
    "dependencies",
    "images",
    "instance_types",
    "instances",
    "launch_templates",
    "nat_gateways",
    "routes",
    "security_groups",
    "zones",
]
