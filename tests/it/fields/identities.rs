//! Of roles for workloads.

use super::*;

/// A file with a provider and a service account that has this. Only its role is made: there is no API server.
fn account(field: &str) -> String {
    top(&format!(
        "iam: {{withOIDC: true, serviceAccounts: [{{metadata: {{name: web}}, roleOnly: true, \
         attachPolicyARNs: ['arn:aws:iam::aws:policy/One']{field}}}]}}"
    ))
}

/// A file with an association that has this.
fn association(field: &str) -> String {
    top(&format!(
        "addons: [{{name: eks-pod-identity-agent}}]\niam: {{podIdentityAssociations: [{{namespace: web, \
         serviceAccountName: api, permissionPolicyARNs: ['arn:aws:iam::aws:policy/One']{field}}}]}}"
    ))
}

/// One whose role exists.
fn given(field: &str) -> String {
    association(field).replace(
        "permissionPolicyARNs: ['arn:aws:iam::aws:policy/One']",
        "roleARN: 'arn:aws:iam::123456789012:role/pods'",
    )
}

/// A file with an add-on that has this, with a provider and the agent.
fn driver(field: &str) -> String {
    top(&format!(
        "iam: {{withOIDC: true}}\naddons: [{{name: eks-pod-identity-agent}}, {{name: \
         aws-ebs-csi-driver{field}}}]"
    ))
}

/// A file with the agent, and this at the top.
fn agent(section: &str) -> String {
    top(&format!("addons: [{{name: eks-pod-identity-agent}}, {{name: aws-ebs-csi-driver}}]\n{section}"))
}

const POLICY: [&str; 2] = [
    ", attachPolicy: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:List*', Resource: '*'}]}",
    ", attachPolicy: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:Get*', Resource: '*'}]}",
];

