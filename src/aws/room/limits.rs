//! Limits, as Service Quotas tells them.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;

use super::in_time;
use crate::aws::Aws;
use crate::cluster::Quota;

pub(super) async fn read(aws: &Aws, quotas: &BTreeSet<Quota>) -> BTreeMap<Quota, u64> {
    let codes: BTreeSet<_> = quotas.iter().map(Quota::code).collect();
    let told =
        join_all(codes.into_iter().map(async |code| Some((code, in_time(limit(aws, code)).await?)))).await;
    let told: BTreeMap<_, _> = told.into_iter().flatten().collect();
    quotas.iter().filter_map(|quota| Some((quota.clone(), *told.get(&quota.code())?))).collect()
}

async fn limit(aws: &Aws, (service, code): (&str, &str)) -> Option<u64> {
    let call = aws.reads.quotas.get_service_quota().service_code(service).quota_code(code);
    let value = call.send().await.ok()?.quota?.value?;
    // Quotas are whole numbers, told as floating ones.
    (0.0..1e15).contains(&value).then_some(value as u64)
}
