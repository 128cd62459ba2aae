"""Node groups: shape, machines, refusals, updates."""

from __future__ import annotations

import pytest

from conftest import Aws, refused


def instances(aws: Aws) -> list[dict]:
    found = [item for r in aws.ec2.describe_instances()["Reservations"] for item in r["Instances"]]
    return [item for item in found if item["State"]["Name"] == "running"]


def template(aws: Aws, name: str = "lt", **data) -> dict:
    data = data or {"MetadataOptions": {"HttpTokens": "required"}}
    return aws.ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)["LaunchTemplate"]


def tags_of(item: dict) -> dict:
    return {tag["Key"]: tag["Value"] for tag in item.get("Tags", [])}


def test_without_a_launch_template(aws: Aws) -> None:
    live = aws.nodegroup(aws.cluster(), diskSize=30, labels={"a": "b"}, tags={"x": "y"})
    assert live["status"] == "ACTIVE" and live["amiType"] == "AL2023_x86_64_STANDARD"
    assert live["instanceTypes"] == ["t3.medium"] and live["diskSize"] == 30
    assert live["capacityType"] == "ON_DEMAND" and live["updateConfig"] == {"maxUnavailable": 1}
    assert live["version"] == "1.34" and live["releaseVersion"].startswith("1.34.")
    assert live["labels"] == {"a": "b"} and live["tags"] == {"x": "y"} and live["health"] == {"issues": []}


def test_with_a_launch_template(aws: Aws) -> None:
    lt = template(aws)
    spec = {"id": lt["LaunchTemplateId"]}
    taints = [{"key": "k", "value": "v", "effect": "NO_SCHEDULE"}]
    live = aws.nodegroup(
        aws.cluster(),
        launchTemplate=spec,
        instanceTypes=["m5.large", "m5a.large"],
        capacityType="SPOT",
        taints=taints,
    )
    assert live["launchTemplate"] == {"id": lt["LaunchTemplateId"], "name": "lt", "version": "1"}
    assert live["instanceTypes"] == ["m5.large", "m5a.large"] and live["capacityType"] == "SPOT"
    assert live["taints"] == taints and "diskSize" not in live


def test_group_and_machines_are_real(aws: Aws) -> None:
    cluster = aws.cluster()
    live = aws.nodegroup(cluster)
    name = live["resources"]["autoScalingGroups"][0]["name"]
    group = aws.autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]
    assert (group["MinSize"], group["DesiredCapacity"], group["MaxSize"]) == (1, 2, 4)
    machines = instances(aws)
    assert {item["InstanceId"] for item in machines} == {item["InstanceId"] for item in group["Instances"]}
    assert len({item["SubnetId"] for item in machines}) == 2
    for machine in machines:
        tags = tags_of(machine)
        assert tags["eks:cluster-name"] == "demo" and tags["eks:nodegroup-name"] == "ng"
        assert tags["kubernetes.io/cluster/demo"] == "owned"
        group_ids = [item["GroupId"] for item in machine["NetworkInterfaces"][0]["Groups"]]
        assert group_ids == [cluster["resourcesVpcConfig"]["clusterSecurityGroupId"]]
    copies = aws.ec2.describe_launch_templates()["LaunchTemplates"]
    assert [tags_of(item)["eks:nodegroup-name"] for item in copies] == ["ng"]
    assert copies[0]["LaunchTemplateName"].startswith("eks-")
    role = live["nodeRole"].split("/")[-1]
    with refused("DeleteConflict"):
        aws.iam.delete_role(RoleName=role)


def test_deletion_takes_the_machines_and_leaks_an_interface(aws: Aws) -> None:
    cluster = aws.cluster()
    aws.nodegroup(cluster)
    aws.eks.delete_nodegroup(clusterName="demo", nodegroupName="ng")
    assert aws.eks.list_nodegroups(clusterName="demo")["nodegroups"] == []
    assert instances(aws) == [] and aws.autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"] == []
    assert aws.ec2.describe_launch_templates()["LaunchTemplates"] == []
    assert aws.ec2.describe_volumes()["Volumes"] == []
    filters = [{"Name": "tag-key", "Values": ["eks:kubernetes-cni-node-name"]}]
    leaked = aws.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]
    assert [eni["Status"] for eni in leaked] == ["available"]
    tags = {tag["Key"]: tag["Value"] for tag in leaked[0]["TagSet"]}
    assert tags["cluster.k8s.amazonaws.com/name"] == "demo" and "node.k8s.amazonaws.com/createdAt" in tags
    group = cluster["resourcesVpcConfig"]["clusterSecurityGroupId"]
    assert [item["GroupId"] for item in leaked[0]["Groups"]] == [group]
    aws.eks.delete_cluster(name="demo")
    assert aws.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"], "the leak keeps EKS's group"
    aws.ec2.delete_network_interface(NetworkInterfaceId=leaked[0]["NetworkInterfaceId"])
    aws.ec2.delete_security_group(GroupId=group)


