//! The choices that the file leaves open: made once, then read from what lives.
//!
//! Zones are in a tag of the VPC, versions in the control plane and the add-ons. The addresses of services
//! and the nodes' image are kept by not being named at all.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::Ipv4Net;

use super::addon_identity::RECOMMENDED;
use super::service_accounts::namespace_of;
use super::zones::ZONES;
use crate::resource::ec2::{Subnet, Vpc};
use crate::resource::eks::{Addon, Chooser, Cluster};
use crate::resource::iam::Role;
use crate::resource::{Key, Live, OneOf, Standing, Type, tags};
use crate::world::{ScaledBy, Snapshot};

/// What has been chosen before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// The zones, in the order in which subnets were laid out in them.
    pub zones: Option<Vec<String>>,
    /// The VPC's range, which does not change, whatever the file says.
    pub range: Option<Ipv4Net>,
    /// The range of services' addresses, which EKS may have chosen.
    pub services: Option<Ipv4Net>,
    /// The version of Kubernetes that runs.
    pub version: Option<String>,
    /// How long that is supported, as EKS spells it.
    pub support: Option<String>,
    /// Whether the log group is ours.
    pub log_group: bool,
    /// The key that secrets are encrypted with, by the ARN that EKS has made of an alias.
    pub secrets_key: Option<String>,
    /// The versions of add-ons that run, by name.
    pub addons: BTreeMap<String, String>,
    /// The add-ons that EKS updates rather than installs.
    pub installed: BTreeSet<String>,
    /// The policies that AWS recommended for add-ons when their roles were made, by what these are for.
    pub recommended: BTreeMap<String, Vec<String>>,
    /// The namespaces that were made for service accounts.
    pub namespaces: BTreeSet<String>,
    /// Those that service accounts need and somebody else has made.
    pub namespaces_of_others: BTreeSet<String>,
    /// The node groups that there are.
    pub nodegroups: BTreeSet<String>,
    /// Who chooses how many nodes there are, besides what the file asks for.
    pub chooser: Chooser,
}

impl Kept {
    /// Reads them from what lives.
    pub fn of(s: &Snapshot) -> Self {
        let addons = || all::<Addon>(s);
        let usable = |live: &Live| !matches!(live.standing(), Standing::Failed | Standing::Deleting);
        let version = |addon: &Addon| addon.addon_version.clone();
        Self {
            zones: zones(s),
            range: all::<Vpc>(s).find_map(|(_, _, vpc)| vpc.cidr_block.parse().ok()),
            services: all::<Cluster>(s).find_map(|(_, _, cluster)| {
                cluster.kubernetes_network_config.service_ipv4_cidr.as_ref()?.parse().ok()
            }),
            version: all::<Cluster>(s).find_map(|(_, _, cluster)| cluster.version.clone()),
            support: all::<Cluster>(s)
                .find_map(|(_, _, cluster)| cluster.upgrade_policy.support_type.clone()),
            log_group: keys(s, Type::LogGroup).next().is_some(),
            secrets_key: all::<Cluster>(s).find_map(|(_, _, cluster)| cluster.encryption_config.clone()),
            addons: addons()
                .filter_map(|(key, _, addon)| Some((key.name.clone(), version(addon)?)))
                .collect(),
            installed: addons()
                .filter(|(_, live, _)| usable(live))
                .map(|(key, ..)| key.name.clone())
                .collect(),
            recommended: all::<Role>(s)
                .filter(|(_, _, role)| role.tags.get(tags::POLICIES) == Some(RECOMMENDED))
                .map(|(key, _, role)| (key.name.clone(), role.managed_policy_arns.sorted()))
                .collect(),
            namespaces: keys(s, Type::Namespace).filter_map(namespace_of).collect(),
            namespaces_of_others: s
                .found
                .iter()
                .filter(|(_, found)| found.iter().any(|it| it.foreign().is_some()))
                .filter_map(|(key, _)| namespace_of(key))
                .collect(),
            nodegroups: keys(s, Type::Nodegroup).map(|key| key.name.clone()).collect(),
            chooser: match &s.scaled_by {
                ScaledBy::Autoscaler(it) if !it.is_ours => Chooser::Autoscaler(it.shown_by.clone()),
                ScaledBy::Autoscaler(_) | ScaledBy::Nobody => Chooser::File,
                ScaledBy::Unseen(error) => Chooser::Unseen(error.to_string()),
            },
        }
    }
}

/// All of one type that are there.
fn all<R: OneOf + 'static>(s: &Snapshot) -> impl Iterator<Item = (&Key, &Live, &R)> {
    let lives = s.found.iter().flat_map(|(key, found)| found.iter().map(move |found| (key, found)));
    let living = lives.filter_map(|(key, found)| Some((key, found.living()?)));
    living.filter_map(|(key, live)| Some((key, live, R::of(&live.properties)?)))
}

fn keys(s: &Snapshot, kind: Type) -> impl Iterator<Item = &Key> {
    let of_kind = s.found.iter().filter(move |(key, _)| key.kind == kind);
    of_kind.filter(move |(_, found)| found.iter().any(|found| found.living().is_some())).map(|(key, _)| key)
}

/// As the VPC's tag says; or, where that is gone, cannot be read or contradicts them, as the subnets lie.
fn zones(s: &Snapshot) -> Option<Vec<String>> {
    let tag = all::<Vpc>(s).find_map(|(_, _, vpc)| vpc.tags.get(ZONES));
    let said: Vec<String> = tag.into_iter().flat_map(str::split_whitespace).map(str::to_owned).collect();
    let lie = laid_out(s);
    let fits = !said.is_empty() && lie.iter().all(|zone| said.contains(zone));
    let zones = if fits { said } else { lie };
    (!zones.is_empty()).then_some(zones)
}

fn laid_out(s: &Snapshot) -> Vec<String> {
    let public = all::<Subnet>(s).filter(|(key, ..)| key.name.starts_with("public-"));
    let mut public: Vec<&Subnet> = public.map(|(_, _, subnet)| subnet).collect();
    public.sort_by_key(|subnet| subnet.cidr_block.parse::<Ipv4Net>().ok());
    let mut zones: Vec<String> = public.iter().map(|subnet| subnet.availability_zone.clone()).collect();
    zones.dedup();
    zones
}
