use aws_sdk_eks::types::{self, UpdateStatus};
use futures::future::{join_all, try_join_all};
use futures::stream::{self, StreamExt, TryStreamExt};

use super::{nodegroup, trouble};
use crate::aws::Aws;
use crate::aws::call::unread;
use crate::aws::live::{moment, still_there};
use crate::resource::{Key, Type};
use crate::world::{Class, Progress, Update, WorldError};

/// How many updates are asked for at once.
const AT_ONCE: usize = 8;

/// Whose updates: a node group's or an add-on's, by its name, or else the cluster's.
#[derive(Clone, Debug, Default)]
struct Of {
    nodegroup: Option<String>,
    addon: Option<String>,
}

/// One update of what has a key, or the newest that it has had.
pub(in crate::aws) async fn of(aws: &Aws, key: &Key, id: Option<&str>) -> Result<Option<Update>, WorldError> {
    let owners = owners(aws, key).await?;
    match id {
        Some(id) => named(aws, &owners, id).await,
        None => newest(aws, &owners).await,
    }
}

async fn owners(aws: &Aws, key: &Key) -> Result<Vec<Of>, WorldError> {
    Ok(match key.kind {
        Type::Cluster => vec![Of::default()],
        Type::Addon => vec![Of { addon: Some(key.name.clone()), ..Of::default() }],
        Type::Nodegroup => {
            let mut names = aws.memory().nodegroups_of(key);
            if names.is_empty() {
                let seen = nodegroup::look(aws, key).await?;
                names.extend(seen.into_iter().filter_map(|live| live.name));
            }
            names.into_iter().map(|name| Of { nodegroup: Some(name), ..Of::default() }).collect()
        }
        // No others have updates that would go on after the call.
        _ => Vec::new(),
    })
}

/// Of two node groups under a key, it is either's.
async fn named(aws: &Aws, owners: &[Of], id: &str) -> Result<Option<Update>, WorldError> {
    let mut absent = None;
    for told in join_all(owners.iter().map(|owner| describe(aws, owner, id))).await {
        match told {
            Err(error) if error.class == Class::NotFound => absent = Some(error),
            told => return told,
        }
    }
    absent.map_or(Ok(None), Err)
}

async fn newest(aws: &Aws, owners: &[Of]) -> Result<Option<Update>, WorldError> {
    let newest = try_join_all(owners.iter().map(|owner| newest_of(aws, owner))).await?;
    Ok(newest.into_iter().flatten().max_by_key(|update| update.began))
}

async fn newest_of(aws: &Aws, owner: &Of) -> Result<Option<Update>, WorldError> {
    // The order in which they are listed is not said anywhere.
    let told = list(aws, owner).await?.into_iter().map(|id| listed(aws, owner, id));
    let updates: Vec<_> = stream::iter(told).buffer_unordered(AT_ONCE).try_collect().await?;
    Ok(updates.into_iter().flatten().max_by_key(|update| update.began))
}

async fn listed(aws: &Aws, owner: &Of, id: String) -> Result<Option<Update>, WorldError> {
    still_there(describe(aws, owner, &id).await).map(Option::flatten)
}

async fn list(aws: &Aws, owner: &Of) -> Result<Vec<String>, WorldError> {
    let list = aws.reads.eks.list_updates().name(&aws.cluster);
    let list = list.set_nodegroup_name(owner.nodegroup.clone()).set_addon_name(owner.addon.clone());
    let ids = list.into_paginator().items().send().try_collect().await.map_err(unread("eks:ListUpdates"));
    still_there(ids).map(Option::unwrap_or_default)
}

async fn describe(aws: &Aws, owner: &Of, id: &str) -> Result<Option<Update>, WorldError> {
    let describe = aws.reads.eks.describe_update().name(&aws.cluster).update_id(id);
    let describe = describe.set_nodegroup_name(owner.nodegroup.clone()).set_addon_name(owner.addon.clone());
    let told = describe.send().await.map_err(unread("eks:DescribeUpdate"))?;
    Ok(told.update().map(|update| translated(id, update)))
}

fn translated(id: &str, update: &types::Update) -> Update {
    let errors = update.errors().iter();
    let errors = errors.map(|it| trouble(it.error_code().map(types::ErrorCode::as_str), it.error_message()));
    let progress = match update.status() {
        Some(UpdateStatus::Successful) => Progress::Successful,
        Some(UpdateStatus::Failed | UpdateStatus::Cancelled) => Progress::Failed(errors.collect()),
        // A word that is not known is not taken for an end.
        _ => Progress::InProgress,
    };
    Update { id: update.id().unwrap_or(id).to_owned(), began: moment(update.created_at()), progress }
}
