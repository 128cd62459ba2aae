"""Changes to moto itself, made once before the first request. moto's version is pinned, so they fit."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from moto.core.utils import get_pagination_model
from moto.ec2.models.instances import Instance
from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.models.subnets import Subnet
from moto.ec2.models.vpcs import VPC
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, get_prefix
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy

from .world import world_of

UNLIMITED = 1_000_000


def apply() -> None:
    TaggedEC2Resource.get_tags = _get_tags
    _pending(VPC, "vpc.create", lambda vpc: vpc.is_default)
    _pending(Subnet, "subnet.create", lambda subnet: subnet.default_for_az)
    _unlimited_pages()
    _volumes_with_iops()
    from . import ec2_rules, elb_rules, iam_oidc, iam_rules  # noqa: F401  (registers the rules)


def _get_tags(self: Any) -> list[dict[str, str]]:
    """moto looks through every tag of the account for each resource; a look-up by id is enough."""
    if not self.id:
        return []
    kind = EC2_PREFIX_TO_RESOURCE.get(get_prefix(self.id), "")
    tags = self.ec2_backend.tags.get(self.id, {})
    return [{"resource_id": self.id, "key": k, "value": v, "resource_type": kind} for k, v in tags.items()]


def _pending(cls: type, duration: str, exempt: Any) -> None:
    """`state` becomes a matter of the account's clock: pending, then available."""
    original = cls.__init__

    def init(self: Any, ec2_backend: Any, *args: Any, **kwargs: Any) -> None:
        self._due = world_of(ec2_backend.account_id).clock.due(duration)
        original(self, ec2_backend, *args, **kwargs)

    def state(self: Any) -> str:
        clock = world_of(self.ec2_backend.account_id).clock
        return "available" if exempt(self) or not clock.factor or clock.now() >= self._due else "pending"

    cls.__init__ = init
    cls.state = property(state, lambda self, value: None)


def _unlimited_pages() -> None:
    """Pages are cut by the proxy, in one way for every list."""
    for service in ("ec2", "iam", "autoscaling", "logs", "kms"):
        for config in get_pagination_model(service).values():
            config.setdefault("limit_default", UNLIMITED)


def _volumes_with_iops() -> None:
    """moto forgets the IOPS of a mapping on the way to the volume, and then refuses types that must have some."""
    original = Instance.add_block_device

    def add(self: Any, *args: Any, volume_type: str | None, **kwargs: Any) -> None:
        original(self, *args, volume_type=None if volume_type in ("io1", "io2") else volume_type, **kwargs)
        volume = self.ec2_backend.volumes[list(self.block_device_mapping.values())[-1].volume_id]
        volume.volume_type = volume_type or volume.volume_type

    Instance.add_block_device = add


@cache
def _managed_policy_data() -> dict[str, dict[str, Any]]:
    parsed = json.loads(aws_managed_policies_data)
    return {
        f"arn:aws:iam::aws:policy{data.get('Path', '/')}{name}": {**data, "Name": name}
        for name, data in parsed.items()
    }


def load_managed_policy(iam: Any, arn: str) -> None:
    """AWS's own policies enter an account when it first names one: loading all 1,400 would cost a second."""
    data = _managed_policy_data().get(arn)
    if data and arn not in iam.managed_policies:
        policy = AWSManagedPolicy.from_data(data["Name"], iam.account_id, iam.region_name, data)
        iam.managed_policies[arn] = policy
        iam.aws_managed_policies.append(policy)


def load_managed_policies(iam: Any) -> None:
    for arn in _managed_policy_data():
        load_managed_policy(iam, arn)