def test_leaks_can_be_turned_off(aws: Aws) -> None:
    aws.settings(leak=False)
    aws.nodegroup(aws.cluster())
    aws.eks.delete_nodegroup(clusterName="demo", nodegroupName="ng")
    aws.eks.delete_cluster(name="demo")
    assert aws.ec2.describe_network_interfaces()["NetworkInterfaces"] == []


def test_refusals(aws: Aws) -> None:
    cluster = aws.cluster()
    request = aws.nodegroup_request(cluster)
    bare = template(aws)["LaunchTemplateId"]
    typed = template(aws, "typed", InstanceType="m5.large")["LaunchTemplateId"]
    imaged = template(aws, "imaged", ImageId="ami-0123456789abcdef0")["LaunchTemplateId"]

    def create(**changes):
        aws.eks.create_nodegroup(**{**request, **changes})

    def sizes(low: int, wanted: int, high: int) -> dict:
        return {"minSize": low, "desiredSize": wanted, "maxSize": high}

    with refused("InvalidParameterException", "can't be greater than max size 4"):
        create(scalingConfig=sizes(1, 8, 4))
    with refused("InvalidParameterException", "can't be greater than desired size"):
        create(scalingConfig=sizes(3, 2, 4))
    with refused("InvalidParameterException", "can't be greater than maximum size"):
        create(scalingConfig=sizes(5, 5, 4))
    with refused("InvalidParameterException", "does not exist"):
        create(subnets=["subnet-0123"])
    with refused("InvalidParameterException", "not in the VPC"):
        create(subnets=[aws.subnet(aws.vpc("10.1.0.0/16"), "10.1.0.0/24")])
    with refused("InvalidParameterException", "does not exist"):
        create(launchTemplate={"id": "lt-0123456789abcdef0"})
    with refused("InvalidParameterException", "has no version"):
        create(launchTemplate={"id": bare, "version": "7"})
    with refused("InvalidParameterException", "instance types in launch template and API request"):
        create(launchTemplate={"id": typed}, instanceTypes=["m5.large"])
    with refused("InvalidParameterException", "Disk size must be specified within the launch template"):
        create(launchTemplate={"id": bare}, diskSize=80)
    with refused("InvalidParameterException", "Remote access configuration"):
        create(launchTemplate={"id": bare}, remoteAccess={"ec2SshKey": "k"})
    with refused("InvalidParameterException", "AMI Type"):
        create(launchTemplate={"id": imaged}, amiType="AL2023_x86_64_STANDARD")
    with refused("InvalidParameterException", "Custom ami"):
        create(amiType="CUSTOM")
    with refused("InvalidParameterException", "enum value set"):
        create(amiType="WINDOWS_95")
    with refused("InvalidParameterException", "instance types do not exist"):
        create(instanceTypes=["m99.large"])
    with refused("InvalidParameterException", "not a valid instance type"):
        create(instanceTypes=["t4g.medium"])
    with refused("InvalidParameterException", "release version"):
        create(releaseVersion="1.33.1-20260101")
    with refused("InvalidParameterException", "newer than the cluster"):
        create(version="1.35")
    with refused("InvalidParameterException", "could not be assumed"):
        create(nodeRole=f"arn:aws:iam::{aws.account}:role/nobody")
    with refused("ResourceNotFoundException", "No cluster found"):
        create(clusterName="other")
    assert aws.eks.list_nodegroups(clusterName="demo")["nodegroups"] == []
    create(clientRequestToken="t")
    create(clientRequestToken="t")
    with refused("ResourceInUseException", "already exists", 409):
        create()


def test_cluster_must_be_active(aws: Aws) -> None:
    request = aws.cluster_request()
    aws.settings(paused=True)
    cluster = aws.eks.create_cluster(**request)["cluster"]
    with refused("ResourceInUseException", "Cluster is not in ACTIVE status", 409):
        aws.eks.create_nodegroup(**aws.nodegroup_request(cluster))


