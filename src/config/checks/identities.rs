//! Of what nodes and workloads may do in AWS.

use super::Found;
use super::lines::{indented, item, nested, place, within};
use crate::config::place::Spanned;
use crate::config::sections::access::PolicyArn;
use crate::config::sections::addons::Addon;
use crate::config::sections::addons::POD_IDENTITY_AGENT as AGENT;
use crate::config::sections::cluster::ClusterConfig;
use crate::config::sections::nodegroup::ManagedNodeGroup;
use crate::config::sections::policies::KnownPolicy;

/// The add-on that gives pods addresses, its service account, and its policy.
const CNI: &str = "vpc-cni";
const CNI_ACCOUNT: (&str, &str) = ("kube-system", "aws-node");
const CNI_POLICY: &str = "/AmazonEKS_CNI_Policy";
/// How the names of AWS's policies for images begin, and the only one that just pulls.
const ECR: &str = "/AmazonEC2ContainerRegistry";
const PULL_ONLY: &str = "AmazonEC2ContainerRegistryPullOnly";

pub(super) fn cni_permissions(cluster: &ClusterConfig) -> Vec<Found> {
    let addon = cluster.addons.iter().find(|addon| addon.name.0 == CNI);
    let has_role = has_role(cluster, addon.map(|it| &it.value));
    let groups = || cluster.managed_node_groups.iter();
    let usual = |group: &Spanned<ManagedNodeGroup>| {
        group.iam.instance_role_arn.is_none() && group.iam.attach_policy_arns.is_none()
    };
    let written = groups().flat_map(|group| {
        attached(group, |arn| arn.ends_with(CNI_POLICY))
            .map(|arn| Found::written(arn.span, without(group, arn)).of(group))
    });
    let written: Vec<Found> = written.collect();
    let departs = !has_role && (!written.is_empty() || groups().any(usual));
    let own = departs.then(|| {
        let at = addon.map(|it| it.key).or(cluster.addons.is_written().then_some(cluster.addons.key));
        Found::absent(at, role_of_cni(cluster, addon.is_some()))
    });
    own.into_iter().chain(written).collect()
}

/// Whether the add-on has a role of its own, by whatever means.
fn has_role(cluster: &ClusterConfig, addon: Option<&Addon>) -> bool {
    let of_addon = addon.is_some_and(|addon| {
        !addon.pod_identity_associations.is_empty()
            || addon.service_account_role_arn.is_some()
            || addon.uses_default_identities()
    });
    let has_account = cluster.iam.service_accounts.iter().any(|account| {
        let name = &account.metadata;
        (name.namespace.0.as_str(), name.name.0.as_str()) == CNI_ACCOUNT
    });
    // With a provider it has what is usual, where the file gives it no policies.
    let by_all =
        cluster.addons_config.auto_apply_pod_identity_associations.value || cluster.iam.with_oidc.value;
    of_addon || has_account || by_all
}

fn role_of_cni(cluster: &ClusterConfig, is_named: bool) -> String {
    let role = "useDefaultPodIdentityAssociations: true";
    let has_agent = cluster.addons.iter().any(|addon| addon.name.0 == AGENT);
    let agent = (!has_agent).then(|| item(&format!("name: {AGENT}")));
    if is_named {
        let agent = agent.map(|agent| format!("\n# and under addons:\n{agent}"));
        return format!("{role}{}", agent.unwrap_or_default());
    }
    let items: Vec<String> = agent.into_iter().chain([item(&format!("name: {CNI}\n{role}"))]).collect();
    within(&[("addons", cluster.addons.is_written())], &items.join("\n"))
}

/// Policies that the file gives to the nodes of a group, in place of the usual ones.
fn attached(
    group: &ManagedNodeGroup,
    which: impl Fn(&str) -> bool,
) -> impl Iterator<Item = &Spanned<PolicyArn>> {
    let arns = group.iam.attach_policy_arns.iter().flat_map(|arns| arns.iter());
    arns.filter(move |arn| which(&arn.0))
}

