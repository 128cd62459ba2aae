use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_iam::types;
use futures::future::{join_all, try_join_all};

use crate::aws::Aws;
use crate::aws::call::{Call, done, made, unread};
use crate::aws::errors::lacking;
use crate::aws::live::{Named, attributes, live, moment, still_there};
use crate::aws::memory::key_of;
use crate::aws::tags::{of_iam, to_iam};
use crate::resource::iam::Role;
use crate::resource::{Attributes, Json, Key, Live, OneOf, Set, Tags, Val, name_within};
use crate::world::{Answer, Class, WorldError};

/// IAM's limit for a name.
const LONGEST: usize = 64;
/// What is left of the beginning of a name that was cut: the hash at its end takes 9.
const STEM: usize = LONGEST - 9;

/// Where roles are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::aws) enum Where {
    /// Under the cluster's own path.
    Filed,
    /// And, by their names, among all that the account has.
    Anywhere,
}

/// The role of a name, and whose it is.
pub(in crate::aws) async fn named(aws: &Aws, name: &str) -> Result<Named, WorldError> {
    let (role, attached, policies) = futures::join!(get(aws, name), attached(aws, name), policies(aws, name));
    let Some(role) = role? else { return Ok(Named::Absent) };
    let item = translated(&role).and_then(|live| aws.ours(Role::TYPE, None, [live]).pop());
    let item = item.filter(|item| is_of_region(aws, &role, &item.key));
    let Some(mut item) = item else { return Ok(Named::Foreign(role.arn)) };
    aws.memory().roles.entry(item.key.clone()).or_default().insert(role.role_name);
    item.live = item.live.and_then(|live| Ok(with_policies(live, attached?, policies?)));
    match &item.live {
        Err(error) if error.class == Class::NotFound => Ok(Named::Absent),
        Ok(_) | Err(_) => Ok(Named::Ours(item)),
    }
}

/// What there is under one key.
pub(in crate::aws) async fn look(aws: &Aws, key: &Key) -> Result<Vec<Live>, WorldError> {
    let known = aws.memory().roles.get(key).cloned();
    let names = match known {
        Some(names) => names,
        None => names(aws, Where::Anywhere).await?,
    };
    let roles = join_all(names.iter().map(|name| named(aws, name))).await;
    let roles = roles.into_iter().filter_map(|role| role.map(Named::ours).transpose());
    let roles = roles.filter(|role| role.as_ref().map_or(true, |item| item.key == *key));
    roles.map(|role| role?.live).collect()
}

/// The names of those that the cluster may have.
pub(in crate::aws) async fn names(aws: &Aws, at: Where) -> Result<BTreeSet<String>, WorldError> {
    let path = match at {
        Where::Filed => aws.role_path(),
        Where::Anywhere => "/".to_owned(),
    };
    let roles = aws.reads.iam.list_roles().path_prefix(path).into_paginator().items().send();
    let roles: Vec<types::Role> = roles.try_collect().await.map_err(unread("iam:ListRoles"))?;
    let may_be = |role: &types::Role| may_be_ours(aws, &role.path, &role.role_name);
    Ok(roles.into_iter().filter(may_be).map(|role| role.role_name).collect())
}

/// Whether a role is where the cluster's are: under its path, or at the root with its name.
pub(in crate::aws) fn may_be_ours(aws: &Aws, path: &str, name: &str) -> bool {
    let stem: String = begins(aws).chars().take(STEM).collect();
    path == aws.role_path() || (path == "/" && name.starts_with(&stem))
}

/// Whether a role of a cluster of the name is that of the one in this region: its tags do not say.
fn is_of_region(aws: &Aws, role: &types::Role, key: &Key) -> bool {
    let begins = begins(aws);
    let named = || {
        let whole = name_within(LONGEST, format!("{begins}{}", key.name));
        role.role_name.starts_with(&begins) || role.role_name == whole
    };
    role.path == aws.role_path() || (role.path == "/" && named())
}

/// What the names of the cluster's roles begin with.
fn begins(aws: &Aws) -> String {
    format!("{}-{}-", aws.cluster, aws.region)
}

async fn get(aws: &Aws, name: &str) -> Result<Option<types::Role>, WorldError> {
    let told = aws.reads.iam.get_role().role_name(name).send().await;
    let role = told.map_err(unread("iam:GetRole"));
    still_there(role.and_then(|told| told.role.ok_or_else(|| lacking("iam:GetRole", "the role"))))
}

async fn attached(aws: &Aws, name: &str) -> Result<Set<String>, WorldError> {
    let list = aws.reads.iam.list_attached_role_policies().role_name(name);
    let policies: Result<Vec<types::AttachedPolicy>, _> =
        list.into_paginator().items().send().try_collect().await;
    let policies = policies.map_err(unread("iam:ListAttachedRolePolicies"))?;
    Ok(policies.into_iter().filter_map(|policy| policy.policy_arn).collect())
}

type Policies = BTreeMap<String, Val<Json>>;

async fn policies(aws: &Aws, name: &str) -> Result<Policies, WorldError> {
    let list = aws.reads.iam.list_role_policies().role_name(name);
    let names: Result<Vec<String>, _> = list.into_paginator().items().send().try_collect().await;
    let names = names.map_err(unread("iam:ListRolePolicies"))?;
    let policies = names.into_iter().map(|policy| policy_of(aws, name, policy));
    Ok(try_join_all(policies).await?.into_iter().collect())
}

