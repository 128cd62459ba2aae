"""Pod identity associations, those of add-ons, and the OpenID Connect providers of IAM."""

from __future__ import annotations

import json

from conftest import Aws, refused


def pod_role(aws: Aws, name: str, *actions: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "pods.eks.amazonaws.com"},
        "Action": list(actions) or ["sts:AssumeRole", "sts:TagSession"],
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]


def associate(aws: Aws, role: str, account: str = "app", **more) -> dict:
    return aws.eks.create_pod_identity_association(
        clusterName="demo", namespace="web", serviceAccount=account, roleArn=role, **more
    )["association"]


def test_an_association_lives(aws: Aws) -> None:
    aws.cluster()
    role, other = pod_role(aws, "one"), pod_role(aws, "two")
    made = associate(aws, role, tags={"k": "v"})
    assert made["associationId"].startswith("a-") and len(made["associationId"]) == 19
    assert made["disableSessionTags"] is False and "ownerArn" not in made and "targetRoleArn" not in made
    where = {"clusterName": "demo", "associationId": made["associationId"]}
    assert aws.eks.describe_pod_identity_association(**where)["association"] == made
    listed = aws.eks.list_pod_identity_associations(clusterName="demo", namespace="web")["associations"]
    assert [item["associationId"] for item in listed] == [made["associationId"]]
    assert "roleArn" not in listed[0], "lists are short"
    assert not aws.eks.list_pod_identity_associations(clusterName="demo", namespace="x")["associations"]
    target = "arn:aws:iam::999999999999:role/far"
    changed = aws.eks.update_pod_identity_association(
        **where, roleArn=other, targetRoleArn=target, disableSessionTags=True
    )["association"]
    assert (changed["roleArn"], changed["targetRoleArn"]) == (other, target)
    assert changed["disableSessionTags"] is True and changed["externalId"]
    arn = made["associationArn"]
    aws.eks.tag_resource(resourceArn=arn, tags={"l": "w"})
    aws.eks.untag_resource(resourceArn=arn, tagKeys=["k"])
    assert aws.eks.list_tags_for_resource(resourceArn=arn)["tags"] == {"l": "w"}
    assert any("pod-identity-association" in line and "web/app" in line for line in aws.inventory())
    aws.eks.delete_pod_identity_association(**where)
    with refused("ResourceNotFoundException", status=404):
        aws.eks.describe_pod_identity_association(**where)
    assert not any("pod-identity-association" in line for line in aws.inventory())


def test_one_for_each_service_account(aws: Aws) -> None:
    aws.cluster()
    role = pod_role(aws, "one")
    first = associate(aws, role, clientRequestToken="t")
    assert associate(aws, role, clientRequestToken="t")["associationId"] == first["associationId"]
    with refused("ResourceInUseException", f"Association already exists: {first['associationId']}", 409):
        associate(aws, role)


def test_refusals(aws: Aws) -> None:
    aws.cluster()
    role = pod_role(aws, "one")
    with refused("InvalidParameterException", "Role provided in the request does not exist."):
        associate(aws, f"arn:aws:iam::{aws.account}:role/nobody")
    for wrong in (aws.role("node", "ec2.amazonaws.com"), pod_role(aws, "untagged", "sts:AssumeRole")):
        with refused("InvalidParameterException", "Trust policy of the role provided is invalid"):
            associate(aws, wrong)
    with refused("InvalidParameterException", "same account"):
        associate(aws, "arn:aws:iam::999999999999:role/far")
    with refused("InvalidParameterException", "Target role ARN"):
        associate(aws, role, targetRoleArn="nonsense")
    with refused("InvalidParameterException", "disableSessionTags"):
        associate(aws, role, policy="{}")
    with refused("ResourceNotFoundException", status=404):
        aws.eks.create_pod_identity_association(
            clusterName="nobody", namespace="web", serviceAccount="app", roleArn=role
        )
    assert not aws.eks.list_pod_identity_associations(clusterName="demo")["associations"]


def test_a_new_role_is_not_known_at_once(aws: Aws) -> None:
    aws.cluster()
    aws.settings(factor=8)
    role = pod_role(aws, "young")
    with refused("InvalidParameterException", "Role provided in the request does not exist."):
        associate(aws, role)
    aws.settings(factor=10_000_000)
    associate(aws, role)


def test_an_add_on_owns_its_associations(aws: Aws) -> None:
    aws.cluster()
    one, two = pod_role(aws, "one"), pod_role(aws, "two")
    where = {"clusterName": "demo", "addonName": "vpc-cni"}
    addon = aws.eks.create_addon(
        **where, podIdentityAssociations=[{"serviceAccount": "aws-node", "roleArn": one}]
    )["addon"]
    listed = aws.eks.list_pod_identity_associations(clusterName="demo")["associations"]
    assert [item["associationArn"] for item in listed] == addon["podIdentityAssociations"]
    assert listed[0]["ownerArn"] == addon["addonArn"] and listed[0]["namespace"] == "kube-system"
    mine = {"clusterName": "demo", "associationId": listed[0]["associationId"]}
    with refused("InvalidRequestException", "owned by"):
        aws.eks.delete_pod_identity_association(**mine)
    with refused("InvalidRequestException", "owned by"):
        aws.eks.update_pod_identity_association(**mine, roleArn=two)

    aws.eks.update_addon(**where, podIdentityAssociations=[{"serviceAccount": "aws-node", "roleArn": two}])
    assert aws.eks.describe_addon(**where)["addon"]["podIdentityAssociations"] == addon["podIdentityAssociations"]
    assert aws.eks.describe_pod_identity_association(**mine)["association"]["roleArn"] == two
    aws.eks.update_addon(**where, resolveConflicts="PRESERVE")
    assert "podIdentityAssociations" in aws.eks.describe_addon(**where)["addon"]
    aws.eks.update_addon(**where, podIdentityAssociations=[])
    assert "podIdentityAssociations" not in aws.eks.describe_addon(**where)["addon"]
    assert not aws.eks.list_pod_identity_associations(clusterName="demo")["associations"]



