//! Amazon CloudWatch Logs: what the control plane says.

use super::operation::operations;
use super::{Set, Tags};

mod log_group;

pub use log_group::LogGroup;

const TAG: &[&str] = &["logs:TagResource"];

operations! { "logs" as Logs
    CreateLogGroup { log_group_name: String, tags: Tags } = Manner::new(Creates).ready_in(1).also(TAG);
    PutRetentionPolicy { log_group_name: String, retention_in_days: u32 } = Manner::new(Updates);
    DeleteRetentionPolicy { log_group_name: String } = Manner::new(Updates);
    TagResource { resource_arn: String, tags: Tags } = Manner::new(Updates);
    UntagResource { resource_arn: String, tag_keys: Set<String> } = Manner::new(Updates);
    DeleteLogGroup { log_group_name: String } = Manner::new(Deletes);
}
