//! Service accounts in the cluster, and the namespaces that they stand in.

use std::collections::BTreeSet;

use super::addon_identity::makes;
use super::draft::Draft;
use super::identities::Accounts;
use super::{addons, objects};
use crate::config::{Code, Diagnostic, ServiceAccount, Span};
use crate::resource::iam::RoleArn;
use crate::resource::kubernetes::{Address, Body, Kind};
use crate::resource::{Key, Val};

/// The part of the file that they belong to.
const SCOPE: &str = "service-accounts";
/// What a pod's role is looked up by.
const ROLE: &str = "eks.amazonaws.com/role-arn";
/// Namespaces that every cluster has.
const GIVEN: [&str; 4] = ["default", "kube-system", "kube-public", "kube-node-lease"];

/// The namespace of the scope that a key names, if it does.
pub(super) fn namespace_of(key: &Key) -> Option<String> {
    let address = key.name.starts_with(SCOPE).then(|| Address::of(key))??;
    (address.kind.name == "Namespace").then_some(address.name)
}

/// Draws them. Those that an add-on makes are the add-on's.
pub(super) fn draw(draft: &mut Draft<'_>, accounts: &Accounts) {
    let mut made = BTreeSet::new();
    for account in draft.config.iam.service_accounts.iter().filter(|it| !it.role_only.value) {
        let (namespace, name) = (&account.metadata.namespace.0, &account.metadata.name.0);
        if is_of_addon(draft, namespace, name) {
            bare(draft, account);
        } else if let Some(role) = accounts.get(&(namespace.clone(), name.clone())) {
            one(draft, (namespace, name), body(account, role), account.metadata.name.written_at());
            made.insert((namespace.clone(), name.clone()));
        }
    }
    let associations = draft.config.iam.pod_identity_associations.iter();
    for association in associations.filter(|it| it.create_service_account.value) {
        let (namespace, name) = (&association.namespace.0, &association.service_account_name.0);
        if !is_of_addon(draft, namespace, name) && made.insert((namespace.clone(), name.clone())) {
            let at = association.create_service_account.written_at();
            one(draft, (namespace, name), Body::Map(Vec::new()), at);
        }
    }
    namespaces(draft, made.into_iter().map(|(namespace, _)| namespace).collect());
}

fn is_of_addon(draft: &Draft<'_>, namespace: &str, name: &str) -> bool {
    addons::all(draft).into_iter().any(|addon| makes(addon, namespace, name))
}

/// What an add-on makes has the labels and annotations that it gives it.
fn bare(draft: &mut Draft<'_>, account: &ServiceAccount) {
    let metadata = &account.metadata;
    for (field, map) in [("labels", &metadata.labels), ("annotations", &metadata.annotations)] {
        if !map.0.is_empty() {
            let message = format!("`{}` is made by an add-on, which sets its {field}", metadata.name.0);
            draft.refuse(Diagnostic::new(Code::Exclusive, map.key, message).label("remove them"));
        }
    }
}

fn body(account: &ServiceAccount, role: &Val<RoleArn>) -> Body {
    let pairs = |map: &crate::config::Map<String>| -> Vec<(String, Body)> {
        let text = |text: &String| Body::Plain(text.clone().into());
        map.iter().map(|(key, value)| (key.value.clone(), text(&value.value))).collect()
    };
    let mut annotations = pairs(&account.metadata.annotations);
    annotations.retain(|(key, _)| key != ROLE);
    annotations.push((ROLE.to_owned(), Body::of(role)));
    let labels = ("labels".to_owned(), Body::Map(pairs(&account.metadata.labels)));
    let metadata = vec![labels, ("annotations".to_owned(), Body::Map(annotations))];
    Body::Map(vec![("metadata".to_owned(), Body::Map(metadata))])
}

fn one(draft: &mut Draft<'_>, (namespace, name): (&str, &str), body: Body, at: Option<Span>) {
    let Some(kind) = Kind::named("ServiceAccount") else { return };
    let address = Address::new(kind, namespace, name);
    let key = Key { kind: kind.stage, name: address.key_name(SCOPE) };
    objects::put(draft, SCOPE, address, body, true);
    draft.places(&key, &[("", at)]);
}

/// Those that are not there yet; and those that were made here, for ever: what else may stand in them is
/// somebody's.
fn namespaces(draft: &mut Draft<'_>, needed: BTreeSet<String>) {
    let Some(kind) = Kind::named("Namespace") else { return };
    let needed = needed.into_iter().filter(|it| !GIVEN.contains(&it.as_str()));
    let (kept, others) = (draft.kept.namespaces.clone(), draft.kept.namespaces_of_others.clone());
    let all: BTreeSet<String> = needed.filter(|it| !others.contains(it)).chain(kept).collect();
    for name in all {
        objects::put(draft, SCOPE, Address::new(kind, "", &name), Body::Map(Vec::new()), true);
    }
}
