//! Which cluster a file means: what a command must know before anything else.

use crate::cluster::Span;
use crate::config::place::Known;
use crate::config::sections::cluster::ClusterConfig;

impl ClusterConfig {
    /// The cluster's name.
    pub fn name(&self) -> &str {
        &self.metadata.name.0
    }

    /// The names of its node groups, in the order of the file.
    pub fn nodegroup_names(&self) -> impl Iterator<Item = &str> {
        self.managed_node_groups.iter().map(|group| group.name.0.as_str())
    }

    /// The region that it is in.
    pub fn region(&self) -> &str {
        &self.metadata.region.0
    }

    /// The only account in which the file may be used, and where it says so.
    pub fn pinned_account(&self) -> Option<(&str, Span)> {
        let account = self.metadata.account_id.known()?;
        Some((&account.0, account.place()))
    }
}
