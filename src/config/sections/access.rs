//! Who may do what: roles that exist, encryption, and how callers are let in.

use crate::config::declare::{choice, section, text};
use crate::config::sections::access_entries::AccessEntry;
use crate::config::sections::access_rules as rules;
use crate::config::sections::identities::{PodIdentityAssociation, ServiceAccount};
use crate::config::sections::identity_rules;
use crate::config::value::{Form, List, Part};

section! {
    /// AWS identities of the cluster.
    pub struct Iam {
        /// A role of the control plane that exists. One is made if left open.
        "serviceRoleARN"                 service_role_arn:                  RoleArn = _,
        /// The policy beyond which the control plane's role may do nothing.
        "serviceRolePermissionsBoundary" service_role_permissions_boundary: PolicyArn = _,
        /// The control plane may give pods security groups of their own.
        "vpcResourceControllerPolicy"    vpc_resource_controller_policy:    bool = true,
        /// IAM believes what the cluster says of its service accounts: an OIDC provider is made.
        "withOIDC"                       with_oidc:                         bool = false,
        /// Roles for workloads, through that provider.
        "serviceAccounts"                service_accounts:                  List<ServiceAccount>,
        /// Roles for workloads, through the agent on their nodes.
        "podIdentityAssociations"        pod_identity_associations:         List<PodIdentityAssociation>,
    }
    not yet { "fargatePodExecutionRoleARN" "fargatePodExecutionRolePermissionsBoundary" }
    rules {
        rules::a_given_role_of_the_control_plane, identity_rules::accounts_need_a_provider,
        identity_rules::distinct_accounts
    }
}

section! {
    /// How callers are let in.
    pub struct AccessConfig {
        /// Access entries at EKS, the old `aws-auth` map in the cluster, or both. Moves only towards `API`.
        "authenticationMode" authentication_mode:
            AuthenticationMode = { eksctl: API_AND_CONFIG_MAP, eksact: API },
        /// Whoever makes the cluster may do everything in it: EKS makes an access entry for that. Read only
        /// then.
        "bootstrapClusterCreatorAdminPermissions" bootstrap_cluster_creator_admin_permissions: bool = true,
        /// Who is let in besides.
        "accessEntries" access_entries: List<AccessEntry>,
    }
    rules { rules::entries_are_looked_at, rules::somebody_is_let_in, rules::distinct_principals }
}

section! {
    /// Encryption of Kubernetes secrets with a key of your own. Chosen at creation.
    pub struct SecretsEncryption {
        /// A KMS key that exists.
        "keyARN" key_arn: KeyArn,
    }
}

choice! {
    /// Where EKS looks up who a caller is.
    pub enum AuthenticationMode {
        "API"                Api,
        "API_AND_CONFIG_MAP" Both,
        "CONFIG_MAP"         ConfigMap,
    }
}

/// `aws`, `aws-cn`, `aws-us-gov`…
pub const PARTITION: Part = Part::Of("a-z-", 3, 12);
pub const ACCOUNT: Part = Part::Of("0-9", 12, 12);
/// What names and paths of roles and users are made of.
pub const PATH: &str = "a-zA-Z0-9+=,.@_/-";

text! {
    /// Such as `arn:aws:iam::123456789012:role/eks`.
    pub struct RoleArn = Form {
        what: "a role's ARN", says: "such as `arn:aws:iam::123456789012:role/eks`",
        parts: &[
            Part::Is("arn:"), PARTITION, Part::Is(":iam::"), ACCOUNT, Part::Is(":role/"), Part::Of(PATH, 1, 576),
        ],
    }, instead not_a_profile;
    /// Such as `arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore`.
    pub struct PolicyArn = Form {
        what: "a policy's ARN", says: "such as `arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore`",
        parts: &[
            Part::Is("arn:"), PARTITION, Part::Is(":iam::"), Part::Of("a-z0-9", 3, 12), Part::Is(":policy/"),
            Part::Of(PATH, 1, 640),
        ],
    };
    /// Such as `arn:aws:kms:eu-central-1:123456789012:key/7c0a59a2-…`.
    pub struct KeyArn = Form {
        what: "a KMS key's ARN", says: "such as `arn:aws:kms:eu-central-1:123456789012:key/…`",
        parts: &[
            Part::Is("arn:"), PARTITION, Part::Is(":kms:"), Part::Of("a-z0-9-", 9, 26), Part::Is(":"),
            ACCOUNT, Part::OneOf(&[":key/", ":alias/"]), Part::Of("a-zA-Z0-9/_-", 1, 256),
        ],
    };
}

fn not_a_profile(text: &str) -> Option<&'static str> {
    text.contains(":instance-profile/")
        .then_some("an instance profile only holds a role: give the role's ARN")
}
