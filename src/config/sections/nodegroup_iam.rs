//! What the nodes of a group may do in AWS.

use crate::config::declare::section;
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::Known;
use crate::config::sections::access::{PolicyArn, RoleArn};
use crate::config::sections::later::nodes::ADDON_POLICIES;
use crate::config::value::List;

section! {
    /// The nodes' role. A role for each workload (pod identity) is safer than many policies here.
    pub struct NodeGroupIam {
        /// A role that exists. One is made if left open.
        "instanceRoleARN"  instance_role_arn:  RoleArn = _,
        /// Policies of the role that is made, instead of the usual ones.
        "attachPolicyARNs" attach_policy_arns: List<PolicyArn> = _,
    }
    not yet {
        "attachPolicy" "instanceProfileARN" "instanceRoleName" "instanceRolePermissionsBoundary"
        "withAddonPolicies": ADDON_POLICIES
    }
    rules { a_given_role_stays_as_it_is }
}

fn a_given_role_stays_as_it_is(iam: &NodeGroupIam) -> Option<Diagnostic> {
    let (role, policies) = (iam.instance_role_arn.known()?, iam.attach_policy_arns.known()?);
    let message = "`attachPolicyARNs` and `instanceRoleARN` exclude each other";
    let label = "a role that exists is not changed: attach the policies to it yourself";
    Some(
        Diagnostic::new(Code::Exclusive, policies.key, message)
            .label(label)
            .and(role.key, "the role is given here"),
    )
}
