//! What a group is, in one line with the figures that a person decides on.

use std::collections::BTreeSet;

use crate::cluster::Facts;
use crate::graph::Graph;
use crate::ops::Group;
use crate::ops::preflight::addresses_of_a_node;
use crate::resource::ec2::LaunchTemplate;
use crate::resource::eks::{AccessEntry, AccessScope, Cluster, Nodegroup};
use crate::resource::{Any, Key, Type};
use crate::view::units::count;
use crate::view::volumes;

/// The line for what is in a group.
pub(super) fn line(group: &Group, members: &[(&Key, &Any)], facts: Option<&Facts>) -> String {
    match group {
        Group::LoadBalancers => load_balancers(members),
        Group::Volumes => volumes::line(members),
        Group::Network => network(members),
        Group::Identity => identity(members),
        Group::Logs => log_group(members).unwrap_or_default(),
        Group::ControlPlane => members
            .iter()
            .find_map(|(_, any)| Some(control_plane(as_cluster(any)?, facts)))
            .unwrap_or_default(),
        Group::Access => access(members),
        Group::Addons => addons(members),
        Group::Nodegroup(_) => nodegroup(members, facts),
        Group::Component(_) => component(members),
    }
}

/// `ingress web/api, service web/frontend`: all of them, for they are other people's.
fn load_balancers(members: &[(&Key, &Any)]) -> String {
    let told = members.iter().filter_map(|(_, any)| match any {
        Any::Exposed(exposed) => Some(&exposed.address),
        _ => None,
    });
    let told = told.map(|it| format!("{} {}/{}", it.kind.name.to_lowercase(), it.namespace, it.name));
    told.collect::<Vec<_>>().join(", ")
}

/// `v3.5.0, 2 replicas; 20 objects`.
fn component(members: &[(&Key, &Any)]) -> String {
    let workload = members.iter().find_map(|(_, any)| match any {
        Any::Workload(workload) => Some(workload.manifest.value()),
        _ => None,
    });
    let objects = count(members.len(), "object");
    let Some(workload) = workload else { return objects };
    let version = workload["metadata"]["labels"]["app.kubernetes.io/version"].as_str().map(str::to_owned);
    let replicas = workload["spec"]["replicas"].as_u64().map(|it| count(it as usize, "replica"));
    let told: Vec<String> = version.into_iter().chain(replicas).collect();
    if told.is_empty() { objects } else { format!("{}; {objects}", told.join(", ")) }
}

fn as_cluster(any: &Any) -> Option<&Cluster> {
    if let Any::Cluster(cluster) = any { Some(cluster) } else { None }
}

fn network(members: &[(&Key, &Any)]) -> String {
    let cidr = members.iter().find_map(|(_, any)| match any {
        Any::Vpc(vpc) => Some(format!("vpc {}", vpc.cidr_block)),
        _ => None,
    });
    let subnets = |kind: &str| {
        let of_kind =
            |(key, any): &&(&Key, &Any)| matches!(any, Any::Subnet(_)) && key.name.starts_with(kind);
        members.iter().filter(of_kind).count()
    };
    let zones: BTreeSet<&str> = members
        .iter()
        .filter_map(|(_, any)| match any {
            Any::Subnet(subnet) => Some(subnet.availability_zone.as_str()),
            _ => None,
        })
        .collect();
    let gateways = members.iter().filter(|(_, any)| matches!(any, Any::NatGateway(_))).count();
    let subnets = (subnets("public"), subnets("private"));
    let subnets = (subnets != (0, 0))
        .then(|| format!("{} public, {} private subnets in {}", subnets.0, subnets.1, zone_list(&zones)));
    let nat = (gateways > 0).then(|| count(gateways, "NAT gateway"));
    let parts: Vec<String> = cidr.into_iter().chain(subnets).chain(nat).collect();
    if parts.is_empty() { count(members.len(), "resource") } else { parts.join("; ") }
}

/// `us-west-2a b c`.
fn zone_list(zones: &BTreeSet<&str>) -> String {
    let mut zones = zones.iter();
    let first = zones.next().copied().unwrap_or_default();
    let region = first.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let rest = zones.map(|zone| format!(" {}", zone.strip_prefix(region).unwrap_or(zone)));
    first.to_owned() + &rest.collect::<String>()
}

