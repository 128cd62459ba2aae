//! A graph in the making.

use super::Kept;
use super::tags::Tagging;
use crate::cluster::{Facts, Span};
use crate::config::{ClusterConfig, Code, Diagnostic};
use crate::graph::Graph;
use crate::resource::Key;

/// The graph so far, what it is drawn from, and what stands in its way.
pub(super) struct Draft<'a> {
    /// The file.
    pub config: &'a ClusterConfig,
    /// What AWS has.
    pub facts: &'a Facts,
    /// What has been chosen before.
    pub kept: Kept,
    /// Whether there are to be nodes, without which nothing runs.
    pub has_nodes: bool,
    /// Whether the add-on that gives pods their addresses has a role of its own.
    pub cni_has_role: bool,
    pub graph: Graph,
    wrong: Vec<Diagnostic>,
}

impl<'a> Draft<'a> {
    pub fn new(config: &'a ClusterConfig, facts: &'a Facts, kept: Kept) -> Self {
        let graph = Graph::new(&config.metadata.name.0);
        let has_nodes = config.managed_node_groups.iter().any(|group| group.sizes().desired > 0);
        Self { config, facts, kept, has_nodes, cni_has_role: false, graph, wrong: Vec::new() }
    }

    /// The same where it is not the file that says whether there are nodes.
    pub fn with_nodes(self, has_nodes: bool) -> Self {
        Self { has_nodes, ..self }
    }

    /// The cluster's name.
    pub fn name(&self) -> &'a str {
        &self.config.metadata.name.0
    }

    /// The tags that a resource gets.
    pub fn tagging(&self) -> Tagging<'a> {
        Tagging::of(self.config)
    }

    /// Says what stands in the way; the rest is drawn all the same, to find all of it in one run.
    pub fn refuse(&mut self, diagnostic: Diagnostic) {
        self.wrong.push(diagnostic);
    }

    /// Remembers where properties were written, by their paths; those that were not have no place.
    pub fn places(&mut self, key: &Key, places: &[(&str, Option<Span>)]) {
        for (path, at) in places {
            if let Some(at) = at {
                self.graph.place(key, path, *at);
            }
        }
    }

    /// The file names its region, and may name the one account that it is meant for.
    pub fn right_place(&mut self) {
        let (region, asked) = (&self.config.metadata.region, &self.facts.region);
        if region.0 != *asked {
            let message = format!("this is {asked}, and the file is for {}", **region);
            let other = Diagnostic::new(Code::Elsewhere, region.span, message);
            self.refuse(other.label("the cluster's region"));
        }
        let account = &self.facts.caller.account;
        let meant = self.config.metadata.account_id.as_ref().filter(|meant| meant.0 != *account);
        if let Some(meant) = meant {
            let message = format!("this is account {account}, and the file is for {}", **meant);
            let other = Diagnostic::new(Code::OtherAccount, meant.span, message);
            self.refuse(other.label("take the credentials of this account"));
        }
    }

    pub fn finish(mut self) -> Result<Graph, Vec<Diagnostic>> {
        if self.wrong.is_empty() {
            return Ok(self.graph);
        }
        self.wrong.sort_by_key(|diagnostic| (diagnostic.primary.span.start, diagnostic.code));
        Err(self.wrong)
    }
}
