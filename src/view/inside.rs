//! What has been seen of a cluster from inside Kubernetes, all in all.

use std::collections::BTreeMap;

use crate::ops::{Kubeconfig, Seen, Sight};

/// What has been seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inside {
    /// Whether the API server answers; nothing, where it was not asked.
    pub answers: Option<bool>,
    /// What came instead of an answer.
    pub silence: Option<String>,
    /// The entry in a kubeconfig, if one was written.
    pub kubeconfig: Option<Kubeconfig>,
    /// How many nodes of each node group are Ready, and how many there should be.
    pub nodes: BTreeMap<String, (usize, usize)>,
}

impl Inside {
    /// Takes in what is seen.
    pub fn see(&mut self, sight: &Sight) {
        match &sight.what {
            Seen::ApiSilent { why, .. } => {
                (self.answers, self.silence) = (Some(false), Some(why.clone()));
            }
            Seen::ApiAnswers => (self.answers, self.silence) = (Some(true), None),
            Seen::Kubeconfig(it) => self.kubeconfig = Some(it.clone()),
            Seen::Nodes { nodegroup, ready, wanted, .. } => {
                self.nodes.insert(nodegroup.clone(), (*ready, *wanted));
            }
            Seen::NodesReady { nodegroup, nodes } => {
                self.nodes.insert(nodegroup.clone(), (*nodes, *nodes));
            }
        }
    }

    /// How many nodes are Ready of how many there should be; nothing, where none were looked at.
    pub fn ready(&self) -> Option<(usize, usize)> {
        let sum = self.nodes.values().fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
        (!self.nodes.is_empty()).then_some(sum)
    }
}
