//! AWS, by its SDK. One operation is one call, and what is answered is read back as a resource:
//! translated, never judged.

use std::fmt;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use aws_credential_types::provider::SharedCredentialsProvider;
use futures::FutureExt;

use crate::cluster::{Ask, Caller, Facts};
use crate::resource::ec2::PersistentVolume;
use crate::resource::{Key, Live, Operation, Timestamp};
use crate::world::{Answer, Names, Snapshot, Update, World, WorldError};

mod call;
mod connect;
mod ec2;
mod eks;
mod errors;
mod facts;
mod get;
mod guests;
mod heard;
mod iam;
mod live;
mod logs;
mod look;
mod memory;
mod observe;
mod profile;
mod reach;
mod releases;
mod retries;
mod room;
mod tags;
mod token;
mod trust;
mod way_out;

use call::{Call, unread};
use connect::Clients;
pub use connect::{ConnectError, Settings, missing_profile, region};
pub use get::{AddonSummary, ClusterSummary};
pub use heard::{Heard, Hearer};
use memory::Memory;
pub use reach::Reach;
pub use trust::TrustError;

/// One region of one account, seen by one cluster.
pub struct Aws {
    cluster: String,
    region: String,
    reads: Clients,
    writes: Clients,
    credentials: SharedCredentialsProvider,
    credentials_end: Option<SystemTime>,
    memory: Mutex<Memory>,
}

impl Aws {
    /// The region that is called.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Who calls.
    ///
    /// # Errors
    /// Where AWS does not say.
    pub async fn caller(&self) -> Result<Caller, WorldError> {
        facts::caller(self).await
    }

    /// The names of all clusters of the region, whoever made them.
    pub async fn cluster_names(&self) -> Result<Vec<String>, WorldError> {
        let list = self.reads.eks.list_clusters().into_paginator().items().send();
        list.try_collect().await.map_err(unread("eks:ListClusters"))
    }

    /// Volumes of the cluster's PersistentVolumes, where these could be read, and those that carry its tag.
    ///
    /// # Errors
    /// Where EC2 cannot be asked.
    pub async fn volumes(&self, persistent: Option<&[PersistentVolume]>) -> Result<Vec<Live>, WorldError> {
        ec2::volume::of_claims(self, persistent).boxed().await
    }

    /// Where the cluster's roles are filed, unless they must lie at the root.
    fn role_path(&self) -> String {
        format!("/eksact/{}/{}/", self.region, self.cluster)
    }
}

/// Without what calls are signed with.
impl fmt::Debug for Aws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (cluster, region) = (&self.cluster, &self.region);
        f.debug_struct("Aws").field("cluster", cluster).field("region", region).finish_non_exhaustive()
    }
}

/// The SDK's futures are large: they are boxed where many of them run at once.
impl World for Aws {
    async fn facts(&self, ask: &Ask) -> Result<Facts, WorldError> {
        facts::ask(self, ask).boxed().await
    }

    async fn observe(&self, names: &Names) -> Result<Snapshot, WorldError> {
        observe::observe(self, names).boxed().await
    }

    async fn look(&self, key: &Key) -> Result<Vec<Live>, WorldError> {
        look::look(self, key).boxed().await
    }

    async fn run(&self, operation: &Operation) -> Result<Answer, WorldError> {
        let call = Call { aws: self, operation };
        match operation {
            Operation::Ec2(inner) => ec2::send(&call, inner).boxed().await,
            Operation::Iam(inner) => iam::send(&call, inner).boxed().await,
            Operation::Logs(inner) => logs::send(&call, inner).boxed().await,
            Operation::Eks(inner) => eks::send(&call, inner).boxed().await,
            Operation::Kubernetes(_) => Err(errors::elsewhere(operation.action())),
        }
    }

    async fn update(&self, key: &Key, id: Option<&str>) -> Result<Option<Update>, WorldError> {
        eks::updates::of(self, key, id).boxed().await
    }

    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn wait(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
