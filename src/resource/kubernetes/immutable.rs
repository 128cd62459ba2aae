//! Fields that an API server does not change.

use super::Kind;
use crate::resource::Reaction;

/// What a difference in a field entails: where a server would refuse to change it, the object is made again.
pub(super) fn reaction(kind: Kind, path: &str) -> Reaction {
    let below =
        |field: &str| path == field || path.strip_prefix(field).is_some_and(|rest| rest.starts_with('.'));
    let is_fixed = match kind.name {
        "Deployment" | "DaemonSet" => below("spec.selector"),
        "ClusterRoleBinding" | "RoleBinding" => below("roleRef"),
        "Service" => below("spec.clusterIP"),
        "PriorityClass" => below("value") || below("preemptionPolicy"),
        "IngressClass" => below("spec.controller"),
        "StorageClass" => !below("metadata") && !below("allowVolumeExpansion"),
        // Its objects would go with it.
        "CustomResourceDefinition"
            if ["spec.group", "spec.scope", "spec.names.plural"].into_iter().any(below) =>
        {
            return Reaction::Protected;
        }
        _ => false,
    };
    if is_fixed { Reaction::Remake } else { Reaction::InPlace }
}
