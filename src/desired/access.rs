//! Who is let in.

use super::draft::Draft;
use crate::config::{AccessEntry as Written, Choice};
use crate::resource::eks::{AccessEntry, AccessScope, Cluster};
use crate::resource::{Added, Key};

/// Draws the entries that the file names; those that EKS makes are its own.
pub(super) fn draw(draft: &mut Draft<'_>, cluster: &Added<Cluster>) {
    for written in draft.config.access_config.access_entries.iter() {
        let entry = AccessEntry {
            cluster_name: cluster.get(),
            principal_arn: written.principal_arn.0.clone(),
            r#type: written.kind.value.word().to_owned(),
            kubernetes_groups: written.kubernetes_groups.iter().map(|group| group.value.clone()).collect(),
            username: written.kubernetes_username.as_ref().map(|name| name.value.clone()),
            access_policies: written.access_policies.iter().map(|policy| scope(policy)).collect(),
            tags: draft.tagging().plain(),
        };
        let entry = draft.graph.add(&written.principal_arn.0, entry);
        place(draft, entry.key(), written);
    }
}

fn scope(policy: &crate::config::AccessPolicy) -> (String, AccessScope) {
    let scope = &policy.access_scope;
    let namespaces = scope.namespaces.iter().map(|name| name.0.clone()).collect();
    (policy.policy_arn.0.clone(), AccessScope { r#type: scope.kind.value.word().to_owned(), namespaces })
}

fn place(draft: &mut Draft<'_>, key: &Key, written: &Written) {
    draft.places(
        key,
        &[
            ("", written.principal_arn.written_at()),
            ("Type", written.kind.written_at()),
            ("KubernetesGroups", written.kubernetes_groups.written_at()),
            ("Username", written.kubernetes_username.as_ref().and_then(|name| name.written_at())),
            ("AccessPolicies", written.access_policies.written_at()),
        ],
    );
    for policy in written.access_policies.iter() {
        let path = format!("AccessPolicies.{}", policy.policy_arn.0);
        draft.places(key, &[(&path, policy.policy_arn.written_at())]);
    }
}
