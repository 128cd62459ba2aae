//! What a file gives permissions in AWS, and could have installed.

use std::collections::BTreeSet;

use super::sections::policies::KnownPolicy;
use super::{ApiVersion, Choice, ClusterConfig, ComponentName};

/// What a file has permissions for and does not install.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Installable {
    /// Components, by name.
    pub components: BTreeSet<&'static str>,
    /// Add-ons of EKS, by name.
    pub addons: BTreeSet<&'static str>,
}

impl Installable {
    /// Whether there is nothing of the kind.
    pub fn is_empty(&self) -> bool {
        self.components.is_empty() && self.addons.is_empty()
    }
}

impl ClusterConfig {
    /// What a file in eksctl's language asks for permissions of, by what they are for: there, whoever uses them is
    /// installed by other means.
    pub fn installable(&self) -> Installable {
        let mut found = Installable::default();
        if self.api_version.value != ApiVersion::Eksctl {
            return found;
        }
        for policy in self.permissions() {
            match policy {
                KnownPolicy::LoadBalancerController => {
                    found.components.insert(ComponentName::LoadBalancerController.word());
                }
                KnownPolicy::AutoScaler => {
                    _ = found.components.insert(ComponentName::ClusterAutoscaler.word())
                }
                KnownPolicy::EbsCsi => _ = found.addons.insert("aws-ebs-csi-driver"),
                KnownPolicy::EfsCsiController | KnownPolicy::Efs => {
                    _ = found.addons.insert("aws-efs-csi-driver")
                }
                KnownPolicy::ImageBuilder
                | KnownPolicy::ExternalDns
                | KnownPolicy::CertManager
                | KnownPolicy::Fsx
                | KnownPolicy::AppMesh
                | KnownPolicy::AppMeshPreview
                | KnownPolicy::XRay
                | KnownPolicy::CloudWatch => {}
            }
        }
        found.addons.retain(|name| !self.addons.iter().any(|addon| addon.name.0 == *name));
        found
    }

    /// All that is asked for by what it is for, but by add-ons, which are installed.
    fn permissions(&self) -> impl Iterator<Item = KnownPolicy> {
        let accounts = self.iam.service_accounts.iter().map(|it| it.well_known_policies.chosen());
        let associations =
            self.iam.pod_identity_associations.iter().map(|it| it.well_known_policies.chosen());
        let groups = self.managed_node_groups.iter().map(|it| it.iam.with_addon_policies.chosen());
        accounts.chain(associations).chain(groups).flatten()
    }
}
