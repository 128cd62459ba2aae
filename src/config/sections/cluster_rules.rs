//! What must hold between the sections.

use std::collections::HashMap;

use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::{Known, Span, Spanned};
use crate::config::sections::cluster::ClusterConfig;
use crate::config::sections::label_rules;
use crate::config::sections::nodegroup::{ManagedNodeGroup, SubnetName};
use crate::config::sections::nodegroup_rules::exclusive;
use crate::config::sections::vpc::{NatGateway, Zone};
use crate::config::suggest::nearest;
use crate::config::value::short;

pub fn two_zones(cluster: &ClusterConfig) -> Option<Diagnostic> {
    let zones = cluster.availability_zones.known()?;
    (zones.len() == 1).then(|| {
        Diagnostic::new(Code::TooFewZones, zones.span, "only 1 zone, and EKS needs 2 at least")
            .label("name another zone, or remove the line to have them chosen")
    })
}

/// Subnets that exist lie in zones already.
pub fn zones_or_given_subnets(cluster: &ClusterConfig) -> Option<Diagnostic> {
    let zones = cluster.availability_zones.known().filter(|zones| !zones.is_empty())?;
    let subnets = cluster.vpc.subnets.known()?;
    subnets.all().find(|(_, subnet)| subnet.id.is_some())?;
    exclusive(("availabilityZones", zones), ("vpc.subnets", subnets))
}

/// Their roles have their names, and IAM does not tell small letters from capital ones.
pub fn distinct_nodegroup_names(cluster: &ClusterConfig) -> Vec<Diagnostic> {
    let groups = cluster.managed_node_groups.iter();
    let names =
        groups.filter_map(|group| group.name.known()).map(|name| (name.0.to_ascii_lowercase(), name.span));
    twice("node groups are called", names)
}

pub fn distinct_addon_names(cluster: &ClusterConfig) -> Vec<Diagnostic> {
    let names = cluster.addons.iter().filter_map(|addon| addon.name.known());
    twice("add-ons are called", names.map(|name| (name.0.clone(), name.span)))
}

pub fn distinct_zones(cluster: &ClusterConfig) -> Vec<Diagnostic> {
    let zones = cluster.availability_zones.known().into_iter().flat_map(|zones| zones.iter());
    twice("zones are", zones.filter_map(Known::known).map(|zone| (zone.0.clone(), zone.span)))
}

/// What comes again, each shown with the first one.
pub fn twice(what: &str, names: impl Iterator<Item = (String, Span)>) -> Vec<Diagnostic> {
    let mut first: HashMap<String, Span> = HashMap::new();
    let mut found = Vec::new();
    for (name, span) in names {
        match first.get(&name) {
            None => drop(first.insert(name, span)),
            Some(before) => {
                let again = Diagnostic::new(Code::DuplicateName, span, format!("two {what} `{name}`"));
                found.push(again.label("again here").and(*before, "first here"));
            }
        }
    }
    found
}

pub fn services_apart_from_vpc(cluster: &ClusterConfig) -> Option<Diagnostic> {
    let services = cluster.kubernetes_network_config.service_ipv4_cidr.known()?;
    let vpc = cluster.vpc.cidr.known().filter(|cidr| cidr.is_written() || cluster.vpc.is_ours())?;
    vpc.overlaps(&services.value).then(|| {
        let message = format!("serviceIPv4CIDR {} overlaps the VPC's {}", **services, **vpc);
        let diagnostic =
            Diagnostic::new(Code::Overlap, services.span, message).label("must lie outside the VPC");
        if vpc.is_written() { diagnostic.and(vpc.span, "the VPC is here") } else { diagnostic }
    })
}

/// An id may be known to AWS alone. Any other name is one of `vpc.subnets`, or a zone if there are none.
pub fn named_subnets_exist(cluster: &ClusterConfig) -> Vec<Diagnostic> {
    let names: Vec<&str> = cluster.vpc.subnets.all().map(|(name, _)| name.as_str()).collect();
    let ours = names.is_empty() && cluster.vpc.id.is_none();
    let exists = |name: &str| match ours {
        true => Zone::fits(name),
        false => name.starts_with("subnet-") || names.contains(&name),
    };
    let lists = cluster.managed_node_groups.iter().filter_map(|group| group.subnets.known());
    let missing = lists.flat_map(|list| list.iter()).filter_map(Known::known).filter(|name| !exists(&name.0));
    let say = |name: &Spanned<SubnetName>| {
        let message = format!("no subnet is called `{}`", **name);
        let missing = Diagnostic::new(Code::NoSuchSubnet, name.span, message);
        match nearest(&name.0, names.iter().copied()) {
            _ if ours => missing.label("in a VPC that is made, a subnet is called like its zone"),
            Some(meant) => missing.label(format!("did you mean `{meant}`?")).fix(name.span, meant),
            None => missing.label("no such name under `vpc.subnets`"),
        }
    };
    missing.map(say).collect()
}

