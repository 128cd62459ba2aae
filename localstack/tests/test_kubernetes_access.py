"""Who gets into a cluster, and what access entries and their policies let them do."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from conftest import Aws
from kube import NODES, PODS, Kube, cluster, config_map, later, namespace, token

POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKS{}Policy"
MAPS = "/api/v1/namespaces/{}/configmaps"
REVIEW = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}


@pytest.fixture(scope="module")
def live(kubernetes_shared: Aws) -> Iterator[dict]:
    """One cluster for the tests of this file, each with a caller of its own."""
    yield cluster(kubernetes_shared, "shared")


@pytest.fixture
def aws(kubernetes_shared: Aws) -> Aws:
    return kubernetes_shared


def entry(aws: Aws, live: dict, name: str, **changes) -> Kube:
    """A user of this name gets an access entry."""
    principal = f"arn:aws:iam::{aws.account}:user/{name}"
    aws.eks.create_access_entry(clusterName=live["name"], principalArn=principal, **changes)
    return Kube(aws, live, f"AKIA{aws.account}{name.upper()}")


def associate(aws: Aws, live: dict, name: str, policy: str, *namespaces: str) -> None:
    scope = {"type": "namespace", "namespaces": list(namespaces)} if namespaces else {"type": "cluster"}
    aws.eks.associate_access_policy(
        clusterName=live["name"],
        principalArn=f"arn:aws:iam::{aws.account}:user/{name}",
        policyArn=POLICY.format(policy),
        accessScope=scope,
    )


def whoami(kube: Kube) -> dict:
    status, answer = kube.call("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", REVIEW)
    assert status == 201, answer
    return answer["status"]["userInfo"]


def test_the_creator_may_do_everything(aws: Aws, live: dict) -> None:
    kube = Kube(aws, live)
    assert whoami(kube)["username"] == f"arn:aws:iam::{aws.account}:user/dev"
    assert kube.status("GET", NODES) == 200 and kube.status("GET", "/metrics") == 200
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "mine"},
        "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}],
    }
    assert kube.status("POST", "/apis/rbac.authorization.k8s.io/v1/clusterroles", role) == 201


def test_a_stranger_is_nobody(aws: Aws, live: dict) -> None:
    assert Kube(aws, live, f"AKIA{aws.account}STRANGER").status("GET", NODES) == 401
    assert Kube(aws, live, "AKIA999999999999").status("GET", NODES) == 401
    assert Kube(aws, live, "ASIAEXPIRED").status("GET", NODES) == 401
    assert Kube(aws, live, bearer="nonsense").status("GET", NODES) == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"action": "GetSessionToken"},
        {"header": "x-other"},
        {"expires": 901},
        {"endpoint": "https://example.com"},
        {"endpoint": "http://sts.us-west-2.amazonaws.com"},
        {"params": {"Extra": "1"}},
        {"edit": lambda url: url.replace("X-Amz-Date=", "X-Amz-Date=" + later(-1000) + "&Old=")},
        {"edit": lambda url: url.replace("/?", "/path?")},
        {"cluster": "another"},
    ],
    ids=lambda changes: "-".join(changes) if isinstance(changes, dict) else "",
)
def test_a_token_must_have_the_shape_of_one(aws: Aws, live: dict, changes: dict) -> None:
    changes = dict(changes)
    if name := changes.pop("cluster", ""):
        cluster(aws, name)
    bearer = token(aws, name or live["name"], **changes)
    assert Kube(aws, live, bearer=bearer).status("GET", NODES) == 401


@pytest.mark.parametrize("host", ["sts.amazonaws.com", "sts.us-west-2.amazonaws.com"])
def test_a_token_signed_for_the_real_sts_is_good_too(aws: Aws, live: dict, host: str) -> None:
    bearer = token(aws, live["name"], endpoint=f"https://{host}", secret="another")
    assert Kube(aws, live, bearer=bearer).status("GET", NODES) == 200


def test_an_old_token_is_refused(aws: Aws, live: dict) -> None:
    def old(url: str) -> str:
        date = url.partition("X-Amz-Date=")[2].partition("&")[0]
        return url.replace(date, later(-901))

    assert Kube(aws, live, bearer=token(aws, live["name"], edit=old)).status("GET", NODES) == 401


def test_view_reads_and_does_not_write(aws: Aws, live: dict) -> None:
    kube = entry(aws, live, "viewer")
    assert kube.status("GET", PODS.format("default")) == 403, "an entry alone allows nothing"
    associate(aws, live, "viewer", "View")
    assert kube.status("GET", PODS.format("default")) == 200, "and its policy counts at once"
    assert kube.status("GET", "/api/v1/pods") == 200
    assert kube.status("POST", MAPS.format("default"), config_map("x")) == 403
    assert kube.status("GET", "/api/v1/namespaces/default/secrets") == 403
    assert kube.status("GET", NODES) == 403, "the role view knows no nodes"


def test_edit_and_admin_write_what_their_roles_do(aws: Aws, live: dict) -> None:
    editor, admin = entry(aws, live, "editor"), entry(aws, live, "admin")
    associate(aws, live, "editor", "Edit")
    associate(aws, live, "admin", "Admin")
    roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles"
    for kube, name, roles_status in ((editor, "one", 403), (admin, "two", 200)):
        assert kube.status("POST", MAPS.format("default"), config_map(name)) == 201
        assert kube.status("GET", roles) == roles_status
        assert kube.status("POST", "/api/v1/namespaces", namespace(name)) == 403


def test_a_policy_reaches_as_far_as_its_scope(aws: Aws, live: dict) -> None:
    creator, kube = Kube(aws, live), entry(aws, live, "scoped")
    associate(aws, live, "scoped", "Edit", "team", "dev-*")
    for name in ("team", "dev-1"):
        assert creator.status("POST", "/api/v1/namespaces", namespace(name)) == 201
        assert kube.status("POST", MAPS.format(name), config_map("x")) == 201
    assert kube.status("POST", MAPS.format("default"), config_map("x")) == 403
    assert kube.status("GET", PODS.format("default")) == 403
    assert kube.status("GET", "/api/v1/pods") == 403, "not across all namespaces"


def test_cluster_admin_within_a_namespace(aws: Aws, live: dict) -> None:
    kube = entry(aws, live, "boss")
    associate(aws, live, "boss", "ClusterAdmin", "default")
    assert kube.status("GET", "/api/v1/namespaces/default/secrets") == 200
    assert kube.status("GET", "/api/v1/namespaces/kube-system/secrets") == 403
    assert kube.status("GET", NODES) == 403


def test_what_is_taken_away_is_gone_at_once(aws: Aws, live: dict) -> None:
    kube = entry(aws, live, "leaver")
    associate(aws, live, "leaver", "ClusterAdmin")
    assert kube.status("GET", NODES) == 200
    where = {"clusterName": live["name"], "principalArn": f"arn:aws:iam::{aws.account}:user/leaver"}
    aws.eks.disassociate_access_policy(**where, policyArn=POLICY.format("ClusterAdmin"))
    assert kube.status("GET", NODES) == 403
    aws.eks.associate_access_policy(
        **where, policyArn=POLICY.format("ClusterAdmin"), accessScope={"type": "cluster"}
    )
    assert kube.status("GET", NODES) == 200
    aws.eks.delete_access_entry(**where)
    assert kube.status("GET", NODES) in (401, 403)
    fresh = Kube(aws, live, f"AKIA{aws.account}LEAVER", bearer="")
    fresh.token = token(aws, live["name"], f"AKIA{aws.account}LEAVER", expires=61)
    assert fresh.status("GET", NODES) == 401


def test_groups_and_user_name_of_an_entry_reach_rbac(aws: Aws, live: dict) -> None:
    creator = Kube(aws, live)
    kube = entry(aws, live, "grouped", username="somebody", kubernetesGroups=["crew"])
    binding = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": "crew"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
        "subjects": [{"kind": "Group", "name": "crew", "apiGroup": "rbac.authorization.k8s.io"}],
    }
    bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"
    assert creator.status("POST", bindings, binding) == 201
    who = whoami(kube)
    assert who["username"] == "somebody" and "crew" in who["groups"]
    assert kube.status("GET", PODS.format("default")) == 200
    assert kube.status("POST", MAPS.format("default"), config_map("grouped")) == 403


def test_sessions_of_a_role_are_known_by_the_role(aws: Aws, live: dict) -> None:
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    role = aws.iam.create_role(RoleName="ops", Path="/team/", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    given = aws.client("sts").assume_role(RoleArn=role, RoleSessionName="ann")["Credentials"]
    identity = aws.client("sts", key=given["AccessKeyId"]).get_caller_identity()
    assert identity["Arn"] == f"arn:aws:sts::{aws.account}:assumed-role/ops/ann"
    kube = Kube(aws, live, given["AccessKeyId"])
    assert kube.status("GET", NODES) == 401
    made = aws.eks.create_access_entry(clusterName=live["name"], principalArn=role)["accessEntry"]
    assert made["username"] == f"arn:aws:sts::{aws.account}:assumed-role/ops/{{{{SessionName}}}}"
    assert whoami(kube)["username"] == identity["Arn"]


def test_a_cluster_of_the_config_map_knows_its_creator(aws: Aws) -> None:
    live = cluster(aws, "old", accessConfig={"authenticationMode": "CONFIG_MAP"})
    kube = Kube(aws, live)
    who = whoami(kube)
    assert who["username"] == "kubernetes-admin" and "system:masters" in who["groups"]
    assert Kube(aws, live, f"AKIA{aws.account}STRANGER").status("GET", NODES) == 401


def test_a_creator_who_wanted_no_permissions_has_none(aws: Aws) -> None:
    access = {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}
    live = cluster(aws, "closed", accessConfig=access)
    assert Kube(aws, live).status("GET", NODES) == 401
