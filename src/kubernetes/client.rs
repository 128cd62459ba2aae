//! The API server of one cluster.

use std::path::Path;
use std::sync::Arc;

use k8s_openapi::api::core::v1 as core;
use kube::api::ListParams;
use kube::{Api, Client};
use tokio::sync::Mutex;

use super::nodes::{self, Node};
use super::{KubernetesError, connect};
use crate::cluster::{Timestamp, Token};
use crate::world::WorldError;

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

/// The API server of one cluster.
pub struct Kubernetes<T> {
    way: Way<T>,
}

/// How a client comes about.
enum Way<T> {
    /// With tokens, of which a new one is taken before the last one is over.
    Tokens { endpoint: Endpoint, tokens: T, client: Mutex<Option<(Client, Timestamp)>> },
    /// As a kubeconfig says.
    Found(Client),
}

/// What a kubeconfig needs of us: it says itself who makes tokens.
#[derive(Clone, Copy, Debug)]
pub enum NoTokens {}

impl Tokens for NoTokens {
    async fn token(&self) -> Result<Token, WorldError> {
        match *self {}
    }
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
        Self { way: Way::Tokens { endpoint, tokens, client: Mutex::new(None) } }
    }

    /// Whether it answers, and knows the caller.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn answers(&self) -> Result<(), KubernetesError> {
        self.client().await?.apiserver_version().await?;
        Ok(())
    }

    /// The minor version of Kubernetes that it is: `1.36`.
    ///
    /// # Errors
    /// Where it does not answer.
    pub async fn version(&self) -> Result<String, KubernetesError> {
        let told = self.client().await?.apiserver_version().await?;
        // Some put a sign behind the number.
        let minor: String = told.minor.chars().take_while(char::is_ascii_digit).collect();
        Ok(format!("{}.{minor}", told.major))
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
        let (endpoint, tokens, client) = match &self.way {
            Way::Found(client) => return Ok(client.clone()),
            Way::Tokens { endpoint, tokens, client } => (endpoint, tokens, client),
        };
        let mut held = client.lock().await;
        if let Some((client, expires)) = &*held
            && Timestamp::now() < *expires
        {
            return Ok(client.clone());
        }
        let token = tokens.token().await?;
        let client = connect::with_token(endpoint, &token).await?;
        *held = Some((client.clone(), token.expires));
        Ok(client)
    }
}

impl Kubernetes<NoTokens> {
    /// The one that a kubeconfig leads to: by its current context, or by one that is named.
    ///
    /// # Errors
    /// Where the file cannot be read, or does not lead anywhere.
    pub async fn found(path: &Path, context: Option<&str>) -> Result<Self, KubernetesError> {
        Ok(Self { way: Way::Found(connect::by_kubeconfig(path, context).await?) })
    }
}
