//! Why a job cannot be done.

use super::{Draft, Left};
use crate::cluster::Span;
use crate::config::Diagnostic;
use crate::resource::Key;
use crate::world::WorldError;

/// Why a job ended before anything was changed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OpsError {
    /// A call failed.
    #[error(transparent)]
    World(#[from] WorldError),
    /// The credentials are for another account than the one that is meant.
    #[error("the credentials are for account {actual}, and account {wanted} is meant")]
    Account {
        /// As flag or file say.
        wanted: String,
        /// As AWS says.
        actual: String,
        /// Where the file says it, if it does.
        place: Option<Span>,
    },
    /// The file asks for what AWS does not have.
    #[error("the file asks for what AWS does not have")]
    File {
        /// What is wrong with it.
        wrong: Vec<Diagnostic>,
        /// What the rest of it would take, to look ahead; nothing, where nobody wants to know.
        ahead: Option<Box<Draft>>,
    },
    /// There is a cluster of this name that this program has not made.
    #[error("cluster {name} is not ours: it carries no tag of eksact")]
    NotOurs {
        /// Its name.
        name: String,
        /// Its ARN.
        id: String,
    },
    /// A cluster that has no tag of this program stands in what has, or has such things in it.
    #[error("cluster {name} carries no tag of eksact, but {ours} is ours and serves it")]
    Untagged {
        /// Its name.
        name: String,
        /// Its ARN.
        id: String,
        /// One of ours that it stands in, or that is in it.
        ours: Key,
    },
    /// AWS would refuse to delete it, after everything else is gone.
    #[error("cluster {name} is protected from deletion")]
    Protected {
        /// Its name.
        name: String,
        /// Its region.
        region: String,
    },
    /// There is no such thing.
    #[error("there is no {what}")]
    NotThere {
        /// What: `cluster demo`.
        what: String,
        /// Where what there is can be seen.
        among: Among,
    },
    /// The cluster's API server could not be asked for what is in it.
    #[error("the API server of cluster {cluster} does not say what is in it: {why}")]
    Unreached {
        /// Its name.
        cluster: String,
        /// What failed.
        why: WorldError,
    },
    /// What is asked for contradicts what there is.
    #[error("{what}")]
    Contradiction {
        /// What.
        what: String,
        /// What to do about it.
        next: String,
    },
    /// How many nodes there are is an autoscaler's to choose.
    #[error(
        "nodegroup {nodegroup}: cluster-autoscaler ({}) chooses how many nodes there are, and {} would not last",
        left.by, left.size
    )]
    Left {
        /// The node group.
        nodegroup: String,
        /// What is asked for.
        left: Left,
    },
    /// AWS has accepted the change, but it did not work out.
    #[error("{what} failed: {why}")]
    Broken {
        /// What was tried.
        what: String,
        /// AWS's sentences.
        why: String,
    },
}

/// All of a kind: what is not there is none of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Among {
    /// As `eksact get` names them: `nodegroup`.
    pub kind: &'static str,
    /// The cluster that they are a part of, where they are no clusters.
    pub cluster: Option<String>,
    /// The region.
    pub region: String,
}

impl OpsError {
    /// What is wrong with a file, where nobody looks ahead.
    pub(super) fn file(wrong: Vec<Diagnostic>) -> Self {
        Self::File { wrong, ahead: None }
    }

    /// There is no cluster of this name.
    pub fn no_cluster(name: &str, region: &str) -> Self {
        let among = Among { kind: "cluster", cluster: None, region: region.to_owned() };
        Self::NotThere { what: format!("cluster {name} in {region}"), among }
    }

    /// A cluster has no part of this kind and name.
    pub fn no_part(kind: &'static str, name: &str, (cluster, region): (&str, &str)) -> Self {
        let among = Among { kind, cluster: Some(cluster.to_owned()), region: region.to_owned() };
        let word = if kind == "addon" { "add-on" } else { kind };
        Self::NotThere { what: format!("{word} {name} in cluster {cluster}"), among }
    }
}
