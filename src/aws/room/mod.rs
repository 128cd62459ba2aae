//! What an account has room for. Whatever cannot be read is left out: that is no reason to do nothing.

mod limits;
mod permissions;
mod used;

use std::time::Duration;

use futures::future::join3;

use super::Aws;
use crate::cluster::{AskRoom, Room, Timestamp};

/// How long each answer may take. It is a help, and not worth a longer wait.
const PATIENCE: Duration = Duration::from_secs(10);

impl Aws {
    /// Asks for all at once.
    pub async fn room(&self, ask: &AskRoom) -> Room {
        let (limits, used, denied) = join3(
            limits::read(self, &ask.quotas),
            used::count(self, &ask.quotas),
            permissions::denied(self, ask),
        )
        .await;
        let credentials_end = self.credentials_end.and_then(|end| Timestamp::try_from(end).ok());
        Room { limits, used, denied, credentials_end }
    }
}

/// What is read; nothing, if that takes too long.
async fn in_time<T: Default>(read: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, read).await.unwrap_or_default()
}
