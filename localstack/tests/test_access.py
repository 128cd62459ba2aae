"""Access entries, tags, versions."""

from __future__ import annotations

from conftest import Aws, refused

ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"


def test_entries_that_eks_makes(aws: Aws) -> None:
    cluster = aws.cluster()
    me = f"arn:aws:iam::{aws.account}:user/dev"
    assert aws.eks.list_access_entries(clusterName="demo")["accessEntries"] == [me]
    policies = aws.eks.list_associated_access_policies(clusterName="demo", principalArn=me)
    assert [item["policyArn"] for item in policies["associatedAccessPolicies"]] == [ADMIN]
    role = aws.nodegroup(cluster)["nodeRole"]
    entry = aws.eks.describe_access_entry(clusterName="demo", principalArn=role)["accessEntry"]
    assert entry["type"] == "EC2_LINUX" and entry["kubernetesGroups"] == ["system:nodes"]
    aws.eks.delete_nodegroup(clusterName="demo", nodegroupName="ng")
    assert aws.eks.list_access_entries(clusterName="demo")["accessEntries"] == [me]


def test_no_entry_for_the_creator_unless_asked(aws: Aws) -> None:
    access = {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}
    aws.cluster(accessConfig=access)
    assert aws.eks.list_access_entries(clusterName="demo")["accessEntries"] == []


def test_life_of_an_entry(aws: Aws) -> None:
    aws.cluster()
    role = aws.role("team", "ec2.amazonaws.com")
    where = {"clusterName": "demo", "principalArn": role}
    entry = aws.eks.create_access_entry(**where, kubernetesGroups=["viewers"], tags={"a": "b"})["accessEntry"]
    assert (
        entry["type"] == "STANDARD"
        and entry["kubernetesGroups"] == ["viewers"]
        and entry["tags"] == {"a": "b"}
    )
    with refused("ResourceInUseException", "already in use", 409):
        aws.eks.create_access_entry(**where)
    aws.eks.update_access_entry(**where, kubernetesGroups=["editors"], username="team")
    entry = aws.eks.describe_access_entry(**where)["accessEntry"]
    assert (entry["kubernetesGroups"], entry["username"]) == (["editors"], "team")
    scope = {"type": "namespace", "namespaces": ["web"]}
    aws.eks.associate_access_policy(**where, policyArn=VIEW, accessScope=scope)
    found = aws.eks.list_associated_access_policies(**where)["associatedAccessPolicies"]
    assert [(item["policyArn"], item["accessScope"]) for item in found] == [(VIEW, scope)]
    with refused("ResourceNotFoundException"):
        nothing = VIEW.replace("View", "Nothing")
        aws.eks.associate_access_policy(**where, policyArn=nothing, accessScope={"type": "cluster"})
    aws.eks.disassociate_access_policy(**where, policyArn=VIEW)
    assert aws.eks.list_associated_access_policies(**where)["associatedAccessPolicies"] == []
    aws.eks.delete_access_entry(**where)
    with refused("ResourceNotFoundException", "could not be found", 404):
        aws.eks.describe_access_entry(**where)


def test_unknown_principal(aws: Aws) -> None:
    aws.cluster()
    with refused("InvalidParameterException", "invalid principal"):
        aws.eks.create_access_entry(
            clusterName="demo", principalArn=f"arn:aws:iam::{aws.account}:role/nobody"
        )


def test_what_eks_calls_a_principal(aws: Aws) -> None:
    aws.cluster()
    role = aws.role("team", "ec2.amazonaws.com")
    where = {"clusterName": "demo", "principalArn": role}
    usual = f"arn:aws:sts::{aws.account}:assumed-role/team/{{{{SessionName}}}}"
    assert aws.eks.create_access_entry(**where)["accessEntry"]["username"] == usual
    with refused("InvalidParameterException", "system:masters is invalid"):
        aws.eks.update_access_entry(**where, kubernetesGroups=["system:masters"])
    with refused("InvalidParameterException", "must not begin with eks:"):
        aws.eks.update_access_entry(**where, username="eks:admin")
    with refused("InvalidParameterException", "colon"):
        aws.eks.update_access_entry(**where, username="ci{{SessionName}}")
    aws.eks.update_access_entry(**where, username="ci:{{SessionName}}")
    aws.eks.delete_access_entry(**where)
    aws.eks.create_access_entry(**where, type="EC2")
    auto = VIEW.replace("View", "AutoNode")
    aws.eks.associate_access_policy(**where, policyArn=auto, accessScope={"type": "cluster"})


