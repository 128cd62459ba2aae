"""Nodes: what they look like, how they come and go, and what can be wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import test_nodegroups
from conftest import Aws, eventually
from kube import NODES, Kube, cluster, nodegroup, ready, settled
from test_nodegroups import routed, tags_of, template


@pytest.fixture(scope="module")
def live(kubernetes_shared: Aws) -> dict[str, Any]:
    """One cluster for the tests of this file, each with a node group of its own name."""
    return cluster(kubernetes_shared)


@pytest.fixture
def aws(kubernetes_shared: Aws) -> Iterator[Aws]:
    yield kubernetes_shared
    kubernetes_shared.settings(factor=0, nodes={}, api={})


def where(name: str) -> dict[str, str]:
    return {"clusterName": "demo", "nodegroupName": name}


def machines(aws: Aws, name: str) -> list[dict[str, Any]]:
    return [item for item in test_nodegroups.instances(aws) if tags_of(item)["eks:nodegroup-name"] == name]


def nodes(kube: Kube, name: str) -> dict[str, dict[str, Any]]:
    def belongs(node: dict[str, Any]) -> bool:
        return node["metadata"]["labels"]["eks.amazonaws.com/nodegroup"] == name

    return {key: node for key, node in kube.nodes().items() if belongs(node)}


def states(kube: Kube, name: str) -> set[str]:
    return {ready(node)["status"] for node in nodes(kube, name).values()}


def test_a_node_is_what_its_machine_is(aws: Aws, live: dict) -> None:
    lt = template(aws)
    nodegroup(
        aws,
        live,
        "shape",
        launchTemplate={"id": lt["LaunchTemplateId"]},
        instanceTypes=["m6g.large"],
        amiType="AL2023_ARM_64_STANDARD",
        capacityType="SPOT",
        labels={"stage": "beta"},
        taints=[{"key": "k", "value": "v", "effect": "NO_SCHEDULE"}],
    )
    found = nodes(Kube(aws, live), "shape")
    by_name = {item["PrivateDnsName"]: item for item in machines(aws, "shape")}
    assert found.keys() == by_name.keys() and len(found) == 2
    name, node = next(iter(found.items()))
    machine = by_name[name]
    zone = machine["Placement"]["AvailabilityZone"]
    assert name.startswith("ip-192-168-") and name.endswith(".us-west-2.compute.internal")
    assert node["spec"]["providerID"] == f"aws:///{zone}/{machine['InstanceId']}"
    assert node["spec"]["taints"] == [{"key": "k", "value": "v", "effect": "NoSchedule"}]
    expected = {
        "eks.amazonaws.com/nodegroup-image": machine["ImageId"],
        "eks.amazonaws.com/capacityType": "SPOT",
        "eks.amazonaws.com/sourceLaunchTemplateId": lt["LaunchTemplateId"],
        "eks.amazonaws.com/sourceLaunchTemplateVersion": "1",
        "kubernetes.io/hostname": name,
        "kubernetes.io/arch": "arm64",
        "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": "m6g.large",
        "topology.kubernetes.io/region": "us-west-2",
        "topology.kubernetes.io/zone": zone,
        "stage": "beta",
    }
    assert expected.items() <= node["metadata"]["labels"].items()
    addresses = {item["type"]: item["address"] for item in node["status"]["addresses"]}
    assert addresses["InternalIP"] == machine["PrivateIpAddress"] and addresses["Hostname"] == name
    status = node["status"]
    assert (status["capacity"]["cpu"], status["capacity"]["pods"]) == ("2", "29")
    assert status["allocatable"]["cpu"] == "1930m"
    assert status["nodeInfo"]["kubeletVersion"].startswith("v1.34.")
    assert status["nodeInfo"]["architecture"] == "arm64"
    assert (ready(node)["status"], ready(node)["reason"]) == ("True", "KubeletReady")


def test_nodes_come_and_go_with_the_group(aws: Aws, live: dict) -> None:
    nodegroup(aws, live, "sizes", labels={"keep": "1", "drop": "1"})
    kube = Kube(aws, live)
    first = set(nodes(kube, "sizes"))
    aws.eks.update_nodegroup_config(
        **where("sizes"),
        scalingConfig={"desiredSize": 3},
        labels={"addOrUpdateLabels": {"new": "2"}, "removeLabels": ["drop"]},
        taints={"addOrUpdateTaints": [{"key": "k", "effect": "NO_EXECUTE"}]},
    )
    assert settled(aws, "sizes")["scalingConfig"]["desiredSize"] == 3
    found = nodes(kube, "sizes")
    assert len(found) == 3 and first < set(found)
    for node in found.values():
        labels = node["metadata"]["labels"]
        assert labels["new"] == "2" and labels["keep"] == "1" and "drop" not in labels
        assert node["spec"]["taints"] == [{"key": "k", "effect": "NoExecute"}]
        assert ready(node)["status"] == "True"
    aws.eks.update_nodegroup_config(**where("sizes"), scalingConfig={"desiredSize": 1})
    settled(aws, "sizes")
    assert len(nodes(kube, "sizes")) == 1
    aws.eks.update_nodegroup_version(**where("sizes"), force=True)
    settled(aws, "sizes")
    replaced = set(nodes(kube, "sizes"))
    assert len(replaced) == 1 and replaced.isdisjoint(found)
    aws.eks.delete_nodegroup(**where("sizes"))
    eventually(lambda: "sizes" not in aws.eks.list_nodegroups(clusterName="demo")["nodegroups"])
    assert nodes(kube, "sizes") == {}


def test_what_users_do_to_a_node_stays(aws: Aws, live: dict) -> None:
    nodegroup(aws, live, "users", scalingConfig={"minSize": 1, "maxSize": 2, "desiredSize": 1})
    kube = Kube(aws, live)
    ((name, node),) = nodes(kube, "users").items()
    node["spec"] = {
        **node["spec"],
        "unschedulable": True,
        "taints": [{"key": "mine", "effect": "NoSchedule"}],
    }
    node["metadata"]["labels"]["mine"] = "1"
    assert kube.status("PUT", f"{NODES}/{name}", node) == 200
    aws.eks.update_nodegroup_config(
        **where("users"),
        labels={"addOrUpdateLabels": {"a": "b"}},
        taints={"addOrUpdateTaints": [{"key": "k", "value": "v", "effect": "NO_SCHEDULE"}]},
    )
    settled(aws, "users")
    node = kube.nodes()[name]
    labels = node["metadata"]["labels"]
    assert node["spec"]["unschedulable"] and labels["mine"] == "1" and labels["a"] == "b"
    assert {taint["key"] for taint in node["spec"]["taints"]} == {"mine", "k"}


def test_an_autoscalers_work_and_an_ended_machine_show(aws: Aws, live: dict) -> None:
    group = nodegroup(aws, live, "scaler")["resources"]["autoScalingGroups"][0]["name"]
    kube = Kube(aws, live)
    aws.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=3)
    eventually(lambda: len(nodes(kube, "scaler")) == 3)
    machine = machines(aws, "scaler")[0]
    aws.ec2.terminate_instances(InstanceIds=[machine["InstanceId"]])
    eventually(lambda: machine["PrivateDnsName"] not in kube.nodes())


def test_nodes_are_there_before_they_are_ready(aws: Aws, live: dict) -> None:
    """By AWS's clock: the machine, then its node, which is Ready when the group is ACTIVE."""
    request = aws.nodegroup_request(live, "slow")
    aws.settings(factor=40)
    aws.eks.create_nodegroup(**request)
    kube = Kube(aws, live)
    eventually(lambda: aws.eks.describe_nodegroup(**where("slow")) and len(nodes(kube, "slow")) == 2)
    assert states(kube, "slow") == {"False"}
    assert settled(aws, "slow")["status"] == "ACTIVE"
    assert states(kube, "slow") == {"True"}


