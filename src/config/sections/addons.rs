//! EKS add-ons.

use crate::config::declare::{choice, section, text};
use crate::config::sections::access::{PolicyArn, RoleArn};
use crate::config::sections::identities::AddonIdentity;
use crate::config::sections::identity_rules as rules;
use crate::config::sections::later::cluster::NAMESPACE_CONFIG;
use crate::config::sections::policies::WellKnownPolicies;
use crate::config::sections::tag_rules;
use crate::config::value::{Form, List, Map, Part, Policy, Settings};

/// What gives pods their roles.
pub(crate) const POD_IDENTITY_AGENT: &str = "eks-pod-identity-agent";

section! {
    /// One EKS add-on.
    pub struct Addon {
        /// Its name at EKS.
        "name"                name:                 AddonName,
        /// A release, the beginning of one such as `v1.20`, or `latest`: the newest at the first run, then kept.
        /// EKS's default for the Kubernetes version if open.
        "version"             version:              AddonVersion = _,
        /// Settings as JSON or YAML text, in the add-on's own language.
        "configurationValues" configuration_values: Settings = _,
        /// Who wins where a setting was changed by hand.
        "resolveConflicts"    resolve_conflicts:    ResolveConflicts = none,
        /// A role that exists, for its service account, through the cluster's OIDC provider.
        "serviceAccountRoleARN" service_account_role_arn: RoleArn = _,
        /// Policies of a role that is made for it, by ARN.
        "attachPolicyARNs"    attach_policy_arns:   List<PolicyArn>,
        /// A policy of a role that is made for it, in IAM's language.
        "attachPolicy"        attach_policy:        Policy = _,
        /// Policies of a role that is made for it, by what they are for.
        "wellKnownPolicies"   well_known_policies:  WellKnownPolicies,
        /// The policy beyond which the role that is made may do nothing.
        "permissionsBoundary" permissions_boundary: PolicyArn = _,
        /// Roles for its service accounts, through the agent on their nodes.
        "podIdentityAssociations" pod_identity_associations: List<AddonIdentity>,
        /// Roles as AWS recommends them for it, through the agent. Read when they are made, then kept.
        "useDefaultPodIdentityAssociations" use_default_pod_identity_associations: bool = _,
        /// Tags of the add-on.
        "tags"                tags:                 Map<String>,
    }
    not yet { "namespaceConfig": NAMESPACE_CONFIG "owners" "publishers" "types" }
    rules {
        rules::one_identity_of_an_addon, rules::a_boundary_of_something, rules::no_identity_of_the_agent,
        tag_rules::of_an_addon
    }
}

section! {
    /// What holds for all add-ons.
    pub struct AddonsConfig {
        /// Leave out `vpc-cni`, `coredns` and `kube-proxy` where they are not named.
        "disableDefaultAddons" disable_default_addons: bool = false,
        /// Give add-ons that need one a role as AWS recommends it, through the agent on their nodes.
        "autoApplyPodIdentityAssociations" auto_apply_pod_identity_associations: bool = false,
    }
}

choice! {
    /// Who wins where a setting was changed by hand.
    pub enum ResolveConflicts {
        "none"      None,
        "overwrite" Overwrite,
        "preserve"  Preserve,
    }
}

text! {
    /// Such as `vpc-cni`.
    pub struct AddonName = Form {
        what: "an add-on name", says: "letters, digits, `-` and `_`, such as `vpc-cni`",
        parts: &[Part::Of("a-zA-Z0-9", 1, 1), Part::Of("a-zA-Z0-9_-", 0, 99)],
    };
    /// Such as `v1.18.3-eksbuild.2`, `v1.18`, or `latest`.
    pub struct AddonVersion = Form {
        what: "an add-on version", says: "such as `v1.18.3-eksbuild.2`, or `latest`",
        parts: &[Part::Of("a-z0-9", 1, 1), Part::Of("a-zA-Z0-9.+-", 0, 99)],
    };
}

impl Addon {
    /// Whether it is to have roles as AWS recommends them.
    pub fn uses_default_identities(&self) -> bool {
        self.use_default_pod_identity_associations.as_ref().is_some_and(|it| it.value)
    }
}
