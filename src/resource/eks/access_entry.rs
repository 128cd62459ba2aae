//! `AWS::EKS::AccessEntry`, made by one call for itself and one for each of its policies.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{ClusterName, Operation, retag};
use crate::resource::{self, Added, Calls, Comparison, Key, Live, Property, Resource, STATELESS};
use crate::resource::{Incomplete, Set, Standing, Tags, Val, properties};

properties! {
    /// Lets a role or user of IAM in to a cluster.
    pub struct AccessEntry {
        /// To which cluster.
        exact cluster_name: Val<ClusterName> => Remake;
        /// Whom, by ARN: its identity in the cluster.
        exact principal_arn: String => Remake;
        /// `STANDARD`, or what kind of nodes.
        exact r#type: String => Remake;
        /// Kubernetes groups that it is in.
        exact kubernetes_groups: Set<String> => InPlace;
        /// What Kubernetes calls it; nothing for what EKS makes of the ARN.
        exact username: Option<String> => InPlace;
        /// EKS's policies, by ARN, and where each holds.
        exact access_policies: BTreeMap<String, AccessScope> => InPlace;
        /// Tags.
        exact tags: Tags => InPlace;
    }
}

/// Where a policy holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AccessScope {
    /// `cluster` or `namespace`.
    pub r#type: String,
    /// In these namespaces; none where it is the whole cluster.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub namespaces: BTreeSet<String>,
}

impl Property for AccessScope {}

impl AccessScope {
    /// The whole cluster.
    pub fn cluster() -> Self {
        Self { r#type: "cluster".to_owned(), namespaces: BTreeSet::new() }
    }
}

/// What an entry is for that is for no nodes.
const STANDARD: &str = "STANDARD";
/// How the groups and users begin that EKS itself gives to nodes.
const KEPT: &str = "system:";
/// The policy with which everything may be done.
const CLUSTER_ADMIN: &str = ":eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";

impl AccessEntry {
    /// Whether it lets its principal do anything in the cluster.
    pub fn admits(&self) -> bool {
        self.r#type == STANDARD && !(self.access_policies.is_empty() && self.kubernetes_groups.0.is_empty())
    }

    /// Whether it lets its principal do everything in the cluster.
    pub fn is_admin(&self) -> bool {
        let all = |(arn, scope): (&String, &AccessScope)| {
            arn.ends_with(CLUSTER_ADMIN) && *scope == AccessScope::cluster()
        };
        self.r#type == STANDARD && self.access_policies.iter().any(all)
    }

    /// What EKS calls a principal where nobody says: a user by its ARN, a role by that of its sessions.
    pub fn usual_username(principal_arn: &str) -> String {
        match principal_arn.split_once(":iam:").zip(principal_arn.split_once(":role/")) {
            Some(((before, _), (of_account, name))) => {
                let account = of_account.rsplit(':').next().unwrap_or_default();
                let name = name.rsplit('/').next().unwrap_or(name);
                format!("{before}:sts::{account}:assumed-role/{name}/{{{{SessionName}}}}")
            }
            None => principal_arn.to_owned(),
        }
    }

    /// Whether a name is of EKS's making.
    fn is_usual(&self, username: &str) -> bool {
        let usual = Self::usual_username(&self.principal_arn);
        let made = username.is_empty() || username.starts_with(KEPT);
        made || username == usual || username == self.principal_arn
    }

    fn associate(&self, (policy_arn, access_scope): (&String, &AccessScope)) -> Operation {
        Operation::AssociateAccessPolicy {
            cluster_name: self.cluster_name.clone(),
            principal_arn: self.principal_arn.clone(),
            policy_arn: policy_arn.clone(),
            access_scope: access_scope.clone(),
        }
    }

    fn disassociate(&self, policy_arn: &str) -> Operation {
        Operation::DisassociateAccessPolicy {
            cluster_name: self.cluster_name.clone(),
            principal_arn: self.principal_arn.clone(),
            policy_arn: policy_arn.to_owned(),
        }
    }

    /// Its groups and its name, which are told in one call.
    fn rename(&self) -> Operation {
        let usual = || Self::usual_username(&self.principal_arn);
        Operation::UpdateAccessEntry {
            cluster_name: self.cluster_name.clone(),
            principal_arn: self.principal_arn.clone(),
            kubernetes_groups: self.kubernetes_groups.clone(),
            username: self.username.clone().unwrap_or_else(usual),
        }
    }
}

impl Resource for AccessEntry {
    const ID: &'static str = "AccessEntryArn";
    const STATES: &'static [(&'static str, Standing)] = STATELESS;

    fn name(&self) -> Option<&str> {
        Some(&self.principal_arn)
    }

    fn take_name(&mut self, key: &Key, _: &[&str]) -> Result<(), Incomplete> {
        self.principal_arn = key.name.clone();
        Ok(())
    }

    /// Without what EKS itself has put there.
    fn face(&self, mut live: Live<Self>) -> Live<Self> {
        let entry = &mut live.properties;
        entry.kubernetes_groups.0.retain(|group| !group.starts_with(KEPT));
        entry.username = entry.username.take().filter(|name| !self.is_usual(name));
        live
    }

    fn create(&self, _: &Added<Self>, _: &[String]) -> Calls {
        let create = Operation::CreateAccessEntry { access_entry: self.clone() };
        let associate = self.access_policies.iter().map(|policy| self.associate(policy));
        Ok([create].into_iter().chain(associate).map(Into::into).collect())
    }

    /// First what marks it as ours, which one that EKS has made is not; what it may do is added before
    /// anything is taken from it.
    fn update(&self, live: &Live<Self>, how: &Comparison) -> Calls {
        let was = &live.properties;
        let retag = retag(&live.id, &self.tags, &was.tags);
        let renamed = how.touches("KubernetesGroups") || how.touches("Username");
        let changed =
            self.access_policies.iter().filter(|(arn, scope)| was.access_policies.get(*arn) != Some(*scope));
        let gone = was.access_policies.keys().filter(|arn| !self.access_policies.contains_key(*arn));
        let calls: Vec<resource::Operation> = renamed
            .then(|| self.rename())
            .into_iter()
            .chain(changed.map(|policy| self.associate(policy)))
            .chain(gone.map(|arn| self.disassociate(arn)))
            .map(Into::into)
            .collect();
        Ok([retag, calls].concat())
    }

    fn delete(live: &Live<Self>) -> Calls {
        let (cluster_name, principal_arn) =
            (live.properties.cluster_name.clone(), live.properties.principal_arn.clone());
        Ok(vec![Operation::DeleteAccessEntry { cluster_name, principal_arn }.into()])
    }
}

#[test]
fn a_role_is_called_by_its_sessions_without_its_path() {
    let usual = AccessEntry::usual_username;
    assert_eq!(
        usual("arn:aws-cn:iam::123456789012:role/teams/web"),
        "arn:aws-cn:sts::123456789012:assumed-role/web/{{SessionName}}"
    );
    let user = "arn:aws:iam::123456789012:user/teams/ann";
    assert_eq!(usual(user), user);
}
