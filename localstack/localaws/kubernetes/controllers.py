"""What makes workloads run: kube-controller-manager, kube-scheduler and, in the place of kubelets, KWOK."""

from __future__ import annotations

import itertools
import subprocess
import threading
import time
from pathlib import Path

import yaml

from ..lifetime import Spawner
from . import stages
from .client import Client, Refused
from .etcd import environment
from .stages import Troubles

# Those that workloads need. Nodes are seen to by the stack: nothing here takes them away or taints them.
CONTROLLERS = (
    "clusterrole-aggregation-controller",
    "cronjob-controller",
    "daemonset-controller",
    "deployment-controller",
    "disruption-controller",
    "endpoints-controller",
    "endpointslice-controller",
    "garbage-collector-controller",
    "horizontal-pod-autoscaler-controller",
    "job-controller",
    "namespace-controller",
    "persistentvolume-binder-controller",
    "persistentvolume-protection-controller",
    "persistentvolumeclaim-protection-controller",
    "pod-garbage-collector-controller",
    "replicaset-controller",
    "resourcequota-controller",
    "root-ca-certificate-publisher-controller",
    "serviceaccount-controller",
    "serviceaccount-token-controller",
    "statefulset-controller",
    "taint-eviction-controller",
    "ttl-after-finished-controller",
)
# What shows that the controllers work: pods are refused before it is there.
FIRST_WORK = "/api/v1/namespaces/default/serviceaccounts/default"


class Controllers:
    """The three programs of one API server, which is ready before they start."""

    def __init__(self, folder: Path, server: str, extender: str) -> None:
        self._folder, self._server, self._extender = folder, server, extender
        self._lock = threading.RLock()
        self._processes: dict[str, subprocess.Popen] = {}
        self._troubles: Troubles = {}
        self._blocks = itertools.count()
        self._stopped = False
        self._programs: Path | None = None
        self._spawner: Spawner | None = None

    def run(self, programs: Path, spawner: Spawner, client: Client) -> None:
        """Until they are at work."""
        self._programs, self._spawner = programs, spawner
        _write(self._folder / "kubeconfig", self._kubeconfig())
        _write(self._folder / "scheduler.yaml", self._scheduler())
        self._start("kube-controller-manager", self._manager_flags())
        self._start("kube-scheduler", [f"--config={self._folder / 'scheduler.yaml'}", "--secure-port=0"])
        self._start_kwok()
        manager = self._processes.get("kube-controller-manager")
        while manager and manager.poll() is None and not self._stopped:
            try:
                client.call("GET", FIRST_WORK)
                return
            except (OSError, Refused):
                time.sleep(0.03)
        log = self._folder / "kube-controller-manager.log"
        words = log.read_text("utf-8", "replace")[-2000:] if log.exists() else "it was stopped"
        raise RuntimeError(f"kube-controller-manager ended: {words}")

    def _start(self, name: str, flags: list[str]) -> None:
        with self._lock:
            if not self._stopped:
                command = [str(self._programs / name), *flags]
                self._processes[name] = self._spawner.start(
                    command, self._folder / f"{name}.log", environment()
                )

    def _start_kwok(self) -> None:
        _write(self._folder / "stages.yaml", stages.text(self._troubles))
        kubeconfig = f"--kubeconfig={self._folder / 'kubeconfig'}"
        flags = [kubeconfig, f"--config={self._folder / 'stages.yaml'}", "--manage-all-nodes=true"]
        self._start("kwok", [*flags, f"--cidr={self._addresses()}", "--node-lease-duration-seconds=0"])

    def _addresses(self) -> str:
        """Each KWOK gives pods addresses of its own: it does not know which the one before has given."""
        block = next(self._blocks) % 64 * 4
        return f"10.244.{block}.0/22"

    def trouble(self, troubles: Troubles) -> None:
        """What is wrong with pods from now on: KWOK reads its stages at its start only."""
        with self._lock:
            if troubles == self._troubles:
                return
            self._troubles = dict(troubles)
            if old := self._processes.get("kwok"):
                old.kill()
                old.wait()
                self._start_kwok()

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            for process in self._processes.values():
                process.kill()
            for process in self._processes.values():
                process.wait()

    def _kubeconfig(self) -> str:
        names = {"cluster": "eks", "user": "controllers"}
        cluster = {"server": self._server, "certificate-authority": str(self._folder / "ca.crt")}
        user = {
            "client-certificate": str(self._folder / "masters.crt"),
            "client-key": str(self._folder / "masters.key"),
        }
        return yaml.safe_dump(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": "eks", "cluster": cluster}],
                "users": [{"name": "controllers", "user": user}],
                "contexts": [{"name": "eks", "context": names}],
                "current-context": "eks",
            }
        )

    def _scheduler(self) -> str:
        """It asks the stack about each pod, which may say that no node has room."""
        kubeconfig = str(self._folder / "kubeconfig")
        extender = {
            "urlPrefix": self._extender,
            "filterVerb": "filter",
            "nodeCacheCapable": True,
            "ignorable": True,
            "httpTimeout": "5s",
        }
        return yaml.safe_dump(
            {
                "apiVersion": "kubescheduler.config.k8s.io/v1",
                "kind": "KubeSchedulerConfiguration",
                "clientConnection": {"kubeconfig": kubeconfig, "qps": 200, "burst": 400},
                "leaderElection": {"leaderElect": False},
                "podInitialBackoffSeconds": 1,
                "podMaxBackoffSeconds": 2,
                "extenders": [extender],
            }
        )

    def _manager_flags(self) -> list[str]:
        return [
            f"--kubeconfig={self._folder / 'kubeconfig'}",
            "--secure-port=0",
            "--leader-elect=false",
            f"--service-account-private-key-file={self._folder / 'accounts.key'}",
            f"--root-ca-file={self._folder / 'ca.crt'}",
            f"--controllers={','.join(CONTROLLERS)}",
            "--kube-api-qps=200",
            "--kube-api-burst=400",
            "--horizontal-pod-autoscaler-sync-period=2s",
            "--pvclaimbinder-sync-period=2s",
        ]


def _write(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o600)
