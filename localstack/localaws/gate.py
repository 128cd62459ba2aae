"""The way to an AWS as companies have it: an HTTP proxy, and TLS by an authority of their own.

It prints one line of JSON, and then one for each request to the proxy: `CONNECT aws.test:443`, `POST
http://aws.test/`, with ` by NAME` for whoever gives a name. It ends with its stdin.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import ssl
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from .kubernetes.certificates import Authority

LOOPBACK = "127.0.0.1"
# A name that nothing resolves: who wants to go there needs the proxy.
NAMES = ("localhost", "aws.test")
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Gate:
    def __init__(self, behind: str) -> None:
        where = urlsplit(behind)
        self.behind = (where.hostname or LOOPBACK, where.port or 80)
        self.tls = 0

    async def opened(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A connection whose TLS ends here."""
        try:
            await _both(reader, writer, await asyncio.open_connection(*self.behind))
        except (ConnectionError, asyncio.CancelledError):
            writer.close()

    async def proxied(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await _head(reader):
                method, target, _ = head[0].split(" ", 2)
                print(f"{method} {target}{_by(head)}", flush=True)
                if method == "CONNECT":
                    host, _, port = target.rpartition(":")
                    to = (host, int(port)) if host == LOOPBACK else (LOOPBACK, self.tls)
                    there = await asyncio.open_connection(*to)
                    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    return await _both(reader, writer, there)
                await self._forward(head, target, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _forward(
        self, head: list[str], target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """One request that names its server, and its answer."""
        where = urlsplit(target)
        path = where.path + (f"?{where.query}" if where.query else "")
        head[0] = head[0].replace(target, path or "/", 1)
        there, back = await asyncio.open_connection(*self.behind)
        back.write(await _message(head, reader))
        answer = await _head(there)
        writer.write(await _message(answer, there))
        await writer.drain()
        back.close()


async def _head(reader: asyncio.StreamReader) -> list[str]:
    try:
        text = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return []
    return text.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")


async def _message(head: list[str], reader: asyncio.StreamReader) -> bytes:
    body = await reader.readexactly(int(_header(head, "content-length") or 0))
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body


def _header(head: list[str], name: str) -> str:
    found = [line.partition(":")[2] for line in head[1:] if line.lower().startswith(f"{name}:")]
    return found[0].strip() if found else ""


def _by(head: list[str]) -> str:
    given = _header(head, "proxy-authorization").removeprefix("Basic ")
    return f" by {base64.b64decode(given).decode().partition(':')[0]}" if given else ""


async def _both(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, there: Streams) -> None:
    """Bytes go both ways until one side has had enough."""

    async def pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()
        except (ConnectionError, ssl.SSLError):
            pass
        finally:
            sink.close()

    await asyncio.gather(pass_on(reader, there[1]), pass_on(there[0], writer))


def certificates(folder: Path) -> ssl.SSLContext:
    """Writes the authority's certificate, for those who are to believe it."""
    authority = Authority()
    certificate, key = authority.serving([LOOPBACK], NAMES)
    (folder / "ca.pem").write_bytes(authority.pem)
    own = folder / "own.pem"
    own.write_bytes(certificate + key)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(own)
    own.unlink()
    return context


async def run(behind: str, folder: Path) -> None:
    gate = Gate(behind)
    tls = await asyncio.start_server(gate.opened, LOOPBACK, 0, ssl=certificates(folder))
    gate.tls = tls.sockets[0].getsockname()[1]
    proxy = await asyncio.start_server(gate.proxied, LOOPBACK, 0)
    told = {
        "proxy": f"http://{LOOPBACK}:{proxy.sockets[0].getsockname()[1]}",
        "https": f"https://{LOOPBACK}:{gate.tls}",
        "ca": str(folder / "ca.pem"),
    }
    print(json.dumps(told), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def main() -> None:
    parser = argparse.ArgumentParser(prog="localstack/gate")
    parser.add_argument("--to", required=True, metavar="URL", help="the AWS behind it")
    with tempfile.TemporaryDirectory(prefix="eksact-gate-") as folder:
        asyncio.run(run(parser.parse_args().to, Path(folder)))


if __name__ == "__main__":
    main()
