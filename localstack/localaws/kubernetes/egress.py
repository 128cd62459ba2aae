"""What the API server dials inside the cluster arrives here: a pod answers, or nobody does."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..http1 import Request, Response, parse_head

END = b"\r\n\r\n"
OPENED = b"HTTP/1.1 200 Connection established" + END
REFUSED = b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0" + END


@dataclass
class Server:
    """What listens at an address. One without a handler takes connections and never says a word."""

    context: ssl.SSLContext
    handle: Callable[[Request], Response] | None


# Who listens at an address and port of the cluster's network; None where nobody does.
Resolve = Callable[[str, int], Server | None]


class Egress:
    """One API server's way into its cluster: an HTTP proxy on a Unix socket that knows CONNECT alone."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task] = set()

    async def open(self, socket: Path) -> None:
        self._server = await asyncio.start_unix_server(self._accept, socket)

    def close(self) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._tasks.add(task)
        try:
            await self._serve(reader, writer)
        except (OSError, ssl.SSLError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass  # The API server has gone, or has taken us for somebody else: it says so itself.
        except asyncio.CancelledError:
            pass  # The cluster has ended.
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = parse_head(await reader.readuntil(END))
        host, _, port = asked.target.rpartition(":")
        found = await self._in_thread(self._resolve, host.strip("[]"), int(port))
        if not found:
            writer.write(REFUSED)
            await writer.drain()
            return
        writer.write(OPENED)
        await writer.drain()
        if not found.handle:
            await reader.read()
            return
        await writer.start_tls(found.context)
        request = parse_head(await reader.readuntil(END))
        request.body = await reader.readexactly(int(request.headers.get("content-length", 0)))
        answer: Response = await self._in_thread(found.handle, request)
        # One question for each connection: the next one may find somebody else, or nobody.
        answer.headers["connection"] = "close"
        writer.write(answer.encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    @staticmethod
    async def _in_thread(work: Callable, *arguments: object):
        """What asks the API server must not hold up the loop that carries everybody's bytes."""
        try:
            return await asyncio.get_running_loop().run_in_executor(None, work, *arguments)
        except Exception:
            traceback.print_exc(file=sys.stderr)
            raise OSError("what was to answer failed") from None


def nobody(host: str, port: int) -> None:
    """Who listens where nothing runs."""
    return None


def context(certificate: Path, key: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate, key)
    return made


@contextlib.contextmanager
def as_files(folder: Path, certificate: bytes, key: bytes):
    """OpenSSL reads certificates from files alone; these are gone at once, and nobody else's to read."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        paths = [Path(place) / name for name in ("tls.crt", "tls.key")]
        for path, data in zip(paths, (certificate, key)):
            path.touch(mode=0o600)
            path.write_bytes(data)
        yield paths
