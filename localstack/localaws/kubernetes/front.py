"""What clients connect to: each cluster's port, which leads to its API server, refuses, or keeps silent."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from .apiserver import PORT
from .egress import Egress, Resolve

OPEN, REFUSED, HANGING = "", "refused", "hanging"
MODES = (OPEN, REFUSED, HANGING)


class Network:
    """One loop, in a thread of its own, that carries the bytes of all clusters."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


class Front:
    def __init__(self, network: Network, address: str, egress_socket: Path, resolve: Resolve) -> None:
        self._network, self._address = network, address
        # Bound and not listening: the port stays ours while connections are refused.
        self._holder = _bound(0)
        self.port: int = self._holder.getsockname()[1]
        self._mode = OPEN
        self._server: asyncio.Server | None = None
        self._egress = Egress(resolve)
        self._connections: set[asyncio.StreamWriter] = set()
        network.do(self._open(egress_socket))

    async def _open(self, egress_socket: Path) -> None:
        self._flowing = asyncio.Event()
        self._flowing.set()
        await self._egress.open(egress_socket)
        await self._listen()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, sock=_bound(self.port), backlog=128)

    def set_mode(self, mode: str) -> None:
        if mode != self._mode:
            self._mode = mode
            self._network.do(self._change(mode))

    async def _change(self, mode: str) -> None:
        """Refused: nobody listens and what is open is cut. Hanging: accepted, and not a byte moves."""
        if mode == HANGING:
            self._flowing.clear()
        else:
            self._flowing.set()
        if mode == REFUSED:
            self._shut()
        elif not self._server:
            await self._listen()

    def _shut(self) -> None:
        if self._server:
            self._server.close()
        self._server = None
        for writer in list(self._connections):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)
        try:
            await self._flowing.wait()
            inner_reader, inner = await asyncio.open_connection(self._address, PORT)
        except OSError:
            writer.transport.abort()
            self._connections.discard(writer)
            return
        self._connections.add(inner)
        try:
            await asyncio.gather(self._pipe(reader, inner), self._pipe(inner_reader, writer))
        finally:
            for end in (writer, inner):
                self._connections.discard(end)
                end.transport.abort()

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()
            writer.write_eof() if writer.can_write_eof() else writer.close()

    def close(self) -> None:
        self._network.do(self._close())

    async def _close(self) -> None:
        self._shut()
        self._egress.close()
        self._holder.close()


def _bound(port: int) -> socket.socket:
    """Shared with our own holder of the port; the kernel lets no other user in."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    sock.bind(("127.0.0.1", port))
    return sock
