//! Of its network: one of its own, and one that exists.

use super::*;

pub const OWN: &[Row] = &[
    Row(
        "availabilityZones",
        top,
        [
            "",
            "availabilityZones: [us-west-2c, us-west-2b, us-west-2a]",
            "availabilityZones: [us-west-2b, us-west-2c, us-west-2d]",
        ],
        [NOTHING, &["E0404"], NOTHING],
    ),
    Row(
        "vpc.cidr",
        top,
        ["", "vpc: {cidr: 10.1.0.0/16}", "vpc: {cidr: 10.2.0.0/16}"],
        [
            &["Refused vpc/main: CidrBlock"],
            &["Refused vpc/main: CidrBlock"],
            &["Refused vpc/main: CidrBlock"],
        ],
    ),
    Row(
        "vpc.nat.gateway",
        top,
        ["", "vpc: {nat: {gateway: HighlyAvailable}}", "vpc: {nat: {gateway: Disable}}"],
        [
            &[
                "New eip/us-west-2b nat-gateway/us-west-2b eip/us-west-2c nat-gateway/us-west-2c",
                "Update route-table/private-us-west-2b route-table/private-us-west-2c: \
                     Routes.0.0.0.0/0.NatGatewayId",
            ],
            &[
                "Delete eip/us-west-2a eip/us-west-2b eip/us-west-2c nat-gateway/us-west-2a \
                     nat-gateway/us-west-2b nat-gateway/us-west-2c",
                "Update route-table/private-us-west-2a route-table/private-us-west-2b \
                     route-table/private-us-west-2c: Routes.0.0.0.0/0",
            ],
            &[
                "New eip/us-west-2a nat-gateway/us-west-2a",
                "Update route-table/private-us-west-2a route-table/private-us-west-2b \
                     route-table/private-us-west-2c: Routes.0.0.0.0/0",
            ],
        ],
    ),
    Row(
        "vpc.clusterEndpoints.privateAccess",
        top,
        [
            "",
            "vpc: {clusterEndpoints: {privateAccess: true}}",
            "vpc: {clusterEndpoints: {privateAccess: false}}",
        ],
        [
            &["Update cluster/demo: ResourcesVpcConfig.EndpointPrivateAccess"],
            &["Update cluster/demo: ResourcesVpcConfig.EndpointPrivateAccess"],
            NOTHING,
        ],
    ),
    Row(
        "vpc.clusterEndpoints.publicAccess",
        top,
        [
            "vpc: {clusterEndpoints: {privateAccess: true}}",
            "vpc: {clusterEndpoints: {privateAccess: true, publicAccess: false}}",
            "vpc: {clusterEndpoints: {privateAccess: true, publicAccess: true}}",
        ],
        [
            &["Update cluster/demo: ResourcesVpcConfig.EndpointPublicAccess \
                     ResourcesVpcConfig.PublicAccessCidrs"],
            &["Update cluster/demo: ResourcesVpcConfig.EndpointPublicAccess \
                     ResourcesVpcConfig.PublicAccessCidrs"],
            NOTHING,
        ],
    ),
    Row(
        "vpc.publicAccessCIDRs",
        top,
        [
            "",
            "vpc: {publicAccessCIDRs: [203.0.113.0/24]}",
            "vpc: {publicAccessCIDRs: [198.51.100.0/24, 203.0.113.0/24]}",
        ],
        [
            &["Update cluster/demo: ResourcesVpcConfig.PublicAccessCidrs"],
            &["Update cluster/demo: ResourcesVpcConfig.PublicAccessCidrs"],
            &["Update cluster/demo: ResourcesVpcConfig.PublicAccessCidrs"],
        ],
    ),
];

/// A network that exists, with these subnets, too.
fn subnets(more: &str) -> String {
    let subnets = format!("x: {{id: subnet-bbbbbbb1}}, y: {{id: subnet-bbbbbbb2}}{more}");
    let group = "{name: ng1, privateNetworking: true}";
    file(&format!("vpc: {{subnets: {{private: {{{subnets}}}}}}}\nmanagedNodeGroups: [{group}]\n"))
}

/// One whose section has this, too.
fn section(field: &str) -> String {
    given("").replace("vpc: {", &format!("vpc: {{{field}"))
}

/// One with a subnet of which this is said, too.
fn subnet(field: &str) -> String {
    given("").replace("subnet-aaaaaaa1", &format!("subnet-aaaaaaa1{field}"))
}

pub const GIVEN: &[Row] = &[
    Row(
        "vpc.subnets",
        subnets,
        ["", ", z: {id: subnet-bbbbbbb3}", ", z: {id: subnet-aaaaaaa2}"],
        [&["Refused cluster/demo: ResourcesVpcConfig.SubnetIds"]; 3],
    ),
    Row(
        "vpc.id",
        section,
        ["", "id: vpc-11111111, ", "id: vpc-22222222, "],
        [NOTHING, &["E0412", "E0412"], NOTHING],
    ),
    Row(
        "vpc.cidr of a VPC that exists",
        section,
        ["", "cidr: 10.0.0.0/16, ", "cidr: 10.9.0.0/16, "],
        [NOTHING, &["E0412"], NOTHING],
    ),
    Row(
        "vpc.subnets.az",
        subnet,
        ["", ", az: us-west-2a", ", az: us-west-2b"],
        [NOTHING, &["E0412"], NOTHING],
    ),
    Row(
        "vpc.subnets.cidr",
        subnet,
        ["", ", cidr: 10.0.0.0/24", ", cidr: 10.0.9.0/24"],
        [NOTHING, &["E0412"], NOTHING],
    ),
];