/// `4 roles, 2 pod identity associations, OIDC provider`.
fn identity(members: &[(&Key, &Any)]) -> String {
    let number = |kind| members.iter().filter(|(key, _)| key.kind == kind).count();
    let told = |kind, what: &str| Some(number(kind)).filter(|n| *n > 0).map(|n| count(n, what));
    let provider = (number(Type::OidcProvider) > 0).then(|| "OIDC provider".to_owned());
    let roles = [told(Type::Role, "role"), told(Type::PodIdentityAssociation, "pod identity association")];
    roles.into_iter().flatten().chain(provider).collect::<Vec<_>>().join(", ")
}

fn control_plane(cluster: &Cluster, facts: Option<&Facts>) -> String {
    let version = cluster.version.as_deref().unwrap_or("of AWS's choice");
    let known = facts.and_then(|facts| facts.versions.iter().find(|it| it.version == version));
    let until = known.and_then(|it| it.standard_until).zip(facts).map(|(until, facts)| {
        let month = until.strftime("%Y-%m");
        match until <= facts.now {
            true => format!(", in extended support since {month}"),
            false => format!(" until {month} (then extended support)"),
        }
    });
    let vpc = &cluster.resources_vpc_config;
    let open = vpc.public_access_cidrs.sorted().join(", ");
    let endpoint = match (vpc.endpoint_public_access, vpc.endpoint_private_access) {
        (true, false) => format!("public endpoint, open to {open}"),
        (true, true) => format!("public and private endpoint, public open to {open}"),
        (false, _) => "private endpoint".to_owned(),
    };
    let logs =
        (!cluster.logging.0.is_empty()).then(|| format!("; logs {}", cluster.logging.sorted().join(" ")));
    let secrets = cluster.encryption_config.as_ref().map(|_| "; secrets encrypted with your key");
    format!(
        "Kubernetes {version}{}; {endpoint}{}{}",
        until.unwrap_or_default(),
        logs.unwrap_or_default(),
        secrets.unwrap_or_default()
    )
}

/// `log group /aws/eks/demo/cluster, kept for 90 days`.
fn log_group(members: &[(&Key, &Any)]) -> Option<String> {
    let group = members.iter().find_map(|(_, any)| match any {
        Any::LogGroup(group) => Some(group),
        _ => None,
    })?;
    let kept = group.retention_in_days.0.map(|days| format!(", kept for {}", count(days as usize, "day")));
    Some(format!("log group {}{}", group.log_group_name, kept.unwrap_or_default()))
}

/// How many who are let in are named.
const NAMED: usize = 4;

/// `role/admins (ClusterAdmin), user/ann (View in web)`.
fn access(members: &[(&Key, &Any)]) -> String {
    let mut told: Vec<String> = members.iter().filter_map(|(_, any)| Some(entry(as_entry(any)?))).collect();
    let more = told.len().saturating_sub(NAMED);
    told.truncate(NAMED);
    told.extend((more > 0).then(|| format!("{more} more")));
    told.join(", ")
}

fn as_entry(any: &Any) -> Option<&AccessEntry> {
    if let Any::AccessEntry(entry) = any { Some(entry) } else { None }
}

