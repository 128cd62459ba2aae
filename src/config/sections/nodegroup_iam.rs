//! What the nodes of a group may do in AWS.

use crate::config::declare::section;
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::Known;
use crate::config::sections::access::{PolicyArn, RoleArn};
use crate::config::sections::identities::RoleName;
use crate::config::sections::identity_rules::{key, key_of_chosen, stays_as_it_is};
use crate::config::sections::nodegroup::ManagedNodeGroup;
use crate::config::sections::policies::AddonPolicies;
use crate::config::value::{List, Policy};

section! {
    /// The nodes' role. A role for each workload (pod identity) is safer than many policies here.
    pub struct NodeGroupIam {
        /// A role that exists. One is made if left open.
        "instanceRoleARN"                 instance_role_arn:                 RoleArn = _,
        /// The name of the role that is made, under the cluster's own path.
        "instanceRoleName"                instance_role_name:                RoleName = _,
        /// The policy beyond which the role that is made may do nothing.
        "instanceRolePermissionsBoundary" instance_role_permissions_boundary: PolicyArn = _,
        /// Policies of the role that is made, instead of the usual ones.
        "attachPolicyARNs"                attach_policy_arns:                List<PolicyArn> = _,
        /// A further policy of the role that is made, in IAM's language.
        "attachPolicy"                    attach_policy:                     Policy = _,
        /// Further policies of the role that is made, by what they are for.
        "withAddonPolicies"               with_addon_policies:               AddonPolicies,
    }
    not yet { "instanceProfileARN" }
    rules { a_given_role_stays_as_it_is }
}

fn a_given_role_stays_as_it_is(iam: &NodeGroupIam) -> Vec<Diagnostic> {
    let chosen = iam.with_addon_policies.chosen().len();
    let made = [
        ("instanceRoleName", key(&iam.instance_role_name)),
        ("instanceRolePermissionsBoundary", key(&iam.instance_role_permissions_boundary)),
        ("attachPolicyARNs", key(&iam.attach_policy_arns)),
        ("attachPolicy", key(&iam.attach_policy)),
        ("withAddonPolicies", key_of_chosen(&iam.with_addon_policies, chosen)),
    ];
    stays_as_it_is("instanceRoleARN", &iam.instance_role_arn, made)
}

/// Policies on the nodes' role are for pods, which do not reach it.
pub fn policies_that_pods_reach(group: &ManagedNodeGroup) -> Option<Diagnostic> {
    let policies = &group.iam.known()?.with_addon_policies;
    let at = key_of_chosen(policies, policies.chosen().len())?;
    let closed = group.disable_pod_imds.known().filter(|it| it.value)?;
    let message = "`withAddonPolicies` needs `disablePodIMDS: false`";
    let wrong = Diagnostic::new(Code::Exclusive, at, message).label("no pod would reach them");
    let wrong = if closed.is_written() { wrong.and(closed.span, "closed here") } else { wrong };
    Some(wrong.help("a role for each workload is safer: `iam.podIdentityAssociations`"))
}
