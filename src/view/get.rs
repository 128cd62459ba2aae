//! Tables of what there is.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::json::answer;
use super::units::age;
use crate::aws::{AddonSummary, ClusterSummary};
use crate::cluster::{Behind, Timestamp, since};
use crate::ops::ComponentSummary;
use crate::resource::eks::{Addon, Nodegroup};
use crate::resource::{Key, Live, OneOf, Trouble};
use crate::world::WorldError;

/// Columns, aligned.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let columns = head.len();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([head[column].len()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |cells: Vec<&str>| {
        let padded = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let body = rows.iter().map(|row| line(row.iter().map(String::as_str).collect()));
    [line(head.to_vec())].into_iter().chain(body).collect::<Vec<_>>().join("\n")
}

/// `get cluster`.
pub fn clusters(region: &str, rows: &[ClusterSummary], now: Timestamp) -> String {
    let cells = |row: &ClusterSummary| {
        vec![
            row.name.clone(),
            region.to_owned(),
            row.status.clone(),
            row.version.clone(),
            if row.ours { "eksact" } else { "-" }.to_owned(),
            row.vpc.clone().unwrap_or_else(|| "-".to_owned()),
            row.made.map_or("-".to_owned(), |made| age(since(now, made))),
        ]
    };
    let rows: Vec<_> = rows.iter().map(cells).collect();
    table(&["NAME", "REGION", "STATUS", "VERSION", "MADE BY", "VPC", "AGE"], &rows)
}

/// `get cluster -o json`.
pub fn clusters_json(region: &str, rows: &[ClusterSummary]) -> Value {
    let items = rows.iter().map(|row| {
        json!({
            "name": row.name, "region": region, "status": row.status, "version": row.version,
            "managed": row.ours, "vpcId": row.vpc, "createdAt": row.made.map(|made| made.to_string()),
        })
    });
    answer("ClusterList", json!({ "items": items.collect::<Vec<_>>() }))
}

/// A node group.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// Under its name in the file.
    pub key: &'a Key,
    /// As EKS has it.
    pub live: &'a Live,
    /// How many of its nodes are Ready; nothing, where Kubernetes has not said.
    pub ready: Option<usize>,
    /// How far its release is behind; nothing, where AWS has not said.
    pub behind: Option<Behind>,
}

/// How many nodes of a group are Ready, where that is known by the names that EKS has for groups.
pub fn ready(nodes: Option<&BTreeMap<String, usize>>, live: &Live) -> Option<usize> {
    Some(nodes?.get(live.name.as_deref()?).copied().unwrap_or_default())
}

/// `get nodegroup`.
pub fn nodegroups(rows: &[Row<'_>], now: Timestamp) -> String {
    let cells = |row @ Row { key, live, ready, .. }: &Row<'_>| {
        let group = Nodegroup::of(&live.properties)?;
        let sizes = &group.scaling_config;
        Some(vec![
            key.name.clone(),
            live.status.clone(),
            ready.map_or("-".to_owned(), |ready| ready.to_string()),
            sizes.desired_size.size.to_string(),
            sizes.min_size.to_string(),
            sizes.max_size.to_string(),
            group.instance_types.join(","),
            if group.capacity_type == "SPOT" { "spot" } else { "on demand" }.to_owned(),
            release(row),
            health(&live.troubles),
            live.made.map_or("-".to_owned(), |made| age(since(now, made))),
        ])
    };
    let rows: Vec<_> = rows.iter().filter_map(cells).collect();
    let head =
        ["NAME", "STATUS", "READY", "DESIRED", "MIN", "MAX", "TYPE", "CAPACITY", "RELEASE", "HEALTH", "AGE"];
    table(&head, &rows)
}

/// `1.34.1-20261105 (2 behind)`.
fn release(row: &Row<'_>) -> String {
    let release = row.live.attributes.get("ReleaseVersion").map_or("-", String::as_str);
    match row.behind {
        Some(Behind { releases, .. }) if releases > 0 => format!("{release} ({releases} behind)"),
        _ => release.to_owned(),
    }
}

/// That the caller may not know what AWS has released.
pub fn releases_denied(error: &WorldError) -> String {
    format!("? newer releases of images cannot be looked for: {error}")
}

/// `get addon`.
pub fn addons(rows: &[AddonSummary], now: Timestamp) -> String {
    let cells = |row: &AddonSummary| {
        let addon = Addon::of(&row.live.properties)?;
        let or_none = |text: Option<&str>| text.unwrap_or("-").to_owned();
        Some(vec![
            or_none(row.live.name.as_deref()),
            or_none(addon.addon_version.as_deref()),
            row.live.status.clone(),
            or_none(row.newer.as_deref()),
            if row.ours { "eksact" } else { "-" }.to_owned(),
            health(&row.live.troubles),
            row.live.made.map_or("-".to_owned(), |made| age(since(now, made))),
        ])
    };
    let rows: Vec<_> = rows.iter().filter_map(cells).collect();
    table(&["NAME", "VERSION", "STATUS", "NEWER", "MADE BY", "HEALTH", "AGE"], &rows)
}

