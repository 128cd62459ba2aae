//! The handful of things that a person thinks a cluster is made of.

use std::fmt;

use crate::resource::{Key, Type};

/// Where the list of what is ours in the cluster belongs to.
const INVENTORY: &str = "inventory";
/// The scope of the service accounts of a file.
const SERVICE_ACCOUNTS: &str = "service-accounts";

/// One of them, in the order in which they are told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// What controllers in the cluster hold in AWS for Ingresses and Services.
    LoadBalancers,
    /// What pods keep their data in.
    Volumes,
    /// VPC, subnets, and the ways in and out.
    Network,
    /// Roles, and what gives them to pods.
    Identity,
    /// Where the control plane's logs are kept.
    Logs,
    /// The cluster itself.
    ControlPlane,
    /// Who is let in.
    Access,
    /// Add-ons.
    Addons,
    /// One node group, with its template.
    Nodegroup(String),
    /// One component in the cluster, or what else the file has put there.
    Component(String),
}

impl Group {
    /// The one that a resource is a part of.
    pub fn of(key: &Key) -> Self {
        match key.kind {
            Type::Vpc
            | Type::Subnet
            | Type::InternetGateway
            | Type::RouteTable
            | Type::Eip
            | Type::NatGateway => Self::Network,
            Type::Role | Type::OidcProvider | Type::PodIdentityAssociation => Self::Identity,
            Type::LogGroup => Self::Logs,
            Type::Cluster => Self::ControlPlane,
            Type::AccessEntry => Self::Access,
            Type::Addon => Self::Addons,
            Type::LaunchTemplate | Type::Nodegroup => Self::Nodegroup(key.name.clone()),
            Type::Exposed => Self::LoadBalancers,
            Type::Volume => Self::Volumes,
            Type::Inventory
            | Type::Namespace
            | Type::Definition
            | Type::Object
            | Type::Certificate
            | Type::Workload
            | Type::Webhook
            | Type::Custom => Self::Component(key.scope().unwrap_or(INVENTORY).to_owned()),
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LoadBalancers => f.write_str("load balancers"),
            Self::Volumes => f.write_str("volumes"),
            Self::Network => f.write_str("network"),
            Self::Identity => f.write_str("identity"),
            Self::Logs => f.write_str("logs"),
            Self::ControlPlane => f.write_str("control plane"),
            Self::Access => f.write_str("access"),
            Self::Addons => f.write_str("add-ons"),
            Self::Nodegroup(name) => write!(f, "nodegroup {name}"),
            Self::Component(name) if name == INVENTORY => f.write_str("inventory"),
            Self::Component(name) if name == SERVICE_ACCOUNTS => f.write_str("service accounts"),
            Self::Component(name) => write!(f, "component {name}"),
        }
    }
}
