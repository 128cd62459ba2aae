"""The AWS process: moto and the extensions behind a small HTTP server on a free loopback port."""

from __future__ import annotations

import argparse
import functools
import gc
import os
import threading
from pathlib import Path

import boto3

# Half of the start is moto's data: no garbage collection meanwhile, one session instead of one per look-up.
gc.disable()
boto3.Session = functools.cache(boto3.Session)  # type: ignore[misc]
os.environ["MOTO_AMIS_PATH"] = str(Path(__file__).parent / "data" / "amis.json")
os.environ["MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION"] = "true"

from . import backends, control, patches, services, world  # noqa: E402
from .kubernetes import hooks, pool, tokens  # noqa: E402
from .http1 import Request, Response, Server  # noqa: E402
from .lifetime import die_with_parent  # noqa: E402


def handle(request: Request) -> Response:
    if request.path.startswith(hooks.PATH):
        return hooks.handle(request)
    if request.path.startswith("/_local/"):
        return control.handle(request)
    return services.serve(request)


def warm_up() -> None:
    """The first call of each service reads its model; done beside the start, nobody waits for it."""
    headers = {
        "x-moto-account-id": "000000000000",
        "x-local-region": "us-west-2",
        "x-local-arn": "arn:aws:iam::0:user/x",
    }
    bodies = {
        "ec2": b"Action=DescribeVpcs&Version=2016-11-15",
        "iam": b"Action=GetPolicy&Version=2010-05-08&PolicyArn=arn:aws:iam::aws:policy/ReadOnlyAccess",
        "sts": b"Action=GetCallerIdentity&Version=2011-06-15",
    }
    for service, body in bodies.items():
        form = {"content-type": "application/x-www-form-urlencoded", "x-local-service": service}
        services.serve(Request("POST", "/", {**headers, **form}, body))
    services.serve(Request("GET", "/clusters", {**headers, "x-local-service": "eks"}))
    backends.forget("000000000000")
    world.worlds.pop("000000000000", None)
    gc.freeze()
    gc.enable()


def start_kubernetes(options: argparse.Namespace, port: int) -> None:
    here = f"http://127.0.0.1:{port}{hooks.PATH.rstrip('/')}"
    found = pool.configure(Path(options.folder), here, options.warm, options.controllers)
    tokens.hosts.port = options.endpoint_port
    world.DEFAULT_KUBERNETES, world.DEFAULT_CONTROLLERS = options.kubernetes, options.controllers
    if options.kubernetes:
        found.start()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--factor", type=float, required=True)
    parser.add_argument("--endpoint-port", type=int, required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--warm", type=int, required=True)
    parser.add_argument("--kubernetes", action="store_true")
    parser.add_argument("--controllers", action="store_true")
    return parser.parse_args()


def main() -> None:
    die_with_parent()
    options = arguments()
    world.DEFAULT_FACTOR = options.factor
    patches.apply()
    server = Server(handle)
    start_kubernetes(options, server.port)
    print(server.port, flush=True)
    threading.Thread(target=warm_up, daemon=True).start()
    server.serve_forever()


if __name__ == "__main__":
    main()
