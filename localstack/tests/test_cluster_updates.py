"""Updates of a cluster: one at a time, one type a call, nothing for no change."""

from __future__ import annotations

import pytest

from conftest import Aws, refused


def update(aws: Aws, **changes) -> dict:
    ident = aws.eks.update_cluster_config(name="demo", **changes)["update"]["id"]
    return aws.eks.describe_update(name="demo", updateId=ident)["update"]


def live(aws: Aws) -> dict:
    return aws.eks.describe_cluster(name="demo")["cluster"]


def test_each_type_of_update(aws: Aws) -> None:
    aws.cluster(accessConfig={"authenticationMode": "CONFIG_MAP"})
    group = aws.ec2.create_security_group(
        GroupName="extra", Description="x", VpcId=live(aws)["resourcesVpcConfig"]["vpcId"]
    )["GroupId"]
    on = {"clusterLogging": [{"types": ["api"], "enabled": True}]}
    expected = {
        "LoggingUpdate": {"logging": on},
        "EndpointAccessUpdate": {"resourcesVpcConfig": {"endpointPrivateAccess": True}},
        "VpcConfigUpdate": {"resourcesVpcConfig": {"securityGroupIds": [group]}},
        "AccessConfigUpdate": {"accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP"}},
        "UpgradePolicyUpdate": {"upgradePolicy": {"supportType": "STANDARD"}},
        "ZonalShiftConfigUpdate": {"zonalShiftConfig": {"enabled": True}},
        "DeletionProtectionUpdate": {"deletionProtection": True},
    }
    for kind, changes in expected.items():
        done = update(aws, **changes)
        assert (done["type"], done["status"], done["errors"]) == (kind, "Successful", [])
    after = live(aws)
    assert after["logging"]["clusterLogging"][0] == {"types": ["api"], "enabled": True}
    assert after["resourcesVpcConfig"]["endpointPrivateAccess"] is True
    assert after["resourcesVpcConfig"]["securityGroupIds"] == [group]
    assert after["accessConfig"]["authenticationMode"] == "API_AND_CONFIG_MAP"
    assert after["deletionProtection"] is True and after["zonalShiftConfig"] == {"enabled": True}
    assert len(aws.eks.list_updates(name="demo")["updateIds"]) == len(expected)
    with refused("InvalidParameterException", "Unsupported authentication mode update"):
        update(aws, accessConfig={"authenticationMode": "CONFIG_MAP"})


@pytest.mark.parametrize(
    "changes",
    [
        {"resourcesVpcConfig": {"endpointPublicAccess": True}},
        {"accessConfig": {"authenticationMode": "API"}},
        {"upgradePolicy": {"supportType": "EXTENDED"}},
        {"deletionProtection": False},
    ],
)
def test_no_change_is_refused(aws: Aws, changes: dict) -> None:
    aws.cluster()
    with refused("InvalidParameterException", "already at the desired configuration"):
        update(aws, **changes)


def test_no_change_of_logging_is_refused(aws: Aws) -> None:
    aws.cluster()
    with refused("InvalidParameterException", "No changes needed for the logging config provided"):
        update(aws, logging={"clusterLogging": [{"types": ["api"], "enabled": False}]})


def test_one_type_a_call(aws: Aws) -> None:
    aws.cluster()
    with refused("InvalidParameterException", "Only one type of update can be allowed."):
        update(aws, deletionProtection=True, upgradePolicy={"supportType": "STANDARD"})
    with refused("InvalidParameterException", "Only one type of update can be allowed."):
        config = {"endpointPrivateAccess": True, "subnetIds": live(aws)["resourcesVpcConfig"]["subnetIds"]}
        update(aws, resourcesVpcConfig=config)


def test_one_update_at_a_time_and_nothing_beside_it(aws: Aws) -> None:
    cluster = aws.cluster()
    request = aws.nodegroup_request(cluster)
    aws.settings(paused=True)
    first = aws.eks.update_cluster_config(name="demo", deletionProtection=True)["update"]
    assert live(aws)["status"] == "UPDATING" and live(aws)["deletionProtection"] is False
    assert aws.eks.describe_update(name="demo", updateId=first["id"])["update"]["status"] == "InProgress"
    with refused("ResourceInUseException", "currently has update", 409):
        update(aws, upgradePolicy={"supportType": "STANDARD"})
    with refused("ResourceInUseException", "not in ACTIVE status", 409):
        aws.eks.create_nodegroup(**request)
    with refused("ResourceInUseException", "not in ACTIVE status", 409):
        aws.eks.create_addon(clusterName="demo", addonName="vpc-cni")
    with refused("ResourceInUseException", "update in progress", 409):
        aws.eks.delete_cluster(name="demo")
    aws.eks.tag_resource(resourceArn=cluster["arn"], tags={"exempt": "yes"})
    aws.settings(paused=False)
    assert live(aws)["status"] == "ACTIVE" and live(aws)["deletionProtection"] is True


def test_version_goes_one_minor_up(aws: Aws) -> None:
    aws.cluster(version="1.33")
    with refused(
        "InvalidParameterException", "Unsupported Kubernetes minor version update from 1.33 to 1.35"
    ):
        aws.eks.update_cluster_version(name="demo", version="1.35")
    with refused("InvalidParameterException", "unsupported Kubernetes version"):
        aws.eks.update_cluster_version(name="demo", version="1.99")
    done = aws.eks.update_cluster_version(name="demo", version="1.34")["update"]
    assert done["type"] == "VersionUpdate"
    assert live(aws)["version"] == "1.34"


def test_unknown_update(aws: Aws) -> None:
    aws.cluster()
    with refused("ResourceNotFoundException", "No update found", 404):
        aws.eks.describe_update(name="demo", updateId="00000000-0000-0000-0000-000000000000")
