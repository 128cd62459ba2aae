"""The API servers of this stack: one etcd below all, some servers started ahead, the others when they are asked for."""

from __future__ import annotations

import fcntl
import itertools
import os
import shutil
import sys
import threading
from pathlib import Path

from .. import programs
from ..lifetime import FOLDERS, Spawner
from .apiserver import ApiServer, Programs
from .etcd import Etcd
from .front import Network

# The range that EKS gives most clusters: servers kept warm have it.
USUAL_CIDR = "10.100.0.0/16"


class Pool:
    def __init__(self, folder: Path, hooks: str, warm: int, controlled: bool) -> None:
        self.folder, self._hooks, self._wanted = folder, hooks, warm
        # Whether those that are started ahead have controllers.
        self._controlled = controlled
        self.network: Network
        self._lock = threading.RLock()
        self._started = False
        self._numbers = itertools.count(1)
        self._warm: list[ApiServer] = []
        self._etcd_up = threading.Event()
        self._etcd: Etcd | None = None
        self._programs: Programs | None = None

    def start(self, controlled: bool = False) -> None:
        """Raises `programs.Missing` where nothing is built; the rest goes on in the background."""
        with self._lock:
            if controlled or self._controlled:
                self._programs = Programs(programs.find(), programs.find(programs.CONTROLLERS))
            if self._started:
                return
            self._programs = self._programs or Programs(programs.find())
            self._make_folder()
            self._spawner, self.network = Spawner(self.folder), Network()
            self._started = True
            for work in (self._begin, self._fill):
                threading.Thread(target=work, daemon=True).start()

    def _make_folder(self) -> None:
        """Locked for as long as this process lives; what killed stacks have left goes."""
        for other in self.folder.parent.glob(f"{FOLDERS}*"):
            _remove_if_dead(other)
        self.folder.mkdir(mode=0o700)
        self._guard = open(self.folder / ".lock", "w")
        fcntl.flock(self._guard, fcntl.LOCK_EX)
        os.rename(self.folder / ".lock", self.folder / "lock")

    def _begin(self) -> None:
        try:
            etcd = Etcd(self._programs.api / "etcd", self.folder, self._spawner)
            etcd.wait()
            self._etcd = etcd
        except (OSError, RuntimeError) as error:
            print(f"local AWS: {error}", file=sys.stderr, flush=True)
        self._etcd_up.set()

    def _fill(self) -> None:
        """One after another: two that start at once are each half as quick."""
        while True:
            with self._lock:
                if len(self._warm) >= self._wanted:
                    return
                server = self._new(USUAL_CIDR, self._controlled)
                self._warm.append(server)
            server.settled.wait()
            if server.error:
                print(f"local AWS: {server.error}", file=sys.stderr, flush=True)
                return

    def _new(self, cidr: str, controlled: bool) -> ApiServer:
        server = ApiServer(f"c{next(self._numbers)}", cidr, self.folder, self._hooks, controlled)
        threading.Thread(target=self._run, args=(server,), daemon=True).start()
        return server

    def _run(self, server: ApiServer) -> None:
        self._etcd_up.wait()
        if self._etcd:
            server.run(self._programs, self._etcd, self._spawner)
        else:
            server.fail("etcd did not start")

    def take(self, cidr: str, controlled: bool) -> ApiServer:
        """A warm one, and another is started in its place as soon as this one is ready; or a new one."""
        self.start(controlled)
        with self._lock:
            self._warm = [item for item in self._warm if item.alive]
            fitting = (item for item in self._warm if (item.cidr, item.controlled) == (cidr, controlled))
            warm = next(fitting, None)
            if warm:
                self._warm.remove(warm)
            server = warm or self._new(cidr, controlled)
        threading.Thread(target=self._follow, args=(server,), daemon=True).start()
        return server

    def _follow(self, server: ApiServer) -> None:
        server.settled.wait()
        self._fill()

    def stop(self, server: ApiServer) -> None:
        if self._etcd:
            server.stop(self._etcd)


def _remove_if_dead(folder: Path) -> None:
    try:
        with open(folder / "lock") as guard:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        pass  # It lives, or it has only just begun, or it is somebody else's.


class NotThere:
    """In the place of a pool before the process knows its own address."""

    def start(self, *_: object) -> None:
        raise programs.Missing("this process serves no Kubernetes")

    take = start


pool: Pool | NotThere = NotThere()


def configure(folder: Path, hooks: str, warm: int, controlled: bool) -> Pool:
    global pool
    pool = Pool(folder, hooks, warm, controlled)
    return pool
