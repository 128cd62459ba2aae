//! How many pods a Deployment has.

use super::Tokens;
use super::objects::Objects;
use crate::resource::kubernetes::{Address, Kind};
use crate::world::WorldError;

/// How many pods are ready, of how many that are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pods {
    /// Those that take requests.
    pub ready: u64,
    /// As many as there are to be.
    pub wanted: u64,
}

impl<T: Tokens> Objects<T> {
    /// The pods of a Deployment, whoever has made it; nothing, if there is none.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub async fn pods(&self, namespace: &str, name: &str) -> Result<Option<Pods>, WorldError> {
        let Some(kind) = Kind::named("Deployment") else { return Ok(None) };
        let Some(found) = self.get(&Address::new(kind, namespace, name)).await? else { return Ok(None) };
        let ready = found.data["status"]["readyReplicas"].as_u64().unwrap_or_default();
        Ok(Some(Pods { ready, wanted: found.data["spec"]["replicas"].as_u64().unwrap_or(1) }))
    }
}
