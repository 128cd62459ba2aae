//! The network that the cluster lives in.

use crate::config::declare::{choice, section, text};
use crate::config::place::{Known, Spanned};
use crate::config::sections::vpc_rules as rules;
use crate::config::tree::Node;
use crate::config::value::{Cidr, Form, List, Map, Part, Text};

section! {
    /// The VPC: one that is made, or one that exists.
    pub struct Vpc {
        /// A VPC that exists. Nothing in it is changed.
        "id"                id:                  VpcId = _,
        /// Addresses of the VPC.
        "cidr"              cidr:                Cidr<16, 24> = "192.168.0.0/16",
        /// How private nodes reach the internet.
        "nat"               nat:                 Nat,
        /// Where the Kubernetes API answers.
        "clusterEndpoints"  cluster_endpoints:   ClusterEndpoints,
        /// Who may reach the public endpoint.
        "publicAccessCIDRs" public_access_cidrs: List<Cidr<0, 32>> = ["0.0.0.0/0"],
        /// Subnets that exist. Laid out in every zone, one public and one private, if left open.
        "subnets"           subnets:             Subnets,
    }
    not yet {
        "autoAllocateIPv6" = false "controlPlaneEgressMode" = AWS_MANAGED
        "controlPlaneOnPrivateSubnets" = false
        "controlPlaneSecurityGroupIDs" "controlPlaneSubnetIDs" "extraCIDRs" "extraIPv6CIDRs" "hostnameType"
        "ipv6Cidr" "ipv6Pool" "manageSharedNodeSecurityGroupRules" = true "securityGroup"
        "sharedNodeSecurityGroup"
    }
    rules {
        rules::subnets_by_id, rules::subnets_inside, rules::subnets_apart,
        rules::public_cidrs_need_public_endpoint, rules::given_has_subnets, rules::distinct_subnets,
        rules::given_has_its_own_nat, rules::somebody_reaches_it
    }
}

section! {
    /// NAT gateways.
    pub struct Nat {
        /// One for all zones, one in each, or none.
        "gateway" gateway: NatGateway = { eksctl: Single, eksact: HighlyAvailable },
    }
}

choice! {
    /// NAT gateways and what fails with a zone.
    pub enum NatGateway {
        "Single"          Single,
        "HighlyAvailable" HighlyAvailable,
        "Disable"         Disable,
    }
}

section! {
    /// Where the Kubernetes API answers.
    pub struct ClusterEndpoints {
        /// Inside the VPC.
        "privateAccess" private_access: bool = { eksctl: false, eksact: true },
        /// On the internet.
        "publicAccess"  public_access:  bool = true,
    }
    rules { rules::one_endpoint }
}

section! {
    /// Subnets by kind.
    pub struct Subnets {
        /// Without a route in from the internet; by zone or any name.
        "private" private: Map<Subnet>,
        /// With public addresses; by zone or any name.
        "public"  public:  Map<Subnet>,
    }
}

section! {
    /// One subnet.
    pub struct Subnet {
        /// A subnet that exists.
        "id"   id:   SubnetId = _,
        /// Its zone, if its name does not say so.
        "az"   az:   Zone = _,
        /// Its addresses.
        "cidr" cidr: Cidr<16, 28> = _,
    }
    instead { id_alone }
}

text! {
    /// Such as `vpc-0dd338ecf29863c55`.
    pub struct VpcId = Form {
        what: "a VPC id", says: "`vpc-` and 8 or 17 hexadecimal digits",
        parts: &[Part::Is("vpc-"), Part::Hex],
    };
    /// Such as `subnet-0b2512f8c6ae9bf30`.
    pub struct SubnetId = Form {
        what: "a subnet id", says: "`subnet-` and 8 or 17 hexadecimal digits",
        parts: &[Part::Is("subnet-"), Part::Hex],
    };
    /// Such as `eu-central-1a`.
    pub struct Zone = Form {
        what: "an availability zone", says: "such as `eu-central-1a`",
        parts: &[
            Part::Of("a-z", 2, 4), Part::Is("-"), Part::Of("a-z-", 4, 20), Part::Of("0-9", 1, 2),
            Part::Of("a-z", 1, 1),
        ],
    };
}

impl Vpc {
    /// Whether the VPC is to be made, so that its CIDR is the one in the file or the default.
    pub fn is_ours(&self) -> bool {
        let laid_out = |subnet: &Spanned<Subnet>| subnet.known().is_some_and(|subnet| subnet.id.is_none());
        self.id.is_none()
            && self.subnets.known().is_some_and(|subnets| subnets.all().all(|(_, subnet)| laid_out(subnet)))
    }
}

impl Zone {
    /// Whether a name has the form of a zone's.
    pub fn fits(name: &str) -> bool {
        <Self as Text>::FORM.fits(name)
    }
}

/// An id where a section with an id is wanted.
fn id_alone(node: &Node<'_>) -> Option<String> {
    let id = &node.as_scalar()?.text;
    id.starts_with("subnet-").then(|| format!("write `{{id: {id}}}`"))
}

impl Subnets {
    /// Every subnet with its name.
    pub fn all(&self) -> impl Iterator<Item = &(Spanned<String>, Spanned<Subnet>)> {
        self.private.iter().chain(self.public.iter())
    }
}
