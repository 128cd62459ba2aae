//! What is there already, and lives with other settings than those that were asked for.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Draft;
use crate::plan::{Action, Change};
use crate::resource::{Difference, Key, Reaction, Type};

/// Where the node group names the version of its template: another one is what the template's own change entails.
const TEMPLATE: &str = "LaunchTemplate.Version";
/// Settings of an add-on, in its own language.
const SETTINGS: &str = "ConfigurationValues";
/// Our own bookkeeping.
const OURS: &str = "Tags.eksact.dev/";

/// Settings that take the place of others in a file where they are not said themselves: of flags, they follow from what
/// was said, and are nobody's wish.
const FOLLOW: [(&str, &[&str]); 3] = [
    ("AmiType", &["InstanceTypes"]),
    ("ScalingConfig.MinSize", &["ScalingConfig.DesiredSize"]),
    ("ScalingConfig.MaxSize", &["ScalingConfig.DesiredSize", "ScalingConfig.MinSize"]),
];
/// Flags add labels, and take none away.
const LABELS: &str = "Labels.";

/// Whose settings are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A file's: what it does not say is asked for, too.
    ByFile,
    /// Those of flags, and no others.
    ByFlags,
}

/// What would have to change of some keys for it to be as asked for. To be shown, and not to be carried out.
pub(super) fn otherwise(draft: &Draft, keys: &BTreeSet<Key>, asked: Asked) -> Vec<Change> {
    let all = draft.plan.if_nothing_were_refused();
    let common = of_all(all);
    let about = all.iter().filter(|it| keys.contains(&it.key) && it.action != Action::Wait);
    let mut found: Vec<Change> = about.cloned().collect();
    for change in &mut found {
        let key = change.key.clone();
        change.differences.retain(|it| is_own(it, &common) && is_asked(draft, &key, it, asked));
        // One that would only be made anew for what nobody has asked for is changed.
        let anew = change.differences.iter().any(|it| it.reaction == Reaction::Replace);
        if change.action == Action::Create && !change.differences.is_empty() && !anew {
            change.action = Action::Update;
        }
    }
    found.retain(|it| !it.differences.is_empty() || is_asked_as_a_whole(draft, it, asked));
    let is_template = |it: &Change| it.key.kind == Type::LaunchTemplate;
    if asked == Asked::ByFile && !found.iter().any(is_template) {
        found.iter_mut().for_each(|it| it.differences.retain(|it| it.path != TEMPLATE));
        found.retain(|it| !it.differences.is_empty() || it.action != Action::Update);
    }
    found
}

/// The tags that change on the cluster itself: they are the file's for everything, and no setting of a part.
fn of_all(changes: &[Change]) -> Vec<&str> {
    let clusters = changes.iter().filter(|it| it.key.kind == Type::Cluster);
    clusters.flat_map(|it| &it.differences).filter_map(|it| tag(&it.path)).collect()
}

/// The tag that a path is about.
fn tag(path: &str) -> Option<&str> {
    let (before, tag) = path.split_once("TagSpecifications.").unwrap_or(("", path));
    match before {
        "" => tag.strip_prefix("Tags."),
        _ => tag.split_once('.').map(|(_, tag)| tag),
    }
}

fn is_own(difference: &Difference, common: &[&str]) -> bool {
    let of_all = tag(&difference.path).is_some_and(|tag| common.contains(&tag));
    !of_all && !difference.path.starts_with(OURS)
}

/// Whether somebody has said what differs. Flags have said what has a place of its own in the file that they stand
/// for.
fn is_asked(draft: &Draft, key: &Key, difference: &Difference, asked: Asked) -> bool {
    if asked == Asked::ByFile {
        return true;
    }
    let place = draft.graph.span(key, &difference.path);
    let follows = FOLLOW.iter().find(|(path, _)| *path == difference.path);
    let follows = follows.is_some_and(|(_, of)| of.iter().any(|path| draft.graph.span(key, path) == place));
    let takes_away = difference.path.starts_with(LABELS) && difference.after.is_none();
    let is_said = place.is_some() && place != draft.graph.span(key, "") && !follows && !takes_away;
    is_said && (difference.path != SETTINGS || says_another(difference))
}

/// Whether any of the settings that are said lives otherwise; those that are not said are nobody's wish.
fn says_another(difference: &Difference) -> bool {
    let [before, after] = [&difference.before, &difference.after].map(|it| settings(it.as_ref()));
    after.as_object().is_none_or(|after| after.iter().any(|(key, value)| before.get(key) != Some(value)))
}

/// As an object, however it is kept.
fn settings(value: Option<&Value>) -> Value {
    match value {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        Some(other) => other.clone(),
        None => Value::Null,
    }
}

/// Whether somebody has said that something is to be there, or not to be. Of what flags can say only a way to a role
/// takes it away: none.
fn is_asked_as_a_whole(draft: &Draft, change: &Change, asked: Asked) -> bool {
    let of_role = matches!(change.key.kind, Type::Role | Type::PodIdentityAssociation);
    match (asked, change.action) {
        // What is only a difference in what is no setting has been left out above.
        (_, Action::Update | Action::Wait) => false,
        (Asked::ByFile, _) => true,
        (Asked::ByFlags, Action::Delete) => of_role && draft.graph.node(&change.key).is_none(),
        (Asked::ByFlags, _) => false,
    }
}
