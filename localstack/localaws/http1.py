"""A small threaded HTTP/1.1 server with keep-alive, for the one client it has: the reverse proxy."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

REASONS = {
    200: "OK",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    501: "Not Implemented",
}


@dataclass
class Request:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        """The path as sent: percent escapes stay, since ARNs travel in paths."""
        return self.target.split("?", 1)[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]


@dataclass
class Response:
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def encode(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status} {REASONS.get(self.status, 'Status')}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines.append(f"content-length: {len(self.body)}")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


def parse_head(head: bytes) -> Request:
    first, *rest = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {}
    for line in rest:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return Request(method, target, headers)


class Server:
    """One thread per connection; the handler turns a Request into a Response and never raises."""

    def __init__(self, handler: Callable[[Request], Response]) -> None:
        self.handler = handler
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self.socket.getsockname()[1]

    def serve_forever(self) -> None:
        while True:
            connection, _ = self.socket.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb", buffering=65536) as reader:
            try:
                while request := self._read(reader):
                    connection.sendall(self.handler(request).encode())
            except (ConnectionError, ValueError):
                return

    @staticmethod
    def _read(reader) -> Request | None:
        head = bytearray()
        while not head.endswith(b"\r\n\r\n"):
            line = reader.readline(65536)
            if not line:
                return None
            head += line
        request = parse_head(bytes(head))
        request.body = reader.read(int(request.headers.get("content-length", 0)))
        return request
