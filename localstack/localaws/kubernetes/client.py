"""A client of one API server: JSON over one kept connection, as a member of system:masters."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

JSON = "application/json"
MERGE = "application/merge-patch+json"


class Refused(Exception):
    """An answer that is not a success."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status}: {text}")
        self.status = status


class Client:
    """For one thread at a time."""

    def __init__(self, address: str, port: int, authority: Path, certificate: Path, key: Path) -> None:
        self._context = ssl.create_default_context(cafile=str(authority))
        self._context.load_cert_chain(str(certificate), str(key))
        self._place = (address, port)
        self._connection: http.client.HTTPSConnection | None = None

    def call(self, method: str, path: str, body: Any = None, kind: str = JSON) -> Any:
        """The decoded answer. A kept connection that turns out to be closed is opened once more."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"content-type": kind, "accept": JSON, "user-agent": "eks"}
        for kept in (self._connection is not None, False):
            try:
                status, text = self._send(method, path, data, headers)
                break
            except (http.client.HTTPException, OSError):
                self.close()
                if not kept:
                    raise
        if status >= 300:
            raise Refused(status, text.decode("utf-8", "replace"))
        return json.loads(text) if text.startswith(b"{") else text.decode()

    def watch(self, path: str) -> Iterator[bytes]:
        """A line for each thing that is there and each change, over a connection of its own, until it ends."""
        connection = http.client.HTTPSConnection(*self._place, context=self._context)
        try:
            connection.request("GET", f"{path}?watch=1", headers={"accept": JSON, "user-agent": "eks"})
            answer = connection.getresponse()
            while answer.status == 200 and (line := answer.readline()):
                yield line
        finally:
            connection.close()

    def _send(self, method: str, path: str, data: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        if not self._connection:
            self._connection = http.client.HTTPSConnection(*self._place, context=self._context, timeout=30)
        self._connection.request(method, path, data, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None
