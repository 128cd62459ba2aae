//! `AWS::EKS::Cluster`

use std::fmt;

use serde::{Serialize, Serializer};

use super::{ClusterUpdate, EndpointAccess, Operation, retag};
use crate::resource::ec2::{SubnetId, clear};
use crate::resource::iam::RoleArn;
use crate::resource::{Added, Calls, Comparison, Live, Milestone, Place, Property, Remark, Resource, Set};
use crate::resource::{Standing, Tags, Type, Val, attributes, properties};

attributes! {
    /// The name of a cluster.
    ClusterName of Cluster = "Name";
    /// The address of its API server, known when it is ACTIVE.
    ClusterEndpoint of Cluster = "Endpoint";
    /// Who says what its service accounts are: an address with `https://`, known when it is ACTIVE.
    IssuerUrl of Cluster = "OpenIdConnectIssuerUrl";
    /// The same without `https://`, as policies name it.
    Issuer of Cluster = "OpenIdConnectIssuer";
}

properties! {
    /// A control plane.
    pub struct Cluster {
        /// Its name, which is its identity.
        exact name: String => Protected;
        /// Major and minor of Kubernetes; what runs is right where the file says nothing.
        open version: String => Protected;
        /// What it acts as.
        exact role_arn: Val<RoleArn> => Protected;
        /// How it is reached.
        nested resources_vpc_config: ResourcesVpcConfig;
        /// Addresses inside of it.
        nested kubernetes_network_config: KubernetesNetworkConfig;
        /// How callers are let in.
        nested access_config: AccessConfig;
        /// The logs that go to CloudWatch.
        exact logging: Set<String> => InPlace;
        /// The key that secrets are encrypted with, by ARN.
        exact encryption_config: Option<String> => Protected;
        /// What becomes of a Kubernetes version whose standard support ends.
        nested upgrade_policy: UpgradePolicy;
        /// Whether EKS refuses to delete it; what it is is right where the file says nothing.
        open deletion_protection: bool => InPlace;
        /// Whether EKS installs add-ons of its own; it does not tell afterwards.
        write bootstrap_self_managed_addons: bool;
        /// Tags.
        exact tags: Tags => InPlace;
    }
}

properties! {
    /// How a control plane is reached.
    pub struct ResourcesVpcConfig {
        /// Where its network interfaces stand.
        exact subnet_ids: Set<Val<SubnetId>> => Protected;
        /// Whether it is reached from inside the VPC.
        exact endpoint_private_access: bool => InPlace;
        /// Whether it is reached from the internet.
        exact endpoint_public_access: bool => InPlace;
        /// Who reaches its public endpoint; nobody, where there is none.
        exact public_access_cidrs: Set<String> => InPlace;
    }
}

properties! {
    /// Addresses inside a cluster.
    pub struct KubernetesNetworkConfig {
        /// `ipv4`.
        exact ip_family: String => Protected;
        /// Addresses of services; what EKS has chosen is right where the file says nothing.
        open service_ipv4_cidr: String => Protected;
    }
}

properties! {
    /// How callers are let in.
    pub struct AccessConfig {
        /// Where EKS looks up who a caller is.
        exact authentication_mode: AuthenticationMode => InPlace;
        /// Whether whoever makes it may do everything in it: read when it is made, and never again.
        open bootstrap_cluster_creator_admin_permissions: AtCreation => InPlace;
    }
}

properties! {
    /// What becomes of a Kubernetes version whose standard support ends.
    pub struct UpgradePolicy {
        /// `STANDARD`, and EKS upgrades the cluster; or `EXTENDED`, and it costs more.
        open support_type: String => InPlace;
    }
}

/// What counts only when a cluster is made: afterwards it is said that another value changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct AtCreation(pub bool);

impl Property for AtCreation {
    fn compare(&self, live: &Self, at: &Place, into: &mut Comparison) {
        if self != live {
            into.notes.push(Remark::AtCreation { path: at.path().to_owned(), was: live.0 });
        }
    }
}

/// Where EKS looks up who a caller is, in the only order in which that can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AuthenticationMode {
    /// In a `ConfigMap` inside the cluster.
    ConfigMap,
    /// In both.
    Both,
    /// In access entries at EKS.
    Api,
}

