use std::collections::BTreeSet;

use futures::future::{join, join_all};

use super::control_plane::ControlPlane;
use super::is_without_file;
use super::sight::Sight;
use crate::aws::Aws;
use crate::aws::iam::role::{self, Where};
use crate::aws::live::{Item, Listed, Named};
use crate::resource::{Key, Type};
use crate::world::{Found, Names};

/// Roles of the cluster, and of others that have its names.
pub(super) struct Roles {
    ours: Listed,
    foreign: Vec<(Key, String)>,
}

impl Roles {
    /// Those of the names that the graph will take, and those that are listed.
    pub async fn of(aws: &Aws, names: &Names, at: Where) -> Self {
        let wanted: Vec<(&Key, &String)> = names.iter().filter(|(key, _)| key.kind == Type::Role).collect();
        for (key, name) in &wanted {
            aws.memory().roles.entry((*key).clone()).or_default().insert((*name).clone());
        }
        let asked = join_all(wanted.iter().map(|(_, name)| role::named(aws, name)));
        let (asked, listed) = join(asked, others(aws, wanted_names(names), at)).await;
        let (mut foreign, mut ours) = (Vec::new(), Vec::new());
        for ((key, _), role) in wanted.into_iter().zip(asked) {
            match role {
                Ok(Named::Ours(item)) => ours.push(item),
                Ok(Named::Foreign(arn)) => foreign.push((key.clone(), arn)),
                Ok(Named::Absent) => {}
                Err(error) => ours.push(Item { key: key.clone(), live: Err(error) }),
            }
        }
        let ours = listed.map(|listed| ours.into_iter().chain(listed).collect());
        Self { ours, foreign }
    }

    pub fn tell(self, sight: &mut Sight) {
        sight.listed(Type::Role, self.ours);
        self.foreign.into_iter().for_each(|(key, arn)| sight.found(key, Found::Foreign(arn)));
    }
}

fn wanted_names(names: &Names) -> BTreeSet<&str> {
    names.iter().filter(|(key, _)| key.kind == Type::Role).map(|(_, name)| name.as_str()).collect()
}

/// Those that are listed, but for those that are asked for by name.
async fn others(aws: &Aws, wanted: BTreeSet<&str>, at: Where) -> Listed {
    let listed = role::names(aws, at).await?;
    all(aws, listed.iter().map(String::as_str).filter(|name| !wanted.contains(name))).await
}

/// Those at the root that the cluster's own things lead to.
pub(super) async fn linked(aws: &Aws, names: &Names, control_plane: &ControlPlane) -> Listed {
    // Then they are listed anyway.
    if is_without_file(names) {
        return Ok(Vec::new());
    }
    let arns = control_plane.role_arns();
    let at_root = arns.into_iter().filter_map(|arn| arn.split_once(":role/")).map(|(_, name)| name);
    let at_root = at_root.filter(|name| role::may_be_ours(aws, "/", name)).map(str::to_owned);
    let mut found: BTreeSet<String> = at_root.collect();
    if control_plane.has_roles_at_the_root() {
        found.extend(role::names(aws, Where::Anywhere).await?);
    }
    let wanted = wanted_names(names);
    all(aws, found.iter().map(String::as_str).filter(|name| !wanted.contains(name))).await
}

/// Those of some names that are the cluster's. Where one cannot be read, nobody knows its key.
async fn all(aws: &Aws, names: impl Iterator<Item = &str>) -> Listed {
    let roles = join_all(names.map(|name| role::named(aws, name))).await;
    roles.into_iter().filter_map(|role| role.map(Named::ours).transpose()).collect()
}
