"""moto's backends of one account and region, by the names used here."""

from __future__ import annotations

from typing import Any

from moto.autoscaling.models import autoscaling_backends
from moto.ec2.models import ec2_backends
from moto.elb.models import elb_backends
from moto.elbv2.models import elbv2_backends
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.logs.models import logs_backends

ALL = (
    ec2_backends,
    iam_backends,
    autoscaling_backends,
    kms_backends,
    logs_backends,
    elb_backends,
    elbv2_backends,
)


class Backends:
    def __init__(self, account: str, region: str) -> None:
        self.account, self.region = account, region

    @property
    def ec2(self) -> Any:
        return ec2_backends[self.account][self.region]

    @property
    def iam(self) -> Any:
        return iam_backends[self.account]["aws"]

    @property
    def autoscaling(self) -> Any:
        return autoscaling_backends[self.account][self.region]

    @property
    def kms(self) -> Any:
        return kms_backends[self.account][self.region]

    @property
    def elbv2(self) -> Any:
        return elbv2_backends[self.account][self.region]

    @property
    def logs(self) -> Any:
        return logs_backends[self.account][self.region]


def regions_touched(account: str) -> list[str]:
    found = set()
    for backends in ALL:
        if account in backends.keys():
            found |= set(backends[account].keys())
    return sorted(found - {"aws"})


def forget(account: str) -> None:
    """A wiped account: moto makes a fresh one at the next call."""
    for backends in ALL:
        backends.pop(account, None)
