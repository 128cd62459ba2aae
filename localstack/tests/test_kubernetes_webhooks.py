"""The load balancer controller as the API server meets it: its webhooks, its load balancers, and who metrics are from."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from conftest import Aws, eventually, refused
from kube import Kube, cluster, nodegroup
from localaws.kubernetes.certificates import Authority
from test_kubernetes_workloads import ready, run

SYSTEM = "/api/v1/namespaces/kube-system"
INGRESSES = "/apis/networking.k8s.io/v1/namespaces/default/ingresses"
NAME = "aws-load-balancer-controller"
SERVICE = "aws-load-balancer-webhook-service"
DEPLOYMENT = f"/apis/apps/v1/namespaces/kube-system/deployments/{NAME}"
MOUNT = {"name": "cert", "mountPath": "/tmp/k8s-webhook-server/serving-certs"}


def deployment(replicas: int = 2) -> dict[str, Any]:
    labels = {"app.kubernetes.io/name": NAME}
    container = {
        "name": NAME,
        "image": f"public.ecr.aws/eks/{NAME}:v3.5.0",
        "args": ["--cluster-name=demo", "--ingress-class=alb"],
        "ports": [{"name": "webhook-server", "containerPort": 9443}],
        "volumeMounts": [MOUNT],
    }
    volume = {"name": "cert", "secret": {"secretName": "aws-load-balancer-tls"}}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container], "volumes": [volume]}}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": NAME}, "spec": spec}


def secret(authority: Authority) -> dict[str, Any]:
    pair = authority.serving([], (f"{SERVICE}.kube-system.svc",))
    data = dict(zip(("tls.crt", "tls.key"), (base64.b64encode(item).decode() for item in pair)))
    whole = {"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls", "data": data}
    return {**whole, "metadata": {"name": "aws-load-balancer-tls"}}


def webhook(kind: str, name: str, path: str, authority: Authority, group: str, resource: str) -> dict[str, Any]:
    rule = {"apiGroups": [group], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": [resource]}
    where = {"name": SERVICE, "namespace": "kube-system", "path": path}
    hook = {
        "name": name,
        "clientConfig": {"caBundle": base64.b64encode(authority.pem).decode(), "service": where},
        "rules": [rule],
        "failurePolicy": "Fail",
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
        "timeoutSeconds": 2,
        "objectSelector": {"matchLabels": {"tested": "yes"}},
    }
    api = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": f"{kind}WebhookConfiguration"}
    return {**api, "metadata": {"name": f"{kind.lower()}-{resource}"}, "webhooks": [hook]}


def ingress(name: str, kind: str = "alb", **metadata: Any) -> dict[str, Any]:
    spec = {
        "ingressClassName": kind,
        "defaultBackend": {"service": {"name": "web", "port": {"number": 80}}},
    }
    where = {"name": name, "labels": {"tested": "yes"}, **metadata}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": where, "spec": spec}


def install(kube: Kube, authority: Authority) -> None:
    hooks = "/apis/admissionregistration.k8s.io/v1"
    networking = ("networking.k8s.io", "ingresses")
    kube.make(f"{SYSTEM}/secrets", secret(authority))
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": SERVICE},
        "spec": {
            "selector": {"app.kubernetes.io/name": NAME},
            "ports": [{"port": 443, "targetPort": "webhook-server"}],
        },
    }
    kube.make(f"{SYSTEM}/services", service)
    kube.make(
        f"{hooks}/validatingwebhookconfigurations",
        webhook("Validating", "vingress.elbv2.k8s.aws", "/validate-networking-v1-ingress", authority, *networking),
    )
    kube.make(
        f"{hooks}/mutatingwebhookconfigurations",
        webhook("Mutating", "mservice.elbv2.k8s.aws", "/mutate-v1-service", authority, "", "services"),
    )
    kind = {"apiVersion": "networking.k8s.io/v1", "kind": "IngressClass", "metadata": {"name": "alb"}}
    kube.make("/apis/networking.k8s.io/v1/ingressclasses", {**kind, "spec": {"controller": "ingress.k8s.aws/alb"}})


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def kube(controlled: Aws, authority: Authority) -> Kube:
    live = cluster(controlled)
    nodegroup(controlled, live)
    kube = Kube(controlled, live)
    install(kube, authority)
    return kube


@pytest.fixture
def controller(kube: Kube) -> Iterator[str]:
    """Running with two pods; gone after the test."""
    path = run(kube, "kube-system", deployment())
    ready(kube, path, 2)
    eventually(lambda: "no endpoints" not in verdict(kube))
    yield path
    for item in kube.items(INGRESSES):
        kube.call("DELETE", f"{INGRESSES}/{item['metadata']['name']}")
    eventually(lambda: not kube.items(INGRESSES))
    kube.call("DELETE", path)
    eventually(lambda: not pods(kube))
    eventually(lambda: "no endpoints" in verdict(kube))


def scale(kube: Kube, replicas: int) -> None:
    where = {"name": NAME, "namespace": "kube-system"}
    body = {"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": where, "spec": {"replicas": replicas}}
    assert kube.status("PUT", f"{DEPLOYMENT}/scale", body) == 200


def pods(kube: Kube) -> list[dict[str, Any]]:
    return kube.items(f"{SYSTEM}/pods?labelSelector=app.kubernetes.io%2Fname%3D{NAME}")


def verdict(kube: Kube, kind: str = "alb") -> str:
    """What is said to an Ingress that is only tried: nothing where it is accepted."""
    status, answer = kube.call("POST", f"{INGRESSES}?dryRun=All", ingress("probe", kind))
    return "" if status == 201 else answer["message"]


def balancers(aws: Aws) -> list[str]:
    return [line for line in aws.inventory() if line.startswith("elbv2\tload-balancer")]


def test_nobody_answers_before_a_pod_is_ready(kube: Kube) -> None:
    assert f'no endpoints available for service "{SERVICE}"' in verdict(kube)


def test_the_controllers_words(kube: Kube, controller: str) -> None:
    assert verdict(kube) == ""
    refusal = verdict(kube, "nothing")
    assert 'admission webhook "vingress.elbv2.k8s.aws" denied the request' in refusal
    assert 'invalid ingress class: IngressClass.networking.k8s.io "nothing" not found' in refusal


def test_late_wrong_expired_and_silent(controlled: Aws, kube: Kube, controller: str) -> None:
    words = {
        "late": "Bad Gateway",
        "wrong-certificate": "certificate signed by unknown authority",
        "expired": "certificate has expired or is not yet valid",
        "hanging": "deadline exceeded",
    }
    for mode, said in words.items():
        controlled.settings(webhook={"demo": mode})
        assert said in verdict(kube), mode
    controlled.settings(webhook={})
    assert verdict(kube) == ""


def test_a_pod_has_the_certificate_of_its_start_for_a_while(
    controlled: Aws, kube: Kube, controller: str, authority: Authority
) -> None:
    controlled.settings(webhook={"demo": "stale-certificate"})
    # Done with one Ingress from its beginning to its end, the stack has seen both pods.
    kube.make(INGRESSES, ingress("seen"))
    eventually(lambda: balancers(controlled))
    kube.call("DELETE", f"{INGRESSES}/seen")
    eventually(lambda: kube.status("GET", f"{INGRESSES}/seen") == 404)
    path = f"{SYSTEM}/secrets/aws-load-balancer-tls"
    kube.call("PUT", path, secret(Authority()))
    assert verdict(kube) == ""
    controlled.settings(webhook={})
    assert "unknown authority" in verdict(kube)
    kube.call("PUT", path, secret(authority))
    assert verdict(kube) == ""


def test_a_controller_that_crashes_answers_nobody(controlled: Aws, kube: Kube, controller: str) -> None:
    controlled.settings(pods={f"kube-system/{NAME}": "crash"})
    eventually(lambda: "no endpoints" in verdict(kube))
    controlled.settings(pods={})
    eventually(lambda: verdict(kube) == "")


def test_an_ingress_gets_a_load_balancer(controlled: Aws, kube: Kube, controller: str) -> None:
    kube.make(INGRESSES, ingress("web"))

    def hostname() -> str:
        status = kube.get(f"{INGRESSES}/web")["status"]
        return (status["loadBalancer"].get("ingress") or [{}])[0].get("hostname", "")

    eventually(hostname)
    assert kube.get(f"{INGRESSES}/web")["metadata"]["finalizers"] == ["ingress.k8s.aws/resources"]
    (made,) = balancers(controlled)
    assert "elbv2.k8s.aws/cluster=demo" in made and "ingress.k8s.aws/stack=default/web" in made
    shown = controlled.client("elbv2").describe_load_balancers()["LoadBalancers"][0]
    assert (shown["DNSName"], shown["Type"], shown["Scheme"]) == (hostname(), "application", "internal")
    kube.call("DELETE", f"{INGRESSES}/web")
    eventually(lambda: kube.status("GET", f"{INGRESSES}/web") == 404)
    assert balancers(controlled) == []
    assert not any("security-group" in line and "elbv2.k8s.aws" in line for line in controlled.inventory())


def test_a_load_balancer_holds_its_subnets(controlled: Aws, kube: Kube, controller: str) -> None:
    scheme = {"alb.ingress.kubernetes.io/scheme": "internet-facing"}
    kube.make(INGRESSES, ingress("web", annotations=scheme))
    eventually(lambda: balancers(controlled))
    (shown,) = controlled.client("elbv2").describe_load_balancers()["LoadBalancers"]
    subnets = [item["SubnetId"] for item in shown["AvailabilityZones"]]
    filters = [{"Name": "description", "Values": [f"ELB app/{shown['LoadBalancerName']}/*"]}]
    found = controlled.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]
    assert {item["SubnetId"] for item in found} == set(subnets) and len(subnets) == 2
    assert all(item["Groups"][0]["GroupId"] == shown["SecurityGroups"][0] for item in found)
    with refused("DependencyViolation"):
        controlled.ec2.delete_subnet(SubnetId=subnets[0])
    with refused("DependencyViolation"):
        controlled.ec2.delete_security_group(GroupId=shown["SecurityGroups"][0])
    # The interfaces outlive the load balancer for a while, and the Ingress waits for them.
    controlled.settings(factor=1)
    kube.call("DELETE", f"{INGRESSES}/web")
    eventually(lambda: balancers(controlled) == [])
    assert controlled.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]
    assert kube.status("GET", f"{INGRESSES}/web") == 200
    controlled.settings(factor=0)
    eventually(lambda: kube.status("GET", f"{INGRESSES}/web") == 404)
    assert not controlled.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]


def test_a_load_balancer_deleted_by_hand_gives_its_interfaces_back(
    controlled: Aws, kube: Kube, controller: str
) -> None:
    kube.make(INGRESSES, ingress("web"))
    eventually(lambda: balancers(controlled))
    scale(kube, 0)
    eventually(lambda: not pods(kube))
    elb = controlled.client("elbv2")
    elb.delete_load_balancer(LoadBalancerArn=elb.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"])
    assert balancers(controlled) == []
    assert not any("\tnetwork-interface\t" in line and "ELB " in line for line in controlled.inventory())
    scale(kube, 2)
    ready(kube, controller, 2)


def test_ingresses_of_a_group_share_one(controlled: Aws, kube: Kube, controller: str) -> None:
    group = {"alb.ingress.kubernetes.io/group.name": "ours"}
    for name in ("one", "two"):
        kube.make(INGRESSES, ingress(name, annotations=group))
    eventually(lambda: all(item["status"]["loadBalancer"].get("ingress") for item in kube.items(INGRESSES)))
    assert len(balancers(controlled)) == 1
    assert kube.get(f"{INGRESSES}/one")["metadata"]["finalizers"] == ["group.ingress.k8s.aws/ours"]
    kube.call("DELETE", f"{INGRESSES}/one")
    eventually(lambda: kube.status("GET", f"{INGRESSES}/one") == 404)
    assert len(balancers(controlled)) == 1
    kube.call("DELETE", f"{INGRESSES}/two")
    eventually(lambda: balancers(controlled) == [])


def test_a_service_gets_a_load_balancer(controlled: Aws, kube: Kube, controller: str) -> None:
    path = "/api/v1/namespaces/default/services"
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "lb", "labels": {"tested": "yes"}},
        "spec": {"type": "LoadBalancer", "ports": [{"port": 80}], "selector": {"app": "web"}},
    }
    made = kube.make(path, service)
    assert made["spec"]["loadBalancerClass"] == "service.k8s.aws/nlb", "the webhook makes it the controller's"
    eventually(lambda: kube.get(f"{path}/lb")["status"]["loadBalancer"].get("ingress"))
    assert "service.k8s.aws/resources" in kube.get(f"{path}/lb")["metadata"]["finalizers"]
    (shown,) = controlled.client("elbv2").describe_load_balancers()["LoadBalancers"]
    assert shown["Type"] == "network"
    kube.call("DELETE", f"{path}/lb")
    eventually(lambda: kube.status("GET", f"{path}/lb") == 404)
    assert balancers(controlled) == []


def test_without_the_controller_an_ingress_stays_for_ever(controlled: Aws, kube: Kube, controller: str) -> None:
    kube.make(INGRESSES, ingress("left"))
    eventually(lambda: balancers(controlled))
    scale(kube, 0)
    eventually(lambda: not pods(kube))
    kube.call("DELETE", f"{INGRESSES}/left")
    left = kube.get(f"{INGRESSES}/left")["metadata"]
    assert left["deletionTimestamp"] and left["finalizers"] and balancers(controlled)
    scale(kube, 2)
    eventually(lambda: kube.status("GET", f"{INGRESSES}/left") == 404)
    assert balancers(controlled) == []


def test_metrics_come_from_ready_pods_of_metrics_server(kube: Kube) -> None:
    labels = {"k8s-app": "metrics-server"}
    container = {
        "name": "metrics-server",
        "image": "registry.k8s.io/metrics-server/metrics-server:v0.8.0",
        "ports": [{"name": "https", "containerPort": 10250}],
    }
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": template}
    name = {"name": "metrics-server"}
    service = {"selector": labels, "ports": [{"port": 443, "targetPort": "https"}]}
    kube.make(f"{SYSTEM}/services", {"apiVersion": "v1", "kind": "Service", "metadata": name, "spec": service})
    api = {
        "group": "metrics.k8s.io",
        "version": "v1beta1",
        "groupPriorityMinimum": 100,
        "versionPriority": 100,
        "insecureSkipTLSVerify": True,
        "service": {**name, "namespace": "kube-system"},
    }
    services = "/apis/apiregistration.k8s.io/v1/apiservices"
    whole = {"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "spec": api}
    kube.make(services, {**whole, "metadata": {"name": "v1beta1.metrics.k8s.io"}})

    def available() -> bool:
        found = kube.get(f"{services}/v1beta1.metrics.k8s.io").get("status", {}).get("conditions", [])
        return any(item["type"] == "Available" and item["status"] == "True" for item in found)

    assert not available()
    whole = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": name, "spec": spec}
    run(kube, "kube-system", whole)
    eventually(available, 40)
    assert {item["metadata"]["name"] for item in kube.items("/apis/metrics.k8s.io/v1beta1/nodes")} == set(kube.nodes())
    found = kube.items("/apis/metrics.k8s.io/v1beta1/namespaces/kube-system/pods")
    assert found[0]["containers"][0]["usage"]["cpu"]
