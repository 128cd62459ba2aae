//! What an account has room for, as far as AWS tells.

use std::collections::{BTreeMap, BTreeSet};

use super::Timestamp;

/// What AWS lets an account have only so many of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quota {
    /// VPCs of a region.
    Vpcs,
    /// Internet gateways of a region.
    InternetGateways,
    /// Elastic IP addresses of a region.
    ElasticIps,
    /// NAT gateways of this zone.
    NatGateways(String),
    /// Virtual CPUs of running on-demand instances of the standard families of a region.
    StandardVcpus,
    /// EKS clusters of a region.
    Clusters,
    /// Managed node groups of the cluster.
    Nodegroups,
    /// Nodes of one managed node group.
    NodesOfNodegroup,
}

impl Quota {
    /// The service's and the quota's code in Service Quotas.
    pub fn code(&self) -> (&'static str, &'static str) {
        match self {
            Self::Vpcs => ("vpc", "L-F678F1CE"),
            Self::InternetGateways => ("vpc", "L-A4707A72"),
            Self::ElasticIps => ("ec2", "L-0263D0A3"),
            Self::NatGateways(_) => ("vpc", "L-FE5A380F"),
            Self::StandardVcpus => ("ec2", "L-1216C47A"),
            Self::Clusters => ("eks", "L-1194D53C"),
            Self::Nodegroups => ("eks", "L-6D54EA21"),
            Self::NodesOfNodegroup => ("eks", "L-BD136A63"),
        }
    }

    /// What AWS gives to every account at first, by its documentation; nothing, where that differs.
    pub fn usual(&self) -> Option<u64> {
        match self {
            Self::Vpcs | Self::InternetGateways | Self::ElasticIps | Self::NatGateways(_) => Some(5),
            Self::StandardVcpus => None,
            Self::Clusters => Some(100),
            Self::Nodegroups => Some(30),
            Self::NodesOfNodegroup => Some(450),
        }
    }
}

/// What is to be found out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskRoom {
    /// These quotas, and how much of them is used.
    pub quotas: BTreeSet<Quota>,
    /// Whether the caller may do these things, by the resources to which they would be done.
    pub actions: BTreeMap<String, BTreeSet<&'static str>>,
    /// The caller's ARN.
    pub caller: String,
    /// What new resources are tagged with: a condition may stand on it.
    pub tags: Vec<(String, String)>,
}

/// What was found out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// The limit of each quota, where Service Quotas tells.
    pub limits: BTreeMap<Quota, u64>,
    /// How much of each is used, where that could be counted.
    pub used: BTreeMap<Quota, u64>,
    /// What the caller may not do, where IAM could be asked: action and resource.
    pub denied: BTreeSet<(String, String)>,
    /// When the caller's credentials end, where they tell.
    pub credentials_end: Option<Timestamp>,
}

/// Whether a type counts against the virtual CPUs of the standard families: A, C, D, H, I, M, R, T and Z.
pub fn is_standard_family(instance_type: &str) -> bool {
    let letters = instance_type.split(|letter: char| letter.is_ascii_digit()).next().unwrap_or_default();
    matches!(letters, "a" | "c" | "d" | "h" | "i" | "im" | "is" | "m" | "r" | "t" | "z")
}
