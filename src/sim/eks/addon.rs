use super::{INVALID, active, create as make, update as begin};
use crate::resource::eks::{Addon, NamespaceConfig};
use crate::resource::{Attributes, Timestamp};
use crate::sim::iam::passed;
use crate::sim::state::{Played, Refusal, State, text};

pub(super) fn create(state: &mut State, name: &str, addon: &Addon, ends: Timestamp) -> Played {
    active(state, text(&addon.cluster_name)?)?;
    take_roles(state, addon)?;
    // What is only written is not read back; and what is left open, EKS decides.
    let mut addon = Addon { resolve_conflicts: None, awaited: None, ..addon.clone() };
    addon.addon_version.get_or_insert_with(|| "v1.20.4-eksbuild.1".to_owned());
    addon.namespace_config.get_or_insert_with(|| NamespaceConfig { namespace: "kube-system".to_owned() });
    make(state, addon.into(), name, (Attributes::new(), Attributes::new()), ends)
}

/// Those that it is given must be there, and be the caller's to give.
fn take_roles(state: &mut State, addon: &Addon) -> Result<(), Refusal> {
    let (role, roles) = (&addon.service_account_role_arn, &addon.pod_identity_associations);
    for arn in role.iter().chain(roles.values()) {
        passed(state, text(arn)?).ok_or(INVALID)?;
        state.log.actions.insert("iam:PassRole");
    }
    if !roles.is_empty() {
        state.log.actions.extend(["eks:CreatePodIdentityAssociation", "iam:GetRole"]);
    }
    Ok(())
}

pub(super) fn update(state: &mut State, name: &str, addon: &Addon, ends: Timestamp) -> Played {
    take_roles(state, addon)?;
    begin::<Addon>(state, name, ends, |it| {
        it.addon_version = addon.addon_version.clone().or(it.addon_version.take());
        it.configuration_values = addon.configuration_values.clone();
        it.service_account_role_arn = addon.service_account_role_arn.clone();
        it.pod_identity_associations = addon.pod_identity_associations.clone();
    })
}
