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
    /// A role for a workload, through the cluster's OIDC provider.
    SERVICE_ACCOUNT {
        "attachPolicy" "attachPolicyARNs" "attachRoleARN" "metadata": SERVICE_ACCOUNT_METADATA
        "permissionsBoundary" "roleName" "roleOnly" "status": SERVICE_ACCOUNT_STATUS "subjectPattern" "tags"
        "wellKnownPolicies": WELL_KNOWN_POLICIES
    }
    /// Which service account.
    SERVICE_ACCOUNT_METADATA { "annotations" "labels" "name" "namespace" }
    /// What eksctl writes back.
    SERVICE_ACCOUNT_STATUS { "capabilities" "roleARN" "stackName" "tags" }
    /// A role for a workload, through the agent on its node.
    POD_IDENTITY_ASSOCIATION {
        "createServiceAccount" "disableSessionTags" "namespace" "permissionPolicy" "permissionPolicyARNs"
        "permissionPolicyName" "permissionsBoundaryARN" "policy" "roleARN" "roleName" "serviceAccountName"
        "tags" "targetRoleARN" "wellKnownPolicies": WELL_KNOWN_POLICIES
    }
    /// Policies for well-known workloads.
    WELL_KNOWN_POLICIES {
        "autoScaler" = false "awsLoadBalancerController" = false "certManager" = false
        "ebsCSIController" = false "efsCSIController" = false "externalDNS" = false "imageBuilder" = false
    }
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
