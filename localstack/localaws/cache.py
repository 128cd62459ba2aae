"""The cache folder: what is made once, by one of the processes that want it, and then found by all."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def say(text: str) -> None:
    print(f"local AWS: {text}", file=sys.stderr, flush=True)


def cache() -> Path:
    if given := os.environ.get("EKSACT_CACHE"):
        return Path(given).absolute()
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home).absolute() / "eksact"


@contextmanager
def alone(lock: Path, waiting: str) -> Iterator[None]:
    """Holds the lock; says what it waits for where another process holds it."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with open(lock, "w") as guard:
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(waiting)
            fcntl.flock(guard, fcntl.LOCK_EX)
        yield
