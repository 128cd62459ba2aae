use aws_sdk_cloudwatchlogs::types;

use crate::aws::Aws;
use crate::aws::call::{Call, done, made, unread};
use crate::aws::live::{attributes, count, live, number, still_there};
use crate::aws::tags::{of_eks, to_eks};
use crate::resource::logs::LogGroup;
use crate::resource::{Key, Live, Resource, Set, Tags};
use crate::world::{Answer, WorldError};

/// The one that EKS writes the cluster's logs to, whoever has made it, if it is there.
pub(in crate::aws) async fn of_cluster(aws: &Aws) -> Result<Option<Live>, WorldError> {
    let name = LogGroup::name_of(&aws.cluster);
    let groups = aws.reads.logs.describe_log_groups().log_group_name_prefix(&name);
    // A name that is a beginning of others comes before them.
    let told = groups.limit(1).send().await.map_err(unread("logs:DescribeLogGroups"))?;
    let group = told.log_groups().iter().find(|it| it.log_group_name() == Some(&name));
    let Some((group, arn)) = group.and_then(|group| Some((group, arn(group)?))) else { return Ok(None) };
    let tags = aws.reads.logs.list_tags_for_resource().resource_arn(arn).send().await;
    let Some(tags) = still_there(tags.map_err(unread("logs:ListTagsForResource")))? else { return Ok(None) };
    let properties = LogGroup {
        log_group_name: name,
        retention_in_days: count(group.retention_in_days()),
        tags: of_eks(tags.tags()),
    };
    let attributes = attributes([(LogGroup::ID, group.log_group_name()), (LogGroup::ARN, Some(arn))]);
    Ok(live(properties, attributes))
}

/// Its ARN, as tags are put by it: without the end that stands for the streams in it.
fn arn(group: &types::LogGroup) -> Option<&str> {
    group.log_group_arn().or(group.arn()).map(|arn| arn.trim_end_matches(":*"))
}

/// What there is under its key: ours, or one that nobody has marked, which is to be adopted.
pub(in crate::aws) async fn look(aws: &Aws, key: &Key) -> Result<Vec<Live>, WorldError> {
    let live = of_cluster(aws).await?.filter(|live| match aws.is_marked(live) {
        Some(true) => live.key().as_ref() == Some(key),
        Some(false) => false,
        None => true,
    });
    Ok(live.into_iter().collect())
}

pub(super) async fn create(call: &Call<'_>, name: &str, tags: &Tags) -> Result<Answer, WorldError> {
    let create = call.client().logs.create_log_group().log_group_name(name).set_tags(to_eks(tags));
    create.send().await.map_err(call.failed())?;
    Ok(made(attributes([(LogGroup::ID, Some(name))])))
}

pub(super) async fn keep(call: &Call<'_>, name: &str, days: u32) -> Result<Answer, WorldError> {
    let keep = call.client().logs.put_retention_policy().log_group_name(name);
    keep.retention_in_days(number(days)).send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn keep_for_good(call: &Call<'_>, name: &str) -> Result<Answer, WorldError> {
    let forget = call.client().logs.delete_retention_policy().log_group_name(name);
    forget.send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn tag(call: &Call<'_>, arn: &str, tags: &Tags) -> Result<Answer, WorldError> {
    let tag = call.client().logs.tag_resource().resource_arn(arn).set_tags(to_eks(tags));
    tag.send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn untag(call: &Call<'_>, arn: &str, keys: &Set<String>) -> Result<Answer, WorldError> {
    let untag = call.client().logs.untag_resource().resource_arn(arn);
    untag.set_tag_keys(Some(keys.0.clone())).send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn delete(call: &Call<'_>, name: &str) -> Result<Answer, WorldError> {
    let delete = call.client().logs.delete_log_group().log_group_name(name);
    delete.send().await.map(|_| done()).map_err(call.failed())
}
