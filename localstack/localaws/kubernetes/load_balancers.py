"""The AWS Load Balancer Controller's work: load balancers for Ingresses and Services, while one of its pods is Ready."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from .. import elb_rules
from ..backends import Backends
from . import permissions
from .applications import BALANCER, argument, is_ready, runs
from .client import MERGE, Client
from .webhook import ALB_CONTROLLER, NLB_CLASS

if TYPE_CHECKING:
    from .planes import ControlPlane

Json = dict[str, Any]
CLUSTER_TAG = "elbv2.k8s.aws/cluster"
SCHEME = {
    "ingress": "alb.ingress.kubernetes.io/scheme",
    "service": "service.beta.kubernetes.io/aws-load-balancer-scheme",
}
GROUP = "alb.ingress.kubernetes.io/group.name"
CLASS = "kubernetes.io/ingress.class"
IS_DEFAULT = "ingressclass.kubernetes.io/is-default-class"
NLB_TYPE = "service.beta.kubernetes.io/aws-load-balancer-type"
KINDS = {
    "ingress": {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress"},
    "service": {"apiVersion": "v1", "kind": "Service"},
}
ROLE_TAGS = {"internet-facing": "kubernetes.io/role/elb", "internal": "kubernetes.io/role/internal-elb"}


def act(plane: ControlPlane, client: Client) -> bool:
    """Whether something is not finished that no change will tell of."""
    pods = client.call("GET", "/api/v1/pods")["items"]
    pod = next((pod for pod in pods if runs(pod, BALANCER) and is_ready(pod)), None)
    name = argument(pod, "cluster-name") if pod else ""
    if not name:
        return False
    services = [
        service
        for service in client.call("GET", "/api/v1/services")["items"]
        if _is_ours(service) or _finalizer("service", service) in _finalizers(service)
    ]
    wishes = [(thing, "ingress") for thing in _ingresses(client)] + [(thing, "service") for thing in services]
    done = []
    for thing, kind in wishes:
        try:
            verb = "Delete" if "deletionTimestamp" in thing["metadata"] else "Create"
            permissions.check(plane, client, pod, f"elasticloadbalancing:{verb}LoadBalancer")
            done.append(_see_to(plane, client, name, thing, kind))
        except permissions.Lacking as refusal:
            whole = {**thing, **KINDS[kind]}
            permissions.complain(client, whole, "FailedDeployModel", f"Failed deploy model due to {refusal}")
            done.append(False)
    return not all(done)


def _ingresses(client: Client) -> list[Json]:
    classes = client.call("GET", "/apis/networking.k8s.io/v1/ingressclasses")["items"]
    ours = {item["metadata"]["name"] for item in classes if item["spec"].get("controller") == ALB_CONTROLLER}
    found = []
    for ingress in client.call("GET", "/apis/networking.k8s.io/v1/ingresses")["items"]:
        annotations = ingress["metadata"].get("annotations", {})
        named = ingress["spec"].get("ingressClassName")
        mine = named in ours if named else annotations.get(CLASS) == "alb"
        if mine or _finalizer("ingress", ingress) in _finalizers(ingress):
            found.append(ingress)
    return found


def _is_ours(service: Json) -> bool:
    if service["spec"].get("type") != "LoadBalancer":
        return False
    kind = service["metadata"].get("annotations", {}).get(NLB_TYPE)
    return service["spec"].get("loadBalancerClass") == NLB_CLASS or kind in ("external", "nlb-ip")


def _finalizers(thing: Json) -> list[str]:
    return thing["metadata"].get("finalizers", [])


def _finalizer(kind: str, thing: Json) -> str:
    group = thing["metadata"].get("annotations", {}).get(GROUP) if kind == "ingress" else None
    return f"group.ingress.k8s.aws/{group}" if group else f"{kind}.k8s.aws/resources"


def _stack(kind: str, thing: Json) -> str:
    """Whose load balancer it is: that of the thing, or of its group."""
    where = thing["metadata"]
    group = where.get("annotations", {}).get(GROUP) if kind == "ingress" else None
    return group or f"{where['namespace']}/{where['name']}"


def _path(kind: str, thing: Json) -> str:
    start = "/apis/networking.k8s.io/v1" if kind == "ingress" else "/api/v1"
    where = thing["metadata"]
    return f"{start}/namespaces/{where['namespace']}/{'ingresses' if kind == 'ingress' else 'services'}/{where['name']}"


def _see_to(plane: ControlPlane, client: Client, cluster: str, thing: Json, kind: str) -> bool:
    wanted = "deletionTimestamp" not in thing["metadata"] and (kind == "ingress" or _is_ours(thing))
    mark, path = _finalizer(kind, thing), _path(kind, thing)
    if not wanted:
        if mark in _finalizers(thing):
            if not _others(client, kind, thing) and not _remove(plane, cluster, kind, thing):
                return False
            left = [item for item in _finalizers(thing) if item != mark]
            client.call("PATCH", path, _versioned(thing, {"finalizers": left or None}), MERGE)
        return True
    if mark not in _finalizers(thing):
        thing = client.call("PATCH", path, _versioned(thing, {"finalizers": [*_finalizers(thing), mark]}), MERGE)
    host = _ensure(plane, cluster, kind, thing)
    shown = (thing.get("status", {}).get("loadBalancer", {}).get("ingress") or [{}])[0].get("hostname")
    if host and shown != host:
        status = {"loadBalancer": {"ingress": [{"hostname": host}]}}
        client.call("PATCH", f"{path}/status", {"status": status}, MERGE)
    return True


def _versioned(thing: Json, metadata: Json) -> Json:
    """A list is written whole, so only where nobody has written meanwhile."""
    return {"metadata": {"resourceVersion": thing["metadata"]["resourceVersion"], **metadata}}


def _others(client: Client, kind: str, thing: Json) -> bool:
    """Whether somebody else of the group still wants the load balancer."""
    if kind != "ingress":
        return False
    return any(
        _stack(kind, item) == _stack(kind, thing) and "deletionTimestamp" not in item["metadata"]
        for item in _ingresses(client)
    )


def _tags(cluster: str, kind: str, thing: Json, resource: str) -> dict[str, str]:
    start = f"{kind}.k8s.aws"
    return {CLUSTER_TAG: cluster, f"{start}/resource": resource, f"{start}/stack": _stack(kind, thing)}


def _name(cluster: str, kind: str, thing: Json) -> str:
    stack = _stack(kind, thing)
    digest = hashlib.sha256(json.dumps([cluster, kind, stack]).encode()).hexdigest()[:10]
    parts = [part.replace("-", "").replace(".", "")[:8] for part in stack.split("/")]
    return f"k8s-{'-'.join(parts)}-{digest}"


def _live(aws: Backends, name: str) -> Any:
    return next((item for item in aws.elbv2.load_balancers.values() if item.name == name), None)


def _group(aws: Backends, name: str) -> Any:
    return next((item for by_id in aws.ec2.groups.values() for item in by_id.values() if item.name == name), None)


def _ensure(plane: ControlPlane, cluster: str, kind: str, thing: Json) -> str:
    """Its host name, once it is there; without subnets there is none, as the controller's events say on AWS."""
    name = _name(cluster, kind, thing)
    with plane.store.world.lock:
        aws = plane.store.aws
        if live := _live(aws, name):
            return live.dns_name
        scheme = thing["metadata"].get("annotations", {}).get(SCHEME[kind], "internal")
        subnets = _subnets(plane, scheme)
        if not subnets:
            return ""
        group = _group(aws, name) or aws.ec2.create_security_group(
            name,
            "[k8s] Managed SecurityGroup for LoadBalancer",
            vpc_id=subnets[0].vpc_id,
            tags=_tags(cluster, kind, thing, "ManagedLBSecurityGroup"),
        )
        tags = _tags(cluster, kind, thing, "LoadBalancer").items()
        made = aws.elbv2.create_load_balancer(
            name,
            [group.id],
            [item.id for item in subnets],
            scheme=scheme,
            loadbalancer_type="application" if kind == "ingress" else "network",
            tags=[{"Key": key, "Value": value} for key, value in tags],
        )
        elb_rules.connect(aws, made)
        return made.dns_name


