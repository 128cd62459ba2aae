//! For how long the control plane's logs are kept.

use super::draft::Draft;
use crate::resource::logs::LogGroup;

/// The name of its log group in the graph.
const CONTROL_PLANE: &str = "control-plane";

/// Draws the log group where the file says for how long logs are kept, and where that was so before: what is in it goes
/// with the cluster, and not because a line has left the file.
pub(super) fn draw(draft: &mut Draft<'_>) {
    let logging = &draft.config.cloud_watch.cluster_logging;
    let retention = &logging.log_retention_in_days;
    if retention.is_none() && !draft.kept.log_group {
        return;
    }
    let group = LogGroup {
        log_group_name: LogGroup::name_of(draft.name()),
        retention_in_days: retention.as_ref().map(|it| it.count()),
        tags: draft.tagging().plain(),
    };
    let place = retention.as_ref().and_then(|it| it.written_at());
    let group = draft.graph.add(CONTROL_PLANE, group);
    draft.places(group.key(), &[("RetentionInDays", place)]);
}
