"""Controllers, scheduler and KWOK: workloads run on the nodes, or are in the trouble that was asked for."""

from __future__ import annotations

import os
from typing import Any

import pytest

from conftest import Aws, eventually, numbers, start
from kube import Kube, active, cluster, descendants, namespace, nodegroup, settled, workload

APPS = "/apis/apps/v1/namespaces/{}/{}"
PROGRAMS = ("kube-controller-manager", "kube-scheduler", "kwok")


@pytest.fixture(scope="module")
def kube(controlled: Aws) -> Kube:
    live = cluster(controlled)
    nodegroup(controlled, live)
    return Kube(controlled, live)


@pytest.fixture
def space(kube: Kube) -> str:
    """A namespace of the test's own."""
    name = f"space-{next(numbers)}"
    kube.make("/api/v1/namespaces", namespace(name))
    path = f"/api/v1/namespaces/{name}/serviceaccounts/default"
    eventually(lambda: kube.status("GET", path) == 200)
    return name


def run(kube: Kube, space: str, whole: dict[str, Any]) -> str:
    plural = whole["kind"].lower() + "s"
    kube.make(APPS.format(space, plural), whole)
    return f"{APPS.format(space, plural)}/{whole['metadata']['name']}"


def pods(kube: Kube, space: str) -> list[dict[str, Any]]:
    return kube.items(f"/api/v1/namespaces/{space}/pods")


def ready(kube: Kube, path: str, count: int) -> None:
    eventually(lambda: kube.get(path)["status"].get("readyReplicas", 0) == count, 20)


def condition(pod: dict[str, Any], kind: str = "Ready") -> dict[str, Any]:
    return next((item for item in pod["status"].get("conditions", []) if item["type"] == kind), {})


def waiting(pod: dict[str, Any]) -> str:
    states = pod["status"].get("containerStatuses") or [{"state": {}}]
    return states[0]["state"].get("waiting", {}).get("reason", "")


def test_deployments_run_on_the_nodes(kube: Kube, space: str) -> None:
    path = run(kube, space, workload("web", 3))
    ready(kube, path, 3)
    found = pods(kube, space)
    assert {pod["status"]["phase"] for pod in found} == {"Running"}
    assert {pod["spec"]["nodeName"] for pod in found} == set(kube.nodes())
    assert len({pod["status"]["podIP"] for pod in found}) == 3
    done = kube.get(path)["status"]["conditions"]
    assert {item["type"]: item["status"] for item in done}["Available"] == "True"


def test_what_is_deleted_goes(kube: Kube, space: str) -> None:
    path = run(kube, space, workload("web", 2))
    ready(kube, path, 2)
    kube.call("DELETE", path)
    eventually(lambda: pods(kube, space) == [])
    kube.call("DELETE", f"/api/v1/namespaces/{space}")
    eventually(lambda: kube.status("GET", f"/api/v1/namespaces/{space}") == 404, 20)


def test_daemon_sets_stateful_sets_and_jobs(kube: Kube, space: str) -> None:
    daemon = run(kube, space, workload("agent", kind="DaemonSet"))
    stateful = run(kube, space, {**workload("db", 2, "StatefulSet")})
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "once"},
        "spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]}}},
    }
    kube.make(f"/apis/batch/v1/namespaces/{space}/jobs", job)
    eventually(lambda: kube.get(daemon)["status"].get("numberReady", 0) == 2)
    ready(kube, stateful, 2)
    eventually(lambda: kube.get(f"/apis/batch/v1/namespaces/{space}/jobs/once")["status"].get("succeeded") == 1)


def test_a_service_gets_endpoints_and_autoscalers_are_accepted(kube: Kube, space: str) -> None:
    ready(kube, run(kube, space, workload("web", 2)), 2)
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web"},
        "spec": {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": 8080}]},
    }
    kube.make(f"/api/v1/namespaces/{space}/services", service)
    slices = f"/apis/discovery.k8s.io/v1/namespaces/{space}/endpointslices"
    eventually(lambda: sum(len(item["endpoints"] or []) for item in kube.items(slices)) == 2)
    scaler = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "web"},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
            "minReplicas": 2,
            "maxReplicas": 4,
        },
    }
    kube.make(f"/apis/autoscaling/v2/namespaces/{space}/horizontalpodautoscalers", scaler)