/// Zones and the key for secrets say by their names which region they are in.
pub fn all_in_the_region(cluster: &ClusterConfig) -> Vec<Diagnostic> {
    let Some(region) = cluster.metadata.region.known() else { return Vec::new() };
    let groups = cluster.managed_node_groups.iter().filter_map(|group| group.availability_zones.known());
    let lists = cluster.availability_zones.known().into_iter().chain(groups);
    let zones = lists.flat_map(|zones| zones.iter()).filter_map(Known::known);
    let given = cluster.vpc.subnets.all().filter_map(|(_, subnet)| subnet.az.known());
    let zones = zones.chain(given).filter(|zone| !zone.0.starts_with(&region.0));
    let zones = zones.map(|zone| (zone.to_string(), zone.span));
    let key = cluster.secrets_encryption.as_ref().and_then(|section| section.key_arn.known());
    let key = key.filter(|key| key.0.split(':').nth(3) != Some(&region.0));
    let elsewhere = zones.chain(key.map(|key| ("the key".to_owned(), key.span)));
    let say = |(what, span): (String, Span)| {
        let message = format!("{what} is not in {}", **region);
        Diagnostic::new(Code::Elsewhere, span, message)
            .label("in another region")
            .and(region.span, "the cluster's is here")
    };
    elsewhere.map(say).collect()
}

/// A node becomes ready when its pods get addresses, and those come from an add-on.
pub fn nodes_need_addresses(cluster: &ClusterConfig) -> Option<Diagnostic> {
    let off = cluster.addons_config.disable_default_addons.known().filter(|off| off.value)?;
    let group = cluster.managed_node_groups.first()?;
    let known = cluster.addons.iter().all(|addon| addon.name.known().is_some());
    let has = cluster.addons.iter().any(|addon| addon.name.0 == "vpc-cni");
    (known && !has).then(|| {
        let message = "nodes cannot become ready without the add-on `vpc-cni`";
        Diagnostic::new(Code::NeedsOther, off.span, message)
            .label("leaves it out")
            .and(group.name.place(), "a node group is here")
            .help("name `vpc-cni` under `addons`")
    })
}

/// Nodes that reach neither the control plane nor any image do not become ready.
pub fn nodes_need_a_way_out(cluster: &ClusterConfig) -> Vec<Diagnostic> {
    let nat = &cluster.vpc.nat.gateway;
    if !cluster.vpc.is_ours() || nat.known().is_none_or(|nat| nat.value != NatGateway::Disable) {
        return Vec::new();
    }
    let private = |group: &&Spanned<ManagedNodeGroup>| {
        group.private_networking.known().is_some_and(|private| private.value)
    };
    let say = |group: &Spanned<ManagedNodeGroup>| {
        let message = format!("nodes of `{}` have no way out: they may not be able to join", *group.name);
        Diagnostic::new(Code::NoWayOut, group.name.place(), message)
            .label("in private subnets")
            .and(nat.place(), "without NAT gateways")
    };
    cluster.managed_node_groups.iter().filter(private).map(say).collect()
}

/// Nodes are found by these, and so they say what is true.
pub fn labels_of_eksctls(cluster: &ClusterConfig) -> Vec<Diagnostic> {
    let cluster_name = cluster.metadata.name.known().map(|name| ("alpha.eksctl.io/cluster-name", &name.0));
    let say = |value: &Spanned<String>, (label, name): (&str, &String)| {
        let message = format!("the label `{label}` is `{name}` on these nodes");
        Diagnostic::new(Code::ReservedLabel, value.place(), message).label("remove it, or write that")
    };
    let mut found = Vec::new();
    for group in cluster.managed_node_groups.iter() {
        let group_name = group.name.known().map(|name| ("alpha.eksctl.io/nodegroup-name", &name.0));
        for (key, value) in group.labels.iter() {
            let mut names = cluster_name.into_iter().chain(group_name);
            let other = names.find(|(label, name)| *label == key.value && **name != value.value);
            found.extend(other.map(|other| say(value, other)));
        }
    }
    found
}

/// They are what those labels say, and EKS takes a cluster's name that it does not take as a label.
pub fn names_that_label_nodes(cluster: &ClusterConfig) -> Vec<Diagnostic> {
    let fits = |name: &String| label_rules::is_value(name);
    let say = |what: &str, name: &str, at: Span| {
        let message = format!("`{}` is {what}'s name, and cannot be a label of its nodes", short(name));
        Diagnostic::new(Code::BadLabel, at, message)
            .label("63 characters at most, and a letter or digit at the end")
    };
    let named = cluster.metadata.name.known().filter(|name| !fits(&name.0));
    let of_cluster = named.zip(cluster.managed_node_groups.first()).map(|(name, group)| {
        say("the cluster", &name.0, name.span).and(group.name.place(), "a node group is here")
    });
    let names = cluster.managed_node_groups.iter().filter_map(|group| group.name.known());
    let of_groups = names.filter(|name| !fits(&name.0)).map(|name| say("the node group", &name.0, name.span));
    of_cluster.into_iter().chain(of_groups).collect()
}
