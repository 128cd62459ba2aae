//! A glance into a cluster: what is not answered soon is left out.

use std::collections::BTreeMap;
use std::time::Duration;

use super::endpoint;
use crate::aws::Aws;
use crate::kubernetes::{Kubernetes, Node, Objects};
use crate::world::{Autoscaler, World};

/// How long an API server is given. One that answers at all does so in a fraction of it.
const LIMIT: Duration = Duration::from_secs(2);

/// How many nodes of each node group are Ready, by EKS's names of the groups; nothing, where the API server does not
/// say so soon, or not to the caller.
pub async fn ready_nodes(world: &Aws) -> Option<BTreeMap<String, usize>> {
    let looked = tokio::select! {
        looked = nodes(world) => looked,
        () = world.wait(LIMIT) => None,
    };
    let mut ready = BTreeMap::new();
    for node in looked?.into_iter().filter(|node| node.ready && !node.leaving) {
        *ready.entry(node.nodegroup.unwrap_or_default()).or_default() += 1;
    }
    Some(ready)
}

/// Who chooses how many nodes a cluster has; nothing, where nobody does, or its API server does not say so soon.
pub async fn autoscaler(world: &Aws, cluster: &str) -> Option<Autoscaler> {
    let looked = async {
        let reach = world.reach().await.ok()??;
        let server = Kubernetes::new(endpoint(&reach), world);
        Objects { server, cluster: cluster.to_owned(), takes_over: false }.autoscaler().await.ok()?
    };
    tokio::select! {
        looked = looked => looked,
        () = world.wait(LIMIT) => None,
    }
}

async fn nodes(world: &Aws) -> Option<Vec<Node>> {
    let reach = world.reach().await.ok()??;
    Kubernetes::new(endpoint(&reach), world).nodes().await.ok()
}
