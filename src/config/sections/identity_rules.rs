//! What must hold of roles for workloads.

use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::{Known, Span, Spanned};
use crate::config::sections::access::{Iam, RoleArn};
use crate::config::sections::addons::Addon;
use crate::config::sections::addons::POD_IDENTITY_AGENT as AGENT;
use crate::config::sections::cluster::ClusterConfig;
use crate::config::sections::cluster_rules::twice;
use crate::config::sections::identities::{AddonIdentity, PodIdentityAssociation, ServiceAccount};
use crate::config::value::Map;

/// A field by its name, and the key that it is written under, if it says anything.
type Written = (&'static str, Option<Span>);

/// The key of a field that says something.
pub fn key<T>(field: &Option<Spanned<T>>) -> Option<Span> {
    field.known().map(|it| it.key)
}

/// The key of a list or map in which something is.
pub fn key_of_some<T>(field: &Spanned<Vec<T>>) -> Option<Span> {
    field.known().filter(|it| !it.is_empty()).map(|it| it.key)
}

fn key_of_tags(tags: &Spanned<Map<String>>) -> Option<Span> {
    tags.known().filter(|it| !it.0.is_empty()).map(|it| it.key)
}

/// The key of a section from which something is chosen.
pub fn key_of_chosen<T>(field: &Spanned<T>, chosen: usize) -> Option<Span> {
    field.known().filter(|_| chosen > 0).map(|it| it.key)
}

fn key_of_true(field: &Spanned<bool>) -> Option<Span> {
    field.known().filter(|it| it.value).map(|it| it.key)
}

fn key_of_default(addon: &Addon) -> Option<Span> {
    key(&addon.use_default_pod_identity_associations).filter(|_| addon.uses_default_identities())
}

impl ServiceAccount {
    /// What its role may do, field by field.
    fn policies(&self) -> [Written; 3] {
        let chosen = self.well_known_policies.chosen().len();
        [
            ("attachPolicyARNs", key_of_some(&self.attach_policy_arns)),
            ("attachPolicy", key(&self.attach_policy)),
            ("wellKnownPolicies", key_of_chosen(&self.well_known_policies, chosen)),
        ]
    }
}

impl PodIdentityAssociation {
    fn policies(&self) -> [Written; 3] {
        let chosen = self.well_known_policies.chosen().len();
        [
            ("permissionPolicyARNs", key_of_some(&self.permission_policy_arns)),
            ("permissionPolicy", key(&self.permission_policy)),
            ("wellKnownPolicies", key_of_chosen(&self.well_known_policies, chosen)),
        ]
    }
}

impl AddonIdentity {
    fn policies(&self) -> [Written; 3] {
        let chosen = self.well_known_policies.chosen().len();
        [
            ("permissionPolicyARNs", key_of_some(&self.permission_policy_arns)),
            ("permissionPolicy", key(&self.permission_policy)),
            ("wellKnownPolicies", key_of_chosen(&self.well_known_policies, chosen)),
        ]
    }
}

pub fn an_account_has_a_role(account: &ServiceAccount) -> Option<Diagnostic> {
    let said = account.attach_role_arn.is_some() || account.attach_policy.is_some();
    let unread =
        account.attach_policy_arns.known().is_none() || account.well_known_policies.known().is_none();
    lacks_role(&account.metadata.name, said || unread, &account.policies(), "attachRoleARN")
}

pub fn an_association_has_a_role(association: &PodIdentityAssociation) -> Option<Diagnostic> {
    let said = association.role_arn.is_some() || association.permission_policy.is_some();
    let (arns, known) = (&association.permission_policy_arns, &association.well_known_policies);
    let unread = arns.known().is_none() || known.known().is_none();
    let policies = association.policies();
    lacks_role(&association.service_account_name, said || unread, &policies, "roleARN")
}

pub fn an_addons_association_has_a_role(association: &AddonIdentity) -> Option<Diagnostic> {
    let said = association.role_arn.is_some() || association.permission_policy.is_some();
    let (arns, known) = (&association.permission_policy_arns, &association.well_known_policies);
    let unread = arns.known().is_none() || known.known().is_none();
    let policies = association.policies();
    lacks_role(&association.service_account_name, said || unread, &policies, "roleARN")
}

/// Where something that could not be read may have said it, nothing is said of it again.
fn lacks_role<T: std::fmt::Display>(
    name: &Spanned<T>,
    said: bool,
    policies: &[Written],
    given: &str,
) -> Option<Diagnostic> {
    let name = name.known()?;
    let has = said || policies.iter().any(|(_, at)| at.is_some());
    (!has).then(|| {
        let fields: Vec<String> = policies.iter().map(|(field, _)| format!("`{field}`")).collect();
        let message = format!("`{}` has no role and no policies for one", name.value);
        let label = format!("needs `{given}`, or one of {}", fields.join(", "));
        Diagnostic::new(Code::NeedsOther, name.span, message).label(label)
    })
}

pub fn a_given_role_of_an_account(account: &ServiceAccount) -> Vec<Diagnostic> {
    let more = [
        ("permissionsBoundary", key(&account.permissions_boundary)),
        ("roleName", key(&account.role_name)),
        ("subjectPattern", key(&account.subject_pattern)),
        ("tags", key_of_tags(&account.tags)),
    ];
    let made = account.policies().into_iter().chain(more);
    stays_as_it_is("attachRoleARN", &account.attach_role_arn, made)
}

pub fn a_given_role_of_an_association(association: &PodIdentityAssociation) -> Vec<Diagnostic> {
    let more = [
        ("permissionsBoundaryARN", key(&association.permissions_boundary_arn)),
        ("roleName", key(&association.role_name)),
    ];
    let made = association.policies().into_iter().chain(more);
    stays_as_it_is("roleARN", &association.role_arn, made)
}

pub fn a_given_role_of_an_addons_association(association: &AddonIdentity) -> Vec<Diagnostic> {
    let more = [
        ("permissionsBoundaryARN", key(&association.permissions_boundary_arn)),
        ("roleName", key(&association.role_name)),
    ];
    let made = association.policies().into_iter().chain(more);
    let name = &association.permission_policy_name;
    let unnamed = needs_policy(name, &association.permission_policy);
    stays_as_it_is("roleARN", &association.role_arn, made).into_iter().chain(unnamed).collect()
}

/// What a role that exists cannot be given.
pub fn stays_as_it_is(
    given: &str,
    role: &Option<Spanned<RoleArn>>,
    made: impl IntoIterator<Item = Written>,
) -> Vec<Diagnostic> {
    let Some(role) = role.known() else { return Vec::new() };
    let written = made.into_iter().filter_map(|(field, at)| Some((field, at?)));
    let say = |(field, at): (&str, Span)| {
        let message = format!("`{field}` and `{given}` exclude each other");
        Diagnostic::new(Code::Exclusive, at, message)
            .label("a role that exists is not changed: do it there")
            .and(role.key, "the role is given here")
    };
    written.map(say).collect()
}

/// Neither a role nor a service account would be made.
pub fn nothing_left_to_do(account: &ServiceAccount) -> Option<Diagnostic> {
    let (only, role) = (key_of_true(&account.role_only)?, key(&account.attach_role_arn)?);
    let message = "`roleOnly` and `attachRoleARN` exclude each other";
    let wrong = Diagnostic::new(Code::Exclusive, only, message).label("nothing would be left to make");
    Some(wrong.and(role, "the role is given here"))
}

pub fn a_name_needs_its_policy(association: &PodIdentityAssociation) -> Option<Diagnostic> {
    needs_policy(&association.permission_policy_name, &association.permission_policy)
}

fn needs_policy<N, P>(name: &Option<Spanned<N>>, policy: &Option<Spanned<P>>) -> Option<Diagnostic> {
    let at = key(name).filter(|_| policy.is_none())?;
    let message = "`permissionPolicyName` needs `permissionPolicy`";
    Some(Diagnostic::new(Code::NeedsOther, at, message).label("names nothing"))
}

/// Both would have to fit into what a session may carry.
pub fn a_policy_without_session_tags(association: &PodIdentityAssociation) -> Option<Diagnostic> {
    let off = association.disable_session_tags.known()?;
    let at = key(&association.policy).filter(|_| !off.value)?;
    let message = "`policy` needs `disableSessionTags: true`";
    Some(Diagnostic::new(Code::NeedsOther, at, message).label("EKS takes it only without its tags"))
}

pub fn accounts_need_a_provider(iam: &Iam) -> Option<Diagnostic> {
    let accounts = key_of_some(&iam.service_accounts)?;
    let provider = iam.with_oidc.known().filter(|it| !it.value)?;
    let message = "`serviceAccounts` needs `withOIDC: true`";
    let wrong = Diagnostic::new(Code::NeedsOther, accounts, message);
    Some(match provider.is_written() {
        true => wrong.label("IAM would not believe the cluster").and(provider.span, "switched off here"),
        false => wrong.label("write `withOIDC: true` beside it"),
    })
}

pub fn distinct_accounts(iam: &Iam) -> Vec<Diagnostic> {
    let named = iam.service_accounts.iter().filter_map(|account| {
        let (name, namespace) = (account.metadata.name.known()?, account.metadata.namespace.known()?);
        Some((format!("{}/{}", namespace.0, name.0), name.span))
    });
    twice("service accounts are called", named)
}

/// Those of add-ons, too: EKS gives a service account one role.
pub fn distinct_associations(cluster: &ClusterConfig) -> Vec<Diagnostic> {
    let own = cluster.iam.pod_identity_associations.iter();
    let own = own.map(|it| (&it.namespace, &it.service_account_name));
    let addons = cluster.addons.iter().flat_map(|addon| addon.pod_identity_associations.iter());
    let all = own.chain(addons.map(|it| (&it.namespace, &it.service_account_name)));
    let named = all.filter_map(|(namespace, name)| {
        let (namespace, name) = (namespace.known()?, name.known()?);
        Some((format!("{}/{}", namespace.0, name.0), name.span))
    });
    twice("associations are for", named)
}

/// Names of roles that the file gives: IAM does not tell small letters from capital ones.
pub fn distinct_role_names(cluster: &ClusterConfig) -> Vec<Diagnostic> {
    let accounts = cluster.iam.service_accounts.iter().filter_map(|it| it.role_name.known());
    let associations = cluster.iam.pod_identity_associations.iter().filter_map(|it| it.role_name.known());
    let addons = cluster.addons.iter().flat_map(|addon| addon.pod_identity_associations.iter());
    let addons = addons.filter_map(|it| it.role_name.known());
    let nodes = cluster.managed_node_groups.iter().filter_map(|it| it.iam.instance_role_name.known());
    let all = accounts.chain(associations).chain(addons).chain(nodes);
    twice("roles are called", all.map(|name| (name.0.to_ascii_lowercase(), name.span)))
}

/// Associations mean nothing where no agent asks for them.
pub fn associations_need_the_agent(cluster: &ClusterConfig) -> Option<Diagnostic> {
    let known = cluster.addons.iter().all(|addon| addon.name.known().is_some());
    let has = cluster.addons.iter().any(|addon| addon.name.0 == AGENT);
    let of_addon = |addon: &Spanned<Addon>| {
        key_of_some(&addon.pod_identity_associations).or_else(|| key_of_default(addon))
    };
    let at = key_of_some(&cluster.iam.pod_identity_associations)
        .or_else(|| cluster.addons.iter().find_map(of_addon))
        .or_else(|| key_of_true(&cluster.addons_config.auto_apply_pod_identity_associations))?;
    (known && !has).then(|| {
        let message = format!("pod identity needs the add-on `{AGENT}`");
        Diagnostic::new(Code::NeedsOther, at, message)
            .label("nobody would give pods these roles")
            .help(format!("write `- name: {AGENT}` under `addons`"))
    })
}

/// One way at most to give an add-on a role.
pub fn one_identity_of_an_addon(addon: &Addon) -> Vec<Diagnostic> {
    let chosen = addon.well_known_policies.chosen().len();
    let ways = [
        ("podIdentityAssociations", key_of_some(&addon.pod_identity_associations)),
        ("useDefaultPodIdentityAssociations", key_of_default(addon)),
        ("serviceAccountRoleARN", key(&addon.service_account_role_arn)),
        ("attachPolicyARNs", key_of_some(&addon.attach_policy_arns)),
        ("attachPolicy", key(&addon.attach_policy)),
        ("wellKnownPolicies", key_of_chosen(&addon.well_known_policies, chosen)),
    ];
    let mut written = ways.into_iter().filter_map(|(field, at)| Some((field, at?)));
    let Some((first, here)) = written.next() else { return Vec::new() };
    let say = |(field, at): (&str, Span)| {
        let message = format!("`{first}` and `{field}` exclude each other");
        Diagnostic::new(Code::Exclusive, at, message).label("one of them").and(here, "or the other")
    };
    written.map(say).collect()
}

/// A boundary is of a role that is made with policies.
pub fn a_boundary_of_something(addon: &Addon) -> Option<Diagnostic> {
    let at = key(&addon.permissions_boundary)?;
    let chosen = addon.well_known_policies.chosen().len();
    let made = [
        key_of_some(&addon.attach_policy_arns),
        key(&addon.attach_policy),
        key_of_chosen(&addon.well_known_policies, chosen),
    ];
    made.iter().all(Option::is_none).then(|| {
        let message = "`permissionsBoundary` needs policies of a role that is made";
        let label = "needs `attachPolicyARNs`, `attachPolicy` or `wellKnownPolicies`";
        Diagnostic::new(Code::NeedsOther, at, message).label(label)
    })
}

/// The agent cannot give itself a role.
pub fn no_identity_of_the_agent(addon: &Addon) -> Option<Diagnostic> {
    let at = key_of_some(&addon.pod_identity_associations).or_else(|| key_of_default(addon))?;
    let name = addon.name.known().filter(|name| name.0 == AGENT)?;
    let message = format!("`{AGENT}` gives roles to pods, and cannot give itself one");
    Some(Diagnostic::new(Code::Exclusive, at, message).label("remove it").and(name.span, "the agent"))
}

/// IAM believes nothing that a cluster says of its pods without a provider.
pub fn policies_of_addons_need_a_provider(cluster: &ClusterConfig) -> Vec<Diagnostic> {
    let Some(provider) = cluster.iam.with_oidc.known().filter(|it| !it.value) else { return Vec::new() };
    let of = |addon: &Spanned<Addon>| {
        let chosen = addon.well_known_policies.chosen().len();
        key_of_some(&addon.attach_policy_arns)
            .or_else(|| key(&addon.attach_policy))
            .or_else(|| key_of_chosen(&addon.well_known_policies, chosen))
    };
    let say = |at: Span| {
        let wrong = Diagnostic::new(Code::NeedsOther, at, "policies of an add-on need `iam.withOIDC: true`");
        let wrong = wrong.label("nobody could take the role that they are of");
        let wrong = if provider.is_written() { wrong.and(provider.span, "switched off here") } else { wrong };
        wrong.help("or give them under `podIdentityAssociations`, with the add-on `eks-pod-identity-agent`")
    };
    cluster.addons.iter().filter_map(of).map(say).collect()
}
