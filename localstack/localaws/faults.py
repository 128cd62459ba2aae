"""Fault rules of one account: which calls they hit, and what then happens."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from .callers import Caller
from .errors import ApiError, protocol_of

KINDS = (
    "throttle",
    "delay",
    "close-before",
    "close-after",
    "error",
    "deny",
    "pages",
    "stale",
    "hold-status",
)
THROTTLED = {
    "ec2": ("RequestLimitExceeded", "Request limit exceeded.", 503),
    "query": ("Throttling", "Rate exceeded", 400),
    "rest-json": ("ThrottlingException", "Rate exceeded", 429),
    "json": ("ThrottlingException", "Rate exceeded", 400),
}


@dataclass
class Rule:
    operation: str
    kind: str
    share: float = 1.0
    nth: int = 0
    times: int = 0
    ms: float = 100.0
    size: int = 1
    code: str = ""
    message: str = ""
    status: int = 0
    seed: int = 1
    seen: int = 0
    hits: int = 0
    chance: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind {self.kind!r}; known are {list(KINDS)}")
        self.chance.seed(self.seed)

    def matches(self, service: str, operation: str) -> bool:
        name = f"{service}:{operation}" if ":" in self.operation else operation
        return fnmatchcase(name, self.operation)

    def fires(self, service: str, operation: str) -> bool:
        """Counts the call, whether it is hit or not."""
        if not self.matches(service, operation):
            return False
        self.seen += 1
        if self.nth and self.seen != self.nth or self.times and self.hits >= self.times:
            return False
        if self.share < 1.0 and self.chance.random() >= self.share:
            return False
        self.hits += 1
        return True

    def show(self) -> dict[str, Any]:
        return {key: value for key, value in vars(self).items() if key != "chance"}


@dataclass
class Effect:
    """What the rules that hit one call do to it together."""

    delay: float = 0.0
    close_before: bool = False
    close_after: bool = False
    error: ApiError | None = None
    page_size: int = 0
    stale: float = 0.0


def effect_of(rules: list[Rule], caller: Caller, operation: str, mutating: bool) -> Effect:
    effect = Effect()
    for rule in rules:
        reads_only = rule.kind in ("stale", "hold-status")
        if reads_only and mutating or not rule.fires(caller.service, operation):
            continue
        _add(effect, rule, caller, operation)
        if effect.error or effect.close_before:
            break
    return effect


def denied_of(rules: list[Rule], actions: list[str]) -> list[str]:
    """Those of these actions (`ec2:CreateVpc`) that a rule denies whenever they are called."""
    always = [rule for rule in rules if rule.kind == "deny" and not (rule.nth or rule.times or rule.share < 1)]
    named = [(action, *action.split(":", 1)) for action in actions if ":" in action]
    return [action for action, service, name in named if any(rule.matches(service, name) for rule in always)]


def _add(effect: Effect, rule: Rule, caller: Caller, operation: str) -> None:
    protocol = protocol_of(caller.service)
    if rule.kind == "delay":
        effect.delay += rule.ms / 1000
    elif rule.kind == "close-before":
        effect.close_before = True
    elif rule.kind == "close-after":
        effect.close_after = True
    elif rule.kind == "throttle":
        effect.error = ApiError(*THROTTLED[protocol])
    elif rule.kind == "deny":
        effect.error = _denied(caller, operation, protocol)
    elif rule.kind == "pages":
        effect.page_size = rule.size
    elif rule.kind == "stale":
        effect.stale = rule.ms / 1000
    elif rule.kind == "hold-status":
        effect.stale = float("inf")
    elif rule.kind == "error":
        code = rule.code or "InternalError"
        effect.error = ApiError(code, rule.message or f"{code}, as asked for", rule.status or 400)


def _denied(caller: Caller, operation: str, protocol: str) -> ApiError:
    action = f"{caller.service}:{operation}"
    if protocol == "ec2":
        text = (
            f"You are not authorized to perform this operation. User: {caller.arn} is not authorized "
            f"to perform: {action} because no identity-based policy allows the {action} action"
        )
        return ApiError("UnauthorizedOperation", text, 403)
    text = (
        f"User: {caller.arn} is not authorized to perform: {action} on resource: * "
        f"because no identity-based policy allows the {action} action"
    )
    return ApiError("AccessDenied" if protocol == "query" else "AccessDeniedException", text, 403)
