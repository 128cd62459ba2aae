use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::config::KnownPolicy as Known;

/// IAM's limit for a policy that stands by itself.
const MANAGED: usize = 6_144;

/// What each policy of the program's own is for, as its workload's own documents say: every action, and no
/// other.
const ACTIONS: [(Known, &str); 10] = [
    (
        Known::LoadBalancerController,
        "acm:DescribeCertificate acm:ListCertificates cognito-idp:DescribeUserPoolClient \
         ec2:AuthorizeSecurityGroupIngress ec2:CreateSecurityGroup ec2:CreateTags ec2:DeleteSecurityGroup \
         ec2:DeleteTags ec2:DescribeAccountAttributes ec2:DescribeAddresses ec2:DescribeAvailabilityZones \
         ec2:DescribeCoipPools ec2:DescribeInstances ec2:DescribeInternetGateways ec2:DescribeIpamPools \
         ec2:DescribeNetworkInterfaces ec2:DescribeRouteTables ec2:DescribeSecurityGroups ec2:DescribeSubnets \
         ec2:DescribeTags ec2:DescribeVpcPeeringConnections ec2:DescribeVpcs ec2:GetCoipPoolUsage \
         ec2:GetSecurityGroupsForVpc ec2:RevokeSecurityGroupIngress \
         elasticloadbalancing:AddListenerCertificates elasticloadbalancing:AddTags \
         elasticloadbalancing:CreateListener elasticloadbalancing:CreateLoadBalancer \
         elasticloadbalancing:CreateRule elasticloadbalancing:CreateTargetGroup \
         elasticloadbalancing:DeleteListener elasticloadbalancing:DeleteLoadBalancer \
         elasticloadbalancing:DeleteRule elasticloadbalancing:DeleteTargetGroup \
         elasticloadbalancing:DeregisterTargets elasticloadbalancing:DescribeCapacityReservation \
         elasticloadbalancing:DescribeListenerAttributes elasticloadbalancing:DescribeListenerCertificates \
         elasticloadbalancing:DescribeListeners elasticloadbalancing:DescribeLoadBalancerAttributes \
         elasticloadbalancing:DescribeLoadBalancers elasticloadbalancing:DescribeRules \
         elasticloadbalancing:DescribeSSLPolicies elasticloadbalancing:DescribeTags \
         elasticloadbalancing:DescribeTargetGroupAttributes elasticloadbalancing:DescribeTargetGroups \
         elasticloadbalancing:DescribeTargetHealth elasticloadbalancing:DescribeTrustStores \
         elasticloadbalancing:ModifyCapacityReservation elasticloadbalancing:ModifyIpPools \
         elasticloadbalancing:ModifyListener elasticloadbalancing:ModifyListenerAttributes \
         elasticloadbalancing:ModifyLoadBalancerAttributes elasticloadbalancing:ModifyRule \
         elasticloadbalancing:ModifyTargetGroup elasticloadbalancing:ModifyTargetGroupAttributes \
         elasticloadbalancing:RegisterTargets elasticloadbalancing:RemoveListenerCertificates \
         elasticloadbalancing:RemoveTags elasticloadbalancing:SetIpAddressType \
         elasticloadbalancing:SetRulePriorities elasticloadbalancing:SetSecurityGroups \
         elasticloadbalancing:SetSubnets elasticloadbalancing:SetWebAcl iam:CreateServiceLinkedRole \
         iam:GetServerCertificate iam:ListServerCertificates shield:CreateProtection shield:DeleteProtection \
         shield:DescribeProtection shield:GetSubscriptionState waf-regional:AssociateWebACL \
         waf-regional:DisassociateWebACL waf-regional:GetWebACL waf-regional:GetWebACLForResource \
         wafv2:AssociateWebACL wafv2:DisassociateWebACL wafv2:GetWebACL wafv2:GetWebACLForResource",
    ),
    (
        Known::AutoScaler,
        "autoscaling:DescribeAutoScalingGroups autoscaling:DescribeAutoScalingInstances \
         autoscaling:DescribeLaunchConfigurations autoscaling:DescribeScalingActivities \
         autoscaling:DescribeTags autoscaling:SetDesiredCapacity \
         autoscaling:TerminateInstanceInAutoScalingGroup ec2:DescribeImages ec2:DescribeInstanceTypes \
         ec2:DescribeLaunchTemplateVersions ec2:GetInstanceTypesFromInstanceRequirements \
         eks:DescribeNodegroup",
    ),
    (
        Known::ExternalDns,
        "route53:ChangeResourceRecordSets route53:ListHostedZones route53:ListResourceRecordSets \
         route53:ListTagsForResource",
    ),
    (
        Known::CertManager,
        "route53:ChangeResourceRecordSets route53:GetChange route53:ListHostedZonesByName \
         route53:ListResourceRecordSets",
    ),
    (
        Known::EfsCsiController,
        "ec2:DescribeAvailabilityZones elasticfilesystem:CreateAccessPoint \
         elasticfilesystem:DeleteAccessPoint elasticfilesystem:DescribeAccessPoints \
         elasticfilesystem:DescribeFileSystems elasticfilesystem:DescribeMountTargets \
         elasticfilesystem:TagResource",
    ),
    (
        Known::Efs,
        "ec2:DescribeAvailabilityZones elasticfilesystem:ClientMount elasticfilesystem:ClientRootAccess \
         elasticfilesystem:ClientWrite elasticfilesystem:CreateAccessPoint \
         elasticfilesystem:DeleteAccessPoint elasticfilesystem:DescribeAccessPoints \
         elasticfilesystem:DescribeFileSystems elasticfilesystem:DescribeMountTargets \
         elasticfilesystem:TagResource",
    ),
    (
        Known::Fsx,
        "fsx:CreateFileSystem fsx:DeleteFileSystem fsx:DescribeFileSystems fsx:ListTagsForResource \
         fsx:TagResource fsx:UpdateFileSystem iam:AttachRolePolicy iam:CreateServiceLinkedRole \
         iam:PutRolePolicy s3:ListBucket",
    ),
    (
        Known::AppMesh,
        "appmesh:* route53:ChangeResourceRecordSets route53:CreateHealthCheck route53:DeleteHealthCheck \
         route53:GetHealthCheck route53:UpdateHealthCheck servicediscovery:CreateService \
         servicediscovery:DeleteService servicediscovery:DeregisterInstance servicediscovery:GetInstance \
         servicediscovery:GetInstancesHealthStatus servicediscovery:GetOperation \
         servicediscovery:GetService servicediscovery:ListInstances servicediscovery:ListNamespaces \
         servicediscovery:ListServices servicediscovery:RegisterInstance \
         servicediscovery:UpdateInstanceCustomHealthStatus",
    ),
    (
        Known::AppMeshPreview,
        "appmesh-preview:* route53:ChangeResourceRecordSets route53:CreateHealthCheck \
         route53:DeleteHealthCheck route53:GetHealthCheck route53:UpdateHealthCheck \
         servicediscovery:CreateService servicediscovery:DeleteService servicediscovery:DeregisterInstance \
         servicediscovery:GetInstance servicediscovery:GetInstancesHealthStatus \
         servicediscovery:GetOperation servicediscovery:GetService servicediscovery:ListInstances \
         servicediscovery:ListNamespaces servicediscovery:ListServices servicediscovery:RegisterInstance \
         servicediscovery:UpdateInstanceCustomHealthStatus",
    ),
    (
        Known::XRay,
        "xray:GetSamplingRules xray:GetSamplingStatisticSummaries xray:GetSamplingTargets \
         xray:PutTelemetryRecords xray:PutTraceSegments",
    ),
];