async fn policy_of(aws: &Aws, role: &str, name: String) -> Result<(String, Val<Json>), WorldError> {
    let get = aws.reads.iam.get_role_policy().role_name(role).policy_name(&name);
    let told = get.send().await.map_err(unread("iam:GetRolePolicy"))?;
    Ok((name, document(&told.policy_document)))
}

fn translated(role: &types::Role) -> Option<Live> {
    let properties = Role {
        role_name: Some(role.role_name.clone()),
        path: Some(role.path.clone()),
        assume_role_policy_document: document(role.assume_role_policy_document().unwrap_or_default()),
        managed_policy_arns: Set(Vec::new()),
        policies: Policies::new(),
        permissions_boundary: bound_of(role),
        tags: of_iam(role.tags()),
    };
    Some(Live { made: moment(Some(&role.create_date)), ..live(properties, told(role))? })
}

fn bound_of(role: &types::Role) -> Option<String> {
    role.permissions_boundary().and_then(|it| it.permissions_boundary_arn()).map(str::to_owned)
}

fn told(role: &types::Role) -> Attributes {
    let made = moment(Some(&role.create_date)).map(|made| made.to_string());
    attributes([
        ("Arn", Some(&role.arn)),
        ("RoleName", Some(&role.role_name)),
        ("RoleId", Some(&role.role_id)),
        ("CreateDate", made.as_deref()),
    ])
}

fn with_policies(mut live: Live, attached: Set<String>, policies: Policies) -> Live {
    if let Some(role) = Role::of_mut(&mut live.properties) {
        (role.managed_policy_arns, role.policies) = (attached, policies);
    }
    live
}

/// A policy, which IAM tells as it would stand in a URL.
fn document(text: &str) -> Val<Json> {
    let plain = if text.starts_with('{') { text.to_owned() } else { decoded(text) };
    Val::Known(plain.into())
}

fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let [first, others @ ..] = rest {
        let escaped = match rest {
            [b'%', high, low, ..] => digit(*high).zip(digit(*low)),
            _ => None,
        };
        bytes.push(escaped.map_or(*first, |(high, low)| high * 16 + low));
        rest = if escaped.is_some() { &others[2..] } else { others };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn digit(letter: u8) -> Option<u8> {
    char::from(letter).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

pub(super) async fn create(
    call: &Call<'_>,
    (name, path): (&str, Option<&str>),
    (trust, bound): (&str, Option<&str>),
    tags: &Tags,
) -> Result<Answer, WorldError> {
    if let Some(key) = key_of(tags) {
        call.aws.memory().roles.entry(key).or_default().insert(name.to_owned());
    }
    let create = call.client().iam.create_role().role_name(name).set_path(path.map(str::to_owned));
    let create = create.assume_role_policy_document(trust).set_tags(Some(to_iam(tags)));
    let create = create.set_permissions_boundary(bound.map(str::to_owned));
    let answer = create.send().await.map_err(call.failed())?;
    Ok(made(answer.role().map(told).unwrap_or_default()))
}

pub(super) async fn trust(call: &Call<'_>, name: &str, document: &str) -> Result<Answer, WorldError> {
    let update = call.client().iam.update_assume_role_policy().role_name(name).policy_document(document);
    update.send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn bound(call: &Call<'_>, name: &str, policy: &str) -> Result<Answer, WorldError> {
    let put = call.client().iam.put_role_permissions_boundary().role_name(name).permissions_boundary(policy);
    put.send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn unbound(call: &Call<'_>, name: &str) -> Result<Answer, WorldError> {
    let delete = call.client().iam.delete_role_permissions_boundary().role_name(name);
    delete.send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn attach(call: &Call<'_>, name: &str, arn: &str) -> Result<Answer, WorldError> {
    let attach = call.client().iam.attach_role_policy().role_name(name).policy_arn(arn);
    attach.send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn detach(call: &Call<'_>, name: &str, arn: &str) -> Result<Answer, WorldError> {
    let detach = call.client().iam.detach_role_policy().role_name(name).policy_arn(arn);
    detach.send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn put(
    call: &Call<'_>,
    name: &str,
    policy: &str,
    document: &str,
) -> Result<Answer, WorldError> {
    let put = call.client().iam.put_role_policy().role_name(name).policy_name(policy);
    put.policy_document(document).send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn drop_policy(call: &Call<'_>, name: &str, policy: &str) -> Result<Answer, WorldError> {
    let delete = call.client().iam.delete_role_policy().role_name(name).policy_name(policy);
    delete.send().await.map(|_| done()).map_err(call.failed())
}

pub(super) async fn delete(call: &Call<'_>, name: &str) -> Result<Answer, WorldError> {
    call.client().iam.delete_role().role_name(name).send().await.map(|_| done()).map_err(call.failed())
}

#[test]
fn a_policy_reads_as_it_was_written() {
    let written = r#"{"Statement":[{"Resource":"arn:aws:s3:::a%b/ü"}]}"#;
    let told =
        "%7B%22Statement%22%3A%5B%7B%22Resource%22%3A%22arn%3aaws%3as3%3A%3A%3aa%25b/%C3%BC%22%7D%5D%7D";
    assert_eq!(document(told), Val::Known(written.to_owned().into()));
    assert_eq!(document(written), Val::Known(written.to_owned().into()));
    assert_eq!(decoded("100%"), "100%");
}
