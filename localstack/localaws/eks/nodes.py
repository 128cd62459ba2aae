"""A node group's machines: EKS's copy of the template, instance profile, Auto Scaling group, instances."""

from __future__ import annotations

import copy
import uuid
from typing import Any

from moto.autoscaling.models import InstanceState

from ..clock import utcnow
from ..quotas import enforce_vcpus
from . import network
from .store import Cluster, Nodegroup, Store


def instance_tags(cluster: Cluster, group: Nodegroup) -> dict[str, str]:
    return {
        "eks:cluster-name": cluster.name,
        "eks:nodegroup-name": group.name,
        f"kubernetes.io/cluster/{cluster.name}": "owned",
        f"k8s.io/cluster/{cluster.name}": "owned",
        "k8s.io/cluster-autoscaler/enabled": "true",
        f"k8s.io/cluster-autoscaler/{cluster.name}": "owned",
    }


def template_data(store: Store, cluster: Cluster, group: Nodegroup) -> dict[str, Any]:
    """What the user's template says, and what EKS adds to it."""
    data: dict[str, Any] = {}
    templates = store.aws.ec2.launch_templates
    if group.user_template and group.user_template[0] in templates:
        data = copy.deepcopy(templates[group.user_template[0]].get_version(group.user_template[1]).data)
    elif group.user_template and group.eks_template in templates:
        data = copy.deepcopy(templates[group.eks_template].default_version().data)
    view = group.view
    data.setdefault("ImageId", image_of(view.get("amiType", "CUSTOM"), view.get("releaseVersion", "")))
    data.setdefault("InstanceType", (view.get("instanceTypes") or ["t3.medium"])[0])
    interfaces = data.get("NetworkInterfaces") or []
    if not data.get("SecurityGroupIds") and not any(nic.get("Groups") for nic in interfaces):
        data["SecurityGroupIds"] = [cluster.security_group]
    if not group.user_template:
        ebs = {"VolumeSize": view.get("diskSize", 20), "VolumeType": "gp3", "DeleteOnTermination": True}
        data["BlockDeviceMappings"] = [{"DeviceName": "/dev/xvda", "Ebs": ebs}]
        data["MetadataOptions"] = {"HttpTokens": "required", "HttpPutResponseHopLimit": 2}
    return data


def image_of(ami_type: str, release: str) -> str:
    return "ami-" + uuid.uuid5(uuid.NAMESPACE_DNS, f"{ami_type} {release}").hex[:17]


def make_group(store: Store, cluster: Cluster, group: Nodegroup) -> None:
    """Everything but the instances."""
    ident = str(uuid.uuid4())
    group.group_name = f"eks-{group.name}-{ident}"
    template_name = f"eks-{ident}"
    ec2 = store.aws.ec2
    store.aws.iam.create_instance_profile(template_name, "/", [])
    role_name = group.view["nodeRole"].split("/")[-1]
    store.aws.iam.add_role_to_instance_profile(template_name, role_name)
    tags = {"eks:cluster-name": cluster.name, "eks:nodegroup-name": group.name}
    data = {**template_data(store, cluster, group), "IamInstanceProfile": {"Name": template_name}}
    template = ec2.create_launch_template(template_name, "", data, {"launch-template": tags})
    group.eks_template = template.id
    scaling = group.view["scalingConfig"]
    shown = {**instance_tags(cluster, group)}
    store.aws.autoscaling.create_auto_scaling_group(
        name=group.group_name,
        availability_zones=[],
        desired_capacity=0,
        max_size=scaling["maxSize"],
        min_size=scaling["minSize"],
        launch_config_name="",
        launch_template={"LaunchTemplateId": template.id, "Version": "1"},
        vpc_zone_identifier=",".join(group.view["subnets"]),
        default_cooldown=300,
        health_check_period=15,
        health_check_type="EC2",
        load_balancers=[],
        target_group_arns=[],
        placement_group=None,
        termination_policies=["AllocationStrategy", "OldestLaunchTemplate", "OldestInstance"],
        tags=[{"Key": k, "Value": v, "PropagateAtLaunch": True} for k, v in shown.items()],
        capacity_rebalance=group.view.get("capacityType") == "SPOT",
    )
    group.view["resources"] = {"autoScalingGroups": [{"name": group.group_name}]}


def scale(store: Store, cluster: Cluster, group: Nodegroup) -> None:
    """Brings the Auto Scaling group to the node group's sizes, instance by instance."""
    asg = store.aws.autoscaling.autoscaling_groups.get(group.group_name)
    if not asg:
        return
    scaling = group.view["scalingConfig"]
    asg.min_size, asg.max_size = scaling["minSize"], scaling["maxSize"]
    asg.desired_capacity = scaling["desiredSize"]
    living = [state for state in asg.instance_states if state.instance.state == "running"]
    asg.instance_states = living
    while len(living) < asg.desired_capacity:
        living.append(_launch(store, cluster, group, asg, len(living)))
    for state in living[asg.desired_capacity :]:
        _end(store, state.instance)
    asg.instance_states = living[: asg.desired_capacity]


def follow(store: Store, group: Nodegroup) -> None:
    """What an autoscaler did to the Auto Scaling group is what EKS shows."""
    asg = store.aws.autoscaling.autoscaling_groups.get(group.group_name)
    if asg:
        group.view["scalingConfig"] = {**group.view["scalingConfig"], "desiredSize": asg.desired_capacity}


