"""The Kubernetes behind a cluster: it is there when EKS says so, gone when EKS says so, and one for each."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path
from tempfile import gettempdir

import pytest

from conftest import HERE, Aws, eventually, numbers, start
from kube import Kube, active, api_servers, cluster, config_map, descendants, namespace
from test_door import gone


def test_the_endpoint_of_a_cluster_is_a_real_api_server(kubernetes: Aws) -> None:
    kube = Kube(kubernetes, cluster(kubernetes))
    status, version = kube.call("GET", "/version")
    assert status == 200 and version["gitVersion"].startswith("v1.36.")
    assert kube.call("GET", "/readyz") == (200, "ok")
    address = kube.call("GET", "/api/v1/namespaces/default/services/kubernetes")[1]["spec"]["clusterIP"]
    assert address == "10.100.0.1"


def test_the_service_range_is_the_clusters_own(kubernetes: Aws) -> None:
    """No API server that was started ahead has this one."""
    live = cluster(kubernetes, kubernetesNetworkConfig={"serviceIpv4Cidr": "172.20.0.0/16"})
    kube = Kube(kubernetes, live)
    service = kube.call("GET", "/api/v1/namespaces/default/services/kubernetes")[1]
    assert service["spec"]["clusterIP"] == "172.20.0.1"


def test_a_cluster_without_it_has_an_endpoint_that_refuses(aws: Aws) -> None:
    live = aws.cluster()
    with pytest.raises(ConnectionRefusedError):
        Kube(aws, live).call("GET", "/version")


def test_two_clusters_have_nothing_in_common(kubernetes: Aws) -> None:
    request = kubernetes.cluster_request()
    kubernetes.eks.create_cluster(**request)
    kubernetes.eks.create_cluster(**{**request, "name": "other"})
    lives = [active(kubernetes), active(kubernetes, "other")]
    one, other = (Kube(kubernetes, live) for live in lives)
    assert one.status("POST", "/api/v1/namespaces", namespace("mine")) == 201
    assert one.status("GET", "/api/v1/namespaces/mine") == 200
    assert other.status("GET", "/api/v1/namespaces/mine") == 404
    assert lives[0]["certificateAuthority"] != lives[1]["certificateAuthority"]
    one.context = other.context
    with pytest.raises(OSError, match="certificate verify failed"):
        one.call("GET", "/version")


def test_a_deleted_cluster_leaves_no_process(kubernetes: Aws, kubernetes_pid: int) -> None:
    kube = Kube(kubernetes, cluster(kubernetes))
    before = set(api_servers(kubernetes_pid))
    kubernetes.eks.delete_cluster(name="demo")
    assert kubernetes.eks.list_clusters()["clusters"] == []
    eventually(lambda: not before <= set(api_servers(kubernetes_pid)))

    def refused() -> bool:
        try:
            kube.call("GET", "/version")
        except ConnectionRefusedError:
            return True
        except OSError:
            pass
        return False

    eventually(refused)


def test_a_failed_or_forgotten_cluster_leaves_no_process(kubernetes: Aws, kubernetes_pid: int) -> None:
    kubernetes.fail("cluster-create")
    kubernetes.eks.create_cluster(**kubernetes.cluster_request())
    before = set(api_servers(kubernetes_pid))
    live = kubernetes.eks.describe_cluster(name="demo")["cluster"]
    assert live["status"] == "FAILED" and "endpoint" not in live
    eventually(lambda: not before <= set(api_servers(kubernetes_pid)))
    cluster(kubernetes, "second")
    before = set(api_servers(kubernetes_pid))
    kubernetes.control("POST", "reset")
    eventually(lambda: not before <= set(api_servers(kubernetes_pid)))


def test_a_cluster_is_not_active_before_its_api(kubernetes: Aws) -> None:
    """With AWS's time as well: the creation takes no longer than that, and the API answers at its end."""
    request = kubernetes.cluster_request()
    kubernetes.settings(factor=300)
    kubernetes.eks.create_cluster(**request)
    live = kubernetes.eks.describe_cluster(name="demo")["cluster"]
    assert live["status"] == "CREATING" and "endpoint" not in live
    assert Kube(kubernetes, active(kubernetes)).call("GET", "/readyz") == (200, "ok")


def test_an_account_has_it_or_not(kubernetes: Aws) -> None:
    assert kubernetes.control("GET", "settings")["kubernetes"] is True
    kubernetes.settings(kubernetes=False)
    live = kubernetes.cluster()
    assert live["status"] == "ACTIVE"
    with pytest.raises(ConnectionRefusedError):
        Kube(kubernetes, live).call("GET", "/version")
    kubernetes.settings(kubernetes=True)
    assert Kube(kubernetes, cluster(kubernetes, "second")).status("GET", "/version") == 200


