"""EC2: nothing goes while something needs it; unknown ids; tags at creation; launch templates; tokens."""

from __future__ import annotations

import uuid

import pytest

from conftest import Aws, refused

TAGS = [{"Key": "k", "Value": "v"}]


def tagged(kind: str) -> list[dict]:
    return [{"ResourceType": kind, "Tags": TAGS}]


def gateway(aws: Aws, vpc: str) -> str:
    igw = aws.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    aws.ec2.attach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
    return igw


def address(aws: Aws) -> str:
    return aws.ec2.allocate_address(Domain="vpc")["AllocationId"]


def nat(aws: Aws, subnet: str, allocation: str) -> str:
    return aws.ec2.create_nat_gateway(SubnetId=subnet, AllocationId=allocation)["NatGateway"]["NatGatewayId"]


def nat_of(aws: Aws, ident: str) -> dict:
    return aws.ec2.describe_nat_gateways(NatGatewayIds=[ident])["NatGateways"][0]


def test_vpc_goes_last(aws: Aws) -> None:
    vpc = aws.vpc()

    def kept() -> None:
        with refused("DependencyViolation", vpc, 400):
            aws.ec2.delete_vpc(VpcId=vpc)

    subnet = aws.subnet(vpc, "192.168.0.0/24")
    kept()
    eni = aws.ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    with refused("DependencyViolation", subnet):
        aws.ec2.delete_subnet(SubnetId=subnet)
    aws.ec2.delete_network_interface(NetworkInterfaceId=eni)
    aws.ec2.delete_subnet(SubnetId=subnet)
    igw = gateway(aws, vpc)
    kept()
    with refused("DependencyViolation", igw):
        aws.ec2.delete_internet_gateway(InternetGatewayId=igw)
    aws.ec2.detach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
    aws.ec2.delete_internet_gateway(InternetGatewayId=igw)
    table = aws.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    kept()
    aws.ec2.delete_route_table(RouteTableId=table)
    group = aws.ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    kept()
    aws.ec2.delete_security_group(GroupId=group)
    aws.ec2.delete_vpc(VpcId=vpc)
    with refused("InvalidVpcID.NotFound"):
        aws.ec2.delete_vpc(VpcId=vpc)
    assert aws.inventory() == []


def test_nat_gateway_in_time(aws: Aws) -> None:
    vpc = aws.vpc()
    igw, subnet, allocation = gateway(aws, vpc), aws.subnet(vpc, "192.168.0.0/24"), address(aws)
    aws.settings(paused=True)
    ident = nat(aws, subnet, allocation)
    assert nat_of(aws, ident)["State"] == "pending"
    with refused("Resource.AlreadyAssociated"):
        nat(aws, subnet, allocation)
    aws.settings(paused=False)
    shown = nat_of(aws, ident)
    assert shown["State"] == "available" and shown["VpcId"] == vpc
    place = shown["NatGatewayAddresses"][0]
    assert place["AllocationId"] == allocation and place["PrivateIp"].startswith("192.168.0.")
    eni = aws.ec2.describe_network_interfaces(NetworkInterfaceIds=[place["NetworkInterfaceId"]])[
        "NetworkInterfaces"
    ]
    assert eni[0]["Status"] == "in-use" and ident in eni[0]["Description"]
    with refused("InvalidParameterValue", "currently in use"):
        aws.ec2.delete_network_interface(NetworkInterfaceId=place["NetworkInterfaceId"])
    with refused("AuthFailure"):
        aws.ec2.release_address(AllocationId=allocation)
    with refused("DependencyViolation", "mapped public address"):
        aws.ec2.detach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
    with refused("DependencyViolation"):
        aws.ec2.delete_subnet(SubnetId=subnet)
    aws.settings(paused=True)
    aws.ec2.delete_nat_gateway(NatGatewayId=ident)
    assert nat_of(aws, ident)["State"] == "deleting"
    aws.settings(paused=False)
    assert nat_of(aws, ident)["State"] == "deleted", "a tombstone stays for a while"
    aws.ec2.release_address(AllocationId=allocation)
    aws.ec2.detach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
    aws.ec2.delete_subnet(SubnetId=subnet)
    aws.ec2.delete_internet_gateway(InternetGatewayId=igw)
    aws.ec2.delete_vpc(VpcId=vpc)
    aws.settings(factor=10_000_000)
    with refused("NatGatewayNotFound"):
        nat_of(aws, ident)


