//! Limits, as Service Quotas tells them.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;

use super::Room;
use crate::cluster::Quota;

pub(super) async fn read(room: &Room<'_>, quotas: &BTreeSet<Quota>) -> BTreeMap<Quota, u64> {
    let codes: BTreeSet<_> = quotas.iter().map(Quota::code).collect();
    let told = codes.into_iter().map(async |code| Some((code, room.in_time(limit(room, code)).await?)));
    let told: BTreeMap<_, _> = join_all(told).await.into_iter().flatten().collect();
    quotas.iter().filter_map(|quota| Some((quota.clone(), *told.get(&quota.code())?))).collect()
}

async fn limit(room: &Room<'_>, (service, code): (&str, &str)) -> Option<u64> {
    let quotas = &room.clients.quotas;
    let applied = quotas.get_service_quota().service_code(service).quota_code(code).send().await;
    let quota = match applied {
        Ok(told) => told.quota,
        // So it is answered where nobody has ever asked for more.
        Err(error) if error.as_service_error().is_some_and(|it| it.is_no_such_resource_exception()) => {
            let default = quotas.get_aws_default_service_quota().service_code(service).quota_code(code);
            default.send().await.ok()?.quota
        }
        Err(_) => None,
    };
    let value = quota?.value?;
    // Quotas are whole numbers, told as floating ones.
    (0.0..1e15).contains(&value).then_some(value as u64)
}
