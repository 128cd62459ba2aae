//! What AWS leaves behind: network interfaces of nodes, and for them the security group of a cluster.

use super::state::{Played, State, text};
use crate::resource::ec2::Subnet;
use crate::resource::eks::{Cluster, Nodegroup};
use crate::resource::{Leftover, Live, OneOf, Timestamp, Type};
use crate::world::{Answer, Class};

/// A network interface that has belonged to a node.
#[derive(Debug)]
pub(super) struct Leaked {
    id: String,
    subnet: String,
    cluster: String,
    /// Since when anybody is told of it; it is in the way all the time.
    shows: Timestamp,
}

/// What something leaves behind when it goes.
pub(super) fn leave(state: &mut State, gone: &Live) {
    if let (Some(nodegroup), Some(later)) = (Nodegroup::of(&gone.properties), state.leak) {
        let cluster = text(&nodegroup.cluster_name).unwrap_or_default().to_owned();
        let subnet = nodegroup.subnets.0.first().and_then(|subnet| text(subnet).ok());
        let subnet = subnet.unwrap_or_default().to_owned();
        let (id, shows) = (format!("eni-{}", gone.id), state.now + later);
        state.leaked.push(Leaked { id, subnet, cluster, shows });
    }
    if let Some(cluster) = Cluster::of(&gone.properties)
        && state.leaked.iter().any(|leaked| leaked.cluster == cluster.name)
    {
        let group = Leftover::SecurityGroup(group(&cluster.name));
        let subnet = cluster.resources_vpc_config.subnet_ids.0.first().and_then(|it| text(it).ok());
        let vpc = subnet.and_then(|subnet| Some(state.edit::<Subnet>(subnet).ok()?.vpc_id.clone()));
        if let Some(vpc) = vpc.and_then(|vpc| state.by_id(text(&vpc).ok()?).ok()) {
            vpc.live.leftovers.push(group);
        }
    }
}

fn group(cluster: &str) -> String {
    format!("sg-{cluster}")
}

/// Lets whoever looks know of what shows by now: by its subnet, and by its cluster.
pub(super) fn show(state: &mut State) {
    let now = state.now;
    for leaked in state.leaked.iter().filter(|leaked| leaked.shows <= now) {
        let leftover = Leftover::NetworkInterface(leaked.id.clone());
        let lives = state.items.iter_mut().map(|item| &mut item.live);
        let holders = lives.filter(|live| {
            let of_cluster =
                live.properties.kind() == Type::Cluster && live.name.as_ref() == Some(&leaked.cluster);
            (of_cluster || live.id == leaked.subnet) && !live.leftovers.contains(&leftover)
        });
        holders.for_each(|live| live.leftovers.push(leftover.clone()));
    }
}

/// Whether something that was left behind keeps something else; a cluster goes without it.
pub(super) fn holds(state: &State, live: &Live) -> bool {
    let grouped = |leftover: &Leftover| matches!(leftover, Leftover::SecurityGroup(_));
    live.leftovers.iter().any(grouped) || state.leaked.iter().any(|leaked| leaked.subnet == live.id)
}

/// Takes a network interface away.
pub(super) fn clear(state: &mut State, id: &str) -> Played {
    let before = state.leaked.len();
    state.leaked.retain(|leaked| leaked.id != id);
    if state.leaked.len() == before {
        return Err((Class::NotFound, "InvalidNetworkInterfaceID.NotFound"));
    }
    forget(state, &Leftover::NetworkInterface(id.to_owned()));
    Ok(Answer::default())
}

/// Takes a security group away, once no network interface is in it.
pub(super) fn ungroup(state: &mut State, id: &str) -> Played {
    if state.leaked.iter().any(|leaked| group(&leaked.cluster) == id) {
        return Err((Class::Busy, "DependencyViolation"));
    }
    forget(state, &Leftover::SecurityGroup(id.to_owned()));
    Ok(Answer::default())
}

fn forget(state: &mut State, leftover: &Leftover) {
    state.items.iter_mut().for_each(|item| item.live.leftovers.retain(|it| it != leftover));
}