def test_they_go_with_the_add_on_unless_its_software_stays(aws: Aws) -> None:
    aws.cluster()
    where = {"clusterName": "demo", "addonName": "vpc-cni"}
    asked = [{"serviceAccount": "aws-node", "roleArn": pod_role(aws, "one")}]
    for preserve in (False, True):
        aws.eks.create_addon(**where, podIdentityAssociations=asked)
        aws.eks.describe_addon(**where)
        aws.eks.delete_addon(**where, preserve=preserve)
        with refused("ResourceNotFoundException"):
            aws.eks.describe_addon(**where)
        left = aws.eks.list_pod_identity_associations(clusterName="demo")["associations"]
        assert len(left) == preserve and not any("ownerArn" in item for item in left)


def test_an_add_on_takes_no_account_that_somebody_has(aws: Aws) -> None:
    aws.cluster()
    role = pod_role(aws, "one")
    aws.eks.create_pod_identity_association(
        clusterName="demo", namespace="kube-system", serviceAccount="aws-node", roleArn=role
    )
    asked = [{"serviceAccount": "aws-node", "roleArn": role}]
    with refused("ResourceInUseException", "Association already exists", 409):
        aws.eks.create_addon(clusterName="demo", addonName="vpc-cni", podIdentityAssociations=asked)
    assert aws.eks.list_addons(clusterName="demo")["addons"] == []
    aws.eks.create_addon(clusterName="demo", addonName="vpc-cni")
    aws.eks.describe_addon(clusterName="demo", addonName="vpc-cni")
    with refused("ResourceInUseException", "Association already exists", 409):
        aws.eks.update_addon(clusterName="demo", addonName="vpc-cni", podIdentityAssociations=asked)


def test_what_aws_recommends(aws: Aws) -> None:
    offered = {item["addonName"]: item for item in aws.eks.describe_addon_versions()["addons"]}
    for name, item in offered.items():
        version = item["addonVersions"][0]
        answer = aws.eks.describe_addon_configuration(addonName=name, addonVersion=version["addonVersion"])
        recommended = answer["podIdentityConfiguration"]
        assert bool(recommended) == version["requiresIamPermissions"], name
        for entry in recommended:
            for arn in entry["recommendedManagedPolicies"]:
                assert aws.iam.get_policy(PolicyArn=arn)["Policy"]["Arn"] == arn
    answer = aws.eks.describe_addon_configuration(
        addonName="aws-ebs-csi-driver", addonVersion="v1.52.1-eksbuild.1"
    )
    assert answer["podIdentityConfiguration"] == [
        {
            "serviceAccount": "ebs-csi-controller-sa",
            "recommendedManagedPolicies": ["arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"],
        }
    ]


def test_a_cluster_takes_its_associations_along_and_leaves_its_provider(aws: Aws) -> None:
    cluster = aws.cluster()
    url = cluster["identity"]["oidc"]["issuer"]
    tags = [{"Key": "Owner", "Value": "me"}]
    made = aws.iam.create_open_id_connect_provider(Url=url, ClientIDList=["sts.amazonaws.com"], Tags=tags)
    assert made["Tags"] == tags
    associate(aws, pod_role(aws, "one"))
    aws.eks.delete_cluster(name="demo")
    with refused("ResourceNotFoundException"):
        aws.eks.describe_cluster(name="demo")
    kinds = {line.split("\t")[1] for line in aws.inventory()}
    assert "pod-identity-association" not in kinds and "oidc-provider" in kinds
    assert any("oidc-provider" in line and "Owner=me" in line for line in aws.inventory())


def test_providers_of_openid_connect(aws: Aws) -> None:
    urls = [aws.cluster(name)["identity"]["oidc"]["issuer"] for name in ("demo", "other")]
    assert urls[0] != urls[1]
    arn = aws.iam.create_open_id_connect_provider(Url=urls[0], ClientIDList=["sts.amazonaws.com"])
    arn = arn["OpenIDConnectProviderArn"]
    assert arn == f"arn:aws:iam::{aws.account}:oidc-provider/{urls[0].removeprefix('https://')}"
    with refused("EntityAlreadyExists", f"Provider with url {urls[0]} already exists.", 409):
        aws.iam.create_open_id_connect_provider(Url=urls[0], ClientIDList=["sts.amazonaws.com"])
    with refused("ValidationError"):
        aws.iam.create_open_id_connect_provider(Url=urls[1].replace("https", "http"))
    assert [item["Arn"] for item in aws.iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]] == [arn]
    aws.iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="me")
    aws.iam.remove_client_id_from_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="gone")
    aws.iam.tag_open_id_connect_provider(OpenIDConnectProviderArn=arn, Tags=[{"Key": "K", "Value": "v"}])
    shown = aws.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert shown["Url"] == urls[0].removeprefix("https://")
    assert shown["ClientIDList"] == ["sts.amazonaws.com", "me"] and len(shown["ThumbprintList"]) == 1
    assert shown["Tags"] == [{"Key": "K", "Value": "v"}]
    aws.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    with refused("NoSuchEntity", status=404):
        aws.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    aws.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
