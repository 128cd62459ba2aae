"""The AWS process's side of the control API: settings, failures to come, reset, inventory."""

from __future__ import annotations

import json
import sys
import traceback
from dataclasses import fields
from typing import Any
from urllib.parse import parse_qs

from . import backends
from .callers import DEFAULT_ACCOUNT
from .failures import Failure
from .http1 import Request, Response
from .eks.joining import NEVER_JOIN, NEVER_READY
from .inventory import inventory
from .kubernetes import applications, front, pool, stages
from .programs import Missing
from .quotas import checked
from .world import Releases, World, world_of, worlds

FAILURES = (
    "cluster-create",
    "cluster-update",
    "cluster-delete",
    "nodegroup-create",
    "nodegroup-update",
    "nodegroup-delete",
    "addon-create",
    "addon-update",
    "addon-delete",
    "nat-gateway-create",
)


TROUBLES = {
    "nodes": {NEVER_JOIN, NEVER_READY, ""},
    "api": set(front.MODES),
    "pods": stages.MODES,
    "webhook": applications.MODES,
}


def handle(request: Request) -> Response:
    account = parse_qs(request.query).get("account", [DEFAULT_ACCOUNT])[0]
    name = request.path.removeprefix("/_local/")
    action = ACTIONS.get((request.method, name))
    if not action:
        return _json(404, {"error": f"no {request.method} {request.path} here"})
    try:
        body = json.loads(request.body or b"null")
        world = world_of(account)
        with world.lock:
            world.settle()
            answer = action(world, body)
            world.follow()
            return answer
    except (KeyError, TypeError, ValueError, Missing) as error:
        return _json(400, {"error": f"{type(error).__name__}: {error}"})
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        return _json(500, {"error": f"{type(error).__name__}: {error}"})


def _json(status: int, value: Any) -> Response:
    return Response(status, {"content-type": "application/json"}, json.dumps(value).encode() + b"\n")


def _settings(world: World) -> dict[str, Any]:
    releases = {field.name: getattr(world.releases, field.name) for field in fields(Releases)}
    return {
        "factor": world.clock.factor,
        "paused": world.clock.paused,
        "leak": world.leak,
        "releases": releases,
        "kubernetes": world.kubernetes,
        "controllers": world.controllers,
        "permissions": world.permissions,
        "quotas": world.quotas,
        **world.troubles,
    }


def get_settings(world: World, body: Any) -> Response:
    return _json(200, _settings(world))


def set_settings(world: World, body: dict[str, Any]) -> Response:
    unknown = body.keys() - _settings(world).keys()
    if unknown:
        raise ValueError(f"unknown settings {sorted(unknown)}")
    if "factor" in body:
        world.clock.set_factor(body["factor"])
    if "paused" in body:
        world.clock.pause(bool(body["paused"]))
    for kind in ("leak", "permissions"):
        if kind in body:
            setattr(world, kind, bool(body[kind]))
    _set_kubernetes(world, body)
    if "quotas" in body:
        world.quotas = checked(body["quotas"] or {})
    if "releases" in body:
        world.releases = Releases(**(body["releases"] or {}))
    return _json(200, _settings(world))


def _set_kubernetes(world: World, body: dict[str, Any]) -> None:
    for kind, known in TROUBLES.items():
        asked = body.get(kind) or {}
        if wrong := set(asked.values()) - known:
            raise ValueError(f"unknown {kind} {sorted(wrong)}; known are {sorted(known)}")
    if body.get("kubernetes") or body.get("controllers"):
        pool.pool.start(bool(body.get("controllers")))
    for kind in ("kubernetes", "controllers"):
        if kind in body:
            setattr(world, kind, bool(body[kind]))
    for kind in TROUBLES.keys() & body.keys():
        world.troubles[kind] = dict(body[kind] or {})


def fail(world: World, body: Any) -> Response:
    """One failure or a list of them; each hits the next thing of its kind (and name) that begins."""
    asked = [Failure(**item) for item in (body if isinstance(body, list) else [body])]
    if unknown := [item.what for item in asked if item.what not in FAILURES]:
        raise ValueError(f"unknown kinds {unknown}; known are {list(FAILURES)}")
    world.failures += asked
    return _json(200, {"failures": [vars(item) for item in world.failures]})


def get_failures(world: World, body: Any) -> Response:
    return _json(200, {"failures": [vars(item) for item in world.failures]})


def clear_failures(world: World, body: Any) -> Response:
    world.failures.clear()
    return _json(200, {"failures": []})


def reset(world: World, body: Any) -> Response:
    """The account as nobody ever used it; its settings go too."""
    for cluster in world.clusters():
        cluster.stop()
    backends.forget(world.account)
    worlds.pop(world.account, None)
    return _json(200, {"account": world.account})


def show_inventory(world: World, body: Any) -> Response:
    lines = "".join(line + "\n" for line in inventory(world))
    return Response(200, {"content-type": "text/plain; charset=utf-8"}, lines.encode())


def health(world: World, body: Any) -> Response:
    return _json(200, {"status": "ok", "accounts": len(worlds)})


ACTIONS = {
    ("GET", "settings"): get_settings,
    ("POST", "settings"): set_settings,
    ("GET", "fail"): get_failures,
    ("POST", "fail"): fail,
    ("DELETE", "fail"): clear_failures,
    ("POST", "reset"): reset,
    ("GET", "inventory"): show_inventory,
    ("GET", "health"): health,
}
