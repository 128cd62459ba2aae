"""TagResource, UntagResource, ListTagsForResource, and lists of what nobody makes here."""

from __future__ import annotations

from typing import Any

from ..call import Call
from ..errors import ApiError
from . import checks
from .registry import Answer, operation


def _tagged(call: Call) -> dict[str, Any]:
    """The view whose `tags` an ARN means."""
    arn = call.params["resourceArn"]
    for cluster in call.store.clusters.values():
        if cluster.view["arn"] == arn:
            return cluster.view
        for association in cluster.associations.values():
            if association["associationArn"] == arn:
                return association
        things = [*cluster.nodegroups.values(), *cluster.addons.values(), *cluster.entries.values()]
        for thing in things:
            if arn in (
                thing.view.get("nodegroupArn"),
                thing.view.get("addonArn"),
                thing.view.get("accessEntryArn"),
            ):
                return thing.view
    raise ApiError("NotFoundException", f"Resource was not found: {arn}", 404)


@operation("TagResource")
def tag_resource(call: Call) -> Answer:
    view = _tagged(call)
    view["tags"] = checks.tags({**view["tags"], **checks.tags(call.params["tags"])})
    return {}


@operation("UntagResource")
def untag_resource(call: Call) -> Answer:
    view = _tagged(call)
    view["tags"] = {key: value for key, value in view["tags"].items() if key not in call.params["tagKeys"]}
    return {}


@operation("ListTagsForResource")
def list_tags_for_resource(call: Call) -> Answer:
    return {"tags": _tagged(call)["tags"]}


def _empty(name: str, member: str) -> None:
    @operation(name)
    def empty(call: Call) -> Answer:
        call.store.cluster(call.params["clusterName"])
        return {member: []}


for _name, _member in (
    ("ListFargateProfiles", "fargateProfileNames"),
    ("ListIdentityProviderConfigs", "identityProviderConfigs"),
    ("ListInsights", "insights"),
):
    _empty(_name, _member)
