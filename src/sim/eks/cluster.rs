use super::{INVALID, access_entry, create as make, delete as take, update};
use crate::resource::eks::{AtCreation, AuthenticationMode, Cluster, EndpointAccess};
use crate::resource::{Attributes, OneOf, Set, Timestamp, Type};
use crate::sim::iam::passed;
use crate::sim::state::{Played, State, text};

pub(super) fn create(state: &mut State, cluster: &Cluster, ends: Timestamp) -> Played {
    for subnet in &cluster.resources_vpc_config.subnet_ids.0 {
        state.by_id(text(subnet)?)?;
    }
    let policy = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy".to_owned();
    let role = passed(state, text(&cluster.role_arn)?).ok_or(INVALID)?;
    if !role.managed_policy_arns.0.contains(&policy) {
        return Err(INVALID);
    }
    state.log.actions.insert("iam:PassRole");
    let named = Attributes::from([("Name", cluster.name.clone())]);
    let issuer = format!("oidc.eks.example/{}", cluster.name);
    let endpoint = Attributes::from([
        ("Endpoint", format!("https://{}.eks.example", cluster.name)),
        ("OpenIdConnectIssuerUrl", format!("https://{issuer}")),
        ("OpenIdConnectIssuer", issuer),
    ]);
    // What is only written is not read back.
    let mut made = Cluster { bootstrap_self_managed_addons: None, ..cluster.clone() };
    let creator = made.access_config.bootstrap_cluster_creator_admin_permissions.take();
    let looked_at = made.access_config.authentication_mode != AuthenticationMode::ConfigMap;
    made.version.get_or_insert_with(|| "1.34".to_owned());
    made.upgrade_policy.support_type.get_or_insert_with(|| "EXTENDED".to_owned());
    made.deletion_protection.get_or_insert(false);
    let services = &mut made.kubernetes_network_config.service_ipv4_cidr;
    services.get_or_insert_with(|| "10.100.0.0/16".to_owned());
    let answer = make(state, made.into(), &cluster.name, (named, endpoint), ends)?;
    if looked_at && creator == Some(AtCreation(true)) {
        access_entry::of_creator(state, &cluster.name);
    }
    Ok(answer)
}

/// One that is protected is not deleted.
pub(super) fn delete(state: &mut State, name: &str, ends: Timestamp) -> Played {
    let live = super::named(state, Type::Cluster, name)?;
    match Cluster::of(&live.live.properties) {
        Some(cluster) if cluster.deletion_protection == Some(true) => Err(INVALID),
        _ => take(state, Type::Cluster, name, ends),
    }
}

pub(super) fn log(state: &mut State, name: &str, types: &Set<String>, ends: Timestamp) -> Played {
    update::<Cluster>(state, name, ends, |it| it.logging = types.clone())
}

pub(super) fn open(state: &mut State, name: &str, access: &EndpointAccess, ends: Timestamp) -> Played {
    update::<Cluster>(state, name, ends, |it| {
        let vpc = &mut it.resources_vpc_config;
        vpc.endpoint_private_access = access.endpoint_private_access;
        vpc.endpoint_public_access = access.endpoint_public_access;
        vpc.public_access_cidrs = access.public_access_cidrs.clone();
    })
}

pub(super) fn let_in(state: &mut State, name: &str, mode: AuthenticationMode, ends: Timestamp) -> Played {
    update::<Cluster>(state, name, ends, |it| it.access_config.authentication_mode = mode)
}

pub(super) fn support(state: &mut State, name: &str, support_type: &str, ends: Timestamp) -> Played {
    update::<Cluster>(state, name, ends, |it| {
        it.upgrade_policy.support_type = Some(support_type.to_owned());
    })
}

pub(super) fn protect(state: &mut State, name: &str, protected: bool, ends: Timestamp) -> Played {
    update::<Cluster>(state, name, ends, |it| it.deletion_protection = Some(protected))
}
