"""One API call, and the way from it to moto's backends of its account and region."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .backends import Backends
from .world import World


@dataclass
class Call:
    world: World
    region: str
    service: str
    operation: str
    caller_arn: str
    params: dict[str, Any] = field(default_factory=dict)
    replay: Callable[[], dict[str, Any] | None] | None = None

    @property
    def account(self) -> str:
        return self.world.account

    @property
    def store(self):
        return self.world.store(self.region)

    @property
    def aws(self) -> Backends:
        return Backends(self.world.account, self.region)
