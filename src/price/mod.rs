//! What a cluster costs an hour, by AWS's list prices: see `table` for their days, and for where they are from.
//! Pure; traffic, requests, logs and what Kubernetes makes are not in it, nor are discounts.

mod table;

use std::collections::BTreeMap;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Mul};

use crate::resource::ec2::{Ebs, LaunchTemplate};
use crate::resource::eks::Nodegroup;
use crate::resource::{Any, Key, Property, Seen};

use table::{AS_OF, EXTENDED, IPV4, Region, STANDARD};

/// US dollars, in millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money(u64);

/// One of the things that a bill is about.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// Its name in the cluster.
    pub key: &'a Key,
    /// What it is, or should be.
    pub any: &'a Any,
    /// AWS's id, where it lives.
    pub id: Option<&'a str>,
}

/// What a cluster costs an hour.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bill {
    /// What for, and how much.
    pub lines: Vec<(String, Money)>,
    /// What is not in it, for its price is not known here.
    pub unknown: Vec<String>,
    /// The day of the prices.
    pub as_of: &'static str,
    /// Whether nodes on spare capacity are in it, at the price of others: they cost less.
    pub spot: bool,
}

impl Money {
    const fn micros(micros: u64) -> Self {
        Self(micros)
    }

    /// To a hundredth of a cent: `$0.0050`.
    pub fn exact(self) -> String {
        let hundredths = (self.0 + 50) / 100;
        format!("${}.{:04}", hundredths / 10_000, hundredths % 10_000)
    }

    /// A month's price for an hour of it: AWS counts 730.
    fn monthly(self) -> Self {
        Self(self.0 / 730)
    }
}

/// What a volume costs a month, where that is known.
pub fn volume_a_month(region: &str, ebs: &Ebs) -> Option<Money> {
    Region::of(region)?.volume_a_month(ebs)
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Mul<u64> for Money {
    type Output = Self;
    fn mul(self, times: u64) -> Self {
        Self(self.0 * times)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

/// `$0.37`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cents = (self.0 + 5_000) / 10_000;
        write!(f, "${}.{:02}", cents / 100, cents % 100)
    }
}

impl Bill {
    /// Whether there is nothing to pay for.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.unknown.is_empty()
    }

    /// All of it.
    pub fn total(&self) -> Money {
        self.lines.iter().map(|(_, price)| *price).sum()
    }

    /// Of these resources in a region. `extended` says which versions of Kubernetes are in extended support.
    pub fn of(region: &str, items: &[Item<'_>], extended: impl Fn(&str) -> bool) -> Self {
        let region = Region::of(region);
        let as_of = region.map_or(AS_OF, |region| region.as_of);
        let mut bill = Self { as_of, ..Self::default() };
        for item in items {
            match item.any {
                Any::Cluster(cluster) => match cluster.version.as_deref() {
                    Some(version) if extended(version) => {
                        bill.add(format!("control plane, extended support for {version}"), EXTENDED);
                    }
                    _ => bill.add("control plane".to_owned(), STANDARD),
                },
                Any::NatGateway(_) => {
                    let what = format!("NAT gateway {}{}", item.key.name, mark(region, "NAT gateway"));
                    bill.maybe(what, region.map(|region| region.nat));
                }
                Any::Eip(_) => bill.add(format!("public IPv4 address {}", item.key.name), IPV4),
                Any::Nodegroup(group) => bill.nodes(region, item.key, group, items),
                _ => {}
            }
        }
        bill
    }

    fn add(&mut self, what: String, price: Money) {
        self.lines.push((what, price));
    }

    fn maybe(&mut self, what: String, price: Option<Money>) {
        match price {
            Some(price) => self.add(what, price),
            None => self.unknown.push(what),
        }
    }

    fn nodes(&mut self, region: Option<&Region>, key: &Key, group: &Nodegroup, items: &[Item<'_>]) {
        let number = u64::from(group.scaling_config.desired_size.size);
        if number == 0 {
            return;
        }
        // EKS takes the first where it can.
        let instance = group.instance_types.first().map_or("", String::as_str);
        self.spot |= group.capacity_type == "SPOT";
        let price = region.and_then(|region| region.instance(instance));
        let family = instance.split('.').next().unwrap_or_default();
        let known = price.map(|_| mark(region, family)).unwrap_or_default();
        self.maybe(format!("{number} × {instance}{known}"), price.map(|price| price * number));
        let template = items.iter().find_map(|item| match item.any {
            Any::LaunchTemplate(template) if item.key.name == key.name => Some(template),
            _ => None,
        });
        for ebs in template.into_iter().flat_map(volumes) {
            let kind = ebs.volume_type.as_str();
            let price = region.and_then(|region| region.volume(ebs));
            let known = price.map(|_| mark(region, kind)).unwrap_or_default();
            let what = format!("{number} × {} GiB {kind}{known}", ebs.volume_size);
            self.maybe(what, price.map(|price| price * number));
        }
        if is_public(group, items) {
            self.add(format!("{number} public IPv4 addresses of {}", key.name), IPV4 * number);
        }
    }
}

fn mark(region: Option<&Region>, what: &str) -> &'static str {
    region.map(|region| region.mark(what)).unwrap_or_default()
}

fn volumes(template: &LaunchTemplate) -> impl Iterator<Item = &Ebs> {
    template.launch_template_data.block_device_mappings.0.iter().map(|mapping| &mapping.ebs)
}

/// Whether nodes stand in subnets of ours that give public addresses. Of given subnets that is not known.
fn is_public(group: &Nodegroup, items: &[Item<'_>]) -> bool {
    let subnets: BTreeMap<&Key, (Option<&str>, bool)> = items
        .iter()
        .filter_map(|item| match item.any {
            Any::Subnet(subnet) => Some((item.key, (item.id, subnet.map_public_ip_on_launch == Some(true)))),
            _ => None,
        })
        .collect();
    let mut public = false;
    group.subnets.visit(&mut |seen| {
        public |= match seen {
            Seen::Of(reference) => subnets.get(&reference.key).is_some_and(|(_, public)| *public),
            Seen::Known { value, .. } => subnets.values().any(|(id, public)| *id == Some(value) && *public),
        };
    });
    public
}

#[test]
fn money_is_rounded_to_cents() {
    let told = [0, 4_999, 5_000, 369_534, 12_345_678].map(|micros| Money::micros(micros).to_string());
    assert_eq!(told, ["$0.00", "$0.00", "$0.01", "$0.37", "$12.35"]);
}
