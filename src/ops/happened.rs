//! All that can happen in a run, as one stream.

use super::Sight;
use crate::apply::Event;
use crate::cluster::Timestamp;

/// One thing that happened: to a change, or seen from inside Kubernetes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// To a change.
    Change(Event),
    /// Seen from inside Kubernetes.
    Seen(Sight),
}

impl Happened {
    /// When.
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Change(event) => event.at,
            Self::Seen(sight) => sight.at,
        }
    }
}