pub const ROWS: &[Row] = &[
    Row(
        "iam.withOIDC",
        top,
        ["", "iam: {withOIDC: true}", "iam: {withOIDC: false}"],
        [
            &[
                "New oidc-provider/main role/addon-vpc-cni",
                "Update role/nodegroup-ng1: ManagedPolicyArns",
                "Update addon/vpc-cni: ServiceAccountRoleArn",
            ],
            &[
                "Delete role/addon-vpc-cni oidc-provider/main",
                "Update role/nodegroup-ng1: ManagedPolicyArns",
                "Update addon/vpc-cni: ServiceAccountRoleArn",
            ],
            NOTHING,
        ],
    ),
    Row(
        "iam.serviceRolePermissionsBoundary",
        top,
        [
            "",
            "iam: {serviceRolePermissionsBoundary: 'arn:aws:iam::aws:policy/One'}",
            "iam: {serviceRolePermissionsBoundary: 'arn:aws:iam::aws:policy/Other'}",
        ],
        [&["Update role/cluster: PermissionsBoundary"]; 3],
    ),
    Row(
        "iam.vpcResourceControllerPolicy",
        top,
        ["", "iam: {vpcResourceControllerPolicy: false}", "iam: {vpcResourceControllerPolicy: true}"],
        [&["Update role/cluster: ManagedPolicyArns"], &["Update role/cluster: ManagedPolicyArns"], NOTHING],
    ),
    Row(
        "iam.serviceAccounts",
        |more| account("").replace("]}\n", &format!("{more}]}}\n")),
        [
            "",
            ", {metadata: {name: api}, roleOnly: true, wellKnownPolicies: {externalDNS: true}}",
            ", {metadata: {name: api, namespace: other}, roleOnly: true, wellKnownPolicies: {externalDNS: true}}",
        ],
        [
            &["New role/serviceaccount-default.api"],
            &["Delete role/serviceaccount-default.api", "New role/serviceaccount-other.api"],
            &["Delete role/serviceaccount-other.api"],
        ],
    ),
    Row(
        "iam.serviceAccounts.attachPolicyARNs",
        |arns| account("").replace("policy/One'", &format!("policy/One'{arns}")),
        ["", ", 'arn:aws:iam::aws:policy/Other'", ", 'arn:aws:iam::aws:policy/ReadOnlyAccess'"],
        [&["Update role/serviceaccount-default.web: ManagedPolicyArns"]; 3],
    ),
    Row(
        "iam.serviceAccounts.attachPolicy",
        account,
        ["", POLICY[0], POLICY[1]],
        [&["Update role/serviceaccount-default.web: Policies.policy"]; 3],
    ),
    Row(
        "iam.serviceAccounts.wellKnownPolicies",
        account,
        ["", ", wellKnownPolicies: {certManager: true}", ", wellKnownPolicies: {ebsCSIController: true}"],
        [
            &["Update role/serviceaccount-default.web: Policies.certManager"],
            &["Update role/serviceaccount-default.web: ManagedPolicyArns Policies.certManager"],
            &["Update role/serviceaccount-default.web: ManagedPolicyArns"],
        ],
    ),
    Row(
        "iam.serviceAccounts.permissionsBoundary",
        account,
        [
            "",
            ", permissionsBoundary: 'arn:aws:iam::aws:policy/One'",
            ", permissionsBoundary: 'arn:aws:iam::aws:policy/Other'",
        ],
        [&["Update role/serviceaccount-default.web: PermissionsBoundary"]; 3],
    ),
    Row(
        "iam.serviceAccounts.subjectPattern",
        account,
        ["", ", subjectPattern: web-*", ", subjectPattern: w*"],
        [&["Update role/serviceaccount-default.web: AssumeRolePolicyDocument"]; 3],
    ),
    Row(
        "iam.serviceAccounts.roleName",
        account,
        ["", ", roleName: web", ", roleName: api"],
        [&["Create role/serviceaccount-default.web: RoleName", "Delete role/serviceaccount-default.web"]; 3],
    ),
    Row(
        "iam.serviceAccounts.tags",
        account,
        ["", ", tags: {team: web}", ", tags: {team: shop}"],
        [
            &["Update role/serviceaccount-default.web: Tags.eksact.dev/tag-keys Tags.team"],
            &["Update role/serviceaccount-default.web: Tags.team"],
            &["Update role/serviceaccount-default.web: Tags.eksact.dev/tag-keys Tags.team"],
        ],
    ),
    Row(
        "iam.podIdentityAssociations",
        |more| association("").replace("]}\n", &format!("{more}]}}\n")),
        [
            "",
            ", {namespace: web, serviceAccountName: db, wellKnownPolicies: {certManager: true}}",
            ", {namespace: web, serviceAccountName: db, roleARN: 'arn:aws:iam::123456789012:role/pods'}",
        ],
        [
            &["New role/podidentity-web.db pod-identity-association/web.db"],
            &["Delete role/podidentity-web.db", "Update pod-identity-association/web.db: RoleArn"],
            &["Delete pod-identity-association/web.db"],
        ],
    ),
    Row(
        "iam.podIdentityAssociations.permissionPolicyARNs",
        |arns| association("").replace("policy/One'", &format!("policy/One'{arns}")),
        ["", ", 'arn:aws:iam::aws:policy/Other'", ", 'arn:aws:iam::aws:policy/ReadOnlyAccess'"],
        [&["Update role/podidentity-web.api: ManagedPolicyArns"]; 3],
    ),
    Row(
        "iam.podIdentityAssociations.permissionPolicy",
        |policy| association(&policy.replace("attachPolicy", "permissionPolicy")),
        ["", POLICY[0], POLICY[1]],
        [&["Update role/podidentity-web.api: Policies.policy"]; 3],
    ),
    Row(
        "iam.podIdentityAssociations.permissionPolicyName",
        |name| association(&format!("{}{name}", POLICY[0].replace("attachPolicy", "permissionPolicy"))),
        ["", ", permissionPolicyName: a", ", permissionPolicyName: b"],
        [
            &["Update role/podidentity-web.api: Policies.a Policies.policy"],
            &["Update role/podidentity-web.api: Policies.b Policies.a"],
            &["Update role/podidentity-web.api: Policies.policy Policies.b"],
        ],
    ),
    Row(
        "iam.podIdentityAssociations.wellKnownPolicies",
        association,
        ["", ", wellKnownPolicies: {autoScaler: true}", ", wellKnownPolicies: {efsCSIController: true}"],
        [
            &["Update role/podidentity-web.api: Policies.autoScaler"],
            &["Update role/podidentity-web.api: Policies.efsCSIController Policies.autoScaler"],
            &["Update role/podidentity-web.api: Policies.efsCSIController"],
        ],
    ),
    Row(
        "iam.podIdentityAssociations.permissionsBoundaryARN",
        association,
        [
            "",
            ", permissionsBoundaryARN: 'arn:aws:iam::aws:policy/One'",
            ", permissionsBoundaryARN: 'arn:aws:iam::aws:policy/Other'",
        ],
        [&["Update role/podidentity-web.api: PermissionsBoundary"]; 3],
    ),
    Row(
        "iam.podIdentityAssociations.roleName",
        association,
        ["", ", roleName: web", ", roleName: api"],
        [&[
            "Create role/podidentity-web.api: RoleName",
            "Delete role/podidentity-web.api",
            "Update pod-identity-association/web.api: RoleArn",
        ]; 3],
    ),
    Row(
        "iam.podIdentityAssociations.targetRoleARN",
        given,
        [
            "",
            ", targetRoleARN: 'arn:aws:iam::210987654321:role/there'",
            ", targetRoleARN: 'arn:aws:iam::210987654321:role/elsewhere'",
        ],
        [&["Update pod-identity-association/web.api: TargetRoleArn"]; 3],
    ),
    Row(
        "iam.podIdentityAssociations.disableSessionTags",
        given,
        ["", ", disableSessionTags: true", ", disableSessionTags: false"],
        [
            &["Update pod-identity-association/web.api: DisableSessionTags"],
            &["Update pod-identity-association/web.api: DisableSessionTags"],
            NOTHING,
        ],
    ),
    Row(
        "iam.podIdentityAssociations.policy",
        |policy| given(&format!(", disableSessionTags: true{policy}")),
        [
            "",
            ", policy: '{\"Version\": \"2012-10-17\", \"Statement\": []}'",
            ", policy: '{\"Version\": \"2008-10-17\", \"Statement\": []}'",
        ],
        [
            &["Update pod-identity-association/web.api: Policy"],
            &["Update pod-identity-association/web.api: Policy"],
            &["Remake pod-identity-association/web.api: Policy"],
        ],
    ),
    Row(
        "iam.podIdentityAssociations.tags",
        given,
        ["", ", tags: {team: web}", ", tags: {team: shop}"],
        [
            &["Update pod-identity-association/web.api: Tags.eksact.dev/tag-keys Tags.team"],
            &["Update pod-identity-association/web.api: Tags.team"],
            &["Update pod-identity-association/web.api: Tags.eksact.dev/tag-keys Tags.team"],
        ],
    ),
    Row(
        "addonsConfig.autoApplyPodIdentityAssociations",
        agent,
        [
            "",
            "addonsConfig: {autoApplyPodIdentityAssociations: true}",
            "addonsConfig: {autoApplyPodIdentityAssociations: false}",
        ],
        [
            &[
                "New role/addon-vpc-cni.aws-node role/addon-aws-ebs-csi-driver.ebs-csi-controller-sa",
                "Update role/nodegroup-ng1: ManagedPolicyArns",
                "Update addon/vpc-cni: PodIdentityAssociations.aws-node",
                "Update addon/aws-ebs-csi-driver: PodIdentityAssociations.ebs-csi-controller-sa",
            ],
            &[
                "Delete role/addon-aws-ebs-csi-driver.ebs-csi-controller-sa role/addon-vpc-cni.aws-node",
                "Update role/nodegroup-ng1: ManagedPolicyArns",
                "Update addon/vpc-cni: PodIdentityAssociations.aws-node",
                "Update addon/aws-ebs-csi-driver: PodIdentityAssociations.ebs-csi-controller-sa",
            ],
            NOTHING,
        ],
    ),
    Row(
        "addons.serviceAccountRoleARN",
        driver,
        [
            "",
            ", serviceAccountRoleARN: 'arn:aws:iam::123456789012:role/pods'",
            ", serviceAccountRoleARN: 'arn:aws:iam::123456789012:role/nodes'",
        ],
        [
            &[
                "Delete role/addon-aws-ebs-csi-driver",
                "Update addon/aws-ebs-csi-driver: ServiceAccountRoleArn",
            ],
            &["Update addon/aws-ebs-csi-driver: ServiceAccountRoleArn"],
            &["New role/addon-aws-ebs-csi-driver", "Update addon/aws-ebs-csi-driver: ServiceAccountRoleArn"],
        ],
    ),
    Row(
        "addons.attachPolicyARNs",
        driver,
        [
            "",
            ", attachPolicyARNs: ['arn:aws:iam::aws:policy/One']",
            ", attachPolicyARNs: ['arn:aws:iam::aws:policy/Other']",
        ],
        [&["Update role/addon-aws-ebs-csi-driver: ManagedPolicyArns"]; 3],
    ),
    Row(
        "addons.attachPolicy",
        driver,
        ["", POLICY[0], POLICY[1]],
        [
            &["Update role/addon-aws-ebs-csi-driver: ManagedPolicyArns Policies.policy"],
            &["Update role/addon-aws-ebs-csi-driver: Policies.policy"],
            &["Update role/addon-aws-ebs-csi-driver: ManagedPolicyArns Policies.policy"],
        ],
    ),
    Row(
        "addons.wellKnownPolicies",
        driver,
        [
            "",
            ", wellKnownPolicies: {ebsCSIController: true}",
            ", wellKnownPolicies: {efsCSIController: true}",
        ],
        [
            NOTHING,
            &["Update role/addon-aws-ebs-csi-driver: ManagedPolicyArns Policies.efsCSIController"],
            &["Update role/addon-aws-ebs-csi-driver: ManagedPolicyArns Policies.efsCSIController"],
        ],
    ),
    Row(
        "addons.permissionsBoundary",
        |field| driver(&format!(", wellKnownPolicies: {{ebsCSIController: true}}{field}")),
        [
            "",
            ", permissionsBoundary: 'arn:aws:iam::aws:policy/One'",
            ", permissionsBoundary: 'arn:aws:iam::aws:policy/Other'",
        ],
        [&["Update role/addon-aws-ebs-csi-driver: PermissionsBoundary"]; 3],
    ),
    Row(
        "addons.podIdentityAssociations",
        driver,
        [
            "",
            ", podIdentityAssociations: [{namespace: kube-system, serviceAccountName: ebs-csi-controller-sa, \
             permissionPolicyARNs: ['arn:aws:iam::aws:policy/One']}]",
            ", podIdentityAssociations: [{namespace: kube-system, serviceAccountName: ebs-csi-controller-sa, \
             roleARN: 'arn:aws:iam::123456789012:role/pods'}]",
        ],
        [
            &[
                "Delete role/addon-aws-ebs-csi-driver",
                "New role/addon-aws-ebs-csi-driver.ebs-csi-controller-sa",
                "Update addon/aws-ebs-csi-driver: ServiceAccountRoleArn \
                 PodIdentityAssociations.ebs-csi-controller-sa",
            ],
            &[
                "Delete role/addon-aws-ebs-csi-driver.ebs-csi-controller-sa",
                "Update addon/aws-ebs-csi-driver: PodIdentityAssociations.ebs-csi-controller-sa",
            ],
            &[
                "New role/addon-aws-ebs-csi-driver",
                "Update addon/aws-ebs-csi-driver: ServiceAccountRoleArn \
                 PodIdentityAssociations.ebs-csi-controller-sa",
            ],
        ],
    ),
    Row(
        "addons.useDefaultPodIdentityAssociations",
        driver,
        ["", ", useDefaultPodIdentityAssociations: true", ", useDefaultPodIdentityAssociations: false"],
        [
            &[
                "Delete role/addon-aws-ebs-csi-driver",
                "New role/addon-aws-ebs-csi-driver.ebs-csi-controller-sa",
                "Update addon/aws-ebs-csi-driver: ServiceAccountRoleArn \
                 PodIdentityAssociations.ebs-csi-controller-sa",
            ],
            &[
                "Delete role/addon-aws-ebs-csi-driver.ebs-csi-controller-sa",
                "New role/addon-aws-ebs-csi-driver",
                "Update addon/aws-ebs-csi-driver: ServiceAccountRoleArn \
                 PodIdentityAssociations.ebs-csi-controller-sa",
            ],
            NOTHING,
        ],
    ),
    Row(
        "managedNodeGroups.iam.withAddonPolicies",
        group,
        [
            "",
            ", iam: {withAddonPolicies: {autoScaler: true, ebs: true, xRay: true}}",
            ", iam: {withAddonPolicies: {awsLoadBalancerController: true, cloudWatch: true, xRay: true}}",
        ],
        [
            &["Update role/nodegroup-ng1: ManagedPolicyArns Policies.autoScaler Policies.xRay"],
            &["Update role/nodegroup-ng1: ManagedPolicyArns Policies.awsLoadBalancerController \
               Policies.autoScaler"],
            &[
                "Update role/nodegroup-ng1: ManagedPolicyArns Policies.awsLoadBalancerController Policies.xRay",
            ],
        ],
    ),
    Row(
        "managedNodeGroups.iam.attachPolicy",
        |policy| group(&policy.replace(", attachPolicy", ", iam: {attachPolicy").replace("]}", "]}}")),
        ["", POLICY[0], POLICY[1]],
        [&["Update role/nodegroup-ng1: Policies.policy"]; 3],
    ),
    Row(
        "managedNodeGroups.iam.instanceRolePermissionsBoundary",
        group,
        [
            "",
            ", iam: {instanceRolePermissionsBoundary: 'arn:aws:iam::aws:policy/One'}",
            ", iam: {instanceRolePermissionsBoundary: 'arn:aws:iam::aws:policy/Other'}",
        ],
        [&["Update role/nodegroup-ng1: PermissionsBoundary"]; 3],
    ),
    Row(
        "managedNodeGroups.iam.instanceRoleName",
        group,
        ["", ", iam: {instanceRoleName: web}", ", iam: {instanceRoleName: api}"],
        [&[
            "Create nodegroup/ng1: NodeRole",
            "Create role/nodegroup-ng1: RoleName",
            "Delete role/nodegroup-ng1 nodegroup/ng1",
        ]; 3],
    ),
];
