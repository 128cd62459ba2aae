"""IAM and STS: AWS's own policies, the age of roles, and who the caller is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from .backends import Backends
from .call import Call
from .callers import session_key, user_id
from .clock import utcnow
from .errors import ApiError
from .patches import load_managed_policies, load_managed_policy
from .rules import rule


@rule(
    "iam",
    "AttachRolePolicy",
    "AttachUserPolicy",
    "AttachGroupPolicy",
    "GetPolicy",
    "GetPolicyVersion",
    "ListPolicyVersions",
    "ListEntitiesForPolicy",
)
def with_managed_policy(call: Call, moto: Any) -> Any:
    load_managed_policy(call.aws.iam, call.params.get("PolicyArn", ""))
    return moto.answer()


@rule("iam", "ListPolicies")
def list_policies(call: Call, moto: Any) -> Any:
    if call.params.get("Scope") != "Local":
        load_managed_policies(call.aws.iam)
    return moto.answer()


@rule("iam", "CreateRole")
def create_role(call: Call, moto: Any) -> Any:
    """Other services learn of a role a while after it is made."""
    answer = moto.answer()
    for role in call.aws.iam.roles.values():
        if role.name == call.params["RoleName"] and answer.status == 200 and call.world.clock.factor:
            call.world.role_born[role.arn] = call.world.clock.now()
    return answer


@rule("iam", "DeletePolicy")
def delete_policy(call: Call, moto: Any) -> Any:
    policy = call.aws.iam.managed_policies.get(call.params["PolicyArn"])
    if policy and policy.attachment_count > 0:
        raise ApiError("DeleteConflict", "Cannot delete a policy attached to entities.", 409)
    if policy and len(policy.versions) > 1:
        text = "This policy has more than one version. Before you delete a policy, delete its other versions."
        raise ApiError("DeleteConflict", text, 409)
    return moto.answer()


@rule("iam", "SimulatePrincipalPolicy")
def simulate_principal_policy(call: Call, moto: Any) -> Any:
    """What no fault rule denies is allowed, whatever policies say: nobody asks them elsewhere, either."""
    params = call.params
    source = params["PolicySourceArn"]
    if ":role/" in source and not any(role.arn == source for role in call.aws.iam.roles.values()):
        raise ApiError("NoSuchEntity", f"The role with name {source.split('/')[-1]} cannot be found.", 404)
    denied = moto.request.headers.get("x-local-denied", "").split()
    resources = params.get("ResourceArns") or ["*"]
    results = []
    for action in params["ActionNames"]:
        decision = "implicitDeny" if action in denied else "allowed"
        each = [{"EvalResourceName": arn, "EvalResourceDecision": decision} for arn in resources]
        results.append({
            "EvalActionName": action,
            "EvalResourceName": resources[0],
            "EvalDecision": decision,
            "MatchedStatements": [],
            "MissingContextValues": [],
            "ResourceSpecificResults": [] if resources == ["*"] else each,
        })
    return {"EvaluationResults": results, "IsTruncated": False}


@rule("sts", "GetCallerIdentity")
def get_caller_identity(call: Call, moto: Any) -> Any:
    return {"UserId": user_id(call.caller_arn), "Account": call.account, "Arn": call.caller_arn}


@rule("sts", "AssumeRoleWithWebIdentity")
def assume_role_with_web_identity(call: Call, moto: Any) -> Any:
    """A token is good if it is one by its form; who has signed it is not looked at."""
    token = call.params["WebIdentityToken"]
    if token.count(".") != 2:
        raise ApiError("InvalidIdentityToken", "The ID Token provided is not a valid JWT.", 400)
    return {**assume_role(call, moto), "SubjectFromWebIdentityToken": "local", "Audience": "sts.amazonaws.com"}


@rule("sts", "AssumeRole")
def assume_role(call: Call, moto: Any) -> Any:
    """Credentials that say themselves which session they are; the role's trust is not asked."""
    arn, session = call.params["RoleArn"], call.params["RoleSessionName"]
    account, name = arn.split(":")[4], arn.split("/")[-1]
    if not any(role.arn == arn for role in Backends(account, "aws").iam.roles.values()):
        text = f"User: {call.caller_arn} is not authorized to perform: sts:AssumeRole on resource: {arn}"
        raise ApiError("AccessDenied", text, 403)
    assumed = f"arn:aws:sts::{account}:assumed-role/{name}/{session}"
    lasts = timedelta(seconds=int(call.params.get("DurationSeconds") or 3600))
    credentials = {
        "AccessKeyId": session_key(account, name, session),
        "SecretAccessKey": "local",
        "SessionToken": "local",
        "Expiration": utcnow() + lasts,
    }
    user = {"AssumedRoleId": user_id(assumed), "Arn": assumed}
    return {"Credentials": credentials, "AssumedRoleUser": user}