def test_config_update(aws: Aws) -> None:
    aws.nodegroup(aws.cluster(), labels={"keep": "1", "drop": "1"})
    where = {"clusterName": "demo", "nodegroupName": "ng"}
    update = aws.eks.update_nodegroup_config(
        **where,
        scalingConfig={"minSize": 1, "maxSize": 6, "desiredSize": 3},
        labels={"addOrUpdateLabels": {"new": "2"}, "removeLabels": ["drop"]},
        taints={"addOrUpdateTaints": [{"key": "k", "value": "v", "effect": "NO_EXECUTE"}]},
        updateConfig={"maxUnavailable": 2},
    )["update"]
    assert update["type"] == "ConfigUpdate" and update["status"] == "InProgress"
    done = aws.eks.describe_update(name="demo", nodegroupName="ng", updateId=update["id"])["update"]
    assert done["status"] == "Successful" and {"type": "MaxSize", "value": "6"} in done["params"]
    live = aws.eks.describe_nodegroup(**where)["nodegroup"]
    assert live["labels"] == {"keep": "1", "new": "2"} and live["updateConfig"] == {"maxUnavailable": 2}
    assert live["taints"] == [{"key": "k", "value": "v", "effect": "NO_EXECUTE"}]
    assert len(instances(aws)) == 3
    aws.eks.update_nodegroup_config(**where, scalingConfig={"minSize": 0, "desiredSize": 0})
    assert aws.eks.describe_nodegroup(**where)["nodegroup"]["scalingConfig"]["desiredSize"] == 0
    assert instances(aws) == []
    with refused("InvalidParameterException", "can't be greater than max size"):
        aws.eks.update_nodegroup_config(**where, scalingConfig={"desiredSize": 9})
    assert aws.eks.list_updates(name="demo")["updateIds"] == [], "a node group's updates are its own"


def test_an_autoscaler_is_followed(aws: Aws) -> None:
    live = aws.nodegroup(aws.cluster())
    name = live["resources"]["autoScalingGroups"][0]["name"]
    aws.autoscaling.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=3)
    where = {"clusterName": "demo", "nodegroupName": "ng"}
    assert aws.eks.describe_nodegroup(**where)["nodegroup"]["scalingConfig"]["desiredSize"] == 3
    assert len(instances(aws)) == 3
    aws.eks.update_nodegroup_config(**where, labels={"addOrUpdateLabels": {"a": "b"}})
    assert len(instances(aws)) == 3
    aws.eks.delete_nodegroup(**where)
    assert instances(aws) == []


def test_one_update_at_a_time(aws: Aws) -> None:
    aws.nodegroup(aws.cluster())
    where = {"clusterName": "demo", "nodegroupName": "ng"}
    aws.settings(paused=True)
    aws.eks.update_nodegroup_config(**where, scalingConfig={"desiredSize": 3})
    assert aws.eks.describe_nodegroup(**where)["nodegroup"]["status"] == "UPDATING"
    with refused("ResourceInUseException", "in progress", 409):
        aws.eks.update_nodegroup_config(**where, scalingConfig={"desiredSize": 4})
    with refused("ResourceInUseException", "UPDATING", 409):
        aws.eks.delete_nodegroup(**where)


def test_template_version_update(aws: Aws) -> None:
    lt = template(aws)["LaunchTemplateId"]
    aws.nodegroup(aws.cluster(), launchTemplate={"id": lt, "version": "1"})
    before = {item["InstanceId"] for item in instances(aws)}
    aws.ec2.create_launch_template_version(LaunchTemplateId=lt, LaunchTemplateData={"EbsOptimized": True})
    where = {"clusterName": "demo", "nodegroupName": "ng"}
    update = aws.eks.update_nodegroup_version(**where, launchTemplate={"id": lt, "version": "2"})["update"]
    assert update["type"] == "VersionUpdate"
    live = aws.eks.describe_nodegroup(**where)["nodegroup"]
    assert live["launchTemplate"]["version"] == "2"
    assert len(instances(aws)) == 2 and before.isdisjoint(item["InstanceId"] for item in instances(aws))
    other = template(aws, "other")["LaunchTemplateId"]
    with refused("InvalidParameterException", "only its version"):
        aws.eks.update_nodegroup_version(**where, launchTemplate={"id": other, "version": "1"})


def test_kubernetes_version_update(aws: Aws) -> None:
    aws.nodegroup(aws.cluster(version="1.33"))
    aws.eks.update_cluster_version(name="demo", version="1.34")
    where = {"clusterName": "demo", "nodegroupName": "ng"}
    assert aws.eks.describe_nodegroup(**where)["nodegroup"]["version"] == "1.33"
    aws.eks.update_nodegroup_version(**where)
    live = aws.eks.describe_nodegroup(**where)["nodegroup"]
    assert live["version"] == "1.34" and live["releaseVersion"].startswith("1.34.")


@pytest.mark.parametrize("operation", ["describe_nodegroup", "delete_nodegroup"])
def test_unknown_group(aws: Aws, operation: str) -> None:
    aws.cluster()
    with refused("ResourceNotFoundException", "No node group found", 404):
        getattr(aws.eks, operation)(clusterName="demo", nodegroupName="nobody")


