//! Amazon CloudWatch Logs.

use super::call::Call;
use crate::resource::logs::Operation as Sent;
use crate::world::{Answer, WorldError};

pub(super) mod log_group;

/// Sends one call.
pub(super) async fn send(call: &Call<'_>, operation: &Sent) -> Result<Answer, WorldError> {
    match operation {
        Sent::CreateLogGroup { log_group_name, tags } => log_group::create(call, log_group_name, tags).await,
        Sent::PutRetentionPolicy { log_group_name, retention_in_days } => {
            log_group::keep(call, log_group_name, *retention_in_days).await
        }
        Sent::DeleteRetentionPolicy { log_group_name } => {
            log_group::keep_for_good(call, log_group_name).await
        }
        Sent::TagResource { resource_arn, tags } => log_group::tag(call, resource_arn, tags).await,
        Sent::UntagResource { resource_arn, tag_keys } => {
            log_group::untag(call, resource_arn, tag_keys).await
        }
        Sent::DeleteLogGroup { log_group_name } => log_group::delete(call, log_group_name).await,
    }
}
