//! What must hold of those who are let in.

use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::{Known, Span, Spanned};
use crate::config::sections::access::{AccessConfig, AuthenticationMode, Iam};
use crate::config::sections::access_entries::{AccessEntry, AccessEntryType, AccessScope, AccessScopeType};
use crate::config::sections::cluster::ClusterConfig;
use crate::config::sections::cluster_rules::twice;
use crate::config::sections::identity_rules::{key, stays_as_it_is};
use crate::config::value::Choice;

/// What Kubernetes or EKS gives as a name itself begins with one of these.
const KEPT: [&str; 5] = ["system:", "eks:", "aws:", "amazon:", "iam:"];
/// EKS puts the name of a session here.
const SESSION: &str = "{{SessionName";

pub fn a_given_role_of_the_control_plane(iam: &Iam) -> Vec<Diagnostic> {
    let off = iam.vpc_resource_controller_policy.known().filter(|it| !it.value).map(|it| it.key);
    let boundary = key(&iam.service_role_permissions_boundary);
    let made = [("serviceRolePermissionsBoundary", boundary), ("vpcResourceControllerPolicy", off)];
    stays_as_it_is("serviceRoleARN", &iam.service_role_arn, made)
}

/// With the map alone, EKS has no access entries.
pub fn entries_are_looked_at(access: &AccessConfig) -> Option<Diagnostic> {
    let (mode, entries) = (config_map(access)?, access.access_entries.known()?);
    let message = "`accessEntries` and `authenticationMode: CONFIG_MAP` exclude each other";
    (!entries.is_empty()).then(|| {
        Diagnostic::new(Code::Exclusive, entries.key, message)
            .label("EKS would not look at them")
            .and(mode.span, "only the map in the cluster counts")
            .help("`API_AND_CONFIG_MAP` looks at both")
    })
}

/// The map is in the cluster, so that nobody could put the first name into it.
pub fn somebody_is_let_in(access: &AccessConfig) -> Option<Diagnostic> {
    let creator = access.bootstrap_cluster_creator_admin_permissions.known()?;
    let mode = config_map(access).filter(|_| !creator.value)?;
    let message = "with `CONFIG_MAP` nobody but who makes the cluster is let in at first";
    Some(
        Diagnostic::new(Code::Exclusive, creator.place(), message)
            .label("remove it")
            .and(mode.span, "only the map in the cluster counts"),
    )
}

fn config_map(access: &AccessConfig) -> Option<&Spanned<AuthenticationMode>> {
    access.authentication_mode.known().filter(|mode| mode.value == AuthenticationMode::ConfigMap)
}

pub fn distinct_principals(access: &AccessConfig) -> Vec<Diagnostic> {
    let arns = access.access_entries.iter().filter_map(|entry| entry.principal_arn.known());
    twice("access entries are for", arns.map(|arn| (arn.0.clone(), arn.span)))
}

/// EKS lets the nodes of a group in by an entry of its own, and takes that away with the group.
pub fn nodes_are_let_in_already(cluster: &ClusterConfig) -> Vec<Diagnostic> {
    let roles = || {
        let groups = cluster.managed_node_groups.iter();
        groups.filter_map(|group| group.iam.instance_role_arn.known())
    };
    let arns = cluster.access_config.access_entries.iter().filter_map(|entry| entry.principal_arn.known());
    let of_nodes = arns.filter_map(|arn| Some((arn, roles().find(|role| role.0 == arn.0)?)));
    let say = |(arn, role): (&Spanned<_>, &Spanned<_>)| {
        let message = "EKS itself lets the nodes of a managed node group in";
        Diagnostic::new(Code::Exclusive, arn.span, message)
            .label("remove this entry")
            .and(role.span, "the role of nodes")
    };
    of_nodes.map(say).collect()
}

/// Nodes are called by EKS, and are in its groups.
pub fn only_people_have_names(entry: &AccessEntry) -> Vec<Diagnostic> {
    let Some(kind) = entry.kind.known().filter(|kind| kind.value != AccessEntryType::Standard) else {
        return Vec::new();
    };
    let groups = entry.kubernetes_groups.known().filter(|groups| !groups.is_empty()).map(|it| it.key);
    let name = entry.kubernetes_username.known().map(|name| name.key);
    let written = [("kubernetesGroups", groups), ("kubernetesUsername", name)];
    let written = written.into_iter().filter_map(|(field, at)| Some((field, at?)));
    written.map(|(field, at)| only_standard(field, at, kind)).collect()
}

