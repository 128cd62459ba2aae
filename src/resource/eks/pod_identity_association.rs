//! `AWS::EKS::PodIdentityAssociation`

use serde::Serialize;

use super::{ClusterName, Operation, PodIdentityUpdate, retag};
use crate::resource::iam::RoleArn;
use crate::resource::{Added, Calls, Comparison, Incomplete, Json, Live, Outputs, Place, Property, Resource};
use crate::resource::{STATELESS, Standing, Tags, Val, attributes, properties};

attributes! {
    /// EKS's id of an association, without which nothing is done to one.
    AssociationId of PodIdentityAssociation = "AssociationId";
}

properties! {
    /// Gives the pods of a service account a role, through the agent on their node.
    pub struct PodIdentityAssociation {
        /// In which cluster.
        exact cluster_name: Val<ClusterName> => Remake;
        /// Where the service account is; together with its name an association's identity in the cluster.
        exact namespace: String => Remake;
        /// Its name. It need not exist yet.
        exact service_account: String => Remake;
        /// The role, which must be of the cluster's account.
        exact role_arn: Val<RoleArn> => InPlace;
        /// A role, of any account, that is taken by means of the first.
        exact target_role_arn: Option<String> => InPlace;
        /// Whether EKS leaves out the tags by which a role could tell one pod from another.
        exact disable_session_tags: bool => InPlace;
        /// What its pods may do at most of what the role may.
        exact policy: SessionPolicy => InPlace;
        /// Tags.
        exact tags: Tags => InPlace;
    }
}

/// A policy that holds for the sessions of an association.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct SessionPolicy(pub Option<Val<Json>>);

impl Property for SessionPolicy {
    fn resolve(&mut self, outputs: &Outputs) {
        self.0.resolve(outputs);
    }

    /// EKS has no word for taking one away.
    fn compare(&self, live: &Self, at: &Place, into: &mut Comparison) {
        match (&self.0, &live.0) {
            (None, Some(_)) => into.differ(&at.remade(), live.0.as_ref(), None),
            (desired, live) => desired.compare(live, at, into),
        }
    }
}

impl PodIdentityAssociation {
    /// What a key calls an association. A namespace has no dots in it, so that no two are called the same.
    pub fn called(namespace: &str, service_account: &str) -> String {
        format!("{namespace}.{service_account}")
    }

    fn changes(&self) -> PodIdentityUpdate {
        PodIdentityUpdate {
            role_arn: self.role_arn.clone(),
            target_role_arn: self.target_role_arn.clone(),
            disable_session_tags: self.disable_session_tags,
            policy: self.policy.0.clone(),
        }
    }
}

impl Resource for PodIdentityAssociation {
    const ID: &'static str = "AssociationArn";
    const STATES: &'static [(&'static str, Standing)] = STATELESS;

    fn name(&self) -> Option<&str> {
        Some(&self.service_account)
    }

    fn create(&self, _: &Added<Self>, _: &[String]) -> Calls {
        Ok(vec![Operation::CreatePodIdentityAssociation { pod_identity_association: self.clone() }.into()])
    }

    /// First what marks it as ours, which one that somebody else has made is not.
    fn update(&self, live: &Live<Self>, how: &Comparison) -> Calls {
        let properties = ["RoleArn", "TargetRoleArn", "DisableSessionTags", "Policy"];
        let changed = properties.iter().any(|property| how.touches(property));
        let update = match changed {
            true => Some(Operation::UpdatePodIdentityAssociation {
                cluster_name: live.properties.cluster_name.clone(),
                association_id: id(live)?,
                update: self.changes(),
            }),
            false => None,
        };
        let retag = retag(&live.id, &self.tags, &live.properties.tags);
        Ok(retag.into_iter().chain(update.map(Into::into)).collect())
    }

    fn delete(live: &Live<Self>) -> Calls {
        let (cluster_name, association_id) = (live.properties.cluster_name.clone(), id(live)?);
        Ok(vec![Operation::DeletePodIdentityAssociation { cluster_name, association_id }.into()])
    }
}

fn id(live: &Live<PodIdentityAssociation>) -> Result<String, Incomplete> {
    let id = live.get::<AssociationId>()?;
    id.known().map(|id| id.0.clone()).ok_or(Incomplete::Lacks("AssociationId"))
}
