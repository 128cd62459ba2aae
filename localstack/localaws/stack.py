"""The whole stack in one foreground process tree: this process is the proxy, its child is the AWS process."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

from .lifetime import FOLDERS, adopt_orphans, wait_for_orphans
from .proxy import Proxy



def say(text: str) -> None:
    print(f"local AWS: {text}", file=sys.stderr, flush=True)


def _environment() -> dict[str, str]:
    """Nothing of the user's AWS settings may reach moto: a profile that is not there would stop it."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "MOTO_"))}
    files = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    return {**kept, **files, "AWS_EC2_METADATA_DISABLED": "true"}


async def start_aws(options: argparse.Namespace, port: int, folder: Path) -> tuple[Process, int]:
    command = [sys.executable, "-m", "localaws.server", f"--factor={options.factor}", f"--warm={options.warm}"]
    command += [f"--endpoint-port={port}", f"--folder={folder}"]
    command += ["--kubernetes"] if options.kubernetes or options.controllers else []
    command += ["--controllers"] if options.controllers else []
    process = await asyncio.create_subprocess_exec(
        *command, stdin=DEVNULL, stdout=PIPE, start_new_session=True, env=_environment()
    )
    line = await process.stdout.readline()
    if not line.strip().isdigit():
        raise SystemExit("local AWS: the AWS process did not start; its own words are above")
    return process, int(line)


async def stdin_ends() -> None:
    """Until the end of the pipe that a test holds open."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.read(4096):
        pass


async def run(options: argparse.Namespace) -> int:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    adopt_orphans()
    # The AWS process makes it when there is something to put in.
    folder = Path(tempfile.gettempdir()) / f"{FOLDERS}{os.getpid()}-{secrets.token_hex(4)}"
    listener = socket.create_server(("127.0.0.1", options.port), backlog=256)
    aws, port = await start_aws(options, listener.getsockname()[1], folder)
    try:
        proxy = Proxy(port)
        server = await asyncio.start_server(proxy.serve, sock=listener, limit=2**20, backlog=256)
        endpoint = f"http://127.0.0.1:{listener.getsockname()[1]}"
        print(json.dumps({"endpoint": endpoint, "pid": os.getpid()}, separators=(",", ":")), flush=True)
        waits = {asyncio.ensure_future(stopped.wait()): 0, asyncio.ensure_future(aws.wait()): 1}
        if options.until_eof:
            waits[asyncio.ensure_future(stdin_ends())] = 0
        done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        server.close()
        status = max(waits[item] for item in done)
        if status:
            say(f"the AWS process ended with {aws.returncode}, so everything stops")
        return status
    finally:
        if aws.returncode is None:
            aws.kill()
            await aws.wait()
        wait_for_orphans(folder)
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="localstack/serve", description="A local AWS until it is stopped.", allow_abbrev=False
    )
    parser.add_argument(
        "--factor", type=float, default=1.0, help="divide AWS's durations by this; 0: no time at all"
    )
    parser.add_argument("--port", type=int, default=0, help="the port to listen on; by default a free one")
    parser.add_argument("--until-eof", action="store_true", help="stop when stdin ends")
    parser.add_argument(
        "--kubernetes", action="store_true", help="a real kube-apiserver behind every cluster of every account"
    )
    parser.add_argument(
        "--controllers", action="store_true", help="the same, and controllers, so that workloads run"
    )
    parser.add_argument(
        "--warm", type=int, default=1, help="how many API servers to start ahead of the clusters; default 1"
    )
    options = parser.parse_args()
    sys.exit(asyncio.run(run(options)))


if __name__ == "__main__":
    main()
