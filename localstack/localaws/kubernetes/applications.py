"""Who answers in a cluster's network: Ready pods of programs that the stack knows how to play."""

from __future__ import annotations

import base64
import ssl
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..clock import DURATIONS
from ..http1 import Request, Response
from . import metrics, webhook
from .certificates import Authority
from .client import Client, Refused
from .egress import Server, as_files, context

if TYPE_CHECKING:
    from .planes import ControlPlane

Json = dict[str, Any]
LATE, WRONG, EXPIRED, STALE, HANGING = "late", "wrong-certificate", "expired", "stale-certificate", "hanging"
MODES = {LATE, WRONG, EXPIRED, STALE, HANGING, ""}
# The programs, by a part of their image's name.
BALANCER, METRICS = "aws-load-balancer-controller", "metrics-server"
CERTIFICATES = "serving-certs"


def is_ready(pod: Json) -> bool:
    conditions = pod["status"].get("conditions", [])
    living = "deletionTimestamp" not in pod["metadata"]
    return living and any(item["type"] == "Ready" and item["status"] == "True" for item in conditions)


def runs(pod: Json, program: str) -> bool:
    return any(program in item["image"].rpartition("/")[2] for item in pod["spec"]["containers"])


def argument(pod: Json, name: str) -> str:
    """The value of `--name=value` among the containers' arguments."""
    words = [word for item in pod["spec"]["containers"] for word in item.get("command", []) + item.get("args", [])]
    start = f"--{name}="
    return next((word.removeprefix(start) for word in words if word.startswith(start)), "")


@dataclass
class Mounted:
    """A pair as a pod has it, and when it was read, by the account's clock."""

    certificate: bytes
    key: bytes
    read: float


class Applications:
    def __init__(self, plane: ControlPlane) -> None:
        self._plane = plane
        self._lock = threading.RLock()
        self._client: Client | None = None
        self._mounted: dict[str, Mounted] = {}
        self._pairs: dict[tuple[str | bool, ...], tuple[bytes, bytes]] = {}
        self._stranger = Authority()

    def resolve(self, host: str, port: int) -> Server | None:
        for pod in self._items(f"/api/v1/pods?fieldSelector=status.podIP%3D{host}"):
            ports = {item["containerPort"] for each in pod["spec"]["containers"] for item in each.get("ports", [])}
            if not is_ready(pod) or port not in ports:
                continue
            if runs(pod, BALANCER):
                return self._balancer(pod)
            if runs(pod, METRICS):
                return Server(self._own(["metrics-server"]), lambda asked: metrics.handle(asked, self._items))
        return None

    def _balancer(self, pod: Json) -> Server | None:
        """Its certificate is that of the Secret that its pod mounts, unless something else was asked for."""
        mode = self._plane.store.world.trouble("webhook", self._plane.cluster.name)
        pair = self.mount(pod, keep=mode == STALE)
        if mode == LATE or not pair or not argument(pod, "cluster-name"):
            return None
        names = ["aws-load-balancer-webhook-service.%s.svc" % pod["metadata"]["namespace"]]
        if mode == HANGING:
            return Server(self._own(names), None)
        if mode in (WRONG, EXPIRED):
            return Server(self._own(names, expired=mode == EXPIRED), self._admit)
        try:
            return Server(self._context(pair.certificate, pair.key), self._admit)
        except ssl.SSLError:
            return None  # The pair does not fit together, so that no server has started.

    def _admit(self, request: Request) -> Response:
        return webhook.handle(request, self._read)

    def mount(self, pod: Json, keep: bool = False) -> Mounted | None:
        """As the kubelet does it: at the start, and again a while later, so that a changed Secret arrives."""
        uid = pod["metadata"]["uid"]
        world = self._plane.store.world
        with world.lock:
            now, immediate = world.clock.now(), not world.clock.factor
        known = self._mounted.get(uid)
        fresh = known and not immediate and now - known.read < DURATIONS["pod.secret-refresh"]
        if known and (keep or fresh):
            return known
        secret = self._read(f"/api/v1/namespaces/{pod['metadata']['namespace']}/secrets/{_secret_of(pod)}")
        data = (secret or {}).get("data") or {}
        if "tls.crt" not in data or "tls.key" not in data:
            return known
        pair = (base64.b64decode(data[name]) for name in ("tls.crt", "tls.key"))
        self._mounted[uid] = Mounted(*pair, now)
        return self._mounted[uid]

    def forget(self, uids: set[str]) -> None:
        for uid in uids:
            self._mounted.pop(uid, None)

    def _own(self, names: list[str], expired: bool = False) -> ssl.SSLContext:
        """A pair that no cluster has asked for."""
        known = (*names, expired)
        if known not in self._pairs:
            self._pairs[known] = self._stranger.serving([], tuple(names), expired)
        return self._context(*self._pairs[known])

    def _context(self, certificate: bytes, key: bytes) -> ssl.SSLContext:
        with as_files(self._plane.server.folder, certificate, key) as paths:
            return context(*paths)

    def _call(self, path: str) -> Json:
        with self._lock:
            self._client = self._client or self._plane.server.client()
            return self._client.call("GET", path)

    def _read(self, path: str) -> Json | None:
        try:
            return self._call(path)
        except Refused as error:
            if error.status == 404:
                return None
            raise

    def _items(self, path: str) -> list[Json]:
        return self._call(path)["items"]


def _secret_of(pod: Json) -> str:
    """The Secret behind the folder of certificates, or else the first that is mounted at all."""
    secrets = {item["name"]: item["secret"]["secretName"] for item in pod["spec"].get("volumes", []) if "secret" in item}
    for container in pod["spec"]["containers"]:
        for mount in container.get("volumeMounts", []):
            if mount["name"] in secrets and mount["mountPath"].rstrip("/").endswith(CERTIFICATES):
                return secrets[mount["name"]]
    return next(iter(secrets.values()), "-")
