//! What is known of AWS besides the resources of one cluster: who calls, and what can be had.

use std::collections::{BTreeMap, BTreeSet};

use super::Timestamp;

/// What a file needs to know of AWS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// Add-ons by name: their versions.
    pub addons: BTreeSet<String>,
    /// Add-ons by name: the roles that AWS recommends for them.
    pub addon_identities: BTreeSet<String>,
    /// Instance types by name: what they are, and in which zones they can be had.
    pub instance_types: BTreeSet<String>,
    /// Subnets by id.
    pub subnets: BTreeSet<String>,
    /// A VPC by id.
    pub vpc: Option<String>,
    /// Roles by ARN.
    pub roles: BTreeSet<String>,
}

/// What AWS answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// When it was asked.
    pub now: Timestamp,
    /// Who asks.
    pub caller: Caller,
    /// The region that was asked.
    pub region: String,
    /// The zones of the region in which clusters can be, by name.
    pub zones: Vec<Zone>,
    /// The versions of Kubernetes that can be had.
    pub versions: Vec<KubernetesVersion>,
    /// By name, the versions of each add-on that was asked for, newest first; none of one that EKS does not have.
    pub addons: BTreeMap<String, Vec<AddonVersion>>,
    /// By name, the roles that AWS recommends for each add-on of which it was asked; none for one that needs none.
    pub addon_identities: BTreeMap<String, Vec<AddonIdentity>>,
    /// By name; one that does not exist is not in it.
    pub instance_types: BTreeMap<String, InstanceType>,
    /// By id; one that does not exist is not in it.
    pub subnets: BTreeMap<String, GivenSubnet>,
    /// The range of the VPC that was asked for, or of the one that the subnets are in; nothing if there is none.
    pub vpc_cidr: Option<String>,
    /// The roles that were asked for and exist, by ARN.
    pub roles: BTreeSet<String>,
    /// By EKS's word for an image, the release of it that a node group gets which is made now, where that is known.
    pub releases: BTreeMap<String, String>,
}

impl Facts {
    /// Nothing but who asks, where and when.
    pub fn of_nothing(now: Timestamp, caller: Caller, region: &str) -> Self {
        Self {
            now,
            caller,
            region: region.to_owned(),
            zones: Vec::new(),
            versions: Vec::new(),
            addons: BTreeMap::new(),
            addon_identities: BTreeMap::new(),
            instance_types: BTreeMap::new(),
            subnets: BTreeMap::new(),
            vpc_cidr: None,
            roles: BTreeSet::new(),
            releases: BTreeMap::new(),
        }
    }
}

/// Who calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// The account: 12 digits.
    pub account: String,
    /// The whole ARN.
    pub arn: String,
}

/// An availability zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// `us-west-2a`, which is another one in every account.
    pub name: String,
    /// `usw2-az1`, which is the same one in every account.
    pub id: String,
}

/// A version of Kubernetes at EKS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubernetesVersion {
    /// Major and minor: `1.34`.
    pub version: String,
    /// Whether it is the one that AWS takes if none is named.
    pub default: bool,
    /// When it goes into extended support, where AWS tells.
    pub standard_until: Option<Timestamp>,
}

/// A version of an add-on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddonVersion {
    /// `v1.20.4-eksbuild.1`.
    pub version: String,
    /// The versions of Kubernetes that it works with; and whether it is the default there.
    pub kubernetes: BTreeMap<String, bool>,
}

/// A role that AWS recommends for a service account of an add-on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddonIdentity {
    /// The service account.
    pub service_account: String,
    /// Policies, by ARN.
    pub policies: Vec<String>,
}

/// An instance type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceType {
    /// What it computes with.
    pub architecture: Architecture,
    /// How many virtual CPUs it has; 0, where AWS does not tell.
    pub vcpus: u32,
    /// How many IPv4 addresses it can take on all of its interfaces, where AWS tells.
    pub addresses: Option<u32>,
    /// The zones of the region in which it can be had.
    pub zones: BTreeSet<String>,
}

/// What decides which image a node starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Architecture {
    /// Intel and AMD.
    X86,
    /// Graviton.
    Arm,
    /// Intel and AMD, with GPUs of NVIDIA's.
    X86Nvidia,
    /// Graviton, with GPUs of NVIDIA's.
    ArmNvidia,
    /// With AWS's own Inferentia or Trainium.
    Neuron,
}

/// A subnet that the file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenSubnet {
    /// The VPC that it is in.
    pub vpc_id: String,
    /// Its zone.
    pub zone: String,
    /// Its range.
    pub cidr: String,
    /// How many of its addresses nobody has, where AWS tells.
    pub free: Option<u32>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

impl Facts {
    /// The versions of an add-on that work with one version of Kubernetes, newest first.
    pub fn addon_versions<'a>(
        &'a self,
        addon: &str,
        kubernetes: &'a str,
    ) -> impl Iterator<Item = &'a AddonVersion> {
        let all = self.addons.get(addon).map_or(&[][..], Vec::as_slice);
        all.iter().filter(move |it| it.kubernetes.contains_key(kubernetes))
    }

    /// How many addresses a node of one of these types takes at most, with its pods; nothing, where that is not known
    /// of all of them.
    pub fn addresses_of_a_node(&self, instance_types: &[String]) -> Option<u32> {
        let each = instance_types.iter().map(|it| self.instance_types.get(it)?.addresses);
        each.collect::<Option<Vec<u32>>>()?.into_iter().max()
    }

    /// `aws`, `aws-cn`, `aws-us-gov`: the second part of the caller's ARN.
    pub fn partition(&self) -> &str {
        self.caller.arn.split(':').nth(1).filter(|it| !it.is_empty()).unwrap_or("aws")
    }
}

/// Partitions by how their regions' names begin; all others are `aws`.
const PARTITIONS: [(&str, &str); 7] = [
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
    ("us-iso-", "aws-iso"),
    ("eu-isoe-", "aws-iso-e"),
    ("eusc-", "aws-eusc"),
];

/// The partition of a region, where no ARN says it.
pub fn partition_of(region: &str) -> &'static str {
    PARTITIONS.iter().find(|(start, _)| region.starts_with(start)).map_or("aws", |(_, partition)| partition)
}

#[test]
fn a_region_shows_its_partition() {
    assert_eq!(partition_of("us-west-2"), "aws");
    assert_eq!(partition_of("us-gov-west-1"), "aws-us-gov");
    assert_eq!(partition_of("us-isob-east-1"), "aws-iso-b");
}
