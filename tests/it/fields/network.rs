//! Of its network: one of its own, and one that exists.

use super::*;

pub fn of_the_network() -> Vec<Field> {
    vec![
        three(
            "availabilityZones",
            top,
            [
                "",
                "availabilityZones: [us-west-2c, us-west-2b, us-west-2a]",
                "availabilityZones: [us-west-2b, us-west-2c, us-west-2d]",
            ],
            [NOTHING, &["E0404"], NOTHING],
        ),
        three(
            "vpc.cidr",
            top,
            ["", "vpc: {cidr: 10.1.0.0/16}", "vpc: {cidr: 10.2.0.0/16}"],
            [
                &["Refused vpc/main: CidrBlock"],
                &["Refused vpc/main: CidrBlock"],
                &["Refused vpc/main: CidrBlock"],
            ],
        ),
        three(
            "vpc.nat.gateway",
            top,
            ["", "vpc: {nat: {gateway: HighlyAvailable}}", "vpc: {nat: {gateway: Disable}}"],
            [
                &[
                    "New eip/us-west-2b nat-gateway/us-west-2b eip/us-west-2c nat-gateway/us-west-2c",
                    "Update route-table/private-us-west-2b route-table/private-us-west-2c: Routes.0.0.0.0/0.NatGatewayId",
                ],
                &[
                    "Delete eip/us-west-2a eip/us-west-2b eip/us-west-2c nat-gateway/us-west-2a nat-gateway/us-west-2b nat-gateway/us-west-2c",
                    "Update route-table/private-us-west-2a route-table/private-us-west-2b route-table/private-us-west-2c: Routes.0.0.0.0/0",
                ],
                &[
                    "New eip/us-west-2a nat-gateway/us-west-2a",
                    "Update route-table/private-us-west-2a route-table/private-us-west-2b route-table/private-us-west-2c: Routes.0.0.0.0/0",
                ],
            ],
        ),
        three(
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
        three(
            "vpc.clusterEndpoints.publicAccess",
            top,
            [
                "vpc: {clusterEndpoints: {privateAccess: true}}",
                "vpc: {clusterEndpoints: {privateAccess: true, publicAccess: false}}",
                "vpc: {clusterEndpoints: {privateAccess: true, publicAccess: true}}",
            ],
            [
                &[
                    "Update cluster/demo: ResourcesVpcConfig.EndpointPublicAccess ResourcesVpcConfig.PublicAccessCidrs",
                ],
                &[
                    "Update cluster/demo: ResourcesVpcConfig.EndpointPublicAccess ResourcesVpcConfig.PublicAccessCidrs",
                ],
                NOTHING,
            ],
        ),
        three(
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
    ]
}

pub fn of_a_given_network() -> Vec<Field> {
    let subnets = |more: &str| {
        file(&format!(
            "vpc: {{subnets: {{private: {{x: {{id: subnet-bbbbbbb1}}, y: {{id: subnet-bbbbbbb2}}{more}}}}}}}\n\
             managedNodeGroups: [{{name: ng1, privateNetworking: true}}]\n"
        ))
    };
    let vpc = |field: &str| given("").replace("vpc: {", &format!("vpc: {{{field}"));
    let field = |field: &str| given("").replace("subnet-aaaaaaa1", &format!("subnet-aaaaaaa1{field}"));
    let mut fields = vec![
        three(
            "vpc.subnets",
            |it| it.to_owned(),
            ["", "", ""],
            [
                &["Refused cluster/demo: ResourcesVpcConfig.SubnetIds"],
                &["Refused cluster/demo: ResourcesVpcConfig.SubnetIds"],
                &["Refused cluster/demo: ResourcesVpcConfig.SubnetIds"],
            ],
        ),
        three("vpc.id", |it| it.to_owned(), ["", "", ""], [NOTHING, &["E0412", "E0412"], NOTHING]),
        three("vpc.cidr of a given VPC", |it| it.to_owned(), ["", "", ""], [NOTHING, &["E0412"], NOTHING]),
        three("vpc.subnets.az", |it| it.to_owned(), ["", "", ""], [NOTHING, &["E0412"], NOTHING]),
        three("vpc.subnets.cidr", |it| it.to_owned(), ["", "", ""], [NOTHING, &["E0412"], NOTHING]),
    ];
    let files = [
        [subnets(""), subnets(", z: {id: subnet-bbbbbbb3}"), subnets(", z: {id: subnet-aaaaaaa2}")],
        [vpc(""), vpc("id: vpc-11111111, "), vpc("id: vpc-22222222, ")],
        [vpc(""), vpc("cidr: 10.0.0.0/16, "), vpc("cidr: 10.9.0.0/16, ")],
        [field(""), field(", az: us-west-2a"), field(", az: us-west-2b")],
        [field(""), field(", cidr: 10.0.0.0/24"), field(", cidr: 10.0.9.0/24")],
    ];
    for (field, [none, one, other]) in fields.iter_mut().zip(files) {
        (field.none, field.one, field.other) = (none, one, other);
    }
    fields
}
