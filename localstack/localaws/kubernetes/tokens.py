"""Bearer tokens of EKS: a presigned GetCallerIdentity, checked for its shape as aws-iam-authenticator does."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from urllib.parse import SplitResult, parse_qsl, quote, urlsplit

from ..callers import Caller, caller_of
from ..errors import ApiError, protocol_of
from ..http1 import Request

PREFIX = "k8s-aws-v1."
LONGEST = 4096
LIFETIME = timedelta(minutes=15)
# The secret key that this stack's own scripts hand out; what is signed with another one cannot be checked here.
SECRET = "local"
EMPTY = hashlib.sha256(b"").hexdigest()
AWS_HOST = re.compile(r"sts(\.[a-z0-9-]+)?\.(amazonaws\.com(\.cn)?|api\.aws)|sts-fips\.[a-z0-9-]+\.amazonaws\.com")
PARAMETERS = {
    "action",
    "version",
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-expires",
    "x-amz-security-token",
    "x-amz-signature",
    "x-amz-signedheaders",
}


class Invalid(Exception):
    """Why a token is not one."""


@dataclass
class Hosts:
    """This stack's own endpoint, by the port that the proxy listens on."""

    port: int = 0

    def known(self, scheme: str, host: str) -> bool:
        if host in (f"127.0.0.1:{self.port}", f"localhost:{self.port}"):
            return True
        return scheme == "https" and bool(AWS_HOST.fullmatch(host))


hosts = Hosts()


def caller(token: str, cluster: str, others: list[str]) -> Caller:
    """Who signed the token for this cluster; one that is known to be for one of the others is refused."""
    url = _decoded(token)
    parts = urlsplit(url)
    if not hosts.known(parts.scheme, parts.netloc):
        raise Invalid(f"unexpected hostname {parts.netloc!r} in pre-signed URL")
    if parts.path not in ("", "/"):
        raise Invalid("unexpected path in pre-signed URL")
    query = _query(parts.query)
    if query.get("action") != "GetCallerIdentity":
        raise Invalid("unexpected action parameter in pre-signed URL")
    if "x-k8s-aws-id" not in query.get("x-amz-signedheaders", "").lower().split(";"):
        raise Invalid("client did not sign the x-k8s-aws-id header in the pre-signed URL")
    _check_time(query)
    if other := next((name for name in others if name != cluster and _signed_for(parts, query, name)), None):
        raise Invalid(f"sts getCallerIdentity failed: the signature is for cluster {other!r}")
    return _signer(parts.query)


def _decoded(token: str) -> str:
    if len(token) > LONGEST:
        raise Invalid("token is too large")
    if not token.startswith(PREFIX):
        raise Invalid(f"token is missing expected {PREFIX!r} prefix")
    text = token.removeprefix(PREFIX)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise Invalid("token is not base64url") from None


def _query(text: str) -> dict[str, str]:
    query: dict[str, str] = {}
    for key, value in parse_qsl(text, keep_blank_values=True):
        key = key.lower()
        if key not in PARAMETERS:
            raise Invalid(f"non-whitelisted query parameter {key!r}")
        if key in query:
            raise Invalid("query parameter with multiple values not supported")
        query[key] = value
    return query


def _check_time(query: dict[str, str]) -> None:
    expires = query.get("x-amz-expires", "")
    if not expires.isdigit() or int(expires) > LIFETIME.total_seconds():
        raise Invalid("invalid X-Amz-Expires parameter in pre-signed URL")
    try:
        signed = datetime.strptime(query.get("x-amz-date", ""), "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        raise Invalid("error parsing X-Amz-Date parameter in pre-signed URL") from None
    now = datetime.now(timezone.utc)
    if not now - LIFETIME < signed < now + LIFETIME:
        raise Invalid(f"X-Amz-Date parameter is expired (15m0s expiration) {signed}")


def _signer(query: str) -> Caller:
    """Whom this stack's STS sees."""
    found = caller_of(Request("GET", f"/?{query}", {}))
    if not found or found.service != "sts":
        raise Invalid("the pre-signed URL carries no credential for sts")
    error: ApiError | None = found.bad_credentials(protocol_of("sts"))
    if error:
        raise Invalid(f"sts getCallerIdentity failed: {error}")
    return found


def _signed_for(parts: SplitResult, query: dict[str, str], cluster: str) -> bool:
    """Whether the signature is that of our own secret key for this cluster's name."""
    if query["x-amz-signedheaders"].lower() != "host;x-k8s-aws-id":
        return False
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = sorted((quote(k, "-_.~"), quote(v, "-_.~")) for k, v in pairs if k.lower() != "x-amz-signature")
    line = "&".join(f"{key}={value}" for key, value in kept)
    headers = f"host:{parts.netloc}\nx-k8s-aws-id:{cluster}\n\nhost;x-k8s-aws-id"
    canonical = hashlib.sha256(f"GET\n/\n{line}\n{headers}\n{EMPTY}".encode()).hexdigest()
    scope = query.get("x-amz-credential", "").split("/")[1:]
    text = "\n".join(["AWS4-HMAC-SHA256", query["x-amz-date"], "/".join(scope), canonical])
    key = f"AWS4{SECRET}".encode()
    for part in (*scope, text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.compare_digest(key.hex(), query.get("x-amz-signature", ""))
