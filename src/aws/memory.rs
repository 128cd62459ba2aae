//! What has been seen of names that a key does not show: so that a look need not search for them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{MutexGuard, PoisonError};

use super::Aws;
use crate::resource::{Key, Tags, tags};

/// Names under keys. It says where to look, never what is there.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The names that roles of a key have had.
    pub roles: BTreeMap<Key, BTreeSet<String>>,
    /// The key of each node group, by EKS's name for it; none for one that is not ours.
    pub nodegroups: BTreeMap<String, Option<Key>>,
    /// NAT gateways of other people's in our VPC, by id.
    pub strangers: BTreeSet<String>,
}

impl Aws {
    /// What has been seen so far. Never held while anything is awaited.
    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    /// The names of the node groups that have been seen under a key.
    pub fn nodegroups_of(&self, key: &Key) -> Vec<String> {
        let its = self.nodegroups.iter().filter(|(_, its)| its.as_ref() == Some(key));
        its.map(|(name, _)| name.clone()).collect()
    }

    /// Whether a node group is known to be somebody else's, or another key's.
    pub fn is_of_another(&self, name: &str, key: &Key) -> bool {
        self.nodegroups.get(name).is_some_and(|its| its.as_ref() != Some(key))
    }
}

/// The key that some tags name.
pub(super) fn key_of(tags: &Tags) -> Option<Key> {
    tags.get(tags::KEY)?.parse().ok()
}
