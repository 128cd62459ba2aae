//! Roles for workloads.

use crate::config::declare::{section, text};
use crate::config::sections::access::{PolicyArn, RoleArn};
use crate::config::sections::identity_rules as rules;
use crate::config::sections::later::identities::SERVICE_ACCOUNT_STATUS;
use crate::config::sections::policies::WellKnownPolicies;
use crate::config::sections::tag_rules;
use crate::config::value::{Form, List, Map, Part, Policy, Settings};

section! {
    /// A role for a workload, through the cluster's OIDC provider.
    pub struct ServiceAccount {
        /// Which service account.
        "metadata"            metadata:             ServiceAccountMetadata,
        /// Policies of its role, by ARN.
        "attachPolicyARNs"    attach_policy_arns:   List<PolicyArn>,
        /// A policy of its role, in IAM's language.
        "attachPolicy"        attach_policy:        Policy = _,
        /// A role that exists, instead of one that is made.
        "attachRoleARN"       attach_role_arn:      RoleArn = _,
        /// Policies of its role, by what they are for.
        "wellKnownPolicies"   well_known_policies:  WellKnownPolicies,
        /// The policy beyond which its role may do nothing.
        "permissionsBoundary" permissions_boundary: PolicyArn = _,
        /// The role's name, under the cluster's own path. Made of the service account's if left open.
        "roleName"            role_name:            RoleName = _,
        /// Make the role alone; somebody else makes the service account.
        "roleOnly"            role_only:            bool = false,
        /// Which service accounts of the namespace may take the role, with `*` for any characters. The one that
        /// is named if left open.
        "subjectPattern"      subject_pattern:      SubjectPattern = _,
        /// Tags of the role.
        "tags"                tags:                 Map<String>,
    }
    not yet { "status": SERVICE_ACCOUNT_STATUS }
    rules {
        rules::an_account_has_a_role, rules::a_given_role_of_an_account, rules::nothing_left_to_do,
        tag_rules::of_a_service_account
    }
}

section! {
    /// Which service account.
    pub struct ServiceAccountMetadata {
        /// Its name.
        "name"        name:        ServiceAccountName,
        /// Its namespace.
        "namespace"   namespace:   Namespace = default,
        /// Labels of the service account.
        "labels"      labels:      Map<String>,
        /// Annotations of the service account.
        "annotations" annotations: Map<String>,
    }
}

section! {
    /// A role for a workload, through the agent on its node.
    pub struct PodIdentityAssociation {
        /// The namespace of the service account.
        "namespace"              namespace:                Namespace,
        /// The service account.
        "serviceAccountName"     service_account_name:     ServiceAccountName,
        /// A role that exists. One is made if left open.
        "roleARN"                role_arn:                 RoleArn = _,
        /// Make the service account, too.
        "createServiceAccount"   create_service_account:   bool = false,
        /// The name of the role that is made, under the cluster's own path.
        "roleName"               role_name:                RoleName = _,
        /// Policies of the role that is made, by ARN.
        "permissionPolicyARNs"   permission_policy_arns:   List<PolicyArn>,
        /// A policy of the role that is made, in IAM's language.
        "permissionPolicy"       permission_policy:        Policy = _,
        /// What that policy is called.
        "permissionPolicyName"   permission_policy_name:   PolicyName = _,
        /// The policy beyond which the role that is made may do nothing.
        "permissionsBoundaryARN" permissions_boundary_arn: PolicyArn = _,
        /// Policies of the role that is made, by what they are for.
        "wellKnownPolicies"      well_known_policies:      WellKnownPolicies,
        /// A role, of any account, that is taken by means of the first.
        "targetRoleARN"          target_role_arn:          RoleArn = _,
        /// Leave out the tags by which a role could tell one pod from another.
        "disableSessionTags"     disable_session_tags:     bool = false,
        /// What the pods may do at most of what the role may: a policy as text.
        "policy"                 policy:                   Settings = _,
        /// Tags of the association, and of the role that is made.
        "tags"                   tags:                     Map<String>,
    }
    blank { "roleARN" = "" }
    rules {
        rules::an_association_has_a_role, rules::a_given_role_of_an_association,
        rules::a_name_needs_its_policy, rules::a_policy_without_session_tags, tag_rules::of_an_association
    }
}

section! {
    /// A role for a service account of an add-on, through the agent on its node.
    pub struct AddonIdentity {
        /// The namespace of the service account, which is the add-on's.
        "namespace"              namespace:                Namespace,
        /// The service account.
        "serviceAccountName"     service_account_name:     ServiceAccountName,
        /// A role that exists. One is made if left open.
        "roleARN"                role_arn:                 RoleArn = _,
        /// The name of the role that is made, under the cluster's own path.
        "roleName"               role_name:                RoleName = _,
        /// Policies of the role that is made, by ARN.
        "permissionPolicyARNs"   permission_policy_arns:   List<PolicyArn>,
        /// A policy of the role that is made, in IAM's language.
        "permissionPolicy"       permission_policy:        Policy = _,
        /// What that policy is called.
        "permissionPolicyName"   permission_policy_name:   PolicyName = _,
        /// The policy beyond which the role that is made may do nothing.
        "permissionsBoundaryARN" permissions_boundary_arn: PolicyArn = _,
        /// Policies of the role that is made, by what they are for.
        "wellKnownPolicies"      well_known_policies:      WellKnownPolicies,
    }
    blank { "roleARN" = "" }
    refused {
        "createServiceAccount": "the add-on makes its service accounts itself",
        "disableSessionTags": "EKS knows no such thing of an add-on's associations",
        "policy": "EKS knows no such thing of an add-on's associations",
        "tags": "associations of an add-on have no tags of their own",
        "targetRoleARN": "EKS knows no such thing of an add-on's associations",
    }
    rules { rules::an_addons_association_has_a_role, rules::a_given_role_of_an_addons_association }
}

text! {
    /// Such as `kube-system`.
    pub struct Namespace = Form {
        what: "a namespace", says: "small letters, digits and `-`, such as `kube-system`; 63 at most",
        parts: &[Part::Of("a-z0-9", 1, 1), Part::Of("a-z0-9-", 0, 62)],
    };
    /// Such as `external-dns`.
    pub struct ServiceAccountName = Form {
        what: "a service account's name", says: "small letters, digits, `-` and `.`, such as `external-dns`",
        parts: &[Part::Of("a-z0-9", 1, 1), Part::Of("a-z0-9.-", 0, 252)],
    };
    /// Such as `web-*`.
    pub struct SubjectPattern = Form {
        what: "a pattern of service accounts' names", says: "such as `web-*`",
        parts: &[Part::Of("a-z0-9.*?-", 1, 253)],
    };
    /// Such as `web`, without a path.
    pub struct RoleName = Form {
        what: "a role's name", says: "letters, digits and `+=,.@_-`, without a path; 64 at most",
        parts: &[Part::Of("a-zA-Z0-9+=,.@_-", 1, 64)],
    };
    /// Such as `buckets`.
    pub struct PolicyName = Form {
        what: "a policy's name", says: "letters, digits and `+=,.@_-`; 128 at most",
        parts: &[Part::Of("a-zA-Z0-9+=,.@_-", 1, 128)],
    };
}
