"""Clusters: what is echoed, what EKS makes by itself, what it refuses."""

from __future__ import annotations

import uuid

import pytest

from conftest import Aws, refused


def test_every_field_of_the_request_is_shown(aws: Aws) -> None:
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    encryption = [{"resources": ["secrets"], "provider": {"keyArn": key}}]
    request = aws.cluster_request(
        version="1.33",
        tags={"team": "a"},
        encryptionConfig=encryption,
        logging={"clusterLogging": [{"types": ["api", "audit"], "enabled": True}]},
        accessConfig={"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
        upgradePolicy={"supportType": "STANDARD"},
        deletionProtection=True,
        zonalShiftConfig={"enabled": True},
        kubernetesNetworkConfig={"serviceIpv4Cidr": "10.200.0.0/16"},
        bootstrapSelfManagedAddons=False,
    )
    config = request["resourcesVpcConfig"]
    config.update(
        endpointPrivateAccess=True, endpointPublicAccess=True, publicAccessCidrs=["198.51.100.0/24"]
    )
    created = aws.eks.create_cluster(**request)["cluster"]
    assert created["status"] == "CREATING"
    assert "endpoint" not in created and created["certificateAuthority"] == {}
    live = aws.eks.describe_cluster(name="demo")["cluster"]
    assert live["status"] == "ACTIVE" and live["version"] == "1.33" and live["tags"] == {"team": "a"}
    assert live["endpoint"].startswith("https://") and live["certificateAuthority"]["data"]
    assert live["identity"]["oidc"]["issuer"].startswith("https://oidc.eks.us-west-2.amazonaws.com/id/")
    assert live["encryptionConfig"] == encryption
    assert live["accessConfig"] == request["accessConfig"]
    assert live["upgradePolicy"] == {"supportType": "STANDARD"} and live["deletionProtection"] is True
    assert live["zonalShiftConfig"] == {"enabled": True}
    assert live["kubernetesNetworkConfig"]["serviceIpv4Cidr"] == "10.200.0.0/16"
    shown = live["resourcesVpcConfig"]
    assert shown["subnetIds"] == config["subnetIds"] and shown["vpcId"].startswith("vpc-")
    assert shown["publicAccessCidrs"] == ["198.51.100.0/24"] and shown["endpointPrivateAccess"] is True
    assert live["logging"]["clusterLogging"] == [
        {"types": ["api", "audit"], "enabled": True},
        {"types": ["authenticator", "controllerManager", "scheduler"], "enabled": False},
    ]


def test_defaults(aws: Aws) -> None:
    request = aws.cluster_request()
    del request["accessConfig"]
    aws.eks.create_cluster(**request)
    live = aws.eks.describe_cluster(name="demo")["cluster"]
    assert live["version"] == "1.34" and live["platformVersion"].startswith("eks.")
    assert live["accessConfig"]["authenticationMode"] == "CONFIG_MAP"
    assert live["upgradePolicy"] == {"supportType": "EXTENDED"} and live["deletionProtection"] is False
    assert live["kubernetesNetworkConfig"]["serviceIpv4Cidr"] == "10.100.0.0/16"
    assert live["health"] == {"issues": []}
    with refused("InvalidRequestException", "authentication mode"):
        aws.eks.list_access_entries(clusterName="demo")


def test_service_range_avoids_a_vpc_in_ten(aws: Aws) -> None:
    vpc = aws.vpc("10.0.0.0/16")
    subnets = [aws.subnet(vpc, "10.0.0.0/24", "us-west-2a"), aws.subnet(vpc, "10.0.1.0/24", "us-west-2b")]
    live = aws.cluster(resourcesVpcConfig={"subnetIds": subnets})
    assert live["kubernetesNetworkConfig"]["serviceIpv4Cidr"] == "172.20.0.0/16"


def test_security_group_and_interfaces_come_and_go(aws: Aws) -> None:
    live = aws.cluster()
    ident = live["resourcesVpcConfig"]["clusterSecurityGroupId"]
    group = aws.ec2.describe_security_groups(GroupIds=[ident])["SecurityGroups"][0]
    assert group["GroupName"].startswith("eks-cluster-sg-demo-")
    tags = {tag["Key"]: tag["Value"] for tag in group["Tags"]}
    assert tags["aws:eks:cluster-name"] == "demo" and tags["kubernetes.io/cluster/demo"] == "owned"
    rule = group["IpPermissions"][0]
    assert rule["IpProtocol"] == "-1" and rule["UserIdGroupPairs"][0]["GroupId"] == ident
    assert group["IpPermissionsEgress"][0]["IpRanges"] == [{"CidrIp": "0.0.0.0/0"}]
    enis = aws.ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert {eni["Description"] for eni in enis} == {"Amazon EKS demo"}
    assert len({eni["AvailabilityZone"] for eni in enis}) == 2
    aws.eks.delete_cluster(name="demo")
    assert aws.ec2.describe_network_interfaces()["NetworkInterfaces"] == []
    with refused("InvalidGroup.NotFound"):
        aws.ec2.describe_security_groups(GroupIds=[ident])
    with refused("ResourceNotFoundException", "No cluster found", 404):
        aws.eks.describe_cluster(name="demo")


def test_issuers_differ(aws: Aws) -> None:
    first = aws.cluster("one")
    role = first["roleArn"]
    subnets = first["resourcesVpcConfig"]["subnetIds"]
    aws.eks.create_cluster(name="two", roleArn=role, resourcesVpcConfig={"subnetIds": subnets})
    second = aws.eks.describe_cluster(name="two")["cluster"]
    assert first["identity"] != second["identity"] and first["endpoint"] != second["endpoint"]
    assert aws.eks.list_clusters()["clusters"] == ["one", "two"]


def test_log_group_outlives_the_cluster(aws: Aws) -> None:
    aws.cluster(logging={"clusterLogging": [{"types": ["api"], "enabled": True}]})
    aws.eks.delete_cluster(name="demo")
    groups = aws.client("logs").describe_log_groups()["logGroups"]
    assert [group["logGroupName"] for group in groups] == ["/aws/eks/demo/cluster"]


def test_refusals(aws: Aws) -> None:
    request = aws.cluster_request()
    subnets = request["resourcesVpcConfig"]["subnetIds"]

    def create(**changes):
        return aws.eks.create_cluster(**{**request, **changes})

    with refused("InvalidParameterException", "'subnet-0123' does not exist"):
        create(resourcesVpcConfig={"subnetIds": [subnets[0], "subnet-0123"]})
    with refused("InvalidParameterException", "two different AZs"):
        create(resourcesVpcConfig={"subnetIds": subnets[:1]})
    with refused("InvalidParameterException", "unsupported Kubernetes version"):
        create(version="1.10")
    with refused("InvalidParameterException", "could not be assumed"):
        create(roleArn=f"arn:aws:iam::{aws.account}:role/nobody")
    with refused("InvalidParameterException", "could not be assumed"):
        create(roleArn=aws.role("other", "ec2.amazonaws.com"))
    with refused("InvalidParameterException", "does not exist"):
        create(resourcesVpcConfig={"subnetIds": subnets, "securityGroupIds": ["sg-0123"]})
    with refused("InvalidParameterException", "keyArn"):
        key = f"arn:aws:kms:us-west-2:{aws.account}:key/{uuid.uuid4()}"
        create(encryptionConfig=[{"resources": ["secrets"], "provider": {"keyArn": key}}])
    with refused("InvalidParameterException", "cannot be false"):
        off = {"endpointPublicAccess": False, "endpointPrivateAccess": False}
        create(resourcesVpcConfig={"subnetIds": subnets, **off})
    with refused("InvalidParameterException", "enum value set"):
        create(accessConfig={"authenticationMode": "NONE"})
    with refused("InvalidParameterException", "regular expression"):
        create(name="-demo-")
    assert aws.eks.list_clusters()["clusters"] == []
    create()
    with refused("ResourceInUseException", "Cluster already exists with name: demo", 409):
        create()


def test_zone_that_eks_refuses_names_the_good_ones(aws: Aws) -> None:
    ec2, eks = aws.client("ec2", "us-east-1"), aws.client("eks", "us-east-1")
    vpc = ec2.create_vpc(CidrBlock="192.168.0.0/16")["Vpc"]["VpcId"]
    subnets = []
    for number, zone in enumerate(("us-east-1a", "us-east-1e")):
        answer = ec2.create_subnet(VpcId=vpc, CidrBlock=f"192.168.{number}.0/24", AvailabilityZone=zone)
        subnets.append(answer["Subnet"]["SubnetId"])
    role = aws.role("r", "eks.amazonaws.com")
    with refused("UnsupportedAvailabilityZoneException", "us-east-1e") as error:
        eks.create_cluster(name="demo", roleArn=role, resourcesVpcConfig={"subnetIds": subnets})
    assert "us-east-1e" not in error.response["validZones"] and "us-east-1b" in error.response["validZones"]


def test_a_repeated_token_makes_one_cluster(aws: Aws) -> None:
    request = aws.cluster_request(clientRequestToken="t-1")
    first = aws.eks.create_cluster(**request)["cluster"]
    again = aws.eks.create_cluster(**request)["cluster"]
    assert first["arn"] == again["arn"] and first["createdAt"] == again["createdAt"]
    with refused("InvalidParameterException", "clientRequestToken"):
        aws.eks.create_cluster(**{**request, "version": "1.33"})


def test_delete_is_refused_while_things_depend_on_it(aws: Aws) -> None:
    live = aws.cluster(deletionProtection=True)
    with refused("InvalidRequestException", "deletion protection"):
        aws.eks.delete_cluster(name="demo")
    aws.eks.update_cluster_config(name="demo", deletionProtection=False)
    aws.nodegroup(live)
    with refused("ResourceInUseException", "Cluster has nodegroups attached", 409):
        aws.eks.delete_cluster(name="demo")
    aws.eks.delete_nodegroup(clusterName="demo", nodegroupName="ng")
    assert aws.eks.delete_cluster(name="demo")["cluster"]["status"] == "DELETING"
    assert aws.eks.list_clusters()["clusters"] == []


def test_delete_while_creating_is_refused(aws: Aws) -> None:
    request = aws.cluster_request()
    aws.settings(paused=True)
    aws.eks.create_cluster(**request)
    with refused("ResourceInUseException", "CREATING", 409):
        aws.eks.delete_cluster(name="demo")
    aws.settings(paused=False)
    assert aws.eks.describe_cluster(name="demo")["cluster"]["status"] == "ACTIVE"
    aws.eks.delete_cluster(name="demo")


@pytest.mark.parametrize(
    "operation", ["list_fargate_profiles", "list_pod_identity_associations", "list_insights"]
)
def test_lists_of_what_nobody_makes_are_empty(aws: Aws, operation: str) -> None:
    aws.cluster()
    answer = getattr(aws.eks, operation)(clusterName="demo")
    answer.pop("ResponseMetadata")
    assert list(answer.values()) == [[]]
