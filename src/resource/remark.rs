//! What is worth saying of a resource though there is nothing to do about it. `view` words it.

use serde::Serialize;

/// Something to be said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Remark {
    /// Somebody has scaled it since the file's size was applied.
    Scaled {
        /// The file's, as last applied.
        applied: u32,
        /// As it is.
        live: u32,
    },
    /// An autoscaler chooses how many nodes there are, and has not chosen the file's number.
    Autoscaled {
        /// The file's.
        file: u32,
        /// As it is, or as far as new bounds move it.
        live: u32,
        /// Which autoscaler, or what shows that there is one.
        by: String,
    },
    /// AWS has a newer version than the one that runs and stays.
    Newer {
        /// The one that runs.
        runs: String,
        /// The newest.
        newest: String,
    },
    /// AWS has something to complain of, though it can be used.
    Troubled(Vec<Trouble>),
    /// The file changes what counts only when the cluster is made.
    AtCreation {
        /// In CloudFormation's spelling.
        path: String,
        /// As it was made.
        was: bool,
    },
    /// Logs that are older go: they are kept for a shorter time than before.
    Forgets {
        /// For how many days they are kept now.
        days: u32,
    },
    /// An add-on that needs permissions in AWS has no role: it may be of no use.
    NoRole {
        /// Whether the cluster's OIDC provider, which it has not, would give it one.
        by_provider: bool,
    },
    /// Load balancers do not find enough subnets that somebody else has made.
    NotForLoadBalancers {
        /// The tag that is lacking: `kubernetes.io/role/elb=1`.
        tag: String,
        /// Those that they pass over for that.
        subnets: Vec<String>,
        /// The region.
        region: String,
    },
    /// It stays, because somebody else's thing with this id stands in it.
    KeptFor(String),
    /// What is in it could not be looked for, where nothing is asked for there.
    Unseen {
        /// What failed.
        why: String,
    },
    /// What was made for it from inside could not be looked for.
    Hidden {
        /// What failed.
        why: String,
    },
}

/// What AWS says is wrong with a resource, or with an update of one; no call has failed for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// AWS's word: `AsgInstanceLaunchFailures`.
    pub code: String,
    /// AWS's sentence.
    pub message: String,
}