def routed(aws: Aws, cluster: dict) -> str:
    """The cluster's VPC gets an internet gateway, and its main table a route to it."""
    vpc = cluster["resourcesVpcConfig"]["vpcId"]
    igw = aws.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    aws.ec2.attach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
    table = aws.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"][0]
    aws.ec2.create_route(RouteTableId=table["RouteTableId"], DestinationCidrBlock="0.0.0.0/0", GatewayId=igw)
    return table["RouteTableId"]


def test_public_subnets_must_give_public_addresses(aws: Aws) -> None:
    cluster = aws.cluster()
    routed(aws, cluster)
    live = aws.nodegroup(cluster)
    assert live["status"] == "CREATE_FAILED"
    assert live["health"]["issues"][0]["code"] == "Ec2SubnetInvalidConfiguration"
    for subnet in cluster["resourcesVpcConfig"]["subnetIds"]:
        aws.ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
    assert aws.nodegroup(cluster, "second")["status"] == "ACTIVE"
    assert all(machine.get("PublicIpAddress") for machine in instances(aws))


def test_nodes_without_a_way_out_do_not_join(aws: Aws) -> None:
    cluster = aws.cluster()
    table = routed(aws, cluster)
    aws.ec2.delete_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0")
    live = aws.nodegroup(cluster)
    assert live["status"] == "CREATE_FAILED"
    assert live["health"]["issues"][0]["code"] == "NodeCreationFailure"


def test_a_role_that_went_away_fails_the_group(aws: Aws) -> None:
    request = aws.nodegroup_request(aws.cluster())
    aws.settings(paused=True)
    aws.eks.create_nodegroup(**request)
    aws.iam.delete_role(RoleName="demo-ng")
    aws.settings(paused=False)
    live = aws.eks.describe_nodegroup(clusterName="demo", nodegroupName="ng")["nodegroup"]
    assert (live["status"], live["health"]["issues"][0]["code"]) == ("CREATE_FAILED", "IamNodeRoleNotFound")
    aws.eks.delete_nodegroup(clusterName="demo", nodegroupName="ng")


def refusing(aws: Aws, name: str = "bad") -> dict:
    """A template whose volume EC2 refuses, which it does when an instance starts."""
    ebs = {"SnapshotId": "snap-0123456789abcdef0", "VolumeSize": 20}
    return template(aws, name, BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": ebs}])


def test_machines_that_do_not_start_fail_the_group(aws: Aws) -> None:
    spec = {"id": refusing(aws)["LaunchTemplateId"]}
    live = aws.nodegroup(aws.cluster(), launchTemplate=spec)
    issue = live["health"]["issues"][0]
    assert (live["status"], issue["code"]) == ("CREATE_FAILED", "AsgInstanceLaunchFailures")
    assert "InvalidSnapshot.NotFound" in issue["message"] and instances(aws) == []
    aws.eks.delete_nodegroup(clusterName="demo", nodegroupName="ng")
    assert aws.eks.list_nodegroups(clusterName="demo")["nodegroups"] == []


def test_an_update_whose_machines_do_not_start_fails_and_changes_nothing(aws: Aws) -> None:
    lt = template(aws)["LaunchTemplateId"]
    before = aws.nodegroup(aws.cluster(), launchTemplate={"id": lt, "version": "1"})
    old = {item["InstanceId"] for item in instances(aws)}
    ebs = {"SnapshotId": "snap-0123456789abcdef0", "VolumeSize": 20}
    data = {"BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": ebs}]}
    aws.ec2.create_launch_template_version(LaunchTemplateId=lt, LaunchTemplateData=data)
    where = {"clusterName": "demo", "nodegroupName": "ng"}
    update = aws.eks.update_nodegroup_version(**where, launchTemplate={"id": lt, "version": "2"})["update"]
    done = aws.eks.describe_update(name="demo", nodegroupName="ng", updateId=update["id"])["update"]
    assert (done["status"], done["errors"][0]["errorCode"]) == ("Failed", "NodeCreationFailure")
    assert "InvalidSnapshot.NotFound" in done["errors"][0]["errorMessage"]
    assert aws.eks.describe_nodegroup(**where)["nodegroup"] == {**before, "modifiedAt": live_time(aws, where)}
    assert {item["InstanceId"] for item in instances(aws)} == old
    aws.eks.update_nodegroup_config(**where, scalingConfig={"desiredSize": 3})
    assert len(instances(aws)) == 3, "and the group goes on with its old template"


def live_time(aws: Aws, where: dict) -> object:
    return aws.eks.describe_nodegroup(**where)["nodegroup"]["modifiedAt"]
