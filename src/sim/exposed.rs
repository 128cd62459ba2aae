//! What people have put into the cluster that holds load balancers, and what becomes of those.

use super::state::State;
use crate::resource::kubernetes::{Address, Exposed, Kind};
use crate::resource::{Live, OneOf, Standing, Tags, Type, tags};

/// What the controller of load balancers cannot work without.
const NEEDED: [Type; 5] =
    [Type::Nodegroup, Type::Addon, Type::NatGateway, Type::OidcProvider, Type::PodIdentityAssociation];

/// An Ingress for which a controller holds a load balancer.
pub(super) fn put(state: &mut State, cluster: &str, namespace: &str, name: &str) {
    let address = Address::new(Kind::EXPOSED[0], namespace, name);
    let finalizers = vec!["ingress.k8s.aws/resources".to_owned()];
    let mut exposed = Exposed { address, finalizers, balancers: Vec::new(), tags: Tags::default() };
    let key = exposed.key().to_string();
    let pairs = [(tags::CLUSTER, cluster.to_owned()), (tags::KEY, key)];
    exposed.tags = Tags(pairs.map(|(name, value)| (name.to_owned(), value)).into());
    let called = exposed.address.text().to_owned();
    state.make(exposed.into(), Some(called), "");
}

/// Whether it is one, and nobody is there any more who could take its load balancer down.
pub(super) fn is_left_alone(state: &State, uid: &str) -> bool {
    let is_one = state.living().any(|live| live.id == uid && is_exposed(live));
    let works = |kind: &Type| {
        state.living().any(|live| live.properties.kind() == *kind && live.standing() == Standing::Ready)
    };
    is_one && !NEEDED.iter().all(works)
}

/// What the controller needs has gone: what it has not taken down by now stays.
pub(super) fn forsake(state: &mut State, gone: &[Live]) {
    if gone.iter().any(|live| NEEDED.contains(&live.properties.kind())) {
        let left = state.items.iter_mut().filter(|item| is_exposed(&item.live));
        left.for_each(|item| item.next = None);
    }
    // A cluster takes its objects with it, and not their load balancers.
    let is_cluster = |live: &Live| live.properties.kind() == Type::Cluster;
    state.orphaned |= gone.iter().any(is_cluster) && state.living().any(is_exposed);
}

/// Whether a load balancer stands in it.
pub(super) fn holds(state: &State, live: &Live) -> bool {
    live.properties.kind() == Type::Subnet && (state.orphaned || state.living().any(is_exposed))
}

fn is_exposed(live: &Live) -> bool {
    Exposed::of(&live.properties).is_some()
}
