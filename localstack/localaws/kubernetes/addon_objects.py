"""The Kubernetes objects that EKS makes for each add-on, and those that every cluster has from its start."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable
from typing import Any

from ..eks.addon_catalogue import needs_nodes
from ..eks.store import Addon, Cluster, Store

Json = dict[str, Any]
SYSTEM = "kube-system"
COREFILE = """.:53 {
    errors
    health {
        lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
}
"""
CRITICAL = [
    {"effect": "NoSchedule", "key": "node-role.kubernetes.io/control-plane"},
    {"key": "CriticalAddonsOnly", "operator": "Exists"},
]
EVERYWHERE = [{"operator": "Exists"}]


class Maker:
    """Makes the objects of one add-on: with its namespace, its version and what it is configured with."""

    def __init__(self, store: Store, cluster: Cluster, addon: Addon) -> None:
        self.cluster, self.view = cluster, addon.view
        self.namespace = addon.view["namespaceConfig"]["namespace"]
        self.version = addon.view["addonVersion"]
        self.registry = f"602401143452.dkr.ecr.{store.region}.amazonaws.com"
        self.values: Json = json.loads(addon.view.get("configurationValues") or "{}")

    def image(self, name: str, tag: str = "") -> str:
        return f"{self.registry}/{name}:{tag or self.version}"

    def object(self, kind: str, name: str, labels: Json, api: str = "v1", **rest: Any) -> Json:
        metadata: Json = {"name": name, "labels": labels}
        if kind not in CLUSTERWIDE:
            metadata["namespace"] = self.namespace
        return {"apiVersion": api, "kind": kind, "metadata": metadata, **rest}

    def account(self, name: str, labels: Json) -> Json:
        found = self.object("ServiceAccount", name, labels)
        if role := self.view.get("serviceAccountRoleArn"):
            found["metadata"]["annotations"] = {"eks.amazonaws.com/role-arn": role}
        return found

    def workload(
        self, kind: str, name: str, labels: Json, select: Json, containers: list[Json], values: Json, **spec: Any
    ) -> Json:
        """The values are those of the add-on's configuration that this workload goes by."""
        daemon = kind == "DaemonSet"
        pods = {
            "priorityClassName": "system-node-critical" if daemon else "system-cluster-critical",
            "tolerations": values.get("tolerations") or (EVERYWHERE if daemon else CRITICAL),
            "nodeSelector": {"kubernetes.io/os": "linux", **(values.get("nodeSelector") or {})},
            "containers": [{**containers[0], **_resources(containers[0], values)}, *containers[1:]],
            **{key: values[key] for key in ("affinity", "topologySpreadConstraints") if values.get(key)},
            **spec,
        }
        whole: Json = {
            "selector": {"matchLabels": select},
            "template": {
                "metadata": {"labels": {**select, **(values.get("podLabels") or {})}, **_annotations(values)},
                "spec": pods,
            },
        }
        if not daemon:
            whole["replicas"] = _replicas(values)
        return self.object(kind, name, labels, "apps/v1", spec=whole)

    def budget(self, name: str, labels: Json, select: Json) -> Json:
        asked = self.values.get("podDisruptionBudget") or {}
        bounds = {key: asked[key] for key in ("minAvailable", "maxUnavailable") if key in asked}
        spec = {**(bounds or {"maxUnavailable": 1}), "selector": {"matchLabels": select}}
        return self.object("PodDisruptionBudget", name, labels, "policy/v1", spec=spec)


CLUSTERWIDE = ("Namespace", "StorageClass", "CSIDriver", "APIService")


def _resources(container: Json, values: Json) -> Json:
    return {"resources": values["resources"]} if values.get("resources") else {}


def _annotations(values: Json) -> Json:
    return {"annotations": values["podAnnotations"]} if values.get("podAnnotations") else {}


def _replicas(values: Json) -> int:
    scaling = values.get("autoScaling") or {}
    if scaling.get("enabled"):
        return scaling.get("minReplicas", 2)
    return values.get("replicaCount", values.get("replicas", 2))


def _container(name: str, image: str, cpu: str = "", memory: str = "", *ports: Json) -> Json:
    found: Json = {"name": name, "image": image}
    if cpu:
        found["resources"] = {"requests": {"cpu": cpu, **({"memory": memory} if memory else {})}}
    if ports:
        found["ports"] = list(ports)
    return found


def _port(name: str, number: int, protocol: str = "TCP") -> Json:
    return {"name": name, "containerPort": number, "protocol": protocol}


def _service_port(name: str, port: int, target: int | str, protocol: str = "TCP") -> Json:
    return {"name": name, "port": port, "targetPort": target, "protocol": protocol}


def _chart(name: str) -> Json:
    return {
        "app.kubernetes.io/name": name,
        "app.kubernetes.io/instance": name,
        "app.kubernetes.io/managed-by": "EKS",
    }


def _coredns(make: Maker) -> list[Json]:
    labels = {"eks.amazonaws.com/component": "coredns", "k8s-app": "kube-dns"}
    ports = [_port("dns", 53, "UDP"), _port("dns-tcp", 53), _port("metrics", 9153)]
    container = _container("coredns", make.image("eks/coredns"), "100m", "70Mi", *ports)
    container["args"] = ["-conf", "/etc/coredns/Corefile"]
    network = ipaddress.ip_network(make.cluster.view["kubernetesNetworkConfig"]["serviceIpv4Cidr"])
    service = make.object(
        "Service",
        "kube-dns",
        {
            "eks.amazonaws.com/component": "kube-dns",
            "k8s-app": "kube-dns",
            "kubernetes.io/cluster-service": "true",
            "kubernetes.io/name": "CoreDNS",
        },
        spec={
            "clusterIP": str(network[10]),
            "selector": {"k8s-app": "kube-dns"},
            "ports": [
                _service_port("dns", 53, 53, "UDP"),
                _service_port("dns-tcp", 53, 53),
                _service_port("metrics", 9153, 9153),
            ],
        },
    )
    service["metadata"]["annotations"] = {"prometheus.io/port": "9153", "prometheus.io/scrape": "true"}
    found = [
        make.account("coredns", labels),
        make.object("ConfigMap", "coredns", labels, data={"Corefile": make.values.get("corefile") or COREFILE}),
        service,
        make.workload(
            "Deployment", "coredns", {**labels, "kubernetes.io/name": "CoreDNS"}, labels, [container], make.values,
            serviceAccountName="coredns", dnsPolicy="Default",
        ),
    ]
    if (make.values.get("podDisruptionBudget") or {}).get("enabled", True):
        found.append(make.budget("coredns", labels, labels))
    return found


def _kube_proxy(make: Maker) -> list[Json]:
    labels = {"k8s-app": "kube-proxy", "eks.amazonaws.com/component": "kube-proxy"}
    tag = make.version.replace("-eksbuild", "-minimal-eksbuild")
    container = _container("kube-proxy", make.image("eks/kube-proxy", tag), "100m")
    return [
        make.account("kube-proxy", labels),
        make.workload(
            "DaemonSet", "kube-proxy", labels, {"k8s-app": "kube-proxy"}, [container], make.values,
            serviceAccountName="kube-proxy", hostNetwork=True,
        ),
    ]


def _vpc_cni(make: Maker) -> list[Json]:
    labels = {**_chart("aws-node"), "app.kubernetes.io/instance": "aws-vpc-cni", "k8s-app": "aws-node"}
    env = [{"name": name, "value": str(value)} for name, value in (make.values.get("env") or {}).items()]
    containers = [
        {**_container("aws-node", make.image("amazon-k8s-cni"), "25m"), "env": env},
        _container("aws-eks-nodeagent", make.image("amazon/aws-network-policy-agent", "v1.2.7-eksbuild.1"), "25m"),
    ]
    begin = _container("aws-vpc-cni-init", make.image("amazon-k8s-cni-init"), "25m")
    return [
        make.account("aws-node", labels),
        make.workload(
            "DaemonSet", "aws-node", labels, {"k8s-app": "aws-node"}, containers, make.values,
            serviceAccountName="aws-node", hostNetwork=True, initContainers=[begin],
        ),
    ]


def _pod_identity_agent(make: Maker) -> list[Json]:
    name = "eks-pod-identity-agent"
    labels, select = _chart(name), {"app.kubernetes.io/name": name, "app.kubernetes.io/instance": name}
    container = _container(name, make.image(f"eks/{name}"))
    container["args"] = ["--port", "80", "--cluster-name", make.cluster.name, "--probe-port", "2703"]
    return [
        make.workload("DaemonSet", name, labels, select, [container], make.values, hostNetwork=True),
    ]


def _metrics_server(make: Maker) -> list[Json]:
    labels = {**_chart("metrics-server"), "k8s-app": "metrics-server"}
    select = {"app.kubernetes.io/name": "metrics-server", "app.kubernetes.io/instance": "metrics-server"}
    container = _container(
        "metrics-server", make.image("eks/metrics-server"), "100m", "200Mi", _port("https", 10251)
    )
    api = {
        "group": "metrics.k8s.io",
        "version": "v1beta1",
        "groupPriorityMinimum": 100,
        "versionPriority": 100,
        "insecureSkipTLSVerify": True,
        "service": {"name": "metrics-server", "namespace": make.namespace, "port": 443},
    }
    ports = {"selector": select, "ports": [_service_port("https", 443, "https")]}
    return [
        make.account("metrics-server", labels),
        make.object("Service", "metrics-server", labels, spec=ports),
        make.workload(
            "Deployment", "metrics-server", labels, select, [container], make.values,
            serviceAccountName="metrics-server",
        ),
        make.budget("metrics-server", labels, select),
        make.object("APIService", "v1beta1.metrics.k8s.io", labels, "apiregistration.k8s.io/v1", spec=api),
    ]


def _driver(short: str, long: str, provisioner: str, sidecars: tuple[str, ...]) -> Callable[[Maker], list[Json]]:
    """A CSI driver: a controller with its helpers, and an agent on each node."""

    def made(make: Maker) -> list[Json]:
        labels = _chart(long)
        controller, node = f"{short}-csi-controller", f"{short}-csi-node"
        containers = [_container(f"{short}-plugin", make.image(f"eks/{long}"), "10m", "40Mi")]
        helpers = [_container(name, make.image(f"eks/{name}"), "10m", "40Mi") for name in sidecars]
        driver = {"attachRequired": short == "ebs", "podInfoOnMount": False}
        return [
            make.account(f"{controller}-sa", labels),
            make.account(f"{node}-sa", labels),
            make.object("CSIDriver", provisioner, labels, "storage.k8s.io/v1", spec=driver),
            make.workload(
                "Deployment", controller, labels, {"app": controller, **_select(long)}, [*containers, *helpers],
                make.values.get("controller") or {}, serviceAccountName=f"{controller}-sa",
            ),
            make.budget(controller, labels, {"app": controller}),
            make.workload(
                "DaemonSet", node, labels, {"app": node, **_select(long)}, containers,
                make.values.get("node") or {}, serviceAccountName=f"{node}-sa",
            ),
        ]

    return made


def _select(name: str) -> Json:
    return {"app.kubernetes.io/name": name}


def _ebs(make: Maker) -> list[Json]:
    sidecars = ("csi-provisioner", "csi-attacher", "csi-snapshotter", "csi-resizer", "livenessprobe")
    found = _driver("ebs", "aws-ebs-csi-driver", "ebs.csi.aws.com", sidecars)(make)
    if (make.values.get("defaultStorageClass") or {}).get("enabled"):
        found.append(storage_class("ebs-csi-default-sc", "ebs.csi.aws.com", {}, default=True))
    return found


def _plain(make: Maker) -> list[Json]:
    """Of an add-on that nobody here knows more about: one workload of its name."""
    name = make.view["addonName"]
    kind = "Deployment" if needs_nodes(name) else "DaemonSet"
    container = _container(name, make.image(f"eks/{name}"))
    return [
        make.account(name, _chart(name)),
        make.workload(kind, name, _chart(name), _select(name), [container], make.values, serviceAccountName=name),
    ]


def storage_class(name: str, provisioner: str, parameters: Json, default: bool = False) -> Json:
    annotations = {"storageclass.kubernetes.io/is-default-class": "true"} if default else {}
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": name, **({"annotations": annotations} if annotations else {})},
        "provisioner": provisioner,
        **({"parameters": parameters} if parameters else {}),
        "reclaimPolicy": "Delete",
        "volumeBindingMode": "WaitForFirstConsumer",
    }


MAKERS: dict[str, Callable[[Maker], list[Json]]] = {
    "coredns": _coredns,
    "kube-proxy": _kube_proxy,
    "vpc-cni": _vpc_cni,
    "eks-pod-identity-agent": _pod_identity_agent,
    "metrics-server": _metrics_server,
    "aws-ebs-csi-driver": _ebs,
    "aws-efs-csi-driver": _driver("efs", "aws-efs-csi-driver", "efs.csi.aws.com", ("csi-provisioner", "livenessprobe")),
}
# What every cluster has, as if it were an add-on without a name.
FIRST = ""


def wanted(store: Store, cluster: Cluster) -> dict[str, list[Json]]:
    """The objects of each add-on that is there, in the order in which they are made."""
    found = {FIRST: [storage_class("gp2", "kubernetes.io/aws-ebs", {"fsType": "ext4", "type": "gp2"})]}
    for name, addon in cluster.addons.items():
        if addon.view["status"] == "CREATE_FAILED":
            continue
        make = Maker(store, cluster, addon)
        found[name] = MAKERS.get(name, _plain)(make)
        if make.namespace != SYSTEM:
            found[name].insert(0, make.object("Namespace", make.namespace, {}))
    return found