def test_nat_gateway_without_internet_gateway_fails(aws: Aws) -> None:
    allocation = address(aws)
    ident = nat(aws, aws.subnet(aws.vpc(), "192.168.0.0/24"), allocation)
    shown = nat_of(aws, ident)
    assert (shown["State"], shown["FailureCode"]) == ("failed", "Gateway.NotAttached")
    aws.ec2.release_address(AllocationId=allocation)


def test_nat_gateway_filters(aws: Aws) -> None:
    vpc = aws.vpc()
    gateway(aws, vpc)
    subnet = aws.subnet(vpc, "192.168.0.0/24")
    for name in ("one", "two"):
        tags = [{"ResourceType": "natgateway", "Tags": [{"Key": "name", "Value": name}]}]
        aws.ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address(aws), TagSpecifications=tags)

    def count(name: str, *values: str) -> int:
        return len(
            aws.ec2.describe_nat_gateways(Filter=[{"Name": name, "Values": list(values)}])["NatGateways"]
        )

    assert [count("tag:name", "one"), count("tag:name", "*"), count("tag-key", "name")] == [1, 2, 2]
    assert [count("state", "available"), count("state", "deleted"), count("vpc-id", vpc)] == [2, 0, 2]
    with refused("InvalidParameterValue", "filter"):
        count("nonsense", "x")