/// A policy of a cluster, as it is put.
fn text(policy: Known, cluster: &str, partition: &str) -> String {
    let Source::Own(_, template) = source(policy) else { panic!("{policy:?} is AWS's") };
    let text = template.replace("${AWS::Partition}", partition).replace("${Cluster}", cluster);
    assert!(!text.contains("${"), "nothing is left open: {text}");
    Json::from(text).as_ref().to_owned()
}

fn statements(policy: Known) -> Vec<Value> {
    let document: Value = serde_json::from_str(&text(policy, "demo", "aws")).expect("JSON");
    document["Statement"].as_array().expect("statements").clone()
}

/// A list, whether or not it is written as one.
fn list(value: &Value) -> Vec<String> {
    let one = value.as_str().map(|one| vec![one.to_owned()]);
    let texts = || value.as_array()?.iter().map(|it| it.as_str().map(str::to_owned)).collect();
    one.or_else(texts).expect("texts")
}

#[test]
fn each_policy_allows_what_its_workload_needs_and_nothing_else() {
    for (policy, expected) in ACTIONS {
        let allowed: BTreeSet<String> =
            statements(policy).iter().flat_map(|statement| list(&statement["Action"])).collect();
        let expected: BTreeSet<String> = expected.split_whitespace().map(str::to_owned).collect();
        assert_eq!(allowed, expected, "{policy:?}");
    }
    let (_, controller) = ACTIONS[0];
    assert_eq!(controller.split_whitespace().count(), 80, "as the controller's own policy has them");
}