def test_nodes_that_never_join(aws: Aws, live: dict) -> None:
    aws.settings(nodes={"lost": "never-join"})
    group = nodegroup(aws, live, "lost")
    issue = group["health"]["issues"][0]
    assert (group["status"], issue["code"]) == ("CREATE_FAILED", "NodeCreationFailure")
    assert issue["message"] == "Instances failed to join the kubernetes cluster"
    kube = Kube(aws, live)
    assert len(machines(aws, "lost")) == 2 and nodes(kube, "lost") == {}
    assert nodegroup(aws, live, "other")["status"] == "ACTIVE", "another group is not meant"


def test_nodes_that_never_join_a_living_group(aws: Aws, live: dict) -> None:
    nodegroup(aws, live, "living")
    kube = Kube(aws, live)
    before = set(nodes(kube, "living"))
    aws.settings(nodes={"*": "never-join"})
    aws.eks.update_nodegroup_config(**where("living"), scalingConfig={"desiredSize": 3})
    assert settled(aws, "living")["status"] == "ACTIVE"
    assert set(nodes(kube, "living")) == before, "those that are there stay"
    update = aws.eks.update_nodegroup_version(**where("living"), force=True)["update"]
    settled(aws, "living")
    done = aws.eks.describe_update(name="demo", nodegroupName="living", updateId=update["id"])["update"]
    assert (done["status"], done["errors"][0]["errorCode"]) == ("Failed", "NodeCreationFailure")
    assert set(nodes(kube, "living")) == before


