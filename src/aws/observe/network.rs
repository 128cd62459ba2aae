use futures::{FutureExt, join};

use super::route_table::{self, forget_routes};
use super::sight::Sight;
use crate::aws::Aws;
use crate::aws::ec2::network_interface::in_subnet;
use crate::aws::ec2::{eip, internet_gateway, launch_template, nat_gateway, subnet, vpc};
use crate::aws::guests::Surroundings;
use crate::aws::live::{Item, Listed};
use crate::aws::look::groups_with_interfaces;
use crate::resource::{Key, Live, Type};
use crate::world::{Found, Names, WorldError};

/// What of the cluster's is EC2's.
pub(super) struct Network {
    lists: Vec<(Type, Listed)>,
    /// Launch templates of other people's that have names of ours.
    foreign: Result<Vec<(Key, Found)>, WorldError>,
}

impl Network {
    pub async fn read(aws: &Aws, names: &Names) -> Self {
        let (vpcs, subnets, gateways, tables, addresses, nats, templates, foreign) = join!(
            vpc::read(aws, None).boxed(),
            subnet::read(aws, None).boxed(),
            internet_gateway::read(aws, None).boxed(),
            route_table::read(aws, None).boxed(),
            eip::read(aws, None).boxed(),
            nat_gateway::read(aws, None).boxed(),
            launch_template::read(aws, None).boxed(),
            foreign(aws, names).boxed(),
        );
        let lists = vec![
            (Type::Vpc, vpcs),
            (Type::Subnet, subnets),
            (Type::InternetGateway, gateways),
            (Type::RouteTable, tables),
            (Type::Eip, addresses),
            (Type::NatGateway, nats),
            (Type::LaunchTemplate, templates),
        ];
        Self { lists, foreign }
    }

    /// All that lives in it.
    pub fn lives(&self) -> impl Iterator<Item = &Live> {
        let items = self.lists.iter().filter_map(|(_, listed)| listed.as_ref().ok()).flatten();
        items.filter_map(|item| item.live.as_ref().ok())
    }

    /// The same, with what others have put into it told from what is ours.
    pub fn with_leftovers(mut self, around: &Surroundings, no_cluster: bool) -> Self {
        let items = self.lists.iter_mut().filter_map(|(_, listed)| listed.as_mut().ok()).flatten();
        for Item { live, .. } in items {
            let Ok(live) = live else { continue };
            match live.properties.kind() {
                Type::Subnet => live.leftovers = in_subnet(&around.leftovers, &live.id),
                // While there is a cluster, the group is its business.
                Type::Vpc if no_cluster => {
                    let inside = around.groups.iter().filter(|group| group.vpc_id() == Some(&live.id));
                    let ids: Vec<&str> = inside.filter_map(|group| group.group_id()).collect();
                    live.leftovers = groups_with_interfaces(&ids, &around.leftovers);
                }
                Type::RouteTable => forget_routes(live, |id| around.nat_gateways.contains(id)),
                _ => {}
            }
        }
        self
    }

    pub fn tell(self, sight: &mut Sight) {
        self.lists.into_iter().for_each(|(kind, listed)| sight.listed(kind, listed));
        match self.foreign {
            Ok(foreign) => foreign.into_iter().for_each(|(key, found)| sight.found(key, found)),
            Err(error) => sight.unread(Type::LaunchTemplate, error),
        }
    }
}

async fn foreign(aws: &Aws, names: &Names) -> Result<Vec<(Key, Found)>, WorldError> {
    let wanted: Vec<(&Key, &String)> =
        names.iter().filter(|(key, _)| key.kind == Type::LaunchTemplate).collect();
    let asked: Vec<&String> = wanted.iter().map(|(_, name)| *name).collect();
    let held = launch_template::foreign(aws, &asked).await?;
    let clash = |(key, name): (&Key, &String)| Some((key.clone(), Found::Foreign(held.get(name)?.clone())));
    Ok(wanted.into_iter().filter_map(clash).collect())
}