/// Who, without the account, and what they may do there in the names of EKS's policies.
fn entry(entry: &AccessEntry) -> String {
    let policy = |(arn, scope): (&String, &AccessScope)| {
        let name = arn.rsplit('/').next().unwrap_or(arn);
        let name = name.strip_prefix("AmazonEKS").unwrap_or(name);
        let within = scope.namespaces.iter().cloned().collect::<Vec<_>>().join(" ");
        let name = name.strip_suffix("Policy").unwrap_or(name);
        if within.is_empty() { name.to_owned() } else { format!("{name} in {within}") }
    };
    let policies = entry.access_policies.iter().map(policy);
    let groups = entry.kubernetes_groups.sorted();
    let groups = (!groups.is_empty()).then(|| count(groups.len(), "group"));
    let nodes = (entry.r#type != "STANDARD").then(|| entry.r#type.clone());
    let may: Vec<String> = nodes.into_iter().chain(policies).chain(groups).collect();
    let who = entry.principal_arn.rsplit(':').next().unwrap_or(&entry.principal_arn);
    if may.is_empty() { format!("{who} (nothing)") } else { format!("{who} ({})", may.join("; ")) }
}

fn addons(members: &[(&Key, &Any)]) -> String {
    let addon = |(key, any): &(&Key, &Any)| match any {
        Any::Addon(addon) => match &addon.addon_version {
            Some(version) => format!("{} {}", key.name, version.split("-eksbuild").next().unwrap_or(version)),
            None => key.name.clone(),
        },
        _ => key.name.clone(),
    };
    members.iter().map(addon).collect::<Vec<_>>().join(", ")
}

fn nodegroup(members: &[(&Key, &Any)], facts: Option<&Facts>) -> String {
    let release = |group: &Nodegroup| facts?.releases.get(&group.ami_type).map(String::as_str);
    let group = members.iter().find_map(|(_, any)| match any {
        Any::Nodegroup(group) => Some(nodes(group, release(group))),
        _ => None,
    });
    let volume = members.iter().find_map(|(_, any)| match any {
        Any::LaunchTemplate(template) => volume(template),
        _ => None,
    });
    group.into_iter().chain(volume).collect::<Vec<_>>().join(", ")
}

/// `2 × m5.large`.
pub(super) fn size(group: &Nodegroup) -> String {
    format!("{} × {}", group.scaling_config.desired_size.size, group.instance_types.join(" or "))
}

/// `, up to 60 addresses`: what its nodes and their pods may take of its subnets, where that is known.
pub(super) fn addresses(group: &Nodegroup, graph: &Graph, facts: &Facts) -> String {
    let each = addresses_of_a_node(graph, facts, group).unwrap_or_default();
    match u64::from(group.scaling_config.desired_size.size) * u64::from(each) {
        0 => String::new(),
        addresses => format!(", up to {addresses} addresses"),
    }
}

/// `2 × m5.large (1 to 4), on demand, AL2023 1.34.1-20261105`.
fn nodes(group: &Nodegroup, release: Option<&str>) -> String {
    let sizes = &group.scaling_config;
    let capacity = if group.capacity_type == "SPOT" { "spot" } else { "on demand" };
    let image = image(&group.ami_type, release);
    format!("{} ({} to {}), {capacity}, {image}", size(group), sizes.min_size, sizes.max_size)
}

/// `AL2023 1.34.1-20261105`; of one for special machines or whose release is not known, for which ones it is: `AL2023
/// x86_64_NVIDIA`.
fn image(ami_type: &str, release: Option<&str>) -> String {
    let plain = ami_type.strip_suffix("_STANDARD");
    let (family, machines) = plain.unwrap_or(ami_type).split_once('_').unwrap_or((ami_type, ""));
    let machines = Some(machines).filter(|it| !it.is_empty() && (plain.is_none() || release.is_none()));
    [Some(family), machines, release].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn volume(template: &LaunchTemplate) -> Option<String> {
    let ebs = &template.launch_template_data.block_device_mappings.0.first()?.ebs;
    let encrypted = if ebs.encrypted == Some(true) { " encrypted" } else { "" };
    Some(format!("{} GiB {}{encrypted}", ebs.volume_size, ebs.volume_type))
}

#[test]
fn zones_of_a_region_are_told_by_their_letters() {
    let told = |zones: &[&str]| zone_list(&zones.iter().copied().collect());
    assert_eq!(told(&["us-west-2a", "us-west-2c"]), "us-west-2a c");
    assert_eq!(told(&[]), "");
}

#[test]
fn an_image_is_told_by_its_release_and_what_it_is_special_for() {
    let known = Some("1.34.1-20261105");
    assert_eq!(image("AL2023_x86_64_STANDARD", known), "AL2023 1.34.1-20261105");
    assert_eq!(image("AL2023_ARM_64_STANDARD", None), "AL2023 ARM_64");
    assert_eq!(image("AL2023_x86_64_NVIDIA", known), "AL2023 x86_64_NVIDIA 1.34.1-20261105");
    assert_eq!(image("CUSTOM", None), "CUSTOM");
}