def test_an_account_may_ask_for_it_in_any_stack() -> None:
    process, endpoint = start("--factor", "0", "--warm", "0")
    aws = Aws(endpoint, str(next(numbers)))
    assert aws.control("GET", "settings")["kubernetes"] is False
    assert len(descendants(process.pid)) == 2, "no etcd before it is wanted"
    aws.settings(kubernetes=True)
    assert Kube(aws, cluster(aws)).status("GET", "/version") == 200
    pids = set(descendants(process.pid))
    process.stdin.close()
    assert process.wait(10) == 0
    assert gone(pids)
    assert not list(Path(gettempdir()).glob(f"eksact-local-{process.pid}-*")), "no file is left either"


def test_programs_that_are_not_built_are_said_to_be(tmp_path: Path) -> None:
    """In a cache folder of its own with the Python environment alone."""
    real = Path(os.environ.get("EKSACT_CACHE") or Path.home() / ".cache" / "eksact")
    for venv in real.glob("venv-*"):
        if venv.is_dir():
            (tmp_path / venv.name).symlink_to(venv)
    environ = {key: value for key, value in os.environ.items() if key != "KUBEBUILDER_ASSETS"}
    process = subprocess.Popen(
        [str(HERE / "serve"), "--until-eof"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**environ, "EKSACT_CACHE": str(tmp_path)},
    )
    aws = Aws(json.loads(process.stdout.readline())["endpoint"], str(next(numbers)))
    with pytest.raises(OSError) as refusal:
        aws.settings(kubernetes=True)
    assert refusal.value.code == 400
    assert "run localstack/programs" in json.loads(refusal.value.read())["error"]
    assert aws.control("GET", "settings")["kubernetes"] is False
    process.stdin.close()
    process.wait(10)


def test_programs_are_taken_from_where_they_are(tmp_path: Path) -> None:
    for name in ("etcd", "kube-apiserver"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    environ = {**os.environ, "KUBEBUILDER_ASSETS": str(tmp_path), "EKSACT_CACHE": str(tmp_path / "none")}
    done = subprocess.run([HERE / "programs"], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout == f"{tmp_path}\n" and done.stderr == ""


FAKE_GO = """#!/bin/sh
echo "$@" >>"$EKSACT_CACHE/builds"
while [ "$1" != -o ]; do shift; done
[ -z "$BROKEN" ] || { echo half >"$2"; echo "no such package" >&2; exit 1; }
printf '#!/bin/sh\n' >"$2" && chmod +x "$2"
"""


def test_programs_are_built_once_and_whole(tmp_path: Path) -> None:
    """With a compiler that only counts."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "go").write_text(FAKE_GO)
    (tmp_path / "bin" / "go").chmod(0o755)
    environ = {key: value for key, value in os.environ.items() if key != "KUBEBUILDER_ASSETS"}
    environ |= {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "EKSACT_CACHE": str(tmp_path)}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    broken = subprocess.run([HERE / "programs"], env={**environ, "BROKEN": "1"}, **streams)
    assert broken.returncode != 0 and "no such package" in broken.stderr
    (folder,) = (path for path in tmp_path.glob("kubernetes-*") if path.is_dir())
    assert list(folder.iterdir()) == [], "half a program is none"
    (tmp_path / "builds").unlink()
    both = [subprocess.Popen([HERE / "programs"], env=environ, **streams) for _ in range(2)]
    answers = [process.communicate() for process in both]
    assert {out for out, _ in answers} == {f"{folder}\n"}
    assert any("the next start is quick" in words for _, words in answers)
    assert sorted(path.name for path in folder.iterdir()) == ["etcd", "kube-apiserver"]
    assert len((tmp_path / "builds").read_text().splitlines()) == 2
    again = subprocess.run([HERE / "programs"], env=environ, **streams)
    assert (again.stdout, again.stderr) == (f"{folder}\n", "")


def test_killed_without_warning_nothing_lives_on() -> None:
    process, endpoint = start("--factor", "0", "--kubernetes", "--warm", "1")
    aws = Aws(endpoint, str(next(numbers)))
    kube = Kube(aws, cluster(aws))
    assert kube.status("POST", "/api/v1/namespaces/default/configmaps", config_map("x")) == 201
    pids = set(descendants(process.pid))
    assert len(pids) >= 4, "the stack, moto, etcd and an API server"
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    eventually(lambda: gone(pids))
