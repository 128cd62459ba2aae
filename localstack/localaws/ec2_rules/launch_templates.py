"""Launch templates: data kept as sent, live tags, versions made from versions."""

from __future__ import annotations

import copy
from typing import Any

from moto.ec2.utils import convert_tag_spec, parse_user_data

from ..call import Call
from ..errors import ApiError
from ..rules import rule
from .filters import select

FIELDS = {"launch-template-name": "name", "create-time": "create_time"}


def _data(call: Call) -> dict[str, Any]:
    data = copy.deepcopy(dict(call.params.get("LaunchTemplateData", {})))
    if data.get("UserData"):
        data["UserData"] = parse_user_data(data["UserData"])
    groups = data.get("SecurityGroupIds") or []
    for ident in groups:
        if not call.aws.ec2.get_security_group_from_id(ident):
            raise ApiError("InvalidGroup.NotFound", f"The security group '{ident}' does not exist")
    return data


def _shown(call: Call, template: Any) -> dict[str, Any]:
    return {
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "CreateTime": template.create_time,
        "CreatedBy": call.caller_arn,
        "DefaultVersionNumber": template.default_version_number,
        "LatestVersionNumber": template.versions[-1].number,
        "Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in template.get_tags()],
    }


def _shown_version(call: Call, version: Any) -> dict[str, Any]:
    template = version.template
    return {
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "VersionNumber": version.number,
        "VersionDescription": version.description or None,
        "CreateTime": version.create_time,
        "CreatedBy": call.caller_arn,
        "DefaultVersion": template.is_default(version),
        "LaunchTemplateData": version.data,
    }


def _template(call: Call) -> Any:
    ec2, params = call.aws.ec2, call.params
    if name := params.get("LaunchTemplateName"):
        ident = ec2.launch_template_name_to_ids.get(name)
        if not ident:
            text = f"The specified launch template, with template name {name}, does not exist."
            raise ApiError("InvalidLaunchTemplateName.NotFoundException", text)
        return ec2.launch_templates[ident]
    ident = params.get("LaunchTemplateId", "")
    if ident not in ec2.launch_templates:
        raise _unknown(ident)
    return ec2.launch_templates[ident]


def _unknown(ident: str) -> ApiError:
    text = f"The specified launch template, with template ID {ident}, does not exist."
    return ApiError("InvalidLaunchTemplateId.NotFound", text)


def _version(template: Any, asked: str) -> Any:
    number = {"$latest": template.versions[-1].number, "$default": template.default_version_number}.get(
        asked.lower()
    )
    number = number or (int(asked) if asked.isdigit() else 0)
    for version in template.versions:
        if version.number == number:
            return version
    text = f"Could not find the specified version {asked} for the launch template with ID {template.id}."
    raise ApiError("InvalidLaunchTemplateId.VersionNotFound", text)


@rule("ec2", "CreateLaunchTemplate")
def create_launch_template(call: Call, moto: Any) -> Any:
    name = call.params["LaunchTemplateName"]
    if name in call.aws.ec2.launch_template_name_to_ids:
        text = "Launch template name already in use."
        raise ApiError("InvalidLaunchTemplateName.AlreadyExistsException", text)
    tags = convert_tag_spec(call.params.get("TagSpecifications", []))
    description = call.params.get("VersionDescription", "")
    template = call.aws.ec2.create_launch_template(name, description, _data(call), tags)
    return {"LaunchTemplate": _shown(call, template)}


@rule("ec2", "CreateLaunchTemplateVersion")
def create_launch_template_version(call: Call, moto: Any) -> Any:
    template = _template(call)
    data = _data(call)
    if source := call.params.get("SourceVersion"):
        data = {**copy.deepcopy(_version(template, str(source)).data), **data}
    version = template.create_version(data, call.params.get("VersionDescription", ""))
    return {"LaunchTemplateVersion": _shown_version(call, version)}


@rule("ec2", "ModifyLaunchTemplate")
def modify_launch_template(call: Call, moto: Any) -> Any:
    template = _template(call)
    asked = call.params.get("DefaultVersion") or call.params.get("SetDefaultVersion")
    template.default_version_number = _version(template, str(asked)).number
    return {"LaunchTemplate": _shown(call, template)}


@rule("ec2", "DeleteLaunchTemplate")
def delete_launch_template(call: Call, moto: Any) -> Any:
    template = _template(call)
    shown = _shown(call, template)
    call.aws.ec2.delete_launch_template("", template.id)
    call.aws.ec2.tags.pop(template.id, None)
    return {"LaunchTemplate": shown}


@rule("ec2", "DescribeLaunchTemplates")
def describe_launch_templates(call: Call, moto: Any) -> Any:
    ec2, params = call.aws.ec2, call.params
    found = list(ec2.launch_templates.values())
    if idents := params.get("LaunchTemplateIds"):
        for ident in idents:
            if ident not in ec2.launch_templates:
                raise _unknown(ident)
        found = [item for item in found if item.id in idents]
    if names := params.get("LaunchTemplateNames"):
        for name in names:
            if name not in ec2.launch_template_name_to_ids:
                text = "At least one of the launch templates specified in the request does not exist."
                raise ApiError("InvalidLaunchTemplateName.NotFoundException", text)
        found = [item for item in found if item.name in names]
    found = select(found, params.get("Filters", []), FIELDS)
    return {"LaunchTemplates": [_shown(call, item) for item in found]}


@rule("ec2", "DescribeLaunchTemplateVersions")
def describe_launch_template_versions(call: Call, moto: Any) -> Any:
    params = call.params
    asked = [str(item) for item in params.get("Versions", [])]
    if not params.get("LaunchTemplateId") and not params.get("LaunchTemplateName"):
        templates = list(call.aws.ec2.launch_templates.values())
        if not asked or any(item not in ("$Latest", "$Default") for item in asked):
            text = "For all launch templates, Versions must be $Latest, $Default, or both."
            raise ApiError("InvalidParameterValue", text)
    else:
        templates = [_template(call)]
    found = []
    for template in templates:
        versions = (
            [_version(template, item) for item in asked] if asked else list(reversed(template.versions))
        )
        low, high = int(params.get("MinVersion") or 0), int(params.get("MaxVersion") or 10**9)
        found += [item for item in versions if low <= item.number <= high]
    return {"LaunchTemplateVersions": [_shown_version(call, item) for item in found]}
