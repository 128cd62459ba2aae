"""One kube-apiserver: its files, its process, and how it is known to be ready."""

from __future__ import annotations

import ipaddress
import os
import shutil
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import yaml

from ..lifetime import Spawner
from .certificates import Authority, new_key, private_pem, public_pem
from .client import Client, Refused
from .controllers import Controllers
from .etcd import Etcd, environment, loopback

PORT = 6443
ISSUER = "https://kubernetes.default.svc.cluster.local"
# What kube-controller-manager would fill in: the rules of these come from the roles that they aggregate.
AGGREGATED = ("view", "edit", "admin")
# What must answer. The API server calls itself ready a moment before it has made the last two.
READY = ("/readyz", "/api/v1/namespaces/kube-system", "/api/v1/namespaces/default/services/kubernetes")
ROLES = "/apis/rbac.authorization.k8s.io/v1/clusterroles"


def _write(path: Path, data: bytes | str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data.encode() if isinstance(data, str) else data)


def _webhook(url: str) -> str:
    """A kubeconfig, as the API server wants it for the ones that it asks."""
    return yaml.safe_dump(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "eks", "cluster": {"server": url}}],
            "users": [{"name": "apiserver"}],
            "contexts": [{"name": "eks", "context": {"cluster": "eks", "user": "apiserver"}}],
            "current-context": "eks",
        }
    )


def _egress(socket: Path) -> str:
    """What it would dial inside the cluster goes to our socket; the rest is on this machine."""
    inside = {"proxyProtocol": "HTTPConnect", "transport": {"uds": {"udsName": str(socket)}}}
    direct = {"proxyProtocol": "Direct"}
    ways = {"cluster": inside, "controlplane": direct, "etcd": direct}
    return yaml.safe_dump(
        {
            "apiVersion": "apiserver.k8s.io/v1beta1",
            "kind": "EgressSelectorConfiguration",
            "egressSelections": [{"name": name, "connection": way} for name, way in ways.items()],
        }
    )


@dataclass(frozen=True)
class Programs:
    """The folders with them; the second only where controllers are wanted."""

    api: Path
    controllers: Path | None = None