def test_tags_of_everything_in_eks(aws: Aws) -> None:
    cluster = aws.cluster(tags={"first": "1"})
    group = aws.nodegroup(cluster)
    addon = aws.eks.create_addon(clusterName="demo", addonName="vpc-cni")["addon"]
    principal = f"arn:aws:iam::{aws.account}:user/dev"
    entry = aws.eks.describe_access_entry(clusterName="demo", principalArn=principal)["accessEntry"]
    for arn in (cluster["arn"], group["nodegroupArn"], addon["addonArn"], entry["accessEntryArn"]):
        aws.eks.tag_resource(resourceArn=arn, tags={"k": "v", "l": "w"})
        aws.eks.untag_resource(resourceArn=arn, tagKeys=["l", "first"])
        assert aws.eks.list_tags_for_resource(resourceArn=arn)["tags"] == {"k": "v"}
    with refused("NotFoundException", "", 404):
        aws.eks.list_tags_for_resource(resourceArn=cluster["arn"] + "x")
    with refused("InvalidParameterException", "aws:"):
        aws.eks.tag_resource(resourceArn=cluster["arn"], tags={"aws:mine": "v"})


def test_versions(aws: Aws) -> None:
    found = aws.eks.describe_cluster_versions()["clusterVersions"]
    assert [item["clusterVersion"] for item in found] == ["1.35", "1.34", "1.33", "1.32", "1.31"]
    assert [item["clusterVersion"] for item in found if item["defaultVersion"]] == ["1.34"]
    assert (
        found[0]["versionStatus"] == "STANDARD_SUPPORT" and found[-1]["versionStatus"] == "EXTENDED_SUPPORT"
    )
    assert found[0]["endOfStandardSupportDate"] < found[0]["endOfExtendedSupportDate"]
    only = aws.eks.describe_cluster_versions(defaultOnly=True)["clusterVersions"]
    assert [item["clusterVersion"] for item in only] == ["1.34"]
    named = aws.eks.describe_cluster_versions(clusterVersions=["1.31", "1.32"])["clusterVersions"]
    assert len(named) == 2


def test_aws_moves_on(aws: Aws) -> None:
    cluster = aws.cluster()
    aws.settings(
        releases={
            "default_version": "1.36",
            "versions": ["1.36"],
            "addons": {"coredns": ["v1.99.0-eksbuild.1"]},
            "addon_defaults": {"coredns": "v1.99.0-eksbuild.1"},
            "zones": "reverse",
            "ami_release": "20270101",
        }
    )
    found = aws.eks.describe_cluster_versions()["clusterVersions"]
    assert found[0]["clusterVersion"] == "1.36" and found[0]["defaultVersion"]
    addons = aws.eks.describe_addon_versions(addonName="coredns", kubernetesVersion="1.34")["addons"][0]
    assert addons["addonVersions"][0]["addonVersion"] == "v1.99.0-eksbuild.1"
    assert addons["addonVersions"][0]["compatibilities"][0]["defaultVersion"]
    zones = [item["ZoneName"] for item in aws.ec2.describe_availability_zones()["AvailabilityZones"]]
    assert zones == ["us-west-2d", "us-west-2c", "us-west-2b", "us-west-2a"]
    assert aws.nodegroup(cluster)["releaseVersion"].endswith("-20270101")
    assert aws.eks.describe_addon_versions(kubernetesVersion="1.36")["addons"]
    aws.settings(releases=None)
    assert aws.eks.describe_cluster_versions()["clusterVersions"][0]["clusterVersion"] == "1.35"