impl AuthenticationMode {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::ConfigMap, Self::Both, Self::Api];

    /// As EKS spells it.
    pub fn word(self) -> &'static str {
        match self {
            Self::ConfigMap => "CONFIG_MAP",
            Self::Both => "API_AND_CONFIG_MAP",
            Self::Api => "API",
        }
    }
}

impl fmt::Display for AuthenticationMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Serialize for AuthenticationMode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.word().serialize(serializer)
    }
}

impl Property for AuthenticationMode {
    /// EKS goes one way only.
    fn compare(&self, live: &Self, at: &Place, into: &mut Comparison) {
        if self > live {
            into.differ(at, Some(live), Some(self));
        } else if self < live {
            into.differ(&at.protected(), Some(live), Some(self));
        }
    }
}

impl Cluster {
    /// An issuer's address as policies name it.
    pub fn issuer(url: &str) -> &str {
        url.strip_prefix("https://").unwrap_or(url)
    }

    fn updates(&self, how: &Comparison) -> impl Iterator<Item = ClusterUpdate> {
        let vpc = &self.resources_vpc_config;
        let access = ["EndpointPrivateAccess", "EndpointPublicAccess", "PublicAccessCidrs"]
            .iter()
            .any(|property| how.touches(&format!("ResourcesVpcConfig.{property}")));
        let access = access.then(|| {
            ClusterUpdate::EndpointAccessUpdate(EndpointAccess {
                endpoint_private_access: vpc.endpoint_private_access,
                endpoint_public_access: vpc.endpoint_public_access,
                public_access_cidrs: vpc.public_access_cidrs.clone(),
            })
        });
        let logging = how.touches("Logging").then(|| ClusterUpdate::LoggingUpdate(self.logging.clone()));
        let mode = how
            .touches("AccessConfig.AuthenticationMode")
            .then_some(ClusterUpdate::AccessConfigUpdate(self.access_config.authentication_mode));
        let support = self.upgrade_policy.support_type.clone();
        let support = support.filter(|_| how.touches("UpgradePolicy.SupportType"));
        let protection = self.deletion_protection.filter(|_| how.touches("DeletionProtection"));
        let policy = support.map(ClusterUpdate::UpgradePolicyUpdate);
        let protection = protection.map(ClusterUpdate::DeletionProtectionUpdate);
        access.into_iter().chain(logging).chain(mode).chain(policy).chain(protection)
    }
}

impl Resource for Cluster {
    const ID: &'static str = "Arn";
    const GATHERS: bool = true;
    /// EKS makes the group that its logs go to, where it is not there; and writes to it to the end.
    const AFTER: &'static [(Type, Milestone)] = &[(Type::LogGroup, Milestone::Ready)];
    const PROTECTED: bool = true;
    const STATES: &'static [(&'static str, Standing)] = &[
        ("PENDING", Standing::Settling),
        ("CREATING", Standing::Settling),
        ("UPDATING", Standing::Settling),
        ("ACTIVE", Standing::Ready),
        ("DELETING", Standing::Deleting),
        ("FAILED", Standing::Failed),
    ];

    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }

    /// What EKS does not tell is taken to be as it should be.
    fn face(&self, mut live: Live<Self>) -> Live<Self> {
        let creator = &mut live.properties.access_config.bootstrap_cluster_creator_admin_permissions;
        *creator = creator.or(self.access_config.bootstrap_cluster_creator_admin_permissions);
        let support = &mut live.properties.upgrade_policy.support_type;
        *support = support.take().or_else(|| self.upgrade_policy.support_type.clone());
        let protection = &mut live.properties.deletion_protection;
        *protection = protection.or(self.deletion_protection);
        live
    }

    fn create(&self, _: &Added<Self>, _: &[String]) -> Calls {
        Ok(vec![Operation::CreateCluster { cluster: self.clone() }.into()])
    }

    fn update(&self, live: &Live<Self>, how: &Comparison) -> Calls {
        let name = || live.properties.name.clone();
        let updates = self.updates(how);
        let updates = updates.map(|update| Operation::UpdateClusterConfig { name: name(), update }.into());
        Ok(updates.chain(retag(&live.id, &self.tags, &live.properties.tags)).collect())
    }

    /// What nodes have left in the network goes first: it would keep the cluster's security group.
    fn delete(live: &Live<Self>) -> Calls {
        let delete = Operation::DeleteCluster { name: live.properties.name.clone() };
        Ok(clear(&live.leftovers).chain([delete.into()]).collect())
    }
}
