"""IAM's OpenID Connect providers, where moto is lax or lacks an operation."""

from __future__ import annotations

from typing import Any

from .call import Call
from .errors import ApiError
from .rules import rule

# What IAM itself finds for the issuers of EKS when nobody gives a thumbprint.
THUMBPRINT = "9e99a48a9960b14926bb7f3b02e22da2b0ab7280"


@rule("iam", "CreateOpenIDConnectProvider")
def create_provider(call: Call, moto: Any) -> Any:
    params, iam = call.params, call.aws.iam
    url = params["Url"]
    if not url.startswith("https://"):
        raise ApiError("ValidationError", "Invalid Open ID Connect Provider URL", 400)
    name = url.removeprefix("https://").rstrip("/")
    if any(item.url.rstrip("/") == name for item in iam.open_id_providers.values()):
        raise ApiError("EntityAlreadyExists", f"Provider with url {url} already exists.", 409)
    thumbprints = params.get("ThumbprintList") or [THUMBPRINT]
    tags = params.get("Tags", [])
    made = iam.create_open_id_connect_provider(url, thumbprints, params.get("ClientIDList", []), tags)
    return {"OpenIDConnectProviderArn": made.arn, "Tags": tags}


def _provider(call: Call) -> Any:
    arn = call.params["OpenIDConnectProviderArn"]
    found = call.aws.iam.open_id_providers.get(arn)
    if not found:
        raise ApiError("NoSuchEntity", f"OpenIDConnect Provider not found for arn {arn}", 404)
    return found


@rule(
    "iam",
    "GetOpenIDConnectProvider",
    "ListOpenIDConnectProviderTags",
    "TagOpenIDConnectProvider",
    "UntagOpenIDConnectProvider",
    "UpdateOpenIDConnectProviderThumbprint",
)
def of_known_provider(call: Call, moto: Any) -> Any:
    _provider(call)
    return moto.answer()


@rule("iam", "AddClientIDToOpenIDConnectProvider")
def add_client(call: Call, moto: Any) -> Any:
    """Adding one that is there, or removing one that is not, changes nothing and is no error."""
    provider, client = _provider(call), call.params["ClientID"]
    if client not in provider.client_id_list:
        provider.client_id_list.append(client)
    return {}


@rule("iam", "RemoveClientIDFromOpenIDConnectProvider")
def remove_client(call: Call, moto: Any) -> Any:
    provider = _provider(call)
    provider.client_id_list = [item for item in provider.client_id_list if item != call.params["ClientID"]]
    return {}