/// `get addon -o json`.
pub fn addons_json(cluster: &str, rows: &[AddonSummary]) -> Value {
    let item = |row: &AddonSummary| {
        let (addon, live) = (Addon::of(&row.live.properties)?, &row.live);
        Some(json!({
            "name": live.name, "cluster": cluster, "version": addon.addon_version, "status": live.status,
            "newerVersion": row.newer, "managed": row.ours, "configurationValues": addon.configuration_values,
            "issues": live.troubles, "arn": live.id, "createdAt": live.made.map(|made| made.to_string()),
        }))
    };
    answer("AddonList", json!({ "items": rows.iter().filter_map(item).collect::<Vec<_>>() }))
}

/// `get component`.
pub fn components(rows: &[ComponentSummary], now: Timestamp) -> String {
    let cells = |row: &ComponentSummary| {
        vec![
            row.name.clone(),
            version(row),
            if row.is_addon { "add-on" } else { "manifest" }.to_owned(),
            row.status.clone(),
            row.pods.map_or("-".to_owned(), |pods| format!("{}/{}", pods.ready, pods.wanted)),
            health(&row.troubles),
            row.made.map_or("-".to_owned(), |made| age(since(now, made))),
        ]
    };
    let rows: Vec<_> = rows.iter().map(cells).collect();
    table(&["NAME", "VERSION", "KIND", "STATUS", "READY", "HEALTH", "AGE"], &rows)
}

/// `v3.4.3 (1 behind)`; of an add-on, only EKS's newest is known.
fn version(row: &ComponentSummary) -> String {
    let version = row.version.as_deref().unwrap_or("-");
    match &row.newer[..] {
        [] => version.to_owned(),
        [newest, ..] if row.is_addon => format!("{version} ({newest} exists)"),
        newer => format!("{version} ({} behind)", newer.len()),
    }
}

/// `get component -o json`.
pub fn components_json(cluster: &str, rows: &[ComponentSummary]) -> Value {
    let items = rows.iter().map(|row| {
        json!({
            "name": row.name, "cluster": cluster, "version": row.version, "newerVersions": row.newer,
            "type": if row.is_addon { "addon" } else { "manifest" }, "status": row.status,
            "readyReplicas": row.pods.map(|it| it.ready), "replicas": row.pods.map(|it| it.wanted),
            "issues": row.troubles, "createdAt": row.made.map(|made| made.to_string()),
        })
    });
    answer("ComponentList", json!({ "items": items.collect::<Vec<_>>() }))
}

fn health(troubles: &[Trouble]) -> String {
    match troubles {
        [] => "ok".to_owned(),
        troubles => troubles.iter().map(|it| it.code.as_str()).collect::<Vec<_>>().join(","),
    }
}

/// `get nodegroup -o json`.
pub fn nodegroups_json(cluster: &str, rows: &[Row<'_>]) -> Value {
    let item = |Row { key, live, ready, behind }: &Row<'_>| {
        let group = Nodegroup::of(&live.properties)?;
        let sizes = &group.scaling_config;
        Some(json!({
            "name": key.name, "cluster": cluster, "nodegroupName": live.name, "status": live.status,
            "readyNodes": ready, "desiredSize": sizes.desired_size.size, "minSize": sizes.min_size, "maxSize": sizes.max_size,
            "instanceTypes": group.instance_types, "capacityType": group.capacity_type,
            "amiType": group.ami_type, "releaseVersion": live.attributes.get("ReleaseVersion"),
            "releasesBehind": behind.as_ref().map(|it| it.releases),
            "newestRelease": behind.as_ref().and_then(|it| it.newest.as_ref()),
            "version": live.attributes.get("Version"), "labels": group.labels, "taints": group.taints,
            "issues": live.troubles, "createdAt": live.made.map(|made| made.to_string()),
        }))
    };
    answer("NodegroupList", json!({ "items": rows.iter().filter_map(item).collect::<Vec<_>>() }))
}

#[test]
fn columns_are_as_wide_as_what_is_in_them() {
    let told =
        table(&["NAME", "AGE"], &[vec!["a-long-name".into(), "3d".into()], vec!["b".into(), "-".into()]]);
    assert_eq!(told, "NAME         AGE\na-long-name  3d\nb            -");
}
