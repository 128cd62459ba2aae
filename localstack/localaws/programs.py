"""The programs of Kubernetes: found, or built from the versions that go.mod pins into the cache folder.

Only the standard library is used here, since nothing is installed yet.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from .cache import alone, cache, say

MODULE = Path(__file__).resolve().parent.parent
# Where each program's source is. What is named here is also a tool in go.mod.
SOURCES = {
    "etcd": "go.etcd.io/etcd/server/v3",
    "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
    "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
    "kube-scheduler": "k8s.io/kubernetes/cmd/kube-scheduler",
    "kubectl": "k8s.io/kubernetes/cmd/kubectl",
    "kwok": "sigs.k8s.io/kwok/cmd/kwok",
}
# Those that have a go.mod of their own, in a folder of their name.
APART = ("kwok",)
# What a cluster needs, and what it needs besides where its workloads are to run.
NEEDED = ("etcd", "kube-apiserver")
CONTROLLERS = ("kube-controller-manager", "kube-scheduler", "kwok")
# Where Go's own installer puts it, which is not always on PATH.
GO_HOME = "/usr/local/go/bin"
GO = "Go 1.21 or newer (https://go.dev/dl), or a folder with etcd and kube-apiserver in KUBEBUILDER_ASSETS"


class Missing(Exception):
    """Programs that nobody has built yet."""


def built() -> Path:
    sums = [MODULE / "go.sum", *(MODULE / name / "go.sum" for name in APART)]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sums)).hexdigest()[:16]
    return cache() / f"kubernetes-{digest}"


def _lacking(folder: Path, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if not os.access(folder / name, os.X_OK)]


def find(names: tuple[str, ...] = NEEDED) -> Path:
    """The folder with these programs: KUBEBUILDER_ASSETS if it has them all, else the cache's."""
    given = os.environ.get("KUBEBUILDER_ASSETS")
    if given and not _lacking(Path(given), names):
        return Path(given).absolute()
    if lacking := _lacking(built(), names):
        raise Missing(f"{', '.join(lacking)} not built yet: run localstack/programs")
    return built()


def found(names: tuple[str, ...] = NEEDED) -> bool:
    try:
        find(names)
    except Missing:
        return False
    return True


def provide(names: tuple[str, ...] = NEEDED) -> Path:
    """The same folder, after building what is missing."""
    if found(names):
        return find(names)
    if not shutil.which("go", path=_path()):
        sys.exit(f"local AWS: {', '.join(_lacking(built(), names))} must be built, which needs {GO}")
    folder = built()
    waiting = "another process builds the programs of Kubernetes, some minutes"
    with alone(folder.with_suffix(".lock"), waiting):
        folder.mkdir(exist_ok=True)
        lacking = _lacking(folder, names)
        for number, name in enumerate(lacking, 1):
            _build(folder, name, f"{number} of {len(lacking)}")
    return folder


def _path() -> str:
    return f"{os.environ.get('PATH', os.defpath)}:{GO_HOME}"


def _build(folder: Path, name: str, which: str) -> None:
    """Into a file beside it, renamed when whole, so that nobody ever finds half of one."""
    say(f"first use: building {name} ({which}), up to some minutes; the next start is quick")
    started = time.monotonic()
    draft = folder / f".{name}.{os.getpid()}"
    version = re.search(r"k8s.io/kubernetes (v1\.(\d+)\S*)", (MODULE / "go.mod").read_text())
    stamp = {"gitVersion": version[1], "gitMajor": "1", "gitMinor": version[2]}
    flags = " ".join(f"-X k8s.io/component-base/version.{key}={value}" for key, value in stamp.items())
    command = ["nice", "go", "build", "-v", "-mod=readonly", "-trimpath", "-buildvcs=false"]
    command += ["-ldflags", f"-s -w {flags}", "-o", str(draft), SOURCES[name]]
    environ = {**os.environ, "PATH": _path(), "CGO_ENABLED": "0", "GOFLAGS": "", "GOWORK": "off"}
    try:
        _with_progress(command, environ, name)
        draft.rename(folder / name)
    finally:
        draft.unlink(missing_ok=True)
    say(f"built {name} in {time.monotonic() - started:.0f} s")


def _with_progress(command: list[str], environ: dict[str, str], name: str) -> None:
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "stdin": subprocess.DEVNULL}
    folder = MODULE / name if name in APART else MODULE
    process = subprocess.Popen(command, cwd=folder, env=environ, text=True, **streams)
    lines, compiled = [], 0
    for line in process.stdout:
        lines.append(line)
        if not line.startswith("go: "):
            compiled += 1
            if compiled % 250 == 0:
                say(f"{name}: {compiled} packages compiled")
    if process.wait():
        say(f"go could not build {name}; its words:")
        sys.exit("".join(lines[-20:]))
