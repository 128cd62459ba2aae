//! How much of each quota is used.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types::{Instance, InstanceLifecycleType, NatGateway, Subnet};
use futures::future::join_all;

use super::in_time;
use crate::aws::Aws;
use crate::aws::ec2::filter;
use crate::cluster::{Quota, is_standard_family};

pub(super) async fn count(aws: &Aws, quotas: &BTreeSet<Quota>) -> BTreeMap<Quota, u64> {
    let zones: BTreeSet<&String> = quotas.iter().filter_map(zone).collect();
    let nat_gateways = if zones.is_empty() { BTreeMap::new() } else { in_time(nat_gateways(aws)).await };
    let counted = quotas.iter().map(async |quota| {
        let used = match quota {
            Quota::Vpcs => in_time(vpcs(aws)).await,
            Quota::InternetGateways => in_time(internet_gateways(aws)).await,
            Quota::ElasticIps => in_time(elastic_ips(aws)).await,
            Quota::NatGateways(zone) => Some(nat_gateways.get(zone).copied().unwrap_or_default()),
            Quota::StandardVcpus => in_time(standard_vcpus(aws)).await,
            Quota::Clusters => aws.cluster_names().await.ok().map(|names| names.len() as u64),
            // Told by what is known of the cluster itself.
            Quota::Nodegroups | Quota::NodesOfNodegroup => None,
        };
        Some((quota.clone(), used?))
    });
    join_all(counted).await.into_iter().flatten().collect()
}

fn zone(quota: &Quota) -> Option<&String> {
    if let Quota::NatGateways(zone) = quota { Some(zone) } else { None }
}

async fn vpcs(aws: &Aws) -> Option<u64> {
    let told: Result<Vec<_>, _> =
        aws.reads.ec2.describe_vpcs().into_paginator().items().send().try_collect().await;
    Some(told.ok()?.len() as u64)
}

async fn internet_gateways(aws: &Aws) -> Option<u64> {
    let told: Result<Vec<_>, _> =
        aws.reads.ec2.describe_internet_gateways().into_paginator().items().send().try_collect().await;
    Some(told.ok()?.len() as u64)
}

async fn elastic_ips(aws: &Aws) -> Option<u64> {
    let told = aws.reads.ec2.describe_addresses().send().await.ok()?;
    Some(told.addresses().len() as u64)
}

/// By zone; nothing, where they or their subnets cannot be read.
async fn nat_gateways(aws: &Aws) -> BTreeMap<String, u64> {
    let living = filter("state", ["pending", "available"]);
    let told: Result<Vec<NatGateway>, _> = aws
        .reads
        .ec2
        .describe_nat_gateways()
        .filter(living)
        .into_paginator()
        .items()
        .send()
        .try_collect()
        .await;
    let told = told.unwrap_or_default();
    let ids: BTreeSet<&str> = told.iter().filter_map(|it| it.subnet_id()).collect();
    if ids.is_empty() {
        return BTreeMap::new();
    }
    let describe = aws.reads.ec2.describe_subnets().filters(filter("subnet-id", ids));
    let subnets: Result<Vec<Subnet>, _> = describe.into_paginator().items().send().try_collect().await;
    let subnets = subnets.unwrap_or_default();
    let zone_of =
        |id: &str| subnets.iter().find(|it| it.subnet_id() == Some(id)).and_then(|it| it.availability_zone());
    let mut zones = BTreeMap::new();
    for zone in told.iter().filter_map(|it| zone_of(it.subnet_id()?)) {
        *zones.entry(zone.to_owned()).or_default() += 1;
    }
    zones
}

async fn standard_vcpus(aws: &Aws) -> Option<u64> {
    let running = filter("instance-state-name", ["pending", "running"]);
    let describe = aws.reads.ec2.describe_instances().filters(running);
    let told: Result<Vec<_>, _> = describe.into_paginator().items().send().try_collect().await;
    let told = told.ok()?;
    let instances = told.iter().flat_map(|reservation| reservation.instances());
    let counts = |it: &&Instance| {
        it.instance_lifecycle() != Some(&InstanceLifecycleType::Spot)
            && it.instance_type().is_some_and(|kind| is_standard_family(kind.as_str()))
    };
    Some(instances.filter(counts).map(vcpus).sum())
}

fn vcpus(instance: &Instance) -> u64 {
    let options = instance.cpu_options();
    let product = options.and_then(|it| Some(it.core_count()? * it.threads_per_core()?));
    product.and_then(|it| u64::try_from(it).ok()).unwrap_or_default()
}