/// What changes something does so to some resources alone, or to those with a tag.
#[test]
fn what_changes_something_is_held_to_resources_or_tags() {
    let free = [
        // IAM knows no resources of these.
        "acm:",
        "cognito-idp:",
        "shield:",
        "waf-regional:",
        "wafv2:",
        "servicediscovery:",
        "appmesh",
        "xray:",
        "route53:CreateHealthCheck",
        // A group is in a VPC that may be anybody's; what listeners are of has the tag.
        "ec2:CreateSecurityGroup",
        "elasticloadbalancing:CreateListener",
        "elasticloadbalancing:DeleteListener",
        "elasticloadbalancing:CreateRule",
        "elasticloadbalancing:DeleteRule",
        "elasticloadbalancing:SetWebAcl",
        "elasticloadbalancing:ModifyListener",
        "elasticloadbalancing:AddListenerCertificates",
        "elasticloadbalancing:RemoveListenerCertificates",
        "elasticloadbalancing:ModifyRule",
        "elasticloadbalancing:SetRulePriorities",
    ];
    for (policy, _) in ACTIONS {
        for statement in statements(policy) {
            let open = list(&statement["Resource"]).contains(&"*".to_owned());
            let reads = |action: &str| {
                let name = action.split(':').nth(1).unwrap_or_default();
                ["Describe", "List", "Get"].iter().any(|verb| name.starts_with(verb))
            };
            let bound = |action: &String| reads(action) || free.iter().any(|it| action.starts_with(it));
            let fits =
                !open || statement.get("Condition").is_some() || list(&statement["Action"]).iter().all(bound);
            assert!(fits, "{policy:?}: {statement}");
        }
    }
}

#[test]
fn other_clusters_things_are_not_this_ones() {
    for policy in [Known::AutoScaler, Known::LoadBalancerController] {
        let text = text(policy, "demo", "aws");
        assert!(text.contains("/demo\"") || text.contains(":\"demo\""), "{text}");
    }
    for (policy, _) in ACTIONS {
        assert!(!text(policy, "demo", "aws-cn").contains("arn:aws:"), "{policy:?}");
    }
}

#[test]
fn policies_are_within_iams_limits() {
    let length = |policy, cluster: &str| text(policy, cluster, "aws-us-gov").chars().count();
    let longest = "c".repeat(100);
    for (policy, _) in ACTIONS {
        assert!(length(policy, &longest) <= MANAGED, "{policy:?}: {}", length(policy, &longest));
    }
    let sum = |policies: &[Known], cluster: &str| -> usize {
        policies.iter().map(|policy| length(*policy, cluster)).sum()
    };
    let well_known = [
        Known::LoadBalancerController,
        Known::AutoScaler,
        Known::ExternalDns,
        Known::CertManager,
        Known::EfsCsiController,
    ];
    assert!(sum(&well_known, &longest) <= MOST, "all that a workload can have");
    let of_nodes: Vec<Known> =
        ACTIONS.iter().map(|(policy, _)| *policy).filter(|it| *it != Known::EfsCsiController).collect();
    assert!(
        sum(&of_nodes, "production") <= MOST,
        "all that nodes can have: {}",
        sum(&of_nodes, "production")
    );
}
