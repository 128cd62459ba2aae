"""What controllers of AWS do in a cluster whose workloads run: they look after each change, one after another."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from typing import TYPE_CHECKING, Any

from . import addon_objects, applications, load_balancers, volumes
from .addon_keeper import AddonKeeper
from .client import Client, Refused
from .observer import Observer

if TYPE_CHECKING:
    from .planes import ControlPlane

Json = dict[str, Any]
WATCHED = (
    "/api/v1/pods",
    "/api/v1/services",
    "/api/v1/persistentvolumeclaims",
    "/api/v1/persistentvolumes",
    "/apis/networking.k8s.io/v1/ingresses",
    "/apis/networking.k8s.io/v1/ingressclasses",
)
# Changes come in crowds: a moment later most of one has come.
CROWD_SECONDS = 0.03
RETRY_SECONDS = 0.5


class Actors:
    """One thread for each cluster, while it has controllers."""

    def __init__(self, plane: ControlPlane) -> None:
        self._plane = plane
        self._wanted = threading.Event()
        self._stopped = False
        self._said: set[str] = set()
        self._pods: set[str] = set()
        self._addons = AddonKeeper()
        self._observer = Observer(plane.server, WATCHED, self._wanted.set)
        threading.Thread(target=self._run, daemon=True).start()

    def follow(self) -> None:
        """Lets the objects of add-ons be what the account says now."""
        plane = self._plane
        if self._addons.want(addon_objects.wanted(plane.store, plane.cluster), plane.cluster.preserved):
            self._wanted.set()

    def stop(self) -> None:
        self._stopped = True
        self._observer.stop()
        self._wanted.set()

    def _run(self) -> None:
        client = self._plane.server.client()
        while not self._stopped:
            self._wanted.wait()
            time.sleep(CROWD_SECONDS)
            self._wanted.clear()
            if self._stopped or not self._act(client):
                return

    def _act(self, client: Client) -> bool:
        """Whether there is anything to go on with; what went wrong or is unfinished is tried again after a while."""
        plane = self._plane
        works = (
            lambda: self._addons.act(client),
            lambda: self._mount(client),
            lambda: load_balancers.act(plane, client),
            lambda: volumes.act(plane, client),
        )
        for work in works:
            try:
                if work():
                    self._later()
            except Exception as error:
                if self._stopped or not self._plane.server.running:
                    return False
                self._say(error)
                self._later()
        return True

    def _later(self) -> None:
        timer = threading.Timer(RETRY_SECONDS, self._wanted.set)
        timer.daemon = True
        timer.start()

    def _say(self, error: Exception) -> None:
        """Once each; that somebody else was quicker is no news."""
        if isinstance(error, Refused) and error.status in (404, 409):
            return
        if str(error) not in self._said:
            self._said.add(str(error))
            traceback.print_exc(file=sys.stderr)

    def _mount(self, client: Client) -> None:
        """A pod has the certificate that was there when it came to its node."""
        pods = [
            pod
            for pod in client.call("GET", "/api/v1/pods")["items"]
            if pod["spec"].get("nodeName") and applications.runs(pod, applications.BALANCER)
        ]
        for pod in pods:
            self._plane.applications.mount(pod, keep=True)
        there = {pod["metadata"]["uid"] for pod in pods}
        self._plane.applications.forget(self._pods - there)
        self._pods = there
