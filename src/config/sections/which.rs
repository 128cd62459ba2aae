//! Which cluster a file means: what a command must know before anything else.

use crate::cluster::Span;
use crate::config::place::Known;
use crate::config::sections::cluster::ClusterConfig;
use crate::config::sections::components::ComponentName;
use crate::config::value::Choice;

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

    /// The version of Kubernetes that it is to have, if the file says one: `1.34`.
    pub fn kubernetes(&self) -> Option<&str> {
        self.metadata.version.as_ref().map(|version| version.0.as_str())
    }

    /// The id of the VPC that it is given, if it is.
    pub fn vpc_id(&self) -> Option<&str> {
        self.vpc.id.as_ref().map(|id| id.0.as_str())
    }

    /// Whether this is what a component is called.
    pub fn is_component(name: &str) -> bool {
        ComponentName::WORDS.iter().any(|(word, _)| *word == name)
    }

    /// The only account in which the file may be used, and where it says so.
    pub fn pinned_account(&self) -> Option<(&str, Span)> {
        let account = self.metadata.account_id.known()?;
        Some((&account.0, account.place()))
    }
}
