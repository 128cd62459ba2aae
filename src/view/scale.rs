//! Another size of a node group: before it is set, and when it is.

use std::time::Duration;

use serde_json::{Value, json};

use super::json::answer;
use super::plan::whereabouts;
use super::readiness;
use super::units::about;
use crate::cluster::Caller;
use crate::ops::{Inside, Scaled};

/// Which node group is meant, by its name in the file, and of which cluster.
#[derive(Clone, Copy, Debug)]
pub struct Group<'a> {
    /// The cluster's name.
    pub cluster: &'a str,
    /// Its region.
    pub region: &'a str,
    /// The node group's name.
    pub name: &'a str,
}

/// What is about to be done, by whom and where, and how long it usually takes.
pub fn header(group: Group<'_>, caller: &Caller, scaled: &Scaled, usual: Duration) -> String {
    let Group { cluster, region, name } = group;
    let (place, change) = (whereabouts((cluster, region), caller), change(scaled));
    format!("{place}\n~ nodegroup {name}    {change}; about {}", about(usual))
}

/// What came of it.
pub fn text(group: Group<'_>, scaled: &Scaled, inside: Option<&Inside>) -> String {
    let Group { cluster, region, name } = group;
    if scaled.before == scaled.after {
        return format!("nodegroup {name} has {} already.", sizes(scaled.after));
    }
    let ready = inside.and_then(|it| readiness::nodes(&it.nodes)).map(|it| format!(" {it}."));
    let mut troubles = inside.map(readiness::troubles).unwrap_or_default();
    if !troubles.is_empty() {
        troubles.push(format!(
            "  next   eksact get nodegroup --cluster {cluster} --region {region}   shows how far it is"
        ));
    }
    let troubles: String = troubles.iter().map(|line| format!("\n{line}")).collect();
    format!(
        "nodegroup {name}: {}.{}{}{troubles}",
        change(scaled),
        ready.unwrap_or_default(),
        next(scaled).map(|line| format!("\n{line}")).unwrap_or_default(),
    )
}

/// The same for programs.
pub fn object(group: Group<'_>, scaled: &Scaled, inside: Option<&Inside>) -> Value {
    let sizes = |(min, desired, max): (u32, u32, u32)| json!({ "min": min, "desired": desired, "max": max });
    let rest = json!({
        "cluster": group.cluster, "nodegroup": group.name,
        "before": sizes(scaled.before), "after": sizes(scaled.after), "applied": scaled.applied,
        "leftToAutoscaler": scaled.left.as_ref().map(|(size, by)| json!({ "desired": size, "by": by })),
        "kubernetes": inside.map(readiness::object),
    });
    answer("Scaled", rest)
}

fn change(scaled: &Scaled) -> String {
    format!("{} → {}", sizes(scaled.before), sizes(scaled.after))
}

fn sizes((min, desired, max): (u32, u32, u32)) -> String {
    format!("{desired} nodes ({min} to {max})")
}

/// Who says how many nodes there are from now on, where it is not the file.
fn next(scaled: &Scaled) -> Option<String> {
    if let Some((size, by)) = &scaled.left {
        let why = format!("{size} nodes are not set: cluster-autoscaler ({by}) chooses how many there are");
        return Some(format!("{why}, and --despite-autoscaler sets them all the same."));
    }
    let applied = scaled.applied.filter(|applied| *applied != scaled.after.1)?;
    let file = format!("The file said {applied} when it was last applied");
    Some(format!("{file}: apply leaves this size alone until the file names another."))
}
