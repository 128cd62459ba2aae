//! The handful of things that a person thinks a cluster is made of.

use std::fmt;

use crate::resource::{Key, Type};

/// One of them, in the order in which they are told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// VPC, subnets, and the ways in and out.
    Network,
    /// Roles.
    Identity,
    /// The cluster itself.
    ControlPlane,
    /// Who is let in.
    Access,
    /// Add-ons.
    Addons,
    /// One node group, with its template.
    Nodegroup(String),
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
            Type::Role => Self::Identity,
            Type::Cluster => Self::ControlPlane,
            Type::AccessEntry => Self::Access,
            Type::Addon => Self::Addons,
            Type::LaunchTemplate | Type::Nodegroup => Self::Nodegroup(key.name.clone()),
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network => f.write_str("network"),
            Self::Identity => f.write_str("identity"),
            Self::ControlPlane => f.write_str("control plane"),
            Self::Access => f.write_str("access"),
            Self::Addons => f.write_str("add-ons"),
            Self::Nodegroup(name) => write!(f, "nodegroup {name}"),
        }
    }
}
