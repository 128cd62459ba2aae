"""Tells when something in a cluster has changed: one watch for each kind, whose words are not read."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable

from .apiserver import ApiServer

PAUSE_SECONDS = 0.2


class Observer:
    def __init__(self, server: ApiServer, paths: tuple[str, ...], changed: Callable[[], None]) -> None:
        self._server, self._changed = server, changed
        self._stopped = False
        for path in paths:
            threading.Thread(target=self._watch, args=(path,), daemon=True).start()

    def stop(self) -> None:
        self._stopped = True

    def _watch(self, path: str) -> None:
        client = self._server.client()
        while not self._stopped and self._server.running:
            try:
                for _ in client.watch(path):
                    self._changed()
                    if self._stopped:
                        return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(PAUSE_SECONDS)
