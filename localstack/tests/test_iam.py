"""IAM: conflicts, paths, tags, policies of AWS's own, the lag, and who the caller is."""

from __future__ import annotations

import json

from conftest import Aws, refused

POLICY = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"


def test_role_goes_after_its_policies_and_profiles(aws: Aws) -> None:
    aws.role("r", "ec2.amazonaws.com")
    document = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    )
    aws.iam.attach_role_policy(RoleName="r", PolicyArn=POLICY)
    with refused("DeleteConflict", status=409):
        aws.iam.delete_role(RoleName="r")
    aws.iam.detach_role_policy(RoleName="r", PolicyArn=POLICY)
    aws.iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=document)
    with refused("DeleteConflict"):
        aws.iam.delete_role(RoleName="r")
    aws.iam.delete_role_policy(RoleName="r", PolicyName="p")
    aws.iam.create_instance_profile(InstanceProfileName="i")
    aws.iam.add_role_to_instance_profile(InstanceProfileName="i", RoleName="r")
    with refused("DeleteConflict"):
        aws.iam.delete_role(RoleName="r")
    aws.iam.remove_role_from_instance_profile(InstanceProfileName="i", RoleName="r")
    aws.iam.delete_instance_profile(InstanceProfileName="i")
    aws.iam.delete_role(RoleName="r")
    with refused("NoSuchEntity", status=404):
        aws.iam.get_role(RoleName="r")
    assert aws.inventory() == []


def test_policy_attached_is_not_deleted(aws: Aws) -> None:
    aws.role("r", "ec2.amazonaws.com")
    document = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    )
    arn = aws.iam.create_policy(PolicyName="mine", PolicyDocument=document)["Policy"]["Arn"]
    aws.iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    with refused("DeleteConflict"):
        aws.iam.delete_policy(PolicyArn=arn)
    aws.iam.detach_role_policy(RoleName="r", PolicyArn=arn)
    aws.iam.delete_policy(PolicyArn=arn)


def test_paths_tags_and_names(aws: Aws) -> None:
    document = json.dumps({"Version": "2012-10-17", "Statement": []})
    tags = [{"Key": "k", "Value": "v"}]
    for path in ("/eksact/us-west-2/one/", "/eksact/us-west-2/two/"):
        name = path.split("/")[-2]
        aws.iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=document, Tags=tags)
    found = aws.iam.list_roles(PathPrefix="/eksact/us-west-2/one/")["Roles"]
    assert [role["RoleName"] for role in found] == ["one"]
    assert "Tags" not in found[0], "IAM's lists carry no tags"
    assert aws.iam.get_role(RoleName="one")["Role"]["Tags"] == tags
    assert aws.iam.list_role_tags(RoleName="one")["Tags"] == tags
    with refused("EntityAlreadyExists", status=409):
        aws.iam.create_role(RoleName="one", AssumeRolePolicyDocument=document)


def test_policies_of_aws(aws: Aws) -> None:
    assert aws.iam.get_policy(PolicyArn=POLICY)["Policy"]["PolicyName"] == "AmazonEKSClusterPolicy"
    aws.role("r", "eks.amazonaws.com")
    aws.iam.attach_role_policy(RoleName="r", PolicyArn=POLICY)
    attached = aws.iam.list_attached_role_policies(RoleName="r")["AttachedPolicies"]
    assert [item["PolicyArn"] for item in attached] == [POLICY]
    with refused("NoSuchEntity"):
        aws.iam.attach_role_policy(RoleName="r", PolicyArn=POLICY + "NoSuch")


def test_eks_learns_of_a_role_later(aws: Aws) -> None:
    aws.settings(factor=8)
    request = aws.cluster_request()
    with refused("InvalidParameterException", "could not be assumed"):
        aws.eks.create_cluster(**request)
    aws.settings(factor=10_000_000)
    aws.eks.create_cluster(**request)


def test_callers(aws: Aws) -> None:
    def who(key: str) -> str:
        return aws.client("sts", key=key).get_caller_identity()["Arn"]

    assert who(f"AKIA{aws.account}") == f"arn:aws:iam::{aws.account}:user/dev"
    assert who(f"AKIA{aws.account}READER") == f"arn:aws:iam::{aws.account}:user/reader"
    assert who("AKIAWHOEVER") == "arn:aws:iam::123456789012:user/dev"


def test_bad_credentials(aws: Aws) -> None:
    calls = {
        "eks": ("list_clusters", "ExpiredTokenException", "UnrecognizedClientException"),
        "ec2": ("describe_vpcs", "RequestExpired", "AuthFailure"),
        "iam": ("list_roles", "ExpiredToken", "InvalidClientTokenId"),
        "sts": ("get_caller_identity", "ExpiredToken", "InvalidClientTokenId"),
        "kms": ("list_keys", "ExpiredTokenException", "UnrecognizedClientException"),
    }
    for service, (operation, expired, invalid) in calls.items():
        with refused(expired):
            getattr(aws.client(service, key="ASIAEXPIRED12"), operation)()
        with refused(invalid):
            getattr(aws.client(service, key="AKIAINVALID12"), operation)()


def test_accounts_do_not_see_each_other(aws: Aws) -> None:
    aws.cluster()
    other = aws.client("eks", key=f"AKIA{int(aws.account) + 500000000}")
    assert other.list_clusters()["clusters"] == []
    assert aws.client("eks", "eu-west-1").list_clusters()["clusters"] == []
