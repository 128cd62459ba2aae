//! Policies, from `templates/iam`, and those that AWS keeps.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::templates::fill;
use crate::cluster::partition_of;
use crate::config::{Choice, ClusterConfig, Code, Diagnostic, KnownPolicy, Span};
use crate::resource::{Json, Set, Val};

macro_rules! policy {
    ($name:literal) => {
        include_str!(concat!("../../templates/iam/policies/", $name, ".json"))
    };
}

/// How many characters all of a role's own policies may have together.
const MOST: usize = 10_240;

/// Where a policy comes from.
enum Source {
    /// AWS keeps it, by this name.
    Managed(&'static str),
    /// Written here, under this name.
    Own(&'static str, &'static str),
}

fn source(policy: KnownPolicy) -> Source {
    use Source::{Managed, Own};
    match policy {
        KnownPolicy::ImageBuilder => Managed("AmazonEC2ContainerRegistryPowerUser"),
        KnownPolicy::EbsCsi => Managed("service-role/AmazonEBSCSIDriverPolicy"),
        KnownPolicy::CloudWatch => Managed("CloudWatchAgentServerPolicy"),
        KnownPolicy::AutoScaler => Own("autoScaler", policy!("auto-scaler")),
        KnownPolicy::LoadBalancerController => {
            Own("awsLoadBalancerController", policy!("aws-load-balancer-controller"))
        }
        KnownPolicy::ExternalDns => Own("externalDNS", policy!("external-dns")),
        KnownPolicy::CertManager => Own("certManager", policy!("cert-manager")),
        KnownPolicy::EfsCsiController => Own("efsCSIController", policy!("efs-csi-controller")),
        KnownPolicy::Efs => Own("efs", policy!("efs")),
        KnownPolicy::Fsx => Own("fsx", policy!("fsx")),
        KnownPolicy::AppMesh => Own("appMesh", policy!("app-mesh")),
        KnownPolicy::AppMeshPreview => Own("appMeshPreview", policy!("app-mesh-preview")),
        KnownPolicy::XRay => Own("xRay", policy!("x-ray")),
    }
}

/// What a role may do.
#[derive(Clone, Debug)]
pub(super) struct Policies {
    /// By ARN.
    pub managed: Set<String>,
    /// Its own, by name.
    pub own: BTreeMap<String, Val<Json>>,
}

impl Policies {
    /// Those that stand elsewhere.
    pub fn managed(arns: impl IntoIterator<Item = String>) -> Self {
        Self { managed: arns.into_iter().collect(), own: BTreeMap::new() }
    }

    /// With those that are known by what they are for.
    pub fn known(mut self, draft: &Draft<'_>, chosen: Vec<KnownPolicy>) -> Self {
        for policy in chosen {
            match source(policy) {
                Source::Managed(name) => {
                    let arn = aws_policy(draft, name);
                    if !self.managed.0.contains(&arn) {
                        self.managed.0.push(arn);
                    }
                }
                Source::Own(name, template) => {
                    let text = filled(template, draft.facts.partition(), draft.name());
                    self.own.insert(name.to_owned(), fill(&text, &[]));
                }
            }
        }
        self
    }

    /// With one in the file's own words.
    pub fn written(mut self, name: &str, policy: Option<String>) -> Self {
        self.own.extend(policy.map(|json| (name.to_owned(), Val::Known(Json::from(json)))));
        self
    }

    /// IAM counts all of a role's own policies together: said before the first of them is put.
    pub fn within_limits(&self, draft: &mut Draft<'_>, purpose: &str, at: Span) {
        let length = |policy: &Val<Json>| policy.known().map_or(0, |json| json.as_ref().chars().count());
        let all: usize = self.own.values().map(length).sum();
        if all > MOST {
            let message =
                format!("role/{purpose} would have policies of {all} characters, and IAM takes {MOST}");
            let long = Diagnostic::new(Code::PoliciesTooLong, at, message).label("too much for one role");
            draft.refuse(long.help("put some of it into a policy of your own, and attach that by its ARN"));
        }
    }
}

fn filled(template: &str, partition: &str, cluster: &str) -> String {
    template.replace("${AWS::Partition}", partition).replace("${Cluster}", cluster)
}

/// The policy that the role of a component needs, in IAM's language; nothing where it calls nothing of AWS's, or
/// AWS keeps it.
pub fn component_policy(config: &ClusterConfig, name: &str) -> Option<String> {
    let component = config.components.iter().find(|it| it.name.word() == name)?;
    match source(component.policy()?) {
        Source::Managed(_) => None,
        Source::Own(_, template) => Some(filled(template, partition_of(config.region()), config.name())),
    }
}

/// A policy that AWS keeps, by its ARN.
pub(super) fn aws_policy(draft: &Draft<'_>, name: &str) -> String {
    format!("arn:{}:iam::aws:policy/{name}", draft.facts.partition())
}

#[cfg(test)]
#[path = "policies_tests.rs"]
mod tests;
