"""What a Node says of the machine below it: its room, its architecture, its software."""

from __future__ import annotations

import hashlib
from typing import Any

from moto.ec2.models.instance_types import INSTANCE_TYPES

from ..eks.store import Nodegroup, Store
from ..eks.versions import patch_of

Json = dict[str, Any]
GIB = 1024 * 1024
KINDS = {
    "AL2023": ("Amazon Linux 2023.9.20251105", "6.12.53-69.119.amzn2023.{arch}"),
    "AL2": ("Amazon Linux 2", "5.10.245-241.976.amzn2.{arch}"),
    "BOTTLEROCKET": ("Bottlerocket OS 1.49.0 (aws-k8s)", "6.12.53"),
    "WINDOWS": ("Windows Server Datacenter", "10.0.20348.4297"),
    "CUSTOM": ("Amazon Linux 2023.9.20251105", "6.12.53-69.119.amzn2023.{arch}"),
}


def _type(instance: Any) -> Json:
    return INSTANCE_TYPES.get(instance.instance_type) or INSTANCE_TYPES["m5.large"]


def architecture(instance: Any) -> str:
    return "arm64" if "arm64" in _type(instance)["ProcessorInfo"]["SupportedArchitectures"] else "amd64"


def system(group: Nodegroup) -> str:
    return "windows" if "WINDOWS" in group.view["amiType"] else "linux"


def room(instance: Any) -> Json:
    """Capacity by the instance type; allocatable is what nodeadm leaves after its reservations."""
    kind = _type(instance)
    cores, memory = kind["VCpuInfo"]["DefaultVCpus"], kind["MemoryInfo"]["SizeInMiB"]
    network = kind["NetworkInfo"]
    pods = network["MaximumNetworkInterfaces"] * (network["Ipv4AddressesPerInterface"] - 1) + 2
    disk = max((item.size for _, item in instance.get_block_device_mapping), default=20) or 20
    shares = [60, 10, 5, 5]
    reserved = sum(shares[:cores]) + max(cores - len(shares), 0) * 2.5
    usable = memory - (11 * pods + 255) - 100
    return {
        "capacity": {
            "cpu": str(cores),
            "ephemeral-storage": f"{int(disk) * GIB - 12 * 1024}Ki",
            "hugepages-1Gi": "0",
            "hugepages-2Mi": "0",
            # The firmware and the kernel keep some three percent.
            "memory": f"{memory * 1024 * 97 // 100}Ki",
            "pods": str(pods),
        },
        "allocatable": {
            "cpu": f"{int(cores * 1000 - reserved)}m",
            "ephemeral-storage": str((int(disk) * GIB - 12 * 1024) * 1024 * 9 // 10 - 1024**3),
            "hugepages-1Gi": "0",
            "hugepages-2Mi": "0",
            "memory": f"{max(usable * 1024 - memory * 1024 * 3 // 100, 1024)}Ki",
            "pods": str(pods),
        },
    }


def info(store: Store, group: Nodegroup, instance: Any) -> Json:
    digest = hashlib.sha256(instance.id.encode()).hexdigest()
    kind = group.view["amiType"].split("_")[0]
    image, kernel = KINDS.get(kind, KINDS["CUSTOM"])
    arch = architecture(instance)
    machine = f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}"
    return {
        "architecture": arch,
        "bootID": machine[::-1],
        "containerRuntimeVersion": "containerd://2.1.4",
        "kernelVersion": kernel.format(arch="aarch64" if arch == "arm64" else "x86_64"),
        "kubeProxyVersion": "",
        "kubeletVersion": _kubelet(store, group),
        "machineID": digest[:32],
        "operatingSystem": system(group),
        "osImage": image,
        "systemUUID": machine,
    }


def _kubelet(store: Store, group: Nodegroup) -> str:
    """Amazon Linux's releases begin with the kubelet's version."""
    release = group.view["releaseVersion"]
    named = release.startswith(group.view["version"])
    version = release.split("-")[0] if named else patch_of(store.world, group.view["version"])
    return f"v{version}-eks-{hashlib.sha256(release.encode()).hexdigest()[:7]}"