def replace_all(store: Store, cluster: Cluster, group: Nodegroup) -> None:
    """A rolling update seen from its end: a new version of EKS's template, and instances that run it."""
    template = store.aws.ec2.launch_templates.get(group.eks_template)
    asg = store.aws.autoscaling.autoscaling_groups.get(group.group_name)
    if not template or not asg:
        return
    data = {**template_data(store, cluster, group), "IamInstanceProfile": {"Name": template.name}}
    before = template.default_version_number
    _run_version(template, asg, template.create_version(data, "").number)
    old, asg.instance_states = asg.instance_states, []
    try:
        scale(store, cluster, group)
    except Exception:
        # New machines that do not come leave the old ones as they were.
        _end_all(store, asg.instance_states)
        asg.instance_states = old
        _run_version(template, asg, before)
        raise
    _end_all(store, old)


def _run_version(template: Any, asg: Any, number: int) -> None:
    template.default_version_number = number
    asg.launch_template_version = asg.provided_launch_template_version = str(number)


def _launch(store: Store, cluster: Cluster, group: Nodegroup, asg: Any, index: int) -> InstanceState:
    ec2 = store.aws.ec2
    subnets = group.view["subnets"]
    template = ec2.launch_templates[group.eks_template]
    tags = {**instance_tags(cluster, group), "aws:autoscaling:groupName": group.group_name}
    if name := template.default_version().instance_tags.get("Name"):
        tags["Name"] = name
    before = set(ec2.reservations)
    try:
        return _run(store, cluster, group, asg, subnets[index % len(subnets)], tags)
    except Exception:
        # moto has begun with what EC2 refuses: it ends as a machine does that stops right after its start.
        for ident in set(ec2.reservations) - before:
            for instance in ec2.reservations[ident].instances:
                _end(store, instance)
        raise


def _run(
    store: Store, cluster: Cluster, group: Nodegroup, asg: Any, subnet: str, tags: dict[str, str]
) -> InstanceState:
    ec2 = store.aws.ec2
    template = ec2.launch_templates[group.eks_template]
    data = template.default_version().data
    spot = group.view.get("capacityType") == "SPOT"
    enforce_vcpus(store.world.quotas, store.aws, data["InstanceType"], spot)
    reservation = ec2.run_instances(
        data["ImageId"],
        1,
        None,
        [],
        instance_type=data["InstanceType"],
        is_instance_type_default=False,
        region_name=store.region,
        subnet_id=subnet,
        security_group_ids=_groups(data),
        launch_template={"LaunchTemplateId": template.id, "Version": str(template.default_version_number)},
        tags={"instance": tags, "volume": {f"kubernetes.io/cluster/{cluster.name}": "owned"}},
        metadata_options=data.get("MetadataOptions", {}),
        block_device_mappings=data.get("BlockDeviceMappings"),
        associate_public_ip=None,
        lifecycle="spot" if spot else None,
    )
    instance = reservation.instances[0]
    instance.autoscaling_group = asg
    for eni in instance.nics.values():
        eni.delete_on_termination = True
        eni.add_tags({"cluster.k8s.amazonaws.com/name": cluster.name})
    for _, device in instance.get_block_device_mapping:
        device.delete_on_termination = True
    return InstanceState(instance)


def _groups(data: dict[str, Any]) -> list[str]:
    groups = list(data.get("SecurityGroupIds") or [])
    for nic in data.get("NetworkInterfaces") or []:
        groups += nic.get("Groups") or []
    return groups


def _end(store: Store, instance: Any) -> None:
    """Terminated, and gone from Describe after the time that EC2 shows it."""
    ec2 = store.aws.ec2
    for eni in instance.nics.values():
        ec2.enis.pop(eni.id, None)
        ec2.tags.pop(eni.id, None)
        eni.delete_on_termination = False
    instance.terminate()
    store.world.clock.after("instance.tombstone", lambda: _bury(ec2, instance), patient=True)


def _end_all(store: Store, states: list[InstanceState]) -> None:
    for state in states:
        if state.instance.state == "running":
            _end(store, state.instance)


def _bury(ec2: Any, instance: Any) -> None:
    for ident, reservation in list(ec2.reservations.items()):
        if instance in reservation.instances:
            reservation.instances.remove(instance)
        if not reservation.instances:
            ec2.reservations.pop(ident)


def remove_group(store: Store, cluster: Cluster, group: Nodegroup) -> None:
    """Instances, group, EKS's template and profile go; the CNI's forgotten interface stays."""
    ec2, autoscaling = store.aws.ec2, store.aws.autoscaling
    asg = autoscaling.autoscaling_groups.pop(group.group_name, None)
    last = None
    for state in asg.instance_states if asg else []:
        last = state.instance
        _end(store, state.instance)
    if last is not None and store.world.leak:
        _leak(store, cluster, last)
    template = ec2.launch_templates.pop(group.eks_template, None)
    if template:
        ec2.launch_template_name_to_ids.pop(template.name, None)
        ec2.tags.pop(template.id, None)
        store.aws.iam.instance_profiles.pop(template.name, None)


def _leak(store: Store, cluster: Cluster, instance: Any) -> None:
    """The CNI's spare interface of a node that ended before the CNI deleted it: available, in the way."""
    tags = {
        "cluster.k8s.amazonaws.com/name": cluster.name,
        "node.k8s.amazonaws.com/instance_id": instance.id,
        "node.k8s.amazonaws.com/createdAt": utcnow().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eks:kubernetes-cni-node-name": instance.private_dns_name,
    }
    text = f"aws-K8S-{instance.id}"
    eni = network.new_interface(store.aws, instance.subnet_id, [cluster.security_group], text, tags)
    eni.status = "available"
