"""The images that EKS starts nodes from, one a release, beside those that moto has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ..call import Call
from ..eks.nodes import image_of
from ..eks.versions import ami_dates, ami_release_of, known
from ..rules import rule
from ..world import World
from .filters import select

OWNERS = {"AL2": "602401143452", "BOTTLEROCKET": "092701018921"}
AMAZON_LINUX = {
    "AL2_x86_64": "amazon-eks-node",
    "AL2_x86_64_GPU": "amazon-eks-gpu-node",
    "AL2_ARM_64": "amazon-eks-arm64-node",
    "AL2023_x86_64_STANDARD": "amazon-eks-node-al2023-x86_64-standard",
    "AL2023_ARM_64_STANDARD": "amazon-eks-node-al2023-arm64-standard",
    "AL2023_x86_64_NVIDIA": "amazon-eks-node-al2023-x86_64-nvidia",
    "AL2023_ARM_64_NVIDIA": "amazon-eks-node-al2023-arm64-nvidia",
    "AL2023_x86_64_NEURON": "amazon-eks-node-al2023-x86_64-neuron",
}
BOTTLEROCKET = {
    f"BOTTLEROCKET_{arch}{kind}": f"{kind.lower().replace('_', '-')}-{word}"
    for arch, word in (("x86_64", "x86_64"), ("ARM_64", "aarch64"))
    for kind in ("", "_NVIDIA", "_FIPS", "_NVIDIA_FIPS")
}
# Amazon Linux 2 has ended with this version of Kubernetes.
LAST_OF_AL2 = (1, 32)


class Image(dict):
    """One image, in the shape of DescribeImages."""

    def get_tags(self) -> list[dict[str, str]]:
        return []


FIELDS = {
    "architecture": lambda image: image["Architecture"],
    "description": lambda image: image["Description"],
    "image-id": lambda image: image["ImageId"],
    "is-public": lambda image: "true",
    "name": lambda image: image["Name"],
    "owner-alias": lambda image: image["ImageOwnerAlias"],
    "owner-id": lambda image: image["OwnerId"],
    "root-device-type": lambda image: image["RootDeviceType"],
    "state": lambda image: image["State"],
    "virtualization-type": lambda image: image["VirtualizationType"],
}


@rule("ec2", "DescribeImages")
def describe_images(call: Call, moto: Any) -> Any:
    params = call.params
    ids, owners, filters = (params.get(name) or [] for name in ("ImageIds", "Owners", "Filters"))
    ours = list(_images(call.world))
    others = [ident for ident in ids if ident not in {image["ImageId"] for image in ours}]
    found: list[Any] = []
    if others or not ids:
        plain = {item["Name"]: item.get("Values", []) for item in filters}
        found += call.aws.ec2.describe_images(others, plain, params.get("ExecutableUsers"), owners)
    owned = [image for image in ours if not owners or {"amazon", image["OwnerId"]} & set(owners)]
    found += select([image for image in owned if not ids or image["ImageId"] in ids], filters, FIELDS)
    return {"Images": found}


def _images(world: World) -> Iterator[Image]:
    for item in known(world):
        version, patch = item["version"], item["patch"]
        for date in ami_dates(world):
            for ami_type, name in AMAZON_LINUX.items():
                is_al2 = ami_type.startswith("AL2_")
                if is_al2 and tuple(map(int, version.split("."))) > LAST_OF_AL2:
                    continue
                system = "Amazon Linux 2" if is_al2 else "Amazon Linux 2023"
                about = f"EKS-optimized Kubernetes node based on {system}, (k8s: {patch}, containerd: 2.*)"
                release = ami_release_of(world, version, ami_type, date)
                yield _image(ami_type, release, date, f"{name}-{version}-v{date}", about)
            for ami_type, suffix in BOTTLEROCKET.items():
                release = ami_release_of(world, version, ami_type, date)
                name = f"bottlerocket-aws-k8s-{version}{suffix}-v{release}"
                yield _image(ami_type, release, date, name, name)


def _image(ami_type: str, release: str, date: str, name: str, description: str) -> Image:
    return Image(
        ImageId=image_of(ami_type, release),
        Name=name,
        Description=description,
        Architecture="arm64" if "ARM_64" in ami_type else "x86_64",
        CreationDate=datetime.strptime(date, "%Y%m%d"),
        ImageLocation=f"amazon/{name}",
        ImageOwnerAlias="amazon",
        ImageType="machine",
        OwnerId=OWNERS["BOTTLEROCKET" if ami_type.startswith("BOTTLEROCKET") else "AL2"],
        Public=True,
        RootDeviceName="/dev/xvda",
        RootDeviceType="ebs",
        State="available",
        VirtualizationType="hvm",
    )
