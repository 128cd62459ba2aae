"""The one etcd of the stack. Every cluster's API server keeps its objects below a prefix of its own."""

from __future__ import annotations

import base64
import http.client
import json
import random
import time
from pathlib import Path

from ..lifetime import Spawner

PORT, PEER_PORT = 2379, 2380


def loopback() -> str:
    """An address of this machine that nobody else has thought of, so that no port of it is taken."""
    return f"127.{random.randint(16, 254)}.{random.randint(0, 254)}.{random.randint(1, 254)}"


def environment() -> dict[str, str]:
    """No proxy of the user's may stand between programs of this machine."""
    return {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}


class Etcd:
    def __init__(self, program: Path, folder: Path, spawner: Spawner) -> None:
        self.address = loopback()
        self.url = f"http://{self.address}:{PORT}"
        peer = f"http://{self.address}:{PEER_PORT}"
        self._log = folder / "etcd.log"
        command = [str(program), f"--data-dir={folder / 'etcd'}", "--unsafe-no-fsync", "--log-level=warn"]
        command += [f"--listen-client-urls={self.url}", f"--advertise-client-urls={self.url}"]
        command += [f"--listen-peer-urls={peer}", f"--initial-advertise-peer-urls={peer}"]
        command += [f"--initial-cluster=default={peer}"]
        self.process = spawner.start(command, self._log, environment())

    def wait(self) -> None:
        """Until it answers; nothing that uses it need be started before."""
        while self.process.poll() is None:
            try:
                if b'"true"' in self._call("GET", "/health"):
                    return
            except OSError:
                pass
            time.sleep(0.02)
        raise RuntimeError(f"etcd ended with {self.process.returncode}: {self._log.read_text()[-2000:]}")

    def forget(self, prefix: str) -> None:
        """Deletes everything below the prefix."""
        first = prefix.encode() + b"/"
        after = prefix.encode() + b"0"
        span = {"key": base64.b64encode(first).decode(), "range_end": base64.b64encode(after).decode()}
        self._call("POST", "/v3/kv/deleterange", json.dumps(span).encode())

    def _call(self, method: str, path: str, body: bytes | None = None) -> bytes:
        connection = http.client.HTTPConnection(self.address, PORT, timeout=30)
        try:
            connection.request(method, path, body)
            return connection.getresponse().read()
        finally:
            connection.close()
