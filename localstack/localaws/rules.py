"""Rules around moto's operations: what AWS refuses where moto is lax, and what moto has not.

A rule is called in the operation's place. It raises ApiError, returns `moto.answer()` to let moto answer
(before or after doing something of its own), or returns a plain dict in the shape of the operation's output.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

RULES: dict[tuple[str, str], Callable[[Any, Any], Any]] = {}


def rule(service: str, *operations: str) -> Callable[[Callable], Callable]:
    def register(function: Callable) -> Callable:
        for operation in operations:
            RULES[(service, operation)] = function
        return function

    return register
