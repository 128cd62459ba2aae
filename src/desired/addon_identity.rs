//! What an add-on may do in AWS, and by what: the first of these that holds.
//!
//! 1. Associations in the file. 2. A role or policies in the file. 3. A service account in the file that is the
//!    add-on's. 4. What AWS recommends, where the file asks for that. 5. What is usual for it, through the
//!    cluster's OIDC provider, if it has one. Otherwise the nodes' role is all that it has.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::identities::{Accounts, Issued, subject};
use super::nodegroups::at;
use super::policies::{Policies, aws_policy};
use super::roles::{self, Making};
use super::{given, templates};
use crate::config::{Addon as Written, AddonIdentity, Code, Diagnostic, KnownPolicy, Span};
use crate::resource::iam::{Role, RoleArn};
use crate::resource::{Added, Json, Set, Val, tags};

/// By what eksctl sees whose a role is.
const OF_ADDON: &str = "alpha.eksctl.io/addon-name";
/// What a policy in the file is called where the file does not say.
const POLICY: &str = "policy";

/// The service accounts of AWS's add-ons that need permissions, by add-on: their namespace and names.
const ACCOUNTS: [(&str, &str, &[&str]); 6] = [
    ("vpc-cni", "kube-system", &["aws-node"]),
    ("aws-ebs-csi-driver", "kube-system", &["ebs-csi-controller-sa"]),
    ("aws-efs-csi-driver", "kube-system", &["efs-csi-controller-sa", "efs-csi-node-sa"]),
    ("aws-fsx-csi-driver", "kube-system", &["fsx-csi-controller-sa"]),
    ("aws-mountpoint-s3-csi-driver", "kube-system", &["s3-csi-driver-sa"]),
    ("amazon-cloudwatch-observability", "amazon-cloudwatch", &["cloudwatch-agent"]),
];

/// What an add-on is given.
#[derive(Default)]
pub(super) struct Identity {
    /// The role of its service account, through the provider.
    pub role: Option<Val<RoleArn>>,
    /// The roles of its service accounts, through the agent.
    pub associations: BTreeMap<String, Val<RoleArn>>,
}

impl Identity {
    /// Whether it is anything.
    pub fn is_any(&self) -> bool {
        self.role.is_some() || !self.associations.is_empty()
    }
}

/// What all add-ons may come by their roles by.
pub(super) struct Means {
    pub issued: Option<Issued>,
    pub accounts: Accounts,
}

