//! Clients: with a token, or as a kubeconfig says.

use std::path::Path;
use std::time::Duration;

use kube::config::Kubeconfig;
use kube::config::{
    AuthInfo, Cluster, Context, KubeConfigOptions, NamedAuthInfo, NamedCluster, NamedContext,
};
use kube::{Client, Config};

use super::{Endpoint, KubernetesError, proxy};
use crate::cluster::Token;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(15);
/// The name of everything in a configuration of one cluster.
const ONLY: &str = "only";

/// A client that shows a token.
pub(super) async fn with_token(endpoint: &Endpoint, token: &Token) -> Result<Client, KubernetesError> {
    let options = KubeConfigOptions::default();
    let config = Config::from_custom_kubeconfig(kubeconfig(endpoint, token), &options).await;
    let mut config = config.map_err(|error| unusable(&endpoint.address, &error))?;
    config.proxy_url = proxy::to(&config.cluster_url);
    client(config)
}

/// A client that a kubeconfig describes.
pub(super) async fn by_kubeconfig(path: &Path, context: Option<&str>) -> Result<Client, KubernetesError> {
    let from = path.display().to_string();
    let read = Kubeconfig::read_from(path).map_err(|error| unusable(&from, &error))?;
    let options = KubeConfigOptions { context: context.map(str::to_owned), ..KubeConfigOptions::default() };
    let config = Config::from_custom_kubeconfig(read, &options).await;
    client(config.map_err(|error| unusable(&from, &error))?)
}

fn client(mut config: Config) -> Result<Client, KubernetesError> {
    config.connect_timeout = Some(CONNECT);
    (config.read_timeout, config.write_timeout) = (Some(ANSWER), Some(ANSWER));
    config.reset_reader_on_write = true;
    // Whoever waits here asks again by themselves, and wants to say meanwhile why.
    config.default_retry = false;
    Ok(Client::try_from(config)?)
}

fn unusable(what: &str, error: &dyn std::fmt::Display) -> KubernetesError {
    KubernetesError::Unusable(format!("{what}: {error}"))
}

fn kubeconfig(endpoint: &Endpoint, token: &Token) -> Kubeconfig {
    let cluster = Cluster {
        server: Some(endpoint.address.clone()),
        certificate_authority_data: Some(endpoint.certificate_authority.clone()),
        ..Cluster::default()
    };
    let user = AuthInfo { token: Some(token.secret().to_owned().into()), ..AuthInfo::default() };
    let context = Context { cluster: ONLY.to_owned(), user: Some(ONLY.to_owned()), ..Context::default() };
    let name = || ONLY.to_owned();
    Kubeconfig {
        clusters: vec![NamedCluster { name: name(), cluster: Some(cluster), ..Default::default() }],
        auth_infos: vec![NamedAuthInfo { name: name(), auth_info: Some(user), ..Default::default() }],
        contexts: vec![NamedContext { name: name(), context: Some(context), ..Default::default() }],
        current_context: Some(name()),
        ..Kubeconfig::default()
    }
}
