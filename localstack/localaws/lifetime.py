"""No process of the stack outlives the one that started it, even if that one is killed without warning."""

from __future__ import annotations

import ctypes
import os
import queue
import signal
import subprocess
import sys
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import IO

# The folder of a stack with Kubernetes begins so; the lock inside says whether the stack is alive.
FOLDERS = "eksact-local-"
PIDS = "pids"
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def die_with_parent() -> None:
    """The kernel sends SIGKILL when the parent ends; if it has ended already, so does this one."""
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent or parent == 1:
        os._exit(1)


def adopt_orphans() -> None:
    """What a child leaves behind becomes a child of this process, which can then wait for its end."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def wait_for_orphans(folder: Path) -> None:
    """Those that a spawner has written down there; they are dying already."""
    try:
        pids = [int(line) for line in (folder / PIDS).read_text().split()]
    except OSError:
        return
    for pid in pids:
        try:
            os.waitpid(pid, 0)
        except ChildProcessError:
            continue  # It ended long ago.


class Spawner:
    """Starts programs from one thread that never ends: to the kernel, a thread is the parent, not a process.

    Whose process this is can read in the folder what was started.
    """

    def __init__(self, folder: Path) -> None:
        self._pids = folder / PIDS
        self._wanted: queue.SimpleQueue[tuple[list[str], IO, dict, Future]] = queue.SimpleQueue()
        threading.Thread(target=self._serve, daemon=True).start()

    def start(self, command: list[str], log: Path, environ: dict[str, str]) -> subprocess.Popen:
        """The program dies with this process; its words go into the file."""
        future: Future = Future()
        with open(log, "w") as words:
            self._wanted.put((command, words, environ, future))
            return future.result()

    def _serve(self) -> None:
        while True:
            command, words, environ, future = self._wanted.get()
            # A detour over this very file, which asks for the parent's death and becomes the program.
            detour = [sys.executable, "-I", "-S", __file__, *command]
            streams = {"stdin": subprocess.DEVNULL, "stdout": words, "stderr": subprocess.STDOUT}
            try:
                process = subprocess.Popen(detour, env=environ, start_new_session=True, **streams)
                with open(self._pids, "a") as pids:
                    pids.write(f"{process.pid}\n")
                future.set_result(process)
            except OSError as error:
                future.set_exception(error)


if __name__ == "__main__":
    die_with_parent()
    os.execv(sys.argv[1], sys.argv[1:])
