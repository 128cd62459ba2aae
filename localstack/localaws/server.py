"""The AWS process: moto and the extensions behind a small HTTP server on a free loopback port."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

os.environ.setdefault("MOTO_AMIS_PATH", str(Path(__file__).parent / "data" / "amis.json"))
os.environ["MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION"] = "true"

from . import control, patches, services, world  # noqa: E402
from .http1 import Request, Response, Server  # noqa: E402
from .lifetime import die_with_parent  # noqa: E402


def handle(request: Request) -> Response:
    if request.path.startswith("/_local/"):
        return control.handle(request)
    return services.serve(request)


def main() -> None:
    die_with_parent()
    world.DEFAULT_FACTOR = float(sys.argv[1])
    patches.apply()
    gc.freeze()
    server = Server(handle)
    print(server.port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
