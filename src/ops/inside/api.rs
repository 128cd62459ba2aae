//! The API server: whether it answers, and why not.

use std::time::Duration;

use crate::kubernetes::KubernetesError;

/// How old a cluster is whose API server may still take its time.
pub(super) const YOUNG: Duration = Duration::from_secs(15 * 60);

/// Why an API server was not reached.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreached {
    /// The cluster is not there, or EKS has not said yet where its server is.
    #[error("the cluster is not there")]
    NotThere,
    /// It could not be asked where it is.
    #[error("{0}")]
    Unsaid(String),
    /// Nobody answers.
    #[error("nobody answers: {why}")]
    Silent {
        /// What came instead of an answer.
        why: String,
        /// Whether it is to be reached from inside its VPC alone.
        private: bool,
    },
    /// It answers, but does not know the caller, or does not let the caller see nodes.
    #[error("it does not let the caller in: {0}")]
    Denied(String),
    /// It refuses for another reason.
    #[error("{0}")]
    Refused(String),
}

impl Unreached {
    pub(super) fn of(error: KubernetesError, private: bool) -> Self {
        match error {
            KubernetesError::Silent(why) => Self::Silent { why, private },
            KubernetesError::Unknown(_) | KubernetesError::Forbidden(_) => Self::Denied(error.to_string()),
            KubernetesError::Refused { .. } | KubernetesError::Token(_) | KubernetesError::Unusable(_) => {
                Self::Refused(error.to_string())
            }
        }
    }
}

/// How long between two questions: short at first, then a tenth of what has been waited.
#[derive(Debug, Default)]
pub(super) struct Pauses {
    asked: u32,
}

impl Pauses {
    pub fn next(&mut self, waited: Duration) -> Duration {
        self.asked += 1;
        let least = Duration::from_millis(50 << self.asked.min(3));
        (waited / 10).clamp(least, Duration::from_secs(3))
    }
}