/// The service accounts that an add-on is known to have.
fn accounts_of(addon: &str) -> Option<(&'static str, &'static [&'static str])> {
    let known = ACCOUNTS.iter().find(|(name, ..)| *name == addon);
    known.map(|(_, namespace, names)| (*namespace, *names))
}

/// Whether a service account is one that an add-on of the file makes.
pub(super) fn makes(addon: &str, namespace: &str, name: &str) -> bool {
    accounts_of(addon).is_some_and(|(its, names)| its == namespace && names.contains(&name))
}

/// Whether an add-on can do nothing without permissions in AWS.
pub(super) fn needs_one(addon: &str) -> bool {
    accounts_of(addon).is_some()
}

/// Decides, and draws the roles that it takes.
pub(super) fn decide(
    draft: &mut Draft<'_>,
    means: &Means,
    addon: &str,
    written: Option<&Written>,
) -> Identity {
    if let Some(written) = written.filter(|it| !it.pod_identity_associations.is_empty()) {
        let each = written.pod_identity_associations.iter();
        let associations = each.map(|it| (it.service_account_name.0.clone(), associated(draft, addon, it)));
        return Identity { role: None, associations: associations.collect() };
    }
    let role = written.and_then(|it| explicit(draft, means, addon, it)).or_else(|| of_account(means, addon));
    if role.is_some() {
        return Identity { role, associations: BTreeMap::new() };
    }
    let associations = recommended(draft, addon, written);
    let role = if associations.is_empty() { usual(draft, means, addon) } else { None };
    Identity { role, associations }
}

/// A role for one of its service accounts, as the file says.
fn associated(draft: &mut Draft<'_>, addon: &str, written: &AddonIdentity) -> Val<RoleArn> {
    if let Some(arn) = &written.role_arn {
        return given::role(draft, arn);
    }
    let account = &written.service_account_name;
    let policy = written.permission_policy_name.as_ref().map_or(POLICY, |name| &name.0);
    let policies = Policies::managed(written.permission_policy_arns.iter().map(|arn| arn.0.clone()))
        .known(draft, written.well_known_policies.chosen())
        .written(policy, written.permission_policy.as_ref().map(|it| it.json()));
    let mut making = making(draft, addon, format!("addon-{addon}.{}", account.0), policies);
    making.tags.0.insert(tags::POLICIES.to_owned(), "written".to_owned());
    making.name = written.role_name.as_ref().map(|name| name.0.clone());
    making.boundary = written.permissions_boundary_arn.as_ref().map(|arn| arn.0.clone());
    let role = making.make(draft, account.span);
    draft.places(
        role.key(),
        &[
            ("", account.written_at()),
            ("RoleName", at(&written.role_name)),
            ("ManagedPolicyArns", written.permission_policy_arns.written_at()),
            ("Policies", written.well_known_policies.written_at()),
            (&format!("Policies.{policy}"), at(&written.permission_policy)),
            ("PermissionsBoundary", at(&written.permissions_boundary_arn)),
        ],
    );
    role.get()
}

/// One that pods get through the agent.
fn making(draft: &Draft<'_>, addon: &str, purpose: String, policies: Policies) -> Making {
    Making {
        purpose,
        name: None,
        path: roles::path(draft),
        trust: templates::pod_identity_trust(),
        policies,
        boundary: None,
        tags: draft.tagging().marked((OF_ADDON, addon.to_owned()), &[]),
    }
}

/// A role that exists, or one with policies of the file.
fn explicit(draft: &mut Draft<'_>, means: &Means, addon: &str, written: &Written) -> Option<Val<RoleArn>> {
    if let Some(arn) = &written.service_account_role_arn {
        return Some(given::role(draft, arn));
    }
    let policies = Policies::managed(written.attach_policy_arns.iter().map(|arn| arn.0.clone()))
        .known(draft, written.well_known_policies.chosen())
        .written(POLICY, written.attach_policy.as_ref().map(|it| it.json()));
    let none = policies.managed.0.is_empty() && policies.own.is_empty();
    let issued = means.issued.as_ref().filter(|_| !none)?;
    let trust = trust(draft, issued, addon, written.name.span)?;
    let boundary = written.permissions_boundary.as_ref().map(|arn| arn.0.clone());
    let making = Making { trust, boundary, ..making(draft, addon, format!("addon-{addon}"), policies) };
    let role = making.make(draft, written.name.span);
    draft.places(
        role.key(),
        &[
            ("", written.name.written_at()),
            ("ManagedPolicyArns", written.attach_policy_arns.written_at()),
            ("Policies", written.well_known_policies.written_at()),
            ("Policies.policy", at(&written.attach_policy)),
            ("PermissionsBoundary", at(&written.permissions_boundary)),
        ],
    );
    Some(role.get())
}

/// Who may take a role through the provider: the add-on's own service accounts, and nobody else.
fn trust(draft: &mut Draft<'_>, issued: &Issued, addon: &str, place: Span) -> Option<Val<Json>> {
    let told = || {
        let recommended = draft.facts.addon_identities.get(addon).into_iter().flatten();
        recommended.map(|it| subject("kube-system", &it.service_account)).collect()
    };
    let known = accounts_of(addon);
    let subjects: Vec<String> = known
        .map_or_else(told, |(namespace, names)| names.iter().map(|name| subject(namespace, name)).collect());
    if subjects.is_empty() {
        let message = format!("which service accounts `{addon}` has is not known");
        let unknown = Diagnostic::new(Code::NoSuchIdentity, place, message);
        let help = "name them under `podIdentityAssociations`, with the add-on `eks-pod-identity-agent`";
        draft.refuse(unknown.label("nobody could take the role with its policies").help(help));
        return None;
    }
    Some(templates::account_trust(issued, &subjects))
}

/// The role that the file gives to the service account that the add-on makes.
fn of_account(means: &Means, addon: &str) -> Option<Val<RoleArn>> {
    let (namespace, names) = accounts_of(addon)?;
    let role = |name: &&str| means.accounts.get(&(namespace.to_owned(), (*name).to_owned()));
    names.iter().find_map(role).cloned()
}

/// Roles as AWS recommends them, where the file asks for these: as they were made, once they are.
fn recommended(
    draft: &mut Draft<'_>,
    addon: &str,
    written: Option<&Written>,
) -> BTreeMap<String, Val<RoleArn>> {
    let asked = written.is_some_and(|it| it.uses_default_identities())
        || draft.config.addons_config.auto_apply_pod_identity_associations.value;
    let recommended = draft.facts.addon_identities.get(addon).cloned().unwrap_or_default();
    let place = written.map_or(draft.config.addons_config.place(), |it| it.name.span);
    if !asked {
        return BTreeMap::new();
    }
    let one = |it: crate::cluster::AddonIdentity| {
        let purpose = format!("addon-{addon}.{}", it.service_account);
        let kept = draft.kept.recommended.get(&purpose).cloned();
        let policies = Policies::managed(kept.unwrap_or(it.policies));
        let mut making = making(draft, addon, purpose, policies);
        making.tags.0.insert(tags::POLICIES.to_owned(), RECOMMENDED.to_owned());
        let role: Added<Role> = making.make(draft, place);
        let at = written.and_then(|it| it.name.written_at());
        draft.places(role.key(), &[("", at)]);
        (it.service_account, role.get())
    };
    recommended.into_iter().map(one).collect()
}

/// What says that the policies of a role are AWS's choice.
pub(super) const RECOMMENDED: &str = "recommended";

/// A role with what is usual for an add-on, through the provider.
fn usual(draft: &mut Draft<'_>, means: &Means, addon: &str) -> Option<Val<RoleArn>> {
    let issued = means.issued.as_ref()?;
    let policies = usual_policies(draft, addon)?;
    let place = draft.config.iam.with_oidc.place();
    let trust = trust(draft, issued, addon, place)?;
    let making = Making { trust, ..making(draft, addon, format!("addon-{addon}"), policies) };
    let role = making.make(draft, place);
    draft.places(role.key(), &[("", draft.config.iam.with_oidc.written_at())]);
    Some(role.get())
}

/// The policies of that role.
pub(super) fn usual_policies(draft: &Draft<'_>, addon: &str) -> Option<Policies> {
    let none = || Policies { managed: Set(Vec::new()), own: BTreeMap::new() };
    match addon {
        "vpc-cni" => Some(Policies::managed([aws_policy(draft, "AmazonEKS_CNI_Policy")])),
        "aws-ebs-csi-driver" => Some(none().known(draft, vec![KnownPolicy::EbsCsi])),
        "aws-efs-csi-driver" => Some(none().known(draft, vec![KnownPolicy::EfsCsiController])),
        _ => None,
    }
}
