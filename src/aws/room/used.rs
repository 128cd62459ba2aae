//! How much of each quota is used.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{
    Address, Instance, InstanceLifecycleType, NatGateway, Reservation, Subnet, Tenancy,
};
use aws_sdk_ec2::types::{InternetGateway, Vpc};
use futures::FutureExt;
use futures::future::join_all;

use super::Room;
use crate::aws::ec2::filter;
use crate::cluster::{Pool, Quota};

type Counted = Option<Vec<(Quota, u64)>>;

/// What of these could be counted.
pub(super) async fn count(room: &Room<'_>, quotas: &BTreeSet<Quota>) -> Vec<(Quota, u64)> {
    let counts = [
        vpcs(room, quotas).boxed(),
        internet_gateways(room, quotas).boxed(),
        elastic_ips(room, quotas).boxed(),
        nat_gateways(room, quotas).boxed(),
        vcpus(room, quotas).boxed(),
        clusters(room, quotas).boxed(),
    ];
    let counted = join_all(counts.map(|count| room.in_time(count))).await;
    counted.into_iter().flatten().flatten().collect()
}

async fn vpcs(room: &Room<'_>, quotas: &BTreeSet<Quota>) -> Counted {
    let quota = quotas.get(&Quota::Vpcs)?;
    let list = room.clients.ec2.describe_vpcs().into_paginator().items().send();
    let told: Vec<Vpc> = list.try_collect().await.ok()?;
    Some(vec![(quota.clone(), told.len() as u64)])
}

async fn internet_gateways(room: &Room<'_>, quotas: &BTreeSet<Quota>) -> Counted {
    let quota = quotas.get(&Quota::InternetGateways)?;
    let list = room.clients.ec2.describe_internet_gateways().into_paginator().items().send();
    let told: Vec<InternetGateway> = list.try_collect().await.ok()?;
    Some(vec![(quota.clone(), told.len() as u64)])
}

/// Of Amazon's addresses: those that an account has brought along are not limited by this.
async fn elastic_ips(room: &Room<'_>, quotas: &BTreeSet<Quota>) -> Counted {
    let quota = quotas.get(&Quota::ElasticIps)?;
    let told = room.clients.ec2.describe_addresses().send().await.ok()?;
    let amazons = |it: &&Address| it.public_ipv4_pool().is_none_or(|pool| pool == "amazon");
    Some(vec![(quota.clone(), told.addresses().iter().filter(amazons).count() as u64)])
}

/// By zone. One that is being deleted counts until it is gone.
async fn nat_gateways(room: &Room<'_>, quotas: &BTreeSet<Quota>) -> Counted {
    let zones =
        quotas.iter().filter_map(|it| if let Quota::NatGateways(zone) = it { Some(zone) } else { None });
    let zones: Vec<&String> = zones.collect();
    if zones.is_empty() {
        return None;
    }
    let counting = filter("state", ["pending", "available", "deleting"]);
    let list = room.clients.ec2.describe_nat_gateways().filter(counting).into_paginator().items().send();
    let told: Vec<NatGateway> = list.try_collect().await.ok()?;
    let subnets = subnets(room, told.iter().filter_map(|it| it.subnet_id()).collect()).await?;
    let zone_of = |gateway: &NatGateway| {
        let its = |subnet: &&Subnet| subnet.subnet_id() == gateway.subnet_id();
        subnets.iter().find(its)?.availability_zone()
    };
    let in_zone = |zone: &str| told.iter().filter(|it| zone_of(it) == Some(zone)).count() as u64;
    Some(zones.into_iter().map(|zone| (Quota::NatGateways(zone.clone()), in_zone(zone))).collect())
}

async fn subnets(room: &Room<'_>, ids: BTreeSet<&str>) -> Option<Vec<Subnet>> {
    if ids.is_empty() {
        return Some(Vec::new());
    }
    let list = room.clients.ec2.describe_subnets().filters(filter("subnet-id", ids));
    list.into_paginator().items().send().try_collect().await.ok()
}

async fn vcpus(room: &Room<'_>, quotas: &BTreeSet<Quota>) -> Counted {
    let pools = quotas.iter().filter_map(|it| if let Quota::Vcpus(pool) = it { Some(*pool) } else { None });
    let pools: Vec<Pool> = pools.collect();
    if pools.is_empty() {
        return None;
    }
    let running = filter("instance-state-name", ["pending", "running"]);
    let list = room.clients.ec2.describe_instances().filters(running).into_paginator().items().send();
    let told: Vec<Reservation> = list.try_collect().await.ok()?;
    let instances: Vec<&Instance> = told.iter().flat_map(|it| it.instances()).collect();
    let of_pool = |pool| instances.iter().filter(|it| pool_of(it) == Some(pool)).map(|it| cpus(it)).sum();
    Some(pools.into_iter().map(|pool| (Quota::Vcpus(pool), of_pool(pool))).collect())
}

/// What an instance counts in. Dedicated hosts and capacity that is reserved in blocks have quotas of their own.
fn pool_of(instance: &Instance) -> Option<Pool> {
    let spot = match instance.instance_lifecycle() {
        None => false,
        Some(InstanceLifecycleType::Spot) => true,
        Some(_) => return None,
    };
    let on_host = instance.placement().and_then(|it| it.tenancy()) == Some(&Tenancy::Host);
    if on_host { None } else { Pool::of(instance.instance_type()?.as_str(), spot) }
}

fn cpus(instance: &Instance) -> u64 {
    let options = instance.cpu_options();
    let product = options.and_then(|it| Some(it.core_count()? * it.threads_per_core()?));
    product.and_then(|it| u64::try_from(it).ok()).unwrap_or_default()
}

async fn clusters(room: &Room<'_>, quotas: &BTreeSet<Quota>) -> Counted {
    let quota = quotas.get(&Quota::Clusters)?;
    let list = room.clients.eks.list_clusters().into_paginator().items().send();
    let told: Vec<String> = list.try_collect().await.ok()?;
    Some(vec![(quota.clone(), told.len() as u64)])
}