def test_nodes_join_late_once_they_may(aws: Aws, live: dict) -> None:
    request = aws.nodegroup_request(live, "late")
    aws.settings(factor=100, nodes={"late": "never-join"})
    aws.eks.create_nodegroup(**request)
    kube = Kube(aws, live)
    eventually(lambda: len(machines(aws, "late")) == 2)
    assert nodes(kube, "late") == {}
    aws.settings(nodes={})
    assert settled(aws, "late")["status"] == "ACTIVE"
    assert len(nodes(kube, "late")) == 2


def test_a_group_that_is_to_fail_has_no_nodes(aws: Aws, live: dict) -> None:
    aws.fail("nodegroup-create", name="doomed")
    assert nodegroup(aws, live, "doomed")["status"] == "CREATE_FAILED"
    assert nodes(Kube(aws, live), "doomed") == {}


def test_nodes_without_a_way_out_are_none(kubernetes: Aws) -> None:
    live = cluster(kubernetes)
    table = routed(kubernetes, live)
    kubernetes.ec2.delete_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0")
    assert nodegroup(kubernetes, live)["status"] == "CREATE_FAILED"
    assert Kube(kubernetes, live).nodes() == {}


def test_nodes_that_are_never_ready(aws: Aws, live: dict) -> None:
    aws.settings(nodes={"unready": "never-ready"})
    assert nodegroup(aws, live, "unready")["status"] == "ACTIVE"
    kube = Kube(aws, live)
    found = nodes(kube, "unready")
    assert len(found) == 2
    for node in found.values():
        assert (ready(node)["status"], ready(node)["reason"]) == ("False", "KubeletNotReady")
        assert ready(node)["message"] == (
            "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady "
            "message:Network plugin returns error: cni plugin not initialized"
        )
        assert node["spec"]["taints"] == [{"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}]
    aws.settings(nodes={})
    eventually(lambda: states(kube, "unready") == {"True"})
    assert all("taints" not in node["spec"] for node in nodes(kube, "unready").values())
    aws.settings(nodes={"*": "never-ready"})
    eventually(lambda: states(kube, "unready") == {"False"})


def test_an_api_that_cannot_be_reached(aws: Aws, live: dict) -> None:
    kube = Kube(aws, live)
    aws.settings(api={"demo": "refused"})
    with pytest.raises(ConnectionRefusedError):
        kube.call("GET", "/version")
    assert nodegroup(aws, live, "behind")["status"] == "ACTIVE", "AWS itself still gets there"
    aws.settings(api={"demo": "hanging"})
    with pytest.raises(TimeoutError):
        kube.call("GET", "/version", seconds=0.3)
    aws.settings(api={"another": "refused"})
    assert len(nodes(kube, "behind")) == 2
    aws.settings(api={"*": "refused"})
    with pytest.raises(ConnectionRefusedError):
        kube.call("GET", "/version")


def test_a_node_is_never_dialled(aws: Aws, live: dict) -> None:
    """Its address is one of the VPC: what would be sent there ends in the stack."""
    nodegroup(aws, live, "quiet")
    kube = Kube(aws, live)
    status, answer = kube.call("GET", f"{NODES}/{next(iter(nodes(kube, 'quiet')))}/proxy/healthz")
    assert status >= 500 and "502 Bad Gateway" in str(answer), answer


def test_unknown_troubles_are_refused(aws: Aws) -> None:
    for wrong in ({"nodes": {"ng": "nonsense"}}, {"api": {"demo": "nonsense"}}):
        with pytest.raises(OSError):
            aws.settings(**wrong)
