use super::{active, create as make, update as begin};
use crate::resource::eks::{Addon, NamespaceConfig};
use crate::resource::{Attributes, Timestamp};
use crate::sim::state::{Played, State, text};

pub(super) fn create(state: &mut State, name: &str, addon: &Addon, ends: Timestamp) -> Played {
    active(state, text(&addon.cluster_name)?)?;
    // What is only written is not read back; and what is left open, EKS decides.
    let mut addon = Addon { resolve_conflicts: None, awaited: None, ..addon.clone() };
    addon.addon_version.get_or_insert_with(|| "v1.20.4-eksbuild.1".to_owned());
    addon.namespace_config.get_or_insert_with(|| NamespaceConfig { namespace: "kube-system".to_owned() });
    make(state, addon.into(), name, (Attributes::new(), Attributes::new()), ends)
}

pub(super) fn update(state: &mut State, name: &str, addon: &Addon, ends: Timestamp) -> Played {
    begin::<Addon>(state, name, ends, |it| {
        it.addon_version = addon.addon_version.clone().or(it.addon_version.take());
        it.configuration_values = addon.configuration_values.clone();
    })
}