def test_security_group_in_use_or_referenced(aws: Aws) -> None:
    vpc = aws.vpc()
    one, two = (
        aws.ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
        for name in ("1", "2")
    )
    rule = [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": one}]}]
    aws.ec2.authorize_security_group_ingress(GroupId=two, IpPermissions=rule)
    with refused("DependencyViolation", one):
        aws.ec2.delete_security_group(GroupId=one)
    aws.ec2.revoke_security_group_ingress(GroupId=two, IpPermissions=rule)
    subnet = aws.subnet(vpc, "192.168.0.0/24")
    eni = aws.ec2.create_network_interface(SubnetId=subnet, Groups=[one])["NetworkInterface"][
        "NetworkInterfaceId"
    ]
    with refused("DependencyViolation", one):
        aws.ec2.delete_security_group(GroupId=one)
    aws.ec2.delete_network_interface(NetworkInterfaceId=eni)
    aws.ec2.delete_security_group(GroupId=one)
    default = aws.ec2.describe_security_groups(
        Filters=[{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    )["SecurityGroups"][0]["GroupId"]
    with refused("CannotDelete"):
        aws.ec2.delete_security_group(GroupId=default)


def test_route_table_associated_or_main(aws: Aws) -> None:
    vpc = aws.vpc()
    subnet = aws.subnet(vpc, "192.168.0.0/24")
    main = aws.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"][0]
    with refused("DependencyViolation"):
        aws.ec2.delete_route_table(RouteTableId=main["RouteTableId"])
    table = aws.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    link = aws.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)["AssociationId"]
    with refused("DependencyViolation", table):
        aws.ec2.delete_route_table(RouteTableId=table)
    aws.ec2.disassociate_route_table(AssociationId=link)
    aws.ec2.delete_route_table(RouteTableId=table)


def test_instance_keeps_and_frees_what_it_uses(aws: Aws) -> None:
    vpc = aws.vpc()
    igw, subnet = gateway(aws, vpc), aws.subnet(vpc, "192.168.0.0/24")
    image = aws.ec2.describe_images()["Images"][0]["ImageId"]
    run = aws.ec2.run_instances(
        ImageId=image, InstanceType="m5.large", SubnetId=subnet, MinCount=1, MaxCount=1
    )
    ident = run["Instances"][0]["InstanceId"]
    allocation = address(aws)
    aws.ec2.associate_address(InstanceId=ident, AllocationId=allocation)
    with refused("InvalidIPAddress.InUse"):
        aws.ec2.release_address(AllocationId=allocation)
    with refused("DependencyViolation", "mapped public address"):
        aws.ec2.detach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
    with refused("DependencyViolation"):
        aws.ec2.delete_subnet(SubnetId=subnet)
    aws.ec2.terminate_instances(InstanceIds=[ident])
    aws.ec2.release_address(AllocationId=allocation)
    aws.ec2.delete_subnet(SubnetId=subnet)
    assert not [
        line for line in aws.inventory() if line.split("\t")[1] in ("instance", "volume", "elastic-ip")
    ]


def test_vpc_has_one_internet_gateway(aws: Aws) -> None:
    vpc = aws.vpc()
    gateway(aws, vpc)
    with refused("InvalidParameterValue", "already has an internet gateway"):
        gateway(aws, vpc)


def test_cidrs(aws: Aws) -> None:
    with refused("InvalidVpc.Range"):
        aws.vpc("10.0.0.0/8")
    vpc = aws.vpc()
    aws.subnet(vpc, "192.168.0.0/24")
    with refused("InvalidSubnet.Conflict"):
        aws.subnet(vpc, "192.168.0.0/25")
    with refused("InvalidSubnet.Range"):
        aws.subnet(vpc, "10.0.0.0/24")


@pytest.mark.parametrize(
    ("operation", "arguments", "code"),
    [
        ("describe_vpcs", {"VpcIds": ["vpc-0123456789abcdef0"]}, "InvalidVpcID.NotFound"),
        ("describe_subnets", {"SubnetIds": ["subnet-0123456789abcdef0"]}, "InvalidSubnetID.NotFound"),
        (
            "describe_internet_gateways",
            {"InternetGatewayIds": ["igw-0123456789abcdef0"]},
            "InvalidInternetGatewayID.NotFound",
        ),
        (
            "describe_route_tables",
            {"RouteTableIds": ["rtb-0123456789abcdef0"]},
            "InvalidRouteTableID.NotFound",
        ),
        (
            "describe_addresses",
            {"AllocationIds": ["eipalloc-0123456789abcdef0"]},
            "InvalidAllocationID.NotFound",
        ),
        ("describe_nat_gateways", {"NatGatewayIds": ["nat-0123456789abcdef0"]}, "NatGatewayNotFound"),
        ("describe_security_groups", {"GroupIds": ["sg-0123456789abcdef0"]}, "InvalidGroup.NotFound"),
        (
            "describe_network_interfaces",
            {"NetworkInterfaceIds": ["eni-0123456789abcdef0"]},
            "InvalidNetworkInterfaceID.NotFound",
        ),
        ("describe_instances", {"InstanceIds": ["i-0123456789abcdef0"]}, "InvalidInstanceID.NotFound"),
        (
            "describe_launch_templates",
            {"LaunchTemplateIds": ["lt-0123456789abcdef0"]},
            "InvalidLaunchTemplateId.NotFound",
        ),
        (
            "describe_launch_template_versions",
            {"LaunchTemplateName": "nobody"},
            "InvalidLaunchTemplateName.NotFoundException",
        ),
        ("delete_nat_gateway", {"NatGatewayId": "nat-0123456789abcdef0"}, "NatGatewayNotFound"),
        ("delete_subnet", {"SubnetId": "subnet-0123456789abcdef0"}, "InvalidSubnetID.NotFound"),
        ("delete_security_group", {"GroupId": "sg-0123456789abcdef0"}, "InvalidGroup.NotFound"),
        (
            "delete_internet_gateway",
            {"InternetGatewayId": "igw-0123456789abcdef0"},
            "InvalidInternetGatewayID.NotFound",
        ),
        ("delete_route_table", {"RouteTableId": "rtb-0123456789abcdef0"}, "InvalidRouteTableID.NotFound"),
        ("release_address", {"AllocationId": "eipalloc-0123456789abcdef0"}, "InvalidAllocationID.NotFound"),
        (
            "delete_launch_template",
            {"LaunchTemplateId": "lt-0123456789abcdef0"},
            "InvalidLaunchTemplateId.NotFound",
        ),
        (
            "delete_network_interface",
            {"NetworkInterfaceId": "eni-0123456789abcdef0"},
            "InvalidNetworkInterfaceID.NotFound",
        ),
    ],
)
def test_unknown_ids(aws: Aws, operation: str, arguments: dict, code: str) -> None:
    with refused(code, status=400):
        getattr(aws.ec2, operation)(**arguments)


def test_tags_with_the_creating_call(aws: Aws) -> None:
    ec2 = aws.ec2
    vpc = ec2.create_vpc(CidrBlock="192.168.0.0/16", TagSpecifications=tagged("vpc"))["Vpc"]
    ident = vpc["VpcId"]
    made = [
        vpc,
        ec2.create_subnet(VpcId=ident, CidrBlock="192.168.0.0/24", TagSpecifications=tagged("subnet"))[
            "Subnet"
        ],
        ec2.create_internet_gateway(TagSpecifications=tagged("internet-gateway"))["InternetGateway"],
        ec2.create_route_table(VpcId=ident, TagSpecifications=tagged("route-table"))["RouteTable"],
        ec2.create_security_group(
            GroupName="g", Description="g", VpcId=ident, TagSpecifications=tagged("security-group")
        ),
        ec2.create_launch_template(
            LaunchTemplateName="lt", LaunchTemplateData={}, TagSpecifications=tagged("launch-template")
        )["LaunchTemplate"],
    ]
    assert all(item["Tags"] == TAGS for item in made)
    ec2.allocate_address(Domain="vpc", TagSpecifications=tagged("elastic-ip"))
    found = ec2.describe_addresses(Filters=[{"Name": "tag:k", "Values": ["v"]}])["Addresses"]
    assert [item["Tags"] for item in found] == [TAGS]


def test_routes(aws: Aws) -> None:
    vpc = aws.vpc()
    igw = gateway(aws, vpc)
    table = aws.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    route = {"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0"}
    aws.ec2.create_route(**route, GatewayId=igw)
    with refused("RouteAlreadyExists"):
        aws.ec2.create_route(**route, GatewayId=igw)
    with refused("InvalidNatGatewayID.NotFound"):
        aws.ec2.replace_route(**route, NatGatewayId="nat-0123456789abcdef0")
    aws.ec2.delete_route(**route)
    with refused("InvalidRoute.NotFound"):
        aws.ec2.delete_route(**route)


def test_route_to_a_gateway_that_is_gone_is_a_black_hole(aws: Aws) -> None:
    vpc = aws.vpc()
    gateway(aws, vpc)
    ident = nat(aws, aws.subnet(vpc, "192.168.0.0/24"), address(aws))
    table = aws.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    aws.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=ident)
    aws.ec2.delete_nat_gateway(NatGatewayId=ident)
    routes = aws.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    assert {route["DestinationCidrBlock"]: route["State"] for route in routes}["0.0.0.0/0"] == "blackhole"


def test_launch_template_versions(aws: Aws) -> None:
    data = {
        "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 2},
        "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 80, "VolumeType": "gp3"}}],
        "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "n"}]}],
    }
    made = aws.ec2.create_launch_template(
        LaunchTemplateName="lt",
        LaunchTemplateData=data,
        VersionDescription="first",
        TagSpecifications=tagged("launch-template"),
    )["LaunchTemplate"]
    ident = made["LaunchTemplateId"]
    with refused("InvalidLaunchTemplateName.AlreadyExistsException"):
        aws.ec2.create_launch_template(LaunchTemplateName="lt", LaunchTemplateData={})
    aws.ec2.create_launch_template_version(LaunchTemplateId=ident, LaunchTemplateData={"EbsOptimized": True})
    aws.ec2.create_launch_template_version(
        LaunchTemplateId=ident, SourceVersion="1", LaunchTemplateData={"EbsOptimized": True}
    )
    found = aws.ec2.describe_launch_template_versions(LaunchTemplateId=ident)["LaunchTemplateVersions"]
    assert [item["VersionNumber"] for item in found] == [3, 2, 1]
    assert found[2]["LaunchTemplateData"] == data and found[2]["VersionDescription"] == "first"
    assert found[1]["LaunchTemplateData"] == {"EbsOptimized": True}
    assert found[0]["LaunchTemplateData"] == {**data, "EbsOptimized": True}
    assert [item["DefaultVersion"] for item in found] == [False, False, True]
    aws.ec2.modify_launch_template(LaunchTemplateId=ident, DefaultVersion="3")
    latest = aws.ec2.describe_launch_template_versions(
        LaunchTemplateId=ident, Versions=["$Latest", "$Default"]
    )
    assert [item["VersionNumber"] for item in latest["LaunchTemplateVersions"]] == [3, 3]
    with refused("InvalidLaunchTemplateId.VersionNotFound"):
        aws.ec2.describe_launch_template_versions(LaunchTemplateId=ident, Versions=["9"])
    aws.ec2.create_tags(Resources=[ident], Tags=[{"Key": "late", "Value": "1"}])
    shown = aws.ec2.describe_launch_templates(Filters=[{"Name": "tag:late", "Values": ["1"]}])[
        "LaunchTemplates"
    ][0]
    assert {"Key": "late", "Value": "1"} in shown["Tags"] and shown["DefaultVersionNumber"] == 3
    aws.ec2.delete_launch_template(LaunchTemplateId=ident)
    assert aws.ec2.describe_launch_templates()["LaunchTemplates"] == []


def test_tokens(aws: Aws) -> None:
    vpc = aws.vpc()
    gateway(aws, vpc)
    subnet, allocation = aws.subnet(vpc, "192.168.0.0/24"), address(aws)
    image = aws.ec2.describe_images()["Images"][0]["ImageId"]
    lt = aws.ec2.create_launch_template(LaunchTemplateName="lt", LaunchTemplateData={})["LaunchTemplate"]
    requests = {
        "create_nat_gateway": {"SubnetId": subnet, "AllocationId": allocation},
        "create_route_table": {"VpcId": vpc},
        "create_launch_template": {"LaunchTemplateName": "other", "LaunchTemplateData": {}},
        "create_launch_template_version": {
            "LaunchTemplateId": lt["LaunchTemplateId"],
            "LaunchTemplateData": {},
        },
        "create_vpc_endpoint": {"VpcId": vpc, "ServiceName": "com.amazonaws.us-west-2.s3"},
        "run_instances": {
            "ImageId": image,
            "InstanceType": "m5.large",
            "SubnetId": subnet,
            "MinCount": 1,
            "MaxCount": 1,
        },
    }
    for operation, arguments in requests.items():
        call = getattr(aws.ec2, operation)
        token = str(uuid.uuid4())
        before = call(**arguments, ClientToken=token)
        count = len(aws.inventory())
        after = call(**arguments, ClientToken=token)
        before.pop("ResponseMetadata"), after.pop("ResponseMetadata")
        assert before == after and len(aws.inventory()) == count, operation
    with refused("IdempotentParameterMismatch"):
        aws.ec2.create_route_table(VpcId=aws.vpc("10.1.0.0/16"), ClientToken="same")
        aws.ec2.create_route_table(VpcId=vpc, ClientToken="same")


def test_tags_and_zones_that_aws_refuses(aws: Aws) -> None:
    vpc = aws.vpc()
    with refused("InvalidParameterValue", "reserved"):
        aws.ec2.create_tags(Resources=[vpc], Tags=[{"Key": "aws:mine", "Value": "v"}])
    with refused("InvalidVpcID.NotFound"):
        aws.ec2.create_tags(Resources=["vpc-0123456789abcdef0"], Tags=TAGS)
    with refused("InvalidParameterValue", "us-west-2d."):
        aws.subnet(vpc, "192.168.0.0/24", "us-west-2z")


def test_dry_run(aws: Aws) -> None:
    with refused("DryRunOperation", status=412):
        aws.ec2.create_vpc(CidrBlock="192.168.0.0/16", DryRun=True)
    assert aws.inventory() == []


def test_zones_and_offerings(aws: Aws) -> None:
    zones = aws.ec2.describe_availability_zones()["AvailabilityZones"]
    assert [zone["ZoneName"] for zone in zones] == [f"us-west-2{letter}" for letter in "abcd"]
    assert {zone["ZoneType"] for zone in zones} == {"availability-zone"}
    only = aws.ec2.describe_availability_zones(Filters=[{"Name": "zone-name", "Values": ["us-west-2b"]}])
    assert len(only["AvailabilityZones"]) == 1
    east = aws.client("ec2", "us-east-1").describe_availability_zones()["AvailabilityZones"]
    assert {zone["ZoneId"] for zone in east} >= {"use1-az3"}
    asked = [{"Name": "instance-type", "Values": ["m5.large", "m99.large"]}]
    place = "availability-zone"
    offered = aws.ec2.describe_instance_type_offerings(LocationType=place, Filters=asked)[
        "InstanceTypeOfferings"
    ]
    assert {item["Location"] for item in offered} <= {zone["ZoneName"] for zone in zones}
    there = [*asked, {"Name": "location", "Values": ["us-west-2b"]}]
    offered = aws.ec2.describe_instance_type_offerings(LocationType=place, Filters=there)[
        "InstanceTypeOfferings"
    ]
    assert [(item["InstanceType"], item["Location"]) for item in offered] == [("m5.large", "us-west-2b")]
    types = aws.ec2.describe_instance_types(InstanceTypes=["m5.large"])["InstanceTypes"]
    assert types[0]["ProcessorInfo"]["SupportedArchitectures"] == ["x86_64"]
    assert aws.ec2.describe_instance_types(Filters=asked)["InstanceTypes"] == types
    with refused("InvalidInstanceType", "m99.large"):
        aws.ec2.describe_instance_types(InstanceTypes=["m5.large", "m99.large"])


def test_vpc_attributes(aws: Aws) -> None:
    vpc = aws.vpc()
    aws.ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    answer = aws.ec2.describe_vpc_attribute(VpcId=vpc, Attribute="enableDnsHostnames")
    assert answer["EnableDnsHostnames"] == {"Value": True}
    answer = aws.ec2.describe_vpc_attribute(VpcId=vpc, Attribute="enableDnsSupport")
    assert answer["EnableDnsSupport"] == {"Value": True}


def images(aws: Aws, *names: str) -> list[dict]:
    filters = [{"Name": "name", "Values": list(names)}]
    return aws.ec2.describe_images(Owners=["amazon"], Filters=filters)["Images"]


def test_images_of_nodes(aws: Aws) -> None:
    cluster = aws.cluster(version="1.33")
    release = aws.nodegroup(cluster)["releaseVersion"]
    al2023, bottlerocket = "amazon-eks-node-al2023-x86_64-standard-1.33-v*", "bottlerocket-aws-k8s-1.33-*"
    found = images(aws, al2023)
    dates = [image["Name"].split("-v")[-1] for image in found]
    assert len(dates) > 1 and release == f"1.33.8-{dates[-1]}"
    assert all("(k8s: 1.33.8, " in image["Description"] for image in found)
    used = aws.ec2.describe_instances()["Reservations"][0]["Instances"][0]["ImageId"]
    assert used == found[-1]["ImageId"]
    assert aws.ec2.describe_images(ImageIds=[used])["Images"][0]["Name"] == found[-1]["Name"]
    assert len(images(aws, bottlerocket)) == 8 * len(found)
    assert len(images(aws, al2023, bottlerocket)) == 9 * len(found)
    assert len(images(aws, "amazon-eks-gpu-node-1.32-v*")) == len(found)
    assert not images(aws, "amazon-eks-node-1.33-v*") and not images(aws, "amazon-eks-node-al2023-*-9.9-*")
    owned = aws.ec2.describe_images(Owners=["self"])["Images"]
    assert owned == []
    with refused("InvalidAMIID.NotFound"):
        aws.ec2.describe_images(ImageIds=["ami-0123456789abcdef0"])
    aws.settings(releases={"ami_release": "20270101"})
    newer = [image["Name"] for image in images(aws, al2023)]
    assert newer[:-1] == [image["Name"] for image in found] and newer[-1].endswith("-v20270101")
