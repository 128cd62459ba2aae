//! Amazon CloudWatch Logs.

use super::state::{Played, Refusal, State};
use crate::resource::logs::{LogGroup, Operation as Call};
use crate::resource::{Live, OneOf};
use crate::world::{Answer, Class};

const NONE: Refusal = (Class::NotFound, "ResourceNotFoundException");

pub(super) fn play(state: &mut State, call: &Call) -> Played {
    match call {
        Call::CreateLogGroup { log_group_name, tags } => {
            if id(state, log_group_name).is_ok() {
                return Err((Class::Exists, "ResourceAlreadyExistsException"));
            }
            state.log.actions.insert("logs:TagResource");
            let (log_group_name, tags) = (log_group_name.clone(), tags.clone());
            let group = LogGroup { log_group_name: log_group_name.clone(), retention_in_days: None, tags };
            let item = state.make(group.into(), Some(log_group_name), "");
            let arn = item.live.id.clone();
            return item.tells([(LogGroup::ARN, arn)]);
        }
        Call::PutRetentionPolicy { log_group_name, retention_in_days } => {
            named(state, log_group_name)?.retention_in_days = Some(*retention_in_days);
        }
        Call::DeleteRetentionPolicy { log_group_name } => {
            named(state, log_group_name)?.retention_in_days = None;
        }
        Call::TagResource { resource_arn, tags } => {
            state.edit::<LogGroup>(resource_arn)?.tags.0.extend(tags.0.clone());
        }
        Call::UntagResource { resource_arn, tag_keys } => {
            state.edit::<LogGroup>(resource_arn)?.tags.0.retain(|key, _| !tag_keys.0.contains(key));
        }
        Call::DeleteLogGroup { log_group_name } => {
            let id = id(state, log_group_name)?;
            return state.vanish(&id, NONE.1);
        }
    }
    Ok(Answer::default())
}

fn named<'a>(state: &'a mut State, name: &str) -> Result<&'a mut LogGroup, Refusal> {
    let id = id(state, name)?;
    state.edit(&id)
}

fn id(state: &State, name: &str) -> Result<String, Refusal> {
    let is = |live: &&Live| LogGroup::of(&live.properties).is_some_and(|it| it.log_group_name == name);
    state.living().find(is).map(|live| live.id.clone()).ok_or(NONE)
}
