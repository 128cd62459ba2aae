//! What an account has room for. Whatever cannot be read is left out: that is no reason to do nothing.

mod limits;
mod permissions;
mod used;

use std::time::Duration;

use futures::FutureExt;
use futures::future::join3;
use tokio::time::{Instant, timeout_at};

use super::Aws;
use super::connect::Clients;
use crate::cluster::{AskRoom, Room as Told, Timestamp};

/// How long all answers together may take. They are a help, and not worth a longer wait.
const PATIENCE: Duration = Duration::from_secs(2);

/// Somebody who asks, until then.
struct Room<'a> {
    aws: &'a Aws,
    clients: Clients,
    until: Instant,
}

impl Room<'_> {
    /// What is read; nothing, if that takes too long.
    async fn in_time<T>(&self, read: impl Future<Output = Option<T>>) -> Option<T> {
        timeout_at(self.until, read).await.ok().flatten()
    }
}

impl Aws {
    /// Asks for all at once, and for two seconds at most.
    pub async fn room(&self, ask: &AskRoom) -> Told {
        let room = Room { aws: self, clients: self.reads.hasty(), until: Instant::now() + PATIENCE };
        let (limits, used, denied) = join3(
            limits::read(&room, &ask.quotas).boxed(),
            used::count(&room, &ask.quotas).boxed(),
            permissions::denied(&room, ask).boxed(),
        )
        .await;
        let used = used.into_iter().collect();
        let credentials_end = self.credentials_end.and_then(|end| Timestamp::try_from(end).ok());
        Told { limits, used, denied, credentials_end }
    }
}