/// Nodes may do what nodes must; only those of Auto Mode have a policy for it.
pub fn only_some_have_policies(entry: &AccessEntry) -> Option<Diagnostic> {
    let with = [AccessEntryType::Standard, AccessEntryType::Ec2];
    let kind = entry.kind.known().filter(|kind| !with.contains(&kind.value))?;
    let policies = entry.access_policies.known().filter(|policies| !policies.is_empty())?;
    Some(only_standard("accessPolicies", policies.key, kind))
}

fn only_standard(field: &str, at: Span, kind: &Spanned<AccessEntryType>) -> Diagnostic {
    let message = format!("`{field}` and `type: {}` exclude each other", kind.value.word());
    Diagnostic::new(Code::Exclusive, at, message)
        .label("EKS sets it for nodes itself")
        .and(kind.place(), "the type is given here")
}

pub fn nodes_are_roles(entry: &AccessEntry) -> Option<Diagnostic> {
    let kind = entry.kind.known().filter(|kind| kind.value != AccessEntryType::Standard)?;
    let arn = entry.principal_arn.known().filter(|arn| arn.0.contains(":user/"))?;
    let message = format!("`type: {}` is for roles, and this is a user", kind.value.word());
    Some(
        Diagnostic::new(Code::Exclusive, arn.span, message)
            .label("give the nodes' role")
            .and(kind.place(), "the type is given here"),
    )
}

pub fn names_that_eks_keeps(entry: &AccessEntry) -> Vec<Diagnostic> {
    let groups = entry.kubernetes_groups.iter().filter_map(|group| group.known());
    let kept_group = |group: &Spanned<String>| match group.value.as_str() {
        "" => Some(reserved(group, "a group's name is empty").label("remove it")),
        "system:masters" => {
            let label = "the policy `AmazonEKSClusterAdminPolicy` lets do the same";
            Some(reserved(group, "`system:masters` is not EKS's to give").label(label))
        }
        name if name.starts_with(KEPT[0]) => {
            let message = format!("groups that begin with `{}` are Kubernetes' own", KEPT[0]);
            Some(reserved(group, message).label("bind a group of your own"))
        }
        _ => None,
    };
    let again = twice("groups are", groups.clone().map(|group| (group.value.clone(), group.span)));
    let name = entry.kubernetes_username.known().and_then(wrong_name);
    groups.filter_map(kept_group).chain(again).chain(name).collect()
}

fn wrong_name(name: &Spanned<String>) -> Option<Diagnostic> {
    if name.is_empty() {
        return Some(reserved(name, "`kubernetesUsername` is empty").label("remove the line: EKS makes one"));
    }
    if let Some(kept) = KEPT.iter().find(|kept| name.starts_with(**kept)) {
        let message = format!("user names that begin with `{kept}` are not for access entries");
        return Some(reserved(name, message).label("choose another one"));
    }
    let (before, _) = name.split_once(SESSION)?;
    let message = "nobody could tell the name of a session from the rest";
    (!before.contains(':'))
        .then(|| reserved(name, message).label("EKS wants a `:` before it, such as `ci:{{SessionName}}`"))
}

fn reserved(at: &Spanned<String>, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::ReservedName, at.span, message)
}

pub fn distinct_policies(entry: &AccessEntry) -> Vec<Diagnostic> {
    let arns = entry.access_policies.iter().filter_map(|policy| policy.policy_arn.known());
    twice("policies are", arns.map(|arn| (arn.0.clone(), arn.span)))
}

pub fn namespaces_with_their_scope(scope: &AccessScope) -> Vec<Diagnostic> {
    let (Some(kind), Some(namespaces)) = (scope.kind.known(), scope.namespaces.known()) else {
        return Vec::new();
    };
    let named = namespaces.iter().filter_map(Known::known);
    let again = twice("namespaces are", named.map(|name| (name.0.clone(), name.span)));
    let wrong = match kind.value {
        AccessScopeType::Cluster if !namespaces.is_empty() => {
            let message = "`namespaces` and `type: cluster` exclude each other";
            let wrong = Diagnostic::new(Code::Exclusive, namespaces.key, message);
            Some(wrong.label("one of them").and(kind.span, "the whole cluster is meant here"))
        }
        AccessScopeType::Namespace if namespaces.is_empty() => {
            let message = "`type: namespace` needs `namespaces`";
            Some(Diagnostic::new(Code::NeedsOther, kind.span, message).label("name one at least"))
        }
        AccessScopeType::Cluster | AccessScopeType::Namespace => None,
    };
    again.into_iter().chain(wrong).collect()
}
