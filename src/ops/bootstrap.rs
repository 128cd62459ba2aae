//! Components in a cluster that is there already, without AWS.

use serde_json::Value;

use super::bare::Bare;
use super::{Draft, OpsError};
use crate::config::{Choice, ClusterConfig, ComponentIdentity};
use crate::desired::{self, Apart, Surroundings};
use crate::kubernetes::{KubernetesError, Tokens};
use crate::plan::plan;
use crate::resource::kubernetes::Body;
use crate::world::{Snapshot, World};

/// Looks, and draws up a plan for the components of a file. Nothing is changed. The file's VPC counts before `vpc`.
///
/// # Errors
/// Where the server does not answer, the file asks for what there is not, or `apply` looks after the cluster.
pub async fn bootstrap<T: Tokens + Send>(
    world: &Bare<T>,
    cluster: &ClusterConfig,
    vpc: Option<&str>,
) -> Result<Draft, OpsError> {
    let facts = world.facts(&desired::ask(cluster)).await?;
    let kubernetes = world.objects.server.version().await.map_err(KubernetesError::asked)?;
    let vpc = cluster.vpc_id().or(vpc).map(str::to_owned);
    let graph = desired::inside(cluster, &facts, &Apart { kubernetes, vpc }).map_err(OpsError::file)?;
    let snapshot = world.observe(&graph.names()).await?;
    if has_more(&snapshot) {
        let what = "objects of this cluster besides components are ours: `eksact apply` looks after it";
        let next = "eksact apply -f FILE, with the file that the cluster was made from";
        return Err(OpsError::Contradiction { what: what.to_owned(), next: next.to_owned() });
    }
    let plan = plan(&graph, &snapshot);
    Ok(Draft { facts, snapshot, graph, plan })
}

/// Whether anything in the cluster is ours that is not of a component.
fn has_more(snapshot: &Snapshot) -> bool {
    let scopes = snapshot.found.keys().filter_map(|key| key.scope());
    scopes.into_iter().any(|scope| !ClusterConfig::is_component(scope))
}

/// The objects that would be applied, without asking anybody.
///
/// # Errors
/// Where the file asks for what there is not.
pub fn manifests(
    cluster: &ClusterConfig,
    kubernetes: &str,
    vpc: Option<&str>,
) -> Result<Vec<Value>, OpsError> {
    let vpc = cluster.vpc_id().or(vpc).map(str::to_owned);
    // The same refusals as of the real thing come first.
    let apart = Apart { kubernetes: kubernetes.to_owned(), vpc: vpc.clone() };
    let facts = super::bare::facts(cluster.region(), String::new());
    desired::inside(cluster, &facts, &apart).map_err(OpsError::file)?;
    let around = Surroundings {
        cluster: Body::Plain(cluster.name().into()),
        region: cluster.region().to_owned(),
        kubernetes: kubernetes.to_owned(),
        vpc: vpc.map(|vpc| Body::Plain(vpc.into())),
        role_arn: None,
        ca_bundle: None,
        certificate_hash: None,
        dns_address: desired::written_dns_address(cluster),
    };
    desired::manifests(cluster, &around).map_err(OpsError::file)
}

/// The components of a file that call AWS, and are given no role where AWS is left out.
pub fn without_role(cluster: &ClusterConfig) -> Vec<&str> {
    let call =
        cluster.components.iter().filter(|it| it.policy().is_some() && it.way() != ComponentIdentity::None);
    call.map(|it| it.name.word()).collect()
}

/// The policy that the role of a component needs, if it needs one.
pub fn policy(cluster: &ClusterConfig, component: &str) -> Option<Value> {
    serde_json::from_str(&desired::component_policy(cluster, component)?).ok()
}
