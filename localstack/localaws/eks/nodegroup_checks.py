"""What EKS refuses in a node group's request, in AWS's words."""

from __future__ import annotations

import re
from typing import Any

from moto.ec2.models.instance_types import INSTANCE_TYPES

from ..call import Call
from ..errors import ApiError
from . import checks
from .store import Cluster
from .versions import number


def scaling(config: dict[str, Any], **where: str) -> dict[str, int]:
    """The three sizes, checked against each other."""
    low, high, wanted = config["minSize"], config["maxSize"], config["desiredSize"]
    if low > high:
        raise checks.invalid(f"Minimum capacity {low} can't be greater than maximum size {high}", **where)
    if wanted > high:
        raise checks.invalid(f"Desired capacity {wanted} can't be greater than max size {high}", **where)
    if low > wanted:
        raise checks.invalid(f"Minimum capacity {low} can't be greater than desired size {wanted}", **where)
    return {"minSize": low, "maxSize": high, "desiredSize": wanted}


def usable_cluster(cluster: Cluster) -> None:
    """Node groups and add-ons need a cluster that is ACTIVE and has no update under way."""
    where = {"clusterName": cluster.name}
    if cluster.status in ("CREATING", "UPDATING", "PENDING"):
        raise ApiError("ResourceInUseException", "Cluster is not in ACTIVE status", 409, **where)
    if cluster.status != "ACTIVE":
        text = f"Cluster '{cluster.name}' is not in ACTIVE status but {cluster.status}"
        raise ApiError("InvalidRequestException", text, **where)


def subnets(call: Call, cluster: Cluster, **where: str) -> None:
    if not call.params["subnets"]:
        raise checks.invalid("Subnets cannot be empty", **where)
    vpc_id = cluster.view["resourcesVpcConfig"]["vpcId"]
    for subnet_id in call.params["subnets"]:
        if checks.subnet(call.aws, subnet_id, **where).vpc_id != vpc_id:
            raise checks.invalid(f"Subnet {subnet_id} is not in the VPC {vpc_id} of the cluster", **where)


def architecture(ami_type: str) -> str:
    return "arm64" if "ARM_64" in ami_type else "x86_64"


def instance_types(types: list[str], ami_type: str, **where: str) -> None:
    if unknown := [item for item in types if item not in INSTANCE_TYPES]:
        raise checks.invalid(
            f"The following supplied instance types do not exist: [{', '.join(unknown)}]", **where
        )
    if ami_type == "CUSTOM":
        return
    wanted = architecture(ami_type)
    for item in types:
        offered = INSTANCE_TYPES[item].get("ProcessorInfo", {}).get("SupportedArchitectures", [wanted])
        if wanted not in offered:
            raise checks.invalid(
                f"[{item}] is not a valid instance type for requested amiType {ami_type}", **where
            )


def launch_template(call: Call, **where: str) -> tuple[str, int, dict[str, Any]] | None:
    """(id, version number, data) of the template asked for; its default version if none is said."""
    asked = call.params.get("launchTemplate")
    if not asked:
        return None
    ec2 = call.aws.ec2
    ident, name = asked.get("id"), asked.get("name")
    if ident and name or not (ident or name):
        raise checks.invalid("Launch template must be specified with either its id or its name", **where)
    ident = ident or ec2.launch_template_name_to_ids.get(name, "")
    template = ec2.launch_templates.get(ident)
    if not template:
        raise checks.invalid(
            f"The specified launch template, {asked.get('id') or name}, does not exist.", **where
        )
    version = asked.get("version") or "$Default"
    numbers = {"$Default": template.default_version_number, "$Latest": template.versions[-1].number}
    wanted = numbers.get(version) or (int(version) if version.isdigit() else 0)
    if wanted not in [item.number for item in template.versions]:
        raise checks.invalid(f"Launch template {template.id} has no version {version}", **where)
    return template.id, wanted, template.get_version(wanted).data


def against_template(params: dict[str, Any], data: dict[str, Any], **where: str) -> None:
    """What belongs into the template once there is one, or must not be in it."""
    if params.get("instanceTypes") and data.get("InstanceType"):
        raise checks.invalid("Cannot specify instance types in launch template and API request", **where)
    if params.get("diskSize") is not None:
        raise checks.invalid("Disk size must be specified within the launch template.", **where)
    if params.get("remoteAccess"):
        raise checks.invalid(
            "Remote access configuration cannot be specified with a launch template.", **where
        )
    if data.get("ImageId") and params.get("amiType", "CUSTOM") != "CUSTOM":
        text = "You cannot specify an AMI Type when specifying launch templates with custom ami"
        raise checks.invalid(text, **where)
    if data.get("ImageId") and (params.get("version") or params.get("releaseVersion")):
        text = "You cannot specify the field kubernetesVersion when using custom AMIs."
        raise checks.invalid(text, **where)
    if data.get("IamInstanceProfile"):
        raise checks.invalid("Launch template should not specify an instance profile.", **where)
    if any(nic.get("SubnetId") for nic in data.get("NetworkInterfaces") or []):
        raise checks.invalid("Launch template should not specify a subnet.", **where)
    if data.get("InstanceMarketOptions"):
        raise checks.invalid("Launch template should not specify instance market options.", **where)


def custom_without_image(params: dict[str, Any], data: dict[str, Any] | None, **where: str) -> None:
    if params.get("amiType") == "CUSTOM" and not (data or {}).get("ImageId"):
        raise checks.invalid("Launch template details can't be null for Custom ami type node group", **where)


def labels(given: dict[str, str], **where: str) -> None:
    for key in given:
        if key.startswith(("eks.amazonaws.com/", "alpha.eksctl.io/__")):
            raise checks.invalid(
                f"Label cannot contain reserved prefixes [eks.amazonaws.com/]: {key}", **where
            )


def version(asked: str, cluster: Cluster, **where: str) -> None:
    if number(asked) > number(cluster.view["version"]):
        text = f"Requested Nodegroup version {asked} is newer than the cluster's {cluster.view['version']}"
        raise checks.invalid(text, **where)
    if number(cluster.view["version"])[1] - number(asked)[1] > 3:
        raise checks.invalid(f"Requested Nodegroup version {asked} is too old for the cluster", **where)


def update_config(config: dict[str, Any], **where: str) -> None:
    if "maxUnavailable" in config and "maxUnavailablePercentage" in config:
        text = "Invalid parameter: both maxUnavailable and maxUnavailablePercentage cannot be specified"
        raise checks.invalid(text, **where)


def release(asked: str | None, kubernetes: str, ami_type: str, **where: str) -> None:
    """Amazon Linux's releases name their Kubernetes version and their day."""
    if (
        asked
        and ami_type.startswith("AL2")
        and not re.fullmatch(rf"{re.escape(kubernetes)}\.\d+-\d{{8}}", asked)
    ):
        text = f"Requested release version {asked} is not valid for kubernetes version {kubernetes}."
        raise checks.invalid(text, **where)
