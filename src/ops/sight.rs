//! What is seen of a cluster from inside Kubernetes, while it is made and after. Views and logs read these.

use std::path::PathBuf;
use std::time::Duration;

use crate::cluster::Timestamp;

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
    /// All nodes of a node group are Ready.
    NodesReady {
        /// Its name in the file.
        nodegroup: String,
        /// How many.
        nodes: usize,
    },
}

/// An entry in a kubeconfig.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kubeconfig {
    /// Where it was written.
    pub path: PathBuf,
    /// The context of the cluster.
    pub context: String,
    /// Whether that is the current one now.
    pub current: bool,
    /// Where the file as it was has been kept, if it could not be kept as it was written.
    pub backup: Option<PathBuf>,
}
