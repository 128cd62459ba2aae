"""The account's own clock. It runs `factor` times as fast as the wall's; a factor of 0 is no time at all."""

from __future__ import annotations

import heapq
import itertools
import json
import sys
import time
import traceback
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

Gate = Callable[[], bool]
Failed = Callable[[Exception], None]
DURATIONS: dict[str, float] = json.loads((Path(__file__).parent.parent / "durations.json").read_text())

# With durations off a tombstone would never be seen: what is patient still takes its time, at this factor.
OFF_FACTOR = 1000.0


def utcnow() -> datetime:
    return datetime.now(timezone.utc)


class Clock:
    """Virtual seconds, and what is to happen when. Nothing happens by itself: each call settles."""

    def __init__(self, factor: float) -> None:
        self.factor = factor
        self.paused = False
        self._virtual = 0.0
        self._wall = time.monotonic()
        self._events: list[tuple[float, int, Event]] = []
        self._count = itertools.count()

    def now(self) -> float:
        wall = time.monotonic()
        if not self.paused:
            self._virtual += (wall - self._wall) * (self.factor or OFF_FACTOR)
        self._wall = wall
        return self._virtual

    def set_factor(self, factor: float | None) -> None:
        """What is under way goes on at the new speed; turning durations off ends it at once."""
        self.now()
        self.factor = float(factor or 0)
        if not self.factor:
            self._events = [(0.0 if not event[2].patient else event[0], *event[1:]) for event in self._events]
            heapq.heapify(self._events)

    def pause(self, paused: bool) -> None:
        self.now()
        self.paused = paused

    def due(self, name: str, patient: bool = False) -> float:
        """When something that starts now and takes the named duration is over."""
        return self.now() + (DURATIONS[name] if self.factor or patient else 0.0)

    def after(
        self,
        name: str,
        effect: Callable[[], None],
        patient: bool = False,
        gate: Gate | None = None,
        failed: Failed | None = None,
    ) -> Event:
        """After the named duration; without a name, now. `failed` is told if the effect goes wrong."""
        event = Event(effect, patient, gate, failed)
        due = self.due(name, patient) if name else self.now()
        heapq.heappush(self._events, (due, next(self._count), event))
        return event

    def when(self, gate: Gate, effect: Callable[[], None]) -> Event:
        """At the first settling at which the gate is open."""
        return self.after("", effect, gate=gate)

    def settle(self) -> None:
        if self.paused:
            return
        waiting = []
        while self._events and self._events[0][0] <= self.now():
            entry = heapq.heappop(self._events)
            event = entry[2]
            if event.cancelled:
                continue
            if event.gate and not event.gate():
                waiting.append(entry)
                continue
            try:
                event.effect()
            except Exception as error:
                # One effect that fails must not take the calls with it that happen to come after.
                traceback.print_exc(file=sys.stderr)
                if event.failed:
                    event.failed(error)
        for entry in waiting:
            heapq.heappush(self._events, entry)


class Event:
    """Something to come. A patient one keeps its time with durations off; one with a gate waits for it, too."""

    def __init__(
        self, effect: Callable[[], None], patient: bool, gate: Gate | None, failed: Failed | None
    ) -> None:
        self.effect, self.patient, self.gate, self.failed = effect, patient, gate, failed
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True