/// The list without one of them.
fn without(group: &ManagedNodeGroup, arn: &Spanned<PolicyArn>) -> String {
    let others = attached(group, |other| other != arn.0);
    let others: Vec<String> = others.map(|arn| item(&arn.0)).collect();
    format!("# the list without it:\nattachPolicyARNs:\n{}", indented(&others.join("\n")))
}

pub(super) fn ecr_pull_only(cluster: &ClusterConfig) -> Vec<Found> {
    let more = |arn: &str| arn.contains(ECR) && !arn.ends_with(PULL_ONLY);
    let mut found = Vec::new();
    for group in cluster.managed_node_groups.iter() {
        let (partition, _) = place(cluster);
        let pull = || item(&format!("arn:{partition}:iam::aws:policy/{PULL_ONLY}"));
        found.extend(attached(group, more).map(|arn| Found::written(arn.span, pull()).of(group)));
        let pushes = group.iam.with_addon_policies.image_builder.as_ref().filter(|it| it.value);
        let write = |it| {
            Found::field(
                it,
                format!("imageBuilder: false\n{}", instead(cluster, &[KnownPolicy::ImageBuilder])),
            )
        };
        found.extend(pushes.map(|it| write(it).of(group)));
    }
    found
}

pub(super) fn workload_permissions(cluster: &ClusterConfig) -> Vec<Found> {
    let one = |group: &Spanned<ManagedNodeGroup>| {
        let policies = &group.iam.with_addon_policies;
        let mut chosen = policies.chosen();
        chosen.retain(|policy| *policy != KnownPolicy::ImageBuilder);
        let write = || format!("# nothing\n{}", instead(cluster, &chosen));
        (!chosen.is_empty()).then(|| Found::written(policies.key, write()).of(group))
    };
    cluster.managed_node_groups.iter().filter_map(one).collect()
}

/// Roles for the workloads alone, for each policy that was the nodes'.
fn instead(cluster: &ClusterConfig, policies: &[KnownPolicy]) -> String {
    let associations: Vec<String> = policies.iter().map(|policy| association(cluster, *policy)).collect();
    let roles = nested(["iam", "podIdentityAssociations"].into_iter(), &associations.join("\n"));
    let agent = nested(["addons"].into_iter(), &item(&format!("name: {AGENT}")));
    format!("# and at the top, for the service accounts that need it:\n{roles}\n{agent}")
}

/// For the service account by which the workload mostly goes.
fn association(cluster: &ClusterConfig, policy: KnownPolicy) -> String {
    let (partition, _) = place(cluster);
    let known = |name: &str| format!("wellKnownPolicies: {{{name}: true}}");
    let aws = |name: &str| format!("permissionPolicyARNs: [arn:{partition}:iam::aws:policy/{name}]");
    let (namespace, account, policy) = match policy {
        KnownPolicy::ImageBuilder => ("default", "image-builder", known("imageBuilder")),
        KnownPolicy::AutoScaler => ("kube-system", "cluster-autoscaler", known("autoScaler")),
        KnownPolicy::LoadBalancerController => {
            ("kube-system", "aws-load-balancer-controller", known("awsLoadBalancerController"))
        }
        KnownPolicy::ExternalDns => ("external-dns", "external-dns", known("externalDNS")),
        KnownPolicy::CertManager => ("cert-manager", "cert-manager", known("certManager")),
        KnownPolicy::EbsCsi => ("kube-system", "ebs-csi-controller-sa", known("ebsCSIController")),
        KnownPolicy::EfsCsiController | KnownPolicy::Efs => {
            ("kube-system", "efs-csi-controller-sa", known("efsCSIController"))
        }
        KnownPolicy::Fsx => ("kube-system", "fsx-csi-controller-sa", aws("AmazonFSxFullAccess")),
        KnownPolicy::AppMesh | KnownPolicy::AppMeshPreview => {
            ("appmesh-system", "appmesh-controller", aws("AWSAppMeshFullAccess"))
        }
        KnownPolicy::XRay => ("default", "xray-daemon", aws("AWSXRayDaemonWriteAccess")),
        KnownPolicy::CloudWatch => {
            ("amazon-cloudwatch", "cloudwatch-agent", aws("CloudWatchAgentServerPolicy"))
        }
    };
    item(&format!("namespace: {namespace}\nserviceAccountName: {account}\n{policy}"))
}
