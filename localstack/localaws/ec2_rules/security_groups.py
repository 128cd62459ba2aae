"""A new security group is answered with its tags."""

from __future__ import annotations

from typing import Any

from moto.ec2.utils import convert_tag_spec

from ..call import Call
from ..rules import rule


@rule("ec2", "CreateSecurityGroup")
def create_security_group(call: Call, moto: Any) -> Any:
    params, ec2 = call.params, call.aws.ec2
    tags = convert_tag_spec(params.get("TagSpecifications", [])).get("security-group", {})
    if vpc_id := params.get("VpcId"):
        ec2.get_vpc(vpc_id)
    group = ec2.create_security_group(params["GroupName"], params["Description"], vpc_id=vpc_id, tags=tags)
    shown = [{"Key": key, "Value": value} for key, value in tags.items()]
    return {"GroupId": group.id, "SecurityGroupArn": group.arn, "Tags": shown}
