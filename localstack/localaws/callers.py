"""Who calls: the account, the caller's name, the state of the credentials, all read off the access key."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from urllib.parse import parse_qs

from .errors import ApiError
from .http1 import Request

DEFAULT_ACCOUNT = "123456789012"
SCOPE = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")
QUERY_SCOPE = re.compile(r"^([^/]+)/\d{8}/([^/]+)/([^/]+)/aws4_request$")
ASSUMED = re.compile(r"arn:(aws[a-z-]*):sts::(\d{12}):assumed-role/([^/]+)/(.+)")
SESSION_KEY = re.compile(r"^ASIA(\d{12})9([A-Z2-7]+)$")
ACCOUNT_KEY = re.compile(r"^(?:AKIA|ASIA)(\d{12})([A-Za-z]*)$")

EXPIRED = {
    "ec2": ("RequestExpired", "Request has expired.", 400),
    "rest-json": ("ExpiredTokenException", "The security token included in the request is expired", 403),
    "json": ("ExpiredTokenException", "The security token included in the request is expired", 400),
    "query": ("ExpiredToken", "The security token included in the request is expired", 403),
}
INVALID = {
    "ec2": ("AuthFailure", "AWS was not able to validate the provided access credentials", 401),
    "rest-json": (
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
        403,
    ),
    "json": ("UnrecognizedClientException", "The security token included in the request is invalid.", 400),
    "query": ("InvalidClientTokenId", "The security token included in the request is invalid.", 403),
}


@dataclass
class Caller:
    access_key: str
    region: str
    service: str

    @property
    def account(self) -> str:
        match = SESSION_KEY.match(self.access_key) or ACCOUNT_KEY.match(self.access_key)
        return match[1] if match else DEFAULT_ACCOUNT

    @property
    def user(self) -> str:
        match = ACCOUNT_KEY.match(self.access_key)
        return match[2].lower() if match and match[2] else "dev"

    @property
    def session(self) -> str:
        """`role/session` of credentials that AssumeRole gave out: they say it themselves."""
        match = SESSION_KEY.match(self.access_key)
        try:
            return base64.b32decode(match[2] + "=" * (-len(match[2]) % 8)).decode() if match else ""
        except (binascii.Error, UnicodeDecodeError):
            return ""

    @property
    def arn(self) -> str:
        if session := self.session:
            return f"arn:aws:sts::{self.account}:assumed-role/{session}"
        return f"arn:aws:iam::{self.account}:user/{self.user}"

    def bad_credentials(self, protocol: str) -> ApiError | None:
        if self.access_key.startswith("ASIAEXPIRED"):
            return ApiError(*EXPIRED[protocol])
        if self.access_key.startswith("AKIAINVALID"):
            return ApiError(*INVALID[protocol])
        return None


def session_key(account: str, role: str, session: str) -> str:
    return f"ASIA{account}9{base64.b32encode(f'{role}/{session}'.encode()).decode().rstrip('=')}"


def canonical(arn: str) -> str:
    """The role behind a session; anything else as it is."""
    match = ASSUMED.fullmatch(arn)
    return f"arn:{match[1]}:iam::{match[2]}:role/{match[3]}" if match else arn


def user_id(arn: str) -> str:
    """As GetCallerIdentity gives it; a session's carries the session's name."""
    account, name = arn.split(":")[4], arn.split("/", 1)[1]
    if match := ASSUMED.fullmatch(arn):
        return f"AROA{account}{match[3].upper()}:{match[4]}"
    return f"AIDA{account}{name.upper()}"


def caller_of(request: Request) -> Caller | None:
    """From the Authorization header, or from the query of a presigned request; None if it is not signed."""
    if match := SCOPE.search(request.headers.get("authorization", "")):
        return Caller(match[1], match[2], match[3])
    credential = parse_qs(request.query).get("X-Amz-Credential", [""])[0]
    if match := QUERY_SCOPE.match(credential):
        return Caller(match[1], match[2], match[3])
    return None


def bearer_of(request: Request) -> Caller | None:
    """Who has no keys yet, and asks for some with a token: the account is that of the role."""
    form = parse_qs(request.body.decode("utf-8", "replace"))
    role = form.get("RoleArn", [""])[0].split(":")
    if form.get("Action") != ["AssumeRoleWithWebIdentity"] or len(role) < 6:
        return None
    return Caller(f"AKIA{role[4]}", "us-east-1", "sts")
