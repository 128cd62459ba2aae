//! `AWS::EKS::Addon`

use std::collections::BTreeMap;

use super::{ClusterName, Operation, retag};
use crate::resource::iam::RoleArn;
use crate::resource::properties;
use crate::resource::{Added, Calls, Comparison, Incomplete, Json, Key, Live, Resource, Standing, Tags, Val};

properties! {
    /// Software that EKS runs in the cluster.
    pub struct Addon {
        /// Whose.
        exact cluster_name: Val<ClusterName> => Remake;
        /// EKS's name for it, which is its identity: taken from the key.
        open addon_name: String => Protected;
        /// Which version; what runs is right where the file says nothing.
        open addon_version: String => InPlace;
        /// Its settings.
        exact configuration_values: Option<Val<Json>> => InPlace;
        /// The role of its service account, through the cluster's OIDC provider.
        exact service_account_role_arn: Option<Val<RoleArn>> => InPlace;
        /// The roles of its service accounts, by their names, through the agent on their node.
        exact pod_identity_associations: BTreeMap<String, Val<RoleArn>> => InPlace;
        /// Where in the cluster it runs: what it is there cannot move, and a second one cannot have its name.
        open namespace_config: NamespaceConfig => Remake;
        /// Whose settings win where others have changed them; it is not told afterwards.
        write resolve_conflicts: String;
        /// Whether it is waited for: without nodes most never become ACTIVE. EKS knows no such property.
        #[serde(skip)]
        write awaited: bool;
        /// Tags.
        exact tags: Tags => InPlace;
    }
}

properties! {
    /// Where in the cluster an add-on runs.
    pub struct NamespaceConfig {
        /// A Kubernetes namespace.
        exact namespace: String => Remake;
    }
}

/// Our own word for one that is CREATING for as long as there are no nodes.
const WAITS_FOR_NODES: &str = "CREATING, without nodes";

/// What EKS is told in one call.
const SETTINGS: [&str; 4] =
    ["AddonVersion", "ConfigurationValues", "ServiceAccountRoleArn", "PodIdentityAssociations"];

impl Addon {
    /// The actions that it takes to give it roles.
    pub(super) fn takes(&self) -> &'static [&'static str] {
        match (self.service_account_role_arn.is_some(), self.pod_identity_associations.is_empty()) {
            (_, false) => &["eks:CreatePodIdentityAssociation", "iam:GetRole", "iam:PassRole"],
            (true, true) => &["iam:PassRole"],
            (false, true) => &[],
        }
    }

    fn aws_name(&self) -> Result<String, Incomplete> {
        self.addon_name.clone().ok_or(Incomplete::Lacks("AddonName"))
    }
}

impl Resource for Addon {
    const ID: &'static str = "Arn";
    const LINGERS: bool = true;
    const STATES: &'static [(&'static str, Standing)] = &[
        ("CREATING", Standing::Settling),
        ("UPDATING", Standing::Settling),
        ("ACTIVE", Standing::Ready),
        // As it was before the update, and free for another: so DEGRADED, as long as there are no nodes.
        ("UPDATE_FAILED", Standing::Ready),
        ("DEGRADED", Standing::Ready),
        (WAITS_FOR_NODES, Standing::Ready),
        ("DELETING", Standing::Deleting),
        ("CREATE_FAILED", Standing::Failed),
        ("DELETE_FAILED", Standing::Failed),
    ];

    fn name(&self) -> Option<&str> {
        self.addon_name.as_deref()
    }

    fn take_name(&mut self, key: &Key, _: &[&str]) -> Result<(), Incomplete> {
        self.addon_name = Some(key.name.clone());
        Ok(())
    }

    fn face(&self, mut live: Live<Self>) -> Live<Self> {
        if self.awaited == Some(false) && live.status == "CREATING" {
            live.status = WAITS_FOR_NODES.to_owned();
        }
        live
    }

    fn create(&self, _: &Added<Self>, _: &[String]) -> Calls {
        Ok(vec![Operation::CreateAddon { name: self.aws_name()?, addon: self.clone() }.into()])
    }

    fn update(&self, live: &Live<Self>, how: &Comparison) -> Calls {
        let changed = SETTINGS.iter().any(|property| how.touches(property));
        let (cluster_name, name) = (live.properties.cluster_name.clone(), live.properties.aws_name()?);
        let update = changed.then(|| Operation::UpdateAddon { cluster_name, name, addon: self.clone() });
        let retag = retag(&live.id, &self.tags, &live.properties.tags);
        Ok(update.into_iter().map(Into::into).chain(retag).collect())
    }

    fn delete(live: &Live<Self>) -> Calls {
        let cluster_name = live.properties.cluster_name.clone();
        Ok(vec![Operation::DeleteAddon { cluster_name, name: live.properties.aws_name()? }.into()])
    }
}
