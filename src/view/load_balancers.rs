//! What to do about an object inside that a deletion cannot go past: its controller does not let it go.

use serde_json::json;

use super::summary::End;
use crate::resource::kubernetes::Exposed;
use crate::resource::{Any, Key};

/// The way out, where one of what failed is such an object.
pub(super) fn way_out(end: &End<'_>, failed: &[&Key]) -> Option<Vec<String>> {
    let held: Vec<&Exposed> = failed.iter().filter_map(|key| doomed(end, key)).collect();
    if held.is_empty() {
        return None;
    }
    let mut lines = vec![
        "  next   let the controller run again, that it takes its load balancers down; or delete these by hand,"
            .to_owned(),
        "         and take the finalizers off:".to_owned(),
    ];
    lines.extend(held.iter().map(|it| format!("         {}", release(it))));
    lines.push(format!("         then {}   goes on from here", end.again));
    // Only with the whole cluster can they be left.
    lines.extend((!end.plan.is_part).then(|| {
        format!("         {} --skip-kubernetes   leaves them, and whatever network they stand in", end.again)
    }));
    Some(lines)
}

fn doomed<'a>(end: &End<'a>, key: &Key) -> Option<&'a Exposed> {
    let change = end.plan.changes().unwrap_or_default().iter().find(|change| change.key == *key)?;
    match &change.doomed()?.properties {
        Any::Exposed(exposed) => Some(exposed),
        _ => None,
    }
}

/// The command that takes a controller's finalizers off, and no others.
fn release(exposed: &Exposed) -> String {
    let address = &exposed.address;
    let held_by: Vec<&str> = exposed.held_by().collect();
    let others: Vec<&String> =
        exposed.finalizers.iter().filter(|it| !held_by.contains(&it.as_str())).collect();
    let patch = json!({ "metadata": { "finalizers": others } });
    let (kind, namespace, name) = (address.kind.name.to_lowercase(), &address.namespace, &address.name);
    format!("kubectl patch {kind} {name} -n {namespace} --type merge -p '{patch}'")
}
