"""Who a caller of AWS is inside a cluster: its access entry, and what that lets it do."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass, field
from typing import Any

from ..callers import ASSUMED, canonical
from ..eks.store import AccessEntry, Cluster

MASTERS = "system:masters"
# Each policy as the role whose rules it has; what is not here allows nothing by itself.
ROLES = {"AmazonEKSAdminPolicy": "admin", "AmazonEKSEditPolicy": "edit", "AmazonEKSViewPolicy": "view"}
EVERYTHING = [
    {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]},
    {"verbs": ["*"], "nonResourceURLs": ["*"]},
]
READING = ["get", "list", "watch"]
OWN_RULES = {
    "AmazonEKSClusterAdminPolicy": EVERYTHING,
    "AmazonEKSAdminViewPolicy": [{"verbs": READING, "apiGroups": ["*"], "resources": ["*"]}],
    "AmazonEKSSecretReaderPolicy": [{"verbs": READING, "apiGroups": [""], "resources": ["secrets"]}],
}


def _without_path(arn: str) -> str:
    """A session's ARN does not tell the role's path."""
    head, kind, rest = arn.partition(":role/")
    return head + kind + rest.rpartition("/")[2]


def entry_of(cluster: Cluster, arn: str) -> AccessEntry | None:
    wanted = canonical(arn)
    if wanted in cluster.entries:
        return cluster.entries[wanted]
    return next((item for key, item in cluster.entries.items() if _without_path(key) == wanted), None)


@dataclass
class Identity:
    username: str
    groups: list[str] = field(default_factory=list)


def identity(cluster: Cluster, arn: str) -> Identity | None:
    """None for a caller whom the cluster does not know."""
    mode = cluster.view["accessConfig"]["authenticationMode"]
    if mode != "CONFIG_MAP" and (entry := entry_of(cluster, arn)):
        session = ASSUMED.fullmatch(arn)
        name = entry.view["username"].replace("{{SessionName}}", session[4] if session else "")
        return Identity(name, list(entry.view["kubernetesGroups"]))
    if mode != "API" and canonical(arn) == cluster.creator:
        return Identity("kubernetes-admin", [MASTERS])
    return None


def allows(rules: list[dict[str, Any]], attributes: dict[str, Any]) -> bool:
    return any(_rule_allows(rule, attributes) for rule in rules)


def _rule_allows(rule: dict[str, Any], asked: dict[str, Any]) -> bool:
    """As RBAC reads its own rules."""
    if not _among(asked.get("verb", ""), rule.get("verbs")):
        return False
    if path := asked.get("path"):
        return any(fnmatch.fnmatchcase(path, url) for url in rule.get("nonResourceURLs") or [])
    resource, sub = asked.get("resource", ""), asked.get("subresource", "")
    names = rule.get("resourceNames")
    wanted = {resource + (f"/{sub}" if sub else "")} | ({f"*/{sub}"} if sub else set())
    return (
        _among(asked.get("group", ""), rule.get("apiGroups"))
        and ("*" in (rule.get("resources") or []) or not wanted.isdisjoint(rule.get("resources") or []))
        and (not names or asked.get("name", "") in names)
    )


def _among(value: str, listed: list[str] | None) -> bool:
    return "*" in (listed or []) or value in (listed or [])


def in_scope(association: dict[str, Any], namespace: str) -> bool:
    scope = association["accessScope"]
    if scope["type"] != "namespace":
        return True
    return bool(namespace) and any(fnmatch.fnmatchcase(namespace, item) for item in scope["namespaces"])
