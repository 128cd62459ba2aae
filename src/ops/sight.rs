//! What is seen of a cluster from inside Kubernetes, while it is made and after. Views and logs read these.

use std::path::PathBuf;
use std::time::Duration;

use super::inside::Short;
use crate::cluster::Timestamp;

/// An entry in a kubeconfig, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kubeconfig {
    /// The file.
    pub path: PathBuf,
    /// The context that leads to the cluster.
    pub context: String,
    /// Whether it is the current one.
    pub current: bool,
    /// Where the file as it was is kept, if only its meaning could be kept.
    pub backup: Option<PathBuf>,
    /// The home of whoever runs this: paths below it are shown from there.
    pub home: Option<PathBuf>,
}

/// One thing that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: Seen,
}

/// What can be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The API server does not answer yet.
    ApiSilent {
        /// Since when it is asked.
        since: Timestamp,
        /// How long that usually takes.
        usual: Duration,
        /// What came instead of an answer.
        why: String,
    },
    /// The API server answers.
    ApiAnswers,
    /// The kubeconfig has an entry for the cluster.
    Kubeconfig(Kubeconfig),
    /// Nodes of a node group are waited for.
    Nodes {
        /// Its name in the file.
        nodegroup: String,
        /// How many are Ready.
        ready: usize,
        /// How many there should be.
        wanted: usize,
        /// Since when they are waited for.
        since: Timestamp,
        /// How long that usually takes.
        usual: Duration,
    },
    /// Nodes of a node group that EKS is still making do not come.
    Missing {
        /// Its name in the file.
        nodegroup: String,
        /// Why, as far as it can be seen.
        why: Vec<Short>,
    },
    /// All nodes of a node group are Ready.
    NodesReady {
        /// Its name in the file.
        nodegroup: String,
        /// How many.
        nodes: usize,
    },
}
