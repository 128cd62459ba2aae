//! Who is let in to the cluster, and what they may do there.

use crate::config::declare::{choice, section, text};
use crate::config::sections::access::{ACCOUNT, PARTITION, PATH};
use crate::config::sections::access_rules as rules;
use crate::config::value::{Form, List, Part};

section! {
    /// An IAM role or user that is let in to the cluster.
    pub struct AccessEntry {
        /// Who: a role, with its path if it has one, or a user.
        "principalARN"       principal_arn:       PrincipalArn,
        /// What for: `STANDARD` for people and programs, the others for nodes.
        "type"               kind:                AccessEntryType = STANDARD,
        /// Kubernetes groups, for bindings of your own.
        "kubernetesGroups"   kubernetes_groups:   List<String>,
        /// Kubernetes user name. Made of the ARN by EKS if left open.
        "kubernetesUsername" kubernetes_username: String = _,
        /// What it may do, by EKS's own policies.
        "accessPolicies"     access_policies:     List<AccessPolicy>,
    }
    rules {
        rules::only_people_have_names, rules::only_some_have_policies, rules::nodes_are_roles,
        rules::names_that_eks_keeps, rules::distinct_policies
    }
}

section! {
    /// One of EKS's policies, and where it holds.
    pub struct AccessPolicy {
        /// Which policy.
        "policyARN"   policy_arn:   AccessPolicyArn,
        /// Where it holds.
        "accessScope" access_scope: AccessScope,
    }
}

section! {
    /// Where a policy holds.
    pub struct AccessScope {
        /// In the whole cluster, or in some namespaces.
        "type"       kind:       AccessScopeType,
        /// Which namespaces; `*` stands for any characters.
        "namespaces" namespaces: List<NamespacePattern>,
    }
    rules { rules::namespaces_with_their_scope }
}

choice! {
    /// What an access entry is for.
    pub enum AccessEntryType {
        /// People and programs.
        "STANDARD"       Standard,
        /// Nodes of Auto Mode.
        "EC2"            Ec2,
        /// Nodes of one's own with Linux.
        "EC2_LINUX"      Ec2Linux,
        /// Nodes of one's own with Windows.
        "EC2_WINDOWS"    Ec2Windows,
        /// Pods on Fargate.
        "FARGATE_LINUX"  FargateLinux,
        /// Nodes outside of AWS.
        "HYBRID_LINUX"   HybridLinux,
        /// Nodes of SageMaker HyperPod.
        "HYPERPOD_LINUX" HyperpodLinux,
    }
}

choice! {
    /// Where a policy holds.
    pub enum AccessScopeType { "cluster" Cluster, "namespace" Namespace, }
}

text! {
    /// Such as `arn:aws:iam::123456789012:role/teams/web`.
    pub struct PrincipalArn = Form {
        what: "a role's or user's ARN", says: "such as `arn:aws:iam::123456789012:role/admins`",
        parts: &[
            Part::Is("arn:"), PARTITION, Part::Is(":iam::"), ACCOUNT, Part::OneOf(&[":role/", ":user/"]),
            Part::Of(PATH, 1, 576),
        ],
    }, instead a_lasting_one;
    /// Such as `arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy`.
    pub struct AccessPolicyArn = Form {
        what: "an access policy's ARN",
        says: "such as `arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy`",
        parts: &[
            Part::Is("arn:"), PARTITION, Part::Is(":eks::aws:cluster-access-policy/"),
            Part::Of("a-zA-Z0-9", 1, 128),
        ],
    }, instead not_of_iam;
    /// Such as `web`, or `team-*`.
    pub struct NamespacePattern = Form {
        what: "a namespace", says: "small letters, digits and `-`, such as `web`, or `team-*` for several",
        parts: &[Part::Of("a-z0-9*-", 1, 63)],
    };
}

/// What EKS lets in is a role or a user, and nothing that stands for one for a while, or for many.
fn a_lasting_one(text: &str) -> Option<&'static str> {
    let instead = [
        (":assumed-role/", "a session ends: give the ARN of its role, `arn:aws:iam::…:role/NAME`"),
        (":instance-profile/", "an instance profile only holds a role: give the role's ARN"),
        (":group/", "EKS lets no IAM groups in: name their users, or a role that they assume"),
        (":root", "an account is not let in as a whole: name a role or a user"),
    ];
    instead.into_iter().find(|(part, _)| text.contains(part)).map(|(_, says)| says)
}

fn not_of_iam(text: &str) -> Option<&'static str> {
    let instead = "IAM's policies say nothing of Kubernetes: `…:eks::aws:cluster-access-policy/NAME` do";
    text.contains(":iam:").then_some(instead)
}