class ApiServer:
    """Starts at once; `settled` is set when it is ready or has failed, and then `error` says which."""

    def __init__(self, ident: str, cidr: str, folder: Path, hooks: str, controlled: bool) -> None:
        self.ident, self.cidr, self.controlled = ident, cidr, controlled
        self.folder = folder / ident
        self.egress_socket = self.folder / "egress.sock"
        self.address = loopback()
        self.authority = Authority()
        self.error = ""
        self.settled = threading.Event()
        self._hooks = f"{hooks}/{ident}"
        self.controllers = Controllers(self.folder, f"https://{self.address}:{PORT}", self._hooks)
        self._process = None
        self._stopped = False
        self._lock = threading.Lock()

    @property
    def prefix(self) -> str:
        return f"/{self.ident}"

    def client(self) -> Client:
        files = [self.folder / name for name in ("ca.crt", "masters.crt", "masters.key")]
        return Client(self.address, PORT, *files)

    def run(self, found: Programs, etcd: Etcd, spawner: Spawner) -> None:
        """Until it is ready, and its controllers are where it has some; for a thread of its own."""
        try:
            self._files()
            command = [str(found.api / "kube-apiserver"), *self._flags(etcd)]
            with self._lock:
                if self._stopped:
                    raise RuntimeError("stopped before it was started")
                self._process = spawner.start(command, self.folder / "log", environment())
            self._wait()
            if self.controlled:
                self.controllers.run(found.controllers, spawner, self.client())
            self.settled.set()
        except Exception as error:
            self.fail(f"{type(error).__name__}: {error}")

    def fail(self, error: str) -> None:
        self.error = error
        self.settled.set()

    def _files(self) -> None:
        self.folder.mkdir(mode=0o700)
        first = str(next(ipaddress.ip_network(self.cidr).hosts()))
        certificate, key = self.authority.serving(["127.0.0.1", self.address, first])
        masters, masters_key = self.authority.client("eks:local-stack", "system:masters")
        accounts = new_key()
        files: dict[str, bytes | str] = {
            "ca.crt": self.authority.pem,
            "ca.key": self.authority.key_pem,
            "serving.crt": certificate,
            "serving.key": key,
            "masters.crt": masters,
            "masters.key": masters_key,
            "accounts.key": private_pem(accounts),
            "accounts.pub": public_pem(accounts),
            "authentication.yaml": _webhook(f"{self._hooks}/authenticate"),
            "authorization.yaml": _webhook(f"{self._hooks}/authorize"),
            "egress.yaml": _egress(self.egress_socket),
        }
        for name, data in files.items():
            _write(self.folder / name, data)

    def _flags(self, etcd: Etcd) -> list[str]:
        folder = self.folder
        return [
            f"--etcd-servers={etcd.url}",
            f"--etcd-prefix={self.prefix}",
            f"--bind-address={self.address}",
            f"--secure-port={PORT}",
            "--advertise-address=127.0.0.1",
            "--endpoint-reconciler-type=none",
            f"--tls-cert-file={folder / 'serving.crt'}",
            f"--tls-private-key-file={folder / 'serving.key'}",
            f"--client-ca-file={folder / 'ca.crt'}",
            f"--service-account-issuer={ISSUER}",
            f"--service-account-key-file={folder / 'accounts.pub'}",
            f"--service-account-signing-key-file={folder / 'accounts.key'}",
            f"--service-cluster-ip-range={self.cidr}",
            # Whatever is not yet decided is a matter of the cluster's access policies, which are never cached.
            "--authorization-mode=Node,RBAC,Webhook",
            f"--authorization-webhook-config-file={folder / 'authorization.yaml'}",
            "--authorization-webhook-version=v1",
            "--authorization-webhook-cache-authorized-ttl=0s",
            "--authorization-webhook-cache-unauthorized-ttl=0s",
            f"--authentication-token-webhook-config-file={folder / 'authentication.yaml'}",
            "--authentication-token-webhook-version=v1",
            "--authentication-token-webhook-cache-ttl=0s",
            f"--egress-selector-config-file={folder / 'egress.yaml'}",
            "--enable-aggregator-routing=true",
            # Not by name, which somebody would have to be asked for.
            "--kubelet-preferred-address-types=InternalIP",
            "--enable-admission-plugins=NodeRestriction",
            "--allow-privileged=true",
            "--profiling=false",
        ]

    def _wait(self) -> None:
        client = self.client()
        while self._process.poll() is None:
            try:
                for path in READY:
                    client.call("GET", path)
                _aggregate(client)
                return
            except (OSError, Refused):
                time.sleep(0.03)
        words = (self.folder / "log").read_text("utf-8", "replace")[-2000:]
        raise RuntimeError(f"kube-apiserver ended with {self._process.returncode}: {words}")

    @property
    def alive(self) -> bool:
        """Ready, or on its way there."""
        return not self.error and (self.running or not self.settled.is_set())

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self, etcd: Etcd) -> None:
        """At once, and its objects and files go too."""
        with self._lock:
            self._stopped = True
        self.controllers.stop()
        if self._process:
            self._process.kill()
            self._process.wait()
        etcd.forget(self.prefix)
        shutil.rmtree(self.folder, ignore_errors=True)


def _aggregate(client: Client) -> None:
    """Gives the roles for people their rules, which the API server alone leaves empty."""
    roles = {item["metadata"]["name"]: item for item in client.call("GET", ROLES)["items"]}
    for name in AGGREGATED:
        role = roles[name]
        selectors = [item["matchLabels"] for item in role["aggregationRule"]["clusterRoleSelectors"]]
        rules = []
        for other in roles.values():
            labels = other["metadata"].get("labels", {})
            if any(wanted.items() <= labels.items() for wanted in selectors):
                rules += [rule for rule in other.get("rules") or [] if rule not in rules]
        role["rules"] = rules
        roles[name] = client.call("PUT", f"{ROLES}/{name}", role)
