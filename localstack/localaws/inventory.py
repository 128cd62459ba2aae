"""Every resource of an account as a line of its own, without what AWS makes for everybody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from moto.elb.models import elb_backends
from moto.elbv2.models import elbv2_backends

from .backends import Backends, regions_touched
from .world import World

Row = tuple[str, str, str, str, str]


def inventory(world: World) -> list[str]:
    rows: list[Row] = []
    for region in sorted({*regions_touched(world.account), *world.stores}):
        aws = Backends(world.account, region)
        rows += _network(aws)
        rows += _machines(aws)
        rows += _others(aws, region)
        if region in world.stores:
            rows += _eks(world.stores[region])
    rows += _iam(Backends(world.account, "aws").iam)
    return sorted("\t".join(row) for row in rows)


def _tags(tags: dict[str, Any]) -> str:
    return ",".join(f"{key}={value}" for key, value in sorted(tags.items()))


def _ec2(aws: Backends, kind: str, thing: Any, name: str = "") -> Row:
    tags = dict(aws.ec2.tags.get(thing.id, {}))
    shown = name or tags.get("Name", "")
    return ("ec2", kind, f"{aws.region}/{thing.id}", shown, _tags(tags))


def _network(aws: Backends) -> Iterator[Row]:
    ec2 = aws.ec2
    default = {vpc.id for vpc in ec2.vpcs.values() if vpc.is_default}
    for vpc in ec2.vpcs.values():
        if vpc.id not in default:
            blocks = " ".join(item["cidr_block"] for item in vpc.cidr_block_association_set)
            yield _ec2(aws, "vpc", vpc, f"{blocks} dns={vpc.enable_dns_support},{vpc.enable_dns_hostnames}")
    for by_zone in ec2.subnets.values():
        for subnet in by_zone.values():
            if subnet.vpc_id not in default or not subnet.default_for_az:
                name = f"{subnet.vpc_id} {subnet.availability_zone} {subnet.cidr_block}"
                yield _ec2(aws, "subnet", subnet, f"{name} public={subnet.map_public_ip_on_launch}")
    for igw in ec2.internet_gateways.values():
        if not igw.vpc or igw.vpc.id not in default:
            yield _ec2(aws, "internet-gateway", igw, igw.vpc.id if igw.vpc else "detached")
    for table in ec2.route_tables.values():
        if table.vpc_id not in default:
            yield _ec2(aws, "route-table", table, _route_table(table))
    for address in ec2.addresses:
        yield _address(aws, address)
    for nat in ec2.nat_gateways.values():
        if nat.state != "deleted":
            yield _ec2(aws, "nat-gateway", nat, f"{nat.subnet_id} {nat.state}")
    for by_id in ec2.groups.values():
        for group in by_id.values():
            if group.vpc_id not in default or group.name != "default":
                yield _ec2(aws, "security-group", group, f"{group.name} {group.vpc_id} {_rules(group)}")
    for eni in ec2.enis.values():
        name = f"{eni.subnet.id} {eni.status} {eni.description}"
        yield _ec2(aws, "network-interface", eni, name)
    for endpoint in ec2.vpc_end_points.values():
        yield _ec2(aws, "vpc-endpoint", endpoint, f"{endpoint.vpc_id} {endpoint.service_name}")


def _address(aws: Backends, address: Any) -> Row:
    tags = dict(aws.ec2.tags.get(address.allocation_id, {}))
    name = f"{address.public_ip} {'associated' if address.association_id else 'free'}"
    return ("ec2", "elastic-ip", f"{aws.region}/{address.allocation_id}", name, _tags(tags))


def _route_table(table: Any) -> str:
    routes = sorted(f"{r.destination_cidr_block}>{_target(r)}" for r in table.routes)
    subnets = sorted(item.get("SubnetId", "main") for item in table.associations)
    return f"{table.vpc_id} routes={' '.join(routes)} subnets={' '.join(subnets)}"


def _target(route: Any) -> str:
    if route.local:
        return "local"
    thing = route.gateway or route.nat_gateway or route.instance or route.interface or route.vpc_pcx
    return thing.id if thing else "none"


def _rules(group: Any) -> str:
    def shown(rule: Any, way: str) -> str:
        peers = [item.get("CidrIp") or item.get("CidrIpv6") or "" for item in [rule.ip_range] if item]
        peers += [item.get("GroupId", "") for item in [rule.source_group] if item]
        return f"{way}:{rule.ip_protocol}:{rule.from_port}-{rule.to_port}:{'+'.join(peers)}"

    rules = [shown(rule, "in") for rule in group.ingress_rules] + [
        shown(rule, "out") for rule in group.egress_rules
    ]
    return " ".join(sorted(rules))


def _machines(aws: Backends) -> Iterator[Row]:
    ec2 = aws.ec2
    for template in ec2.launch_templates.values():
        yield _ec2(aws, "launch-template", template, f"{template.name} versions={len(template.versions)}")
    for reservation in ec2.reservations.values():
        for instance in reservation.instances:
            if instance.state != "terminated":
                yield _ec2(
                    aws,
                    "instance",
                    instance,
                    f"{instance.instance_type} {instance.subnet_id} {instance.state}",
                )
    for volume in ec2.volumes.values():
        yield _ec2(aws, "volume", volume, f"{volume.size} {volume.volume_type}")
    for pair in ec2.key_pairs.values():
        yield (
            "ec2",
            "key-pair",
            f"{aws.region}/{pair.id}",
            pair.key_name,
            _tags(dict(ec2.tags.get(pair.id, {}))),
        )
    for group in aws.autoscaling.autoscaling_groups.values():
        sizes = f"{group.min_size} {group.desired_capacity} {group.max_size}"
        tags = {item["Key"]: item.get("Value", "") for item in group.tags}
        yield ("autoscaling", "group", f"{aws.region}/{group.name}", sizes, _tags(tags))


def _others(aws: Backends, region: str) -> Iterator[Row]:
    for group in aws.logs.groups.values():
        tags = aws.logs.tagger.get_tag_dict_for_resource(group.arn)
        yield ("logs", "group", f"{region}/{group.name}", str(group.retention_in_days or ""), _tags(tags))
    for key in aws.kms.keys.values():
        tags = {
            item["TagKey"]: item["TagValue"] for item in aws.kms.list_resource_tags(key.id).get("Tags", [])
        }
        yield ("kms", "key", f"{region}/{key.id}", key.key_state, _tags(tags))
    if aws.account in elb_backends.keys():
        for balancer in elb_backends[aws.account][region].load_balancers.values():
            yield ("elb", "load-balancer", f"{region}/{balancer.name}", "", _tags(balancer.tags))
    if aws.account in elbv2_backends.keys():
        backend = elbv2_backends[aws.account][region]
        for balancer in backend.load_balancers.values():
            tags = backend.tagging_service.get_tag_dict_for_resource(balancer.arn)
            yield ("elbv2", "load-balancer", f"{region}/{balancer.name}", balancer.arn, _tags(tags))
        for target in backend.target_groups.values():
            tags = backend.tagging_service.get_tag_dict_for_resource(target.arn)
            yield ("elbv2", "target-group", f"{region}/{target.name}", target.arn, _tags(tags))


def _iam(iam: Any) -> Iterator[Row]:
    def tags(owner: Any) -> str:
        found = owner.tags
        if isinstance(found, list):
            return _tags({item["Key"]: item["Value"] for item in found})
        found = [item if isinstance(item, dict) else {"Key": key, "Value": item} for key, item in (found or {}).items()]
        return _tags({item["Key"]: item["Value"] for item in found})

    for role in iam.roles.values():
        if not role.path.startswith("/aws-service-role/"):
            attached = sorted(policy.arn for policy in role.managed_policies.values())
            inline = sorted(role.policies)
            name = f"{role.arn} attached={' '.join(attached)} inline={' '.join(inline)}"
            yield ("iam", "role", role.path + role.name, name, tags(role))
    for policy in iam.managed_policies.values():
        if not policy.arn.startswith("arn:aws:iam::aws:"):
            yield ("iam", "policy", policy.path + policy.name, policy.arn, tags(policy))
    for profile in iam.instance_profiles.values():
        roles = " ".join(role.name for role in profile.roles)
        yield ("iam", "instance-profile", profile.path + profile.name, roles, tags(profile))
    for provider in iam.open_id_providers.values():
        yield ("iam", "oidc-provider", provider.arn, provider.url, tags(provider))
    for user in iam.users.values():
        yield ("iam", "user", user.path + user.name, user.arn, "")


def _eks(store: Any) -> Iterator[Row]:
    for cluster in store.clusters.values():
        place = f"{store.region}/{cluster.name}"
        view = cluster.view
        shown = f"{view['version']} {view['status']} {json.dumps(sorted(cluster.entries))}"
        yield ("eks", "cluster", place, shown, _tags(view["tags"]))
        for group in cluster.nodegroups.values():
            sizes = " ".join(
                str(group.view["scalingConfig"][key]) for key in ("minSize", "desiredSize", "maxSize")
            )
            yield (
                "eks",
                "nodegroup",
                f"{place}/{group.name}",
                f"{group.view['status']} {sizes}",
                _tags(group.view["tags"]),
            )
        for addon in cluster.addons.values():
            shown = f"{addon.view['addonVersion']} {addon.view['status']}"
            if role := addon.view.get("serviceAccountRoleArn"):
                shown += f" {role}"
            yield ("eks", "addon", f"{place}/{addon.name}", shown, _tags(addon.view["tags"]))
        for view in cluster.associations.values():
            name = f"{view['namespace']}/{view['serviceAccount']} {view['roleArn']} {view.get('ownerArn', '')}"
            ident = f"{place}/{view['associationId']}"
            yield ("eks", "pod-identity-association", ident, name.rstrip(), _tags(view["tags"]))