def test_troubles_and_their_end(controlled: Aws, kube: Kube, space: str) -> None:
    names = {"sick": "image-pull", "mad": "crash", "slow": "never-ready", "big": "unschedulable"}
    controlled.settings(pods={f"{space}/{name}": mode for name, mode in names.items()})
    paths = {name: run(kube, space, workload(name)) for name in [*names, "well"]}
    ready(kube, paths["well"], 1)

    def by_name() -> dict[str, Any]:
        return {pod["metadata"]["labels"]["app"]: pod for pod in pods(kube, space)}

    eventually(lambda: waiting(by_name()["sick"]) == "ImagePullBackOff")
    eventually(lambda: waiting(by_name()["mad"]) == "CrashLoopBackOff")
    eventually(lambda: condition(by_name()["slow"]).get("reason") == "ContainersNotReady")
    eventually(lambda: condition(by_name()["big"], "PodScheduled").get("reason") == "Unschedulable")
    found = by_name()
    assert "Insufficient cpu" in condition(found["big"], "PodScheduled")["message"]
    assert found["mad"]["status"]["containerStatuses"][0]["lastState"]["terminated"]["exitCode"] == 1
    assert found["slow"]["status"]["phase"] == "Running" and found["sick"]["status"]["phase"] == "Pending"
    assert "unready status: [c]" in condition(found["sick"])["message"]
    controlled.settings(pods={})
    for path in paths.values():
        ready(kube, path, 1)
    assert "reason" not in condition(by_name()["sick"])


def test_a_trouble_befalls_what_runs_already(controlled: Aws, kube: Kube, space: str) -> None:
    path = run(kube, space, workload("web", 2))
    ready(kube, path, 2)
    controlled.settings(pods={"*": "crash", f"{space}/other": ""})
    eventually(lambda: {waiting(pod) for pod in pods(kube, space)} == {"CrashLoopBackOff"})
    ready(kube, run(kube, space, workload("other")), 1)
    controlled.settings(pods={})
    ready(kube, path, 2)
    with pytest.raises(OSError) as refusal:
        controlled.settings(pods={"x": "nonsense"})
    assert refusal.value.code == 400


def test_pods_end_with_their_node(controlled: Aws, kube: Kube, space: str) -> None:
    scaling = {"minSize": 1, "maxSize": 4, "desiredSize": 3}
    where = {"clusterName": "demo", "nodegroupName": "ng"}
    controlled.eks.update_nodegroup_config(**where, scalingConfig=scaling)
    settled(controlled)
    path = run(kube, space, workload("web", 6))
    ready(kube, path, 6)
    controlled.eks.update_nodegroup_config(**where, scalingConfig={**scaling, "desiredSize": 2})
    settled(controlled)
    assert len(kube.nodes()) == 2
    ready(kube, path, 6)
    assert {pod["spec"]["nodeName"] for pod in pods(kube, space)} == set(kube.nodes())


def test_without_controllers_nothing_runs(kubernetes: Aws) -> None:
    assert kubernetes.control("GET", "settings")["controllers"] is False
    kube = Kube(kubernetes, cluster(kubernetes))
    path = run(kube, "default", workload("web"))
    assert "observedGeneration" not in kube.get(path)["status"]


def test_a_stack_keeps_them_warm_and_ends_them() -> None:
    process, endpoint = start("--factor", "0", "--controllers", "--warm", "1")
    aws = Aws(endpoint, str(next(numbers)))
    assert aws.control("GET", "settings")["controllers"] is True
    assert aws.control("GET", "settings")["kubernetes"] is True
    def programs() -> list[str]:
        """Each by its own name: the command line names files of others, too."""
        lines = descendants(process.pid).values()
        return sorted(os.path.basename(line.split(" ")[0]) for line in lines if line.startswith("/"))

    eventually(lambda: set(PROGRAMS) <= set(programs()), 30)
    live = cluster(aws)
    assert Kube(aws, live).status("GET", "/api/v1/namespaces/default/serviceaccounts/default") == 200
    aws.settings(controllers=False)
    plain = cluster(aws, "plain")
    assert Kube(aws, plain).status("GET", "/api/v1/namespaces/default/serviceaccounts/default") == 404
    aws.eks.delete_cluster(name="demo")
    assert aws.eks.list_clusters()["clusters"] == ["plain"]
    pids = set(descendants(process.pid))
    process.stdin.close()
    assert process.wait(10) == 0
    eventually(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in pids))
