//! The API server of one cluster.

use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::core::v1 as core;
use kube::api::ListParams;
use kube::config::Kubeconfig;
use kube::config::{
    AuthInfo, Cluster, Context, KubeConfigOptions, NamedAuthInfo, NamedCluster, NamedContext,
};
use kube::{Api, Client, Config};
use tokio::sync::Mutex;

use super::nodes::{self, Node};
use super::{KubernetesError, proxy};
use crate::cluster::{Timestamp, Token};
use crate::world::WorldError;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(15);
/// The name of everything in a configuration of one cluster.
const ONLY: &str = "only";

/// Where an API server is, and what it proves itself by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Its address: `https://….eks.amazonaws.com`.
    pub address: String,
    /// Its certificate authority, PEM in base64.
    pub certificate_authority: String,
}

/// Who makes tokens for a cluster.
pub trait Tokens: Sync {
    /// One that holds for a while.
    fn token(&self) -> impl Future<Output = Result<Token, WorldError>> + Send;
}

/// The API server of one cluster. A new token is taken before the last one is over.
pub struct Kubernetes<T> {
    endpoint: Endpoint,
    tokens: T,
    client: Mutex<Option<(Client, Timestamp)>>,
}

impl<T: Tokens> Tokens for &T {
    async fn token(&self) -> Result<Token, WorldError> {
        (**self).token().await
    }
}

impl<T: Tokens + Send> Tokens for Arc<T> {
    async fn token(&self) -> Result<Token, WorldError> {
        (**self).token().await
    }
}

impl<T: Tokens> Kubernetes<T> {
    /// Nothing is asked of it yet.
    pub fn new(endpoint: Endpoint, tokens: T) -> Self {
        Self { endpoint, tokens, client: Mutex::new(None) }
    }

    /// Whether it answers, and knows the caller.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn answers(&self) -> Result<(), KubernetesError> {
        self.client().await?.apiserver_version().await?;
        Ok(())
    }

    /// All nodes.
    ///
    /// # Errors
    /// Where the server does not answer, or the caller may not list them.
    pub async fn nodes(&self) -> Result<Vec<Node>, KubernetesError> {
        let list = Api::<core::Node>::all(self.client().await?).list(&ListParams::default()).await?;
        Ok(list.items.into_iter().map(nodes::read).collect())
    }

    pub(super) async fn client(&self) -> Result<Client, KubernetesError> {
        let mut held = self.client.lock().await;
        if let Some((client, expires)) = &*held
            && Timestamp::now() < *expires
        {
            return Ok(client.clone());
        }
        let token = self.tokens.token().await?;
        let client = Client::try_from(self.config(&token).await?)?;
        *held = Some((client.clone(), token.expires));
        Ok(client)
    }

    async fn config(&self, token: &Token) -> Result<Config, KubernetesError> {
        let unusable = |error: &dyn std::fmt::Display| {
            KubernetesError::Unusable(format!("{}: {error}", self.endpoint.address))
        };
        let options = KubeConfigOptions::default();
        let config = Config::from_custom_kubeconfig(self.kubeconfig(token), &options).await;
        let mut config = config.map_err(|error| unusable(&error))?;
        config.proxy_url = proxy::to(&config.cluster_url);
        config.connect_timeout = Some(CONNECT);
        (config.read_timeout, config.write_timeout) = (Some(ANSWER), Some(ANSWER));
        config.reset_reader_on_write = true;
        // Whoever waits here asks again by themselves, and wants to say meanwhile why.
        config.default_retry = false;
        Ok(config)
    }

    fn kubeconfig(&self, token: &Token) -> Kubeconfig {
        let cluster = Cluster {
            server: Some(self.endpoint.address.clone()),
            certificate_authority_data: Some(self.endpoint.certificate_authority.clone()),
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
}
