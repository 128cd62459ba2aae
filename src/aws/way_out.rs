//! Whether what stands in a subnet gets out of its network.

use aws_sdk_ec2::types::{RouteState, RouteTable, State, VpcEndpoint, VpcEndpointType};
use futures::{FutureExt, join};

use super::Aws;
use super::ec2::filter;
use super::guests::{endpoints, route_tables, subnets};

/// How the destinations begin of which one is the whole internet, or half of it.
const EVERYWHERE: &str = "0.0.0.0/";

impl Aws {
    /// Those of these subnets from which nothing leads out of the network, as the route tables and endpoints of
    /// their VPC show; nothing, where that cannot be read.
    pub async fn cut_off(&self, ids: &[String]) -> Option<Vec<String>> {
        if ids.is_empty() {
            return None;
        }
        let listed = subnets(self, vec![filter("subnet-id", ids)]).boxed().await.ok()?;
        let vpc = listed.iter().find_map(|it| it.vpc_id())?;
        let of_vpc = || vec![filter("vpc-id", [vpc])];
        let read = join!(route_tables(self, of_vpc()).boxed(), endpoints(self, of_vpc()).boxed());
        let (tables, endpoints) = (read.0.ok()?, read.1.ok()?);
        let is_out = |id: &String| endpoints.iter().any(is_interface) || leads_out(id, &tables);
        Some(ids.iter().filter(|id| !is_out(id)).cloned().collect())
    }
}

/// Whether it answers inside the network for a service outside of it.
fn is_interface(endpoint: &VpcEndpoint) -> bool {
    let is_gone = matches!(endpoint.state(), Some(State::Deleted | State::Deleting | State::Failed));
    endpoint.vpc_endpoint_type() == Some(&VpcEndpointType::Interface) && !is_gone
}

/// Whether the subnet's own table, or else the main one, has a route to everywhere. Without a table nothing is known.
fn leads_out(subnet: &str, tables: &[RouteTable]) -> bool {
    let own = tables.iter().find(|it| it.associations().iter().any(|it| it.subnet_id() == Some(subnet)));
    let main = || tables.iter().find(|it| it.associations().iter().any(|it| it.main() == Some(true)));
    own.or_else(main).is_none_or(|table| {
        table.routes().iter().any(|route| {
            let to = route.destination_cidr_block().unwrap_or_default();
            to.starts_with(EVERYWHERE) && route.state() != Some(&RouteState::Blackhole)
        })
    })
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::{Route, RouteTableAssociation};

    use super::*;

    fn table(association: RouteTableAssociation, routes: &[(&str, RouteState)]) -> RouteTable {
        let route = |(to, state): &(&str, RouteState)| {
            Route::builder().destination_cidr_block(*to).state(state.clone()).build()
        };
        let routes = routes.iter().map(route).collect();
        RouteTable::builder().associations(association).set_routes(Some(routes)).build()
    }

    #[test]
    fn a_subnet_goes_by_its_own_table_and_else_by_the_main_one() {
        use RouteState::{Active, Blackhole};
        let of = |subnet: &str| RouteTableAssociation::builder().subnet_id(subnet).build();
        let tables = [
            table(RouteTableAssociation::builder().main(true).build(), &[("10.0.0.0/16", Active)]),
            table(of("public"), &[("10.0.0.0/16", Active), ("0.0.0.0/0", Active)]),
            table(of("dead"), &[("0.0.0.0/0", Blackhole)]),
        ];
        assert!(leads_out("public", &tables));
        assert!(!leads_out("dead", &tables), "its gateway is gone");
        assert!(!leads_out("other", &tables), "the main table leads nowhere");
        assert!(leads_out("other", &[]), "nothing is known of it");
    }
}