def _subnets(plane: ControlPlane, scheme: str) -> list[Any]:
    """Of each zone one: those that are tagged for it, or else the cluster's own."""
    aws, view = plane.store.aws, plane.cluster.view["resourcesVpcConfig"]
    all_of = [item for by_zone in aws.ec2.subnets.values() for item in by_zone.values() if item.vpc_id == view["vpcId"]]
    tagged = [item for item in all_of if ROLE_TAGS[scheme] in aws.ec2.tags.get(item.id, {})]
    chosen = tagged or [item for item in all_of if item.id in view["subnetIds"]]
    return list({item.availability_zone: item for item in sorted(chosen, key=lambda item: item.id)}.values())


def _remove(plane: ControlPlane, cluster: str, kind: str, thing: Json) -> bool:
    """Whether all of it is gone: its group waits for its interfaces, and so does whoever wanted it."""
    name = _name(cluster, kind, thing)
    with plane.store.world.lock:
        aws = plane.store.aws
        if live := _live(aws, name):
            aws.elbv2.delete_load_balancer(live.arn)
            elb_rules.release(plane.store.world, aws, live)
        plane.store.world.settle()
        group = _group(aws, name)
        if group and any(group.id == item.id for eni in aws.ec2.enis.values() for item in eni.group_set):
            return False
        if group:
            aws.ec2.groups[group.vpc_id].pop(group.id, None)
            aws.ec2.tags.pop(group.id, None)
        return True
