//! Of who may do what.

use crate::config::declare::later;

later! {
    /// What a capability may do in the cluster.
    ACCESS_POLICY { "accessScope": ACCESS_SCOPE "policyARN" }
    /// Where it may do it.
    ACCESS_SCOPE { "namespaces" "type" }
    /// An entry of the old `aws-auth` map.
    IAM_IDENTITY_MAPPING { "account" "arn" "groups" "namespace" "noDuplicateARNs" "serviceName" "username" }
    /// Callers that another identity provider vouches for.
    IDENTITY_PROVIDER {
        "clientID" "groupsClaim" "groupsPrefix" "issuerURL" "name" "requiredClaims" "tags" "type"
        "usernameClaim" "usernamePrefix"
    }
    /// What eksctl writes back.
    SERVICE_ACCOUNT_STATUS { "capabilities" "roleARN" "stackName" "tags" }
    /// A capability that EKS runs.
    CAPABILITY {
        "accessPolicies": ACCESS_POLICY "attachPolicy" "attachPolicyARNs"
        "configuration": CAPABILITY_CONFIGURATION "deletePropagationPolicy" "name" "permissionsBoundary"
        "roleArn" "tags" "type"
    }
    /// Settings of a capability.
    CAPABILITY_CONFIGURATION { "argocd": ARGOCD }
    /// Settings of Argo CD.
    ARGOCD {
        "awsIdc": ARGOCD_AWS_IDC "namespace" "networkAccess": ARGOCD_NETWORK_ACCESS
        "rbacRoleMappings": ARGOCD_ROLE_MAPPING
    }
    /// Where its users come from.
    ARGOCD_AWS_IDC { "idcInstanceArn" "idcRegion" }
    /// From where it can be reached.
    ARGOCD_NETWORK_ACCESS { "vpceIds" }
    /// Who has which role in it.
    ARGOCD_ROLE_MAPPING { "identities": SSO_IDENTITY "role" }
    /// A user or a group.
    SSO_IDENTITY { "id" "type" }
}
