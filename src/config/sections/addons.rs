//! EKS add-ons.

use crate::config::declare::{choice, section, text};
use crate::config::sections::later::cluster::NAMESPACE_CONFIG;
use crate::config::sections::later::identities::{POD_IDENTITY_ASSOCIATION, WELL_KNOWN_POLICIES};
use crate::config::sections::tag_rules;
use crate::config::value::{Form, Map, Part, Settings};

section! {
    /// One EKS add-on.
    pub struct Addon {
        /// Its name at EKS.
        "name"                name:                 AddonName,
        /// A release, or `latest`. EKS's default for the Kubernetes version at the first run if open, then
        /// kept.
        "version"             version:              AddonVersion = _,
        /// Settings as JSON or YAML text, in the add-on's own language.
        "configurationValues" configuration_values: Settings = _,
        /// Who wins where a setting was changed by hand.
        "resolveConflicts"    resolve_conflicts:    ResolveConflicts = none,
        /// Tags of the add-on.
        "tags"                tags:                 Map<String>,
    }
    not yet {
        "attachPolicy" "attachPolicyARNs" "namespaceConfig": NAMESPACE_CONFIG "owners" "permissionsBoundary"
        "podIdentityAssociations": POD_IDENTITY_ASSOCIATION "publishers" "serviceAccountRoleARN" "types"
        "useDefaultPodIdentityAssociations" = false "wellKnownPolicies": WELL_KNOWN_POLICIES
    }
    rules { tag_rules::of_an_addon }
}

section! {
    /// What holds for all add-ons.
    pub struct AddonsConfig {
        /// Leave out `vpc-cni`, `coredns` and `kube-proxy` where they are not named.
        "disableDefaultAddons" disable_default_addons: bool = false,
    }
    not yet { "autoApplyPodIdentityAssociations" = false }
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
    /// Such as `v1.18.3-eksbuild.2`, or `latest`.
    pub struct AddonVersion = Form {
        what: "an add-on version", says: "such as `v1.18.3-eksbuild.2`, or `latest`",
        parts: &[Part::Of("a-z0-9", 1, 1), Part::Of("a-zA-Z0-9.+-", 0, 99)],
    };
}
