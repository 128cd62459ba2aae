"""The Node that each running instance of a managed node group is, labelled as EKS and the kubelet do."""

from __future__ import annotations

from typing import Any

from ..eks import joining
from ..eks.store import Cluster, Nodegroup, Store
from . import hardware

Json = dict[str, Any]
EFFECTS = {
    "NO_SCHEDULE": "NoSchedule",
    "NO_EXECUTE": "NoExecute",
    "PREFER_NO_SCHEDULE": "PreferNoSchedule",
}
NOT_READY_TAINT = {"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}
NO_NETWORK = (
    "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady "
    "message:Network plugin returns error: cni plugin not initialized"
)


def nodes(store: Store, cluster: Cluster, ttl: str = "0") -> dict[str, Json]:
    """By name; also decides which machines have joined by now. The time to live is a word of the control plane's."""
    found = {}
    for group in cluster.nodegroups.values():
        asg = store.aws.autoscaling.autoscaling_groups.get(group.group_name)
        living = [item.instance for item in asg.instance_states if item.instance.state == "running"] if asg else []
        if any(item.id not in group.joined for item in living) and joining.joins(store, group):
            group.joined |= {item.id for item in living}
        for instance in living:
            if instance.id in group.joined:
                found[instance.private_dns_name] = _node(store, group, instance, ttl)
    return found


def _node(store: Store, group: Nodegroup, instance: Any, ttl: str) -> Json:
    ready = group.nodes_ready and store.world.trouble("nodes", group.name) != joining.NEVER_READY
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": instance.private_dns_name,
            "labels": _labels(store, group, instance),
            "annotations": {
                "alpha.kubernetes.io/provided-node-ip": instance.private_ip,
                "node.alpha.kubernetes.io/ttl": ttl,
                "volumes.kubernetes.io/controller-managed-attach-detach": "true",
            },
        },
        "spec": {
            "providerID": f"aws:///{instance.placement.zone}/{instance.id}",
            "taints": _taints(group) + ([] if ready else [NOT_READY_TAINT]),
        },
        "status": {
            **hardware.room(instance),
            "addresses": _addresses(instance),
            "conditions": _conditions(ready),
            "nodeInfo": hardware.info(store, group, instance),
        },
    }


def _labels(store: Store, group: Nodegroup, instance: Any) -> dict[str, str]:
    zone, arch, system = instance.placement.zone, hardware.architecture(instance), hardware.system(group)
    labels = {
        "beta.kubernetes.io/arch": arch,
        "beta.kubernetes.io/instance-type": instance.instance_type,
        "beta.kubernetes.io/os": system,
        "eks.amazonaws.com/capacityType": group.view["capacityType"],
        "eks.amazonaws.com/nodegroup": group.name,
        "eks.amazonaws.com/nodegroup-image": instance.image_id,
        "failure-domain.beta.kubernetes.io/region": store.region,
        "failure-domain.beta.kubernetes.io/zone": zone,
        "kubernetes.io/arch": arch,
        "kubernetes.io/hostname": instance.private_dns_name,
        "kubernetes.io/os": system,
        "node.kubernetes.io/instance-type": instance.instance_type,
        "topology.k8s.aws/zone-id": store.aws.ec2.get_subnet(instance.subnet_id).availability_zone_id,
        "topology.kubernetes.io/region": store.region,
        "topology.kubernetes.io/zone": zone,
    }
    if template := group.view.get("launchTemplate"):
        labels["eks.amazonaws.com/sourceLaunchTemplateId"] = template["id"]
        labels["eks.amazonaws.com/sourceLaunchTemplateVersion"] = template["version"]
    return {**labels, **group.view.get("labels", {})}


def _taints(group: Nodegroup) -> list[Json]:
    return [
        {"key": item["key"], "effect": EFFECTS[item["effect"]], **({"value": item["value"]} if item.get("value") else {})}
        for item in group.view.get("taints", [])
    ]


def _addresses(instance: Any) -> list[Json]:
    name = instance.private_dns_name
    found = [{"type": "InternalIP", "address": instance.private_ip}]
    if instance.public_ip:
        found.append({"type": "ExternalIP", "address": instance.public_ip})
    found += [{"type": "InternalDNS", "address": name}, {"type": "Hostname", "address": name}]
    if instance.public_ip:
        found.append({"type": "ExternalDNS", "address": instance.public_dns_name})
    return found


def _conditions(ready: bool) -> list[Json]:
    """Without their times, which are those of the writing."""
    good = [
        ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ]
    state = ("True", "KubeletReady", "kubelet is posting ready status")
    found = [*good, ("Ready", *(state if ready else ("False", "KubeletNotReady", NO_NETWORK)))]
    return [dict(zip(("type", "status", "reason", "message"), item)) for item in found]
