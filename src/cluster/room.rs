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
    /// Virtual CPUs of the running instances of a region that count together.
    Vcpus(Pool),
    /// EKS clusters of a region.
    Clusters,
    /// Managed node groups of the cluster.
    Nodegroups,
    /// Nodes of one managed node group.
    NodesOfNodegroup,
}

/// Instances whose virtual CPUs count together. Those of other families are not counted here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pool {
    /// The families A, C, D, H, I, M, R, T and Z, on demand.
    Standard,
    /// The same on spare capacity.
    SpotStandard,
    /// The families G and VT, on demand.
    Graphics,
    /// The same on spare capacity.
    SpotGraphics,
    /// The family P, on demand.
    Parallel,
}

impl Quota {
    /// The service's and the quota's code in Service Quotas.
    pub fn code(&self) -> (&'static str, &'static str) {
        match self {
            Self::Vpcs => ("vpc", "L-F678F1CE"),
            Self::InternetGateways => ("vpc", "L-A4707A72"),
            Self::ElasticIps => ("ec2", "L-0263D0A3"),
            Self::NatGateways(_) => ("vpc", "L-FE5A380F"),
            Self::Vcpus(Pool::Standard) => ("ec2", "L-1216C47A"),
            Self::Vcpus(Pool::SpotStandard) => ("ec2", "L-34B43A08"),
            Self::Vcpus(Pool::Graphics) => ("ec2", "L-DB2E81BA"),
            Self::Vcpus(Pool::SpotGraphics) => ("ec2", "L-3819A6DF"),
            Self::Vcpus(Pool::Parallel) => ("ec2", "L-417A185B"),
            Self::Clusters => ("eks", "L-1194D53C"),
            Self::Nodegroups => ("eks", "L-6D54EA21"),
            Self::NodesOfNodegroup => ("eks", "L-BD136A63"),
        }
    }

    /// What Service Quotas calls it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Vpcs => "VPCs per Region",
            Self::InternetGateways => "Internet gateways per Region",
            Self::ElasticIps => "EC2-VPC Elastic IPs",
            Self::NatGateways(_) => "NAT gateways per Availability Zone",
            Self::Vcpus(Pool::Standard) => "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
            Self::Vcpus(Pool::SpotStandard) => {
                "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests"
            }
            Self::Vcpus(Pool::Graphics) => "Running On-Demand G and VT instances",
            Self::Vcpus(Pool::SpotGraphics) => "All G and VT Spot Instance Requests",
            Self::Vcpus(Pool::Parallel) => "Running On-Demand P instances",
            Self::Clusters => "Clusters",
            Self::Nodegroups => "Managed node groups per cluster",
            Self::NodesOfNodegroup => "Nodes per managed node group",
        }
    }

    /// What AWS gives to every account at first, by its documentation; nothing, where that differs.
    pub fn usual(&self) -> Option<u64> {
        match self {
            Self::Vpcs | Self::InternetGateways | Self::ElasticIps | Self::NatGateways(_) => Some(5),
            Self::Vcpus(_) => None,
            Self::Clusters => Some(100),
            Self::Nodegroups => Some(30),
            Self::NodesOfNodegroup => Some(450),
        }
    }
}

impl Pool {
    /// The one that an instance of this type counts in, if it is one of these.
    pub fn of(instance_type: &str, spot: bool) -> Option<Self> {
        let letters = instance_type.split(|letter: char| !letter.is_ascii_alphabetic()).next();
        match (letters.unwrap_or_default(), spot) {
            ("a" | "c" | "d" | "h" | "i" | "im" | "is" | "m" | "r" | "t" | "z", false) => {
                Some(Self::Standard)
            }
            ("a" | "c" | "d" | "h" | "i" | "im" | "is" | "m" | "r" | "t" | "z", true) => {
                Some(Self::SpotStandard)
            }
            ("g" | "gr" | "vt", false) => Some(Self::Graphics),
            ("g" | "gr" | "vt", true) => Some(Self::SpotGraphics),
            ("p", false) => Some(Self::Parallel),
            _ => None,
        }
    }
}

/// What is to be found out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskRoom {
    /// These quotas, and how much of them is used.
    pub quotas: BTreeSet<Quota>,
    /// Whether the caller may do these things, by the ARNs of what they would be done to.
    pub actions: BTreeMap<String, BTreeSet<&'static str>>,
    /// The caller's ARN.
    pub caller: String,
    /// What new resources are tagged with: a condition may stand on it.
    pub tags: BTreeMap<String, String>,
}

/// What was found out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// The limit of each quota, where Service Quotas tells.
    pub limits: BTreeMap<Quota, u64>,
    /// How much of each is used, where that could be counted.
    pub used: BTreeMap<Quota, u64>,
    /// What the caller may not do, where IAM could be asked: by action, the ARNs to which not.
    pub denied: BTreeMap<String, BTreeSet<String>>,
    /// When the caller's first credentials end, where they tell.
    pub credentials_end: Option<Timestamp>,
}
