//! Why nothing came of a request to an API server.

use std::error::Error as StdError;

use crate::world::{Class, WorldError};

/// Why nothing came of a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KubernetesError {
    /// Nobody answers: the network, TLS, or a server that is not up.
    #[error("{0}")]
    Silent(String),
    /// The server does not know the caller.
    #[error("401 {0}")]
    Unknown(String),
    /// The server knows the caller, who may not.
    #[error("403 {0}")]
    Forbidden(String),
    /// Any other refusal.
    #[error("{code} {message}")]
    Refused {
        /// HTTP's.
        code: u16,
        /// The server's word: `AlreadyExists`, `Conflict`.
        reason: String,
        /// The server's sentence.
        message: String,
    },
    /// There is no token to show.
    #[error(transparent)]
    Token(#[from] WorldError),
    /// What AWS tells of the cluster is not enough to find its API server.
    #[error("{0}")]
    Unusable(String),
}

impl KubernetesError {
    /// Whether it may come out differently soon: the server starts, or has yet to hear of the caller.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Silent(_) | Self::Unknown(_) | Self::Forbidden(_) => true,
            Self::Refused { code, .. } => *code == 429 || *code >= 500,
            Self::Token(error) => error.class.is_passing(),
            Self::Unusable(_) => false,
        }
    }
}

impl From<kube::Error> for KubernetesError {
    fn from(error: kube::Error) -> Self {
        match error {
            kube::Error::Api(status) => {
                let (code, reason, message) = (status.code, status.reason, status.message);
                match code {
                    401 => Self::Unknown(message),
                    403 => Self::Forbidden(message),
                    _ => Self::Refused { code, reason, message },
                }
            }
            other => Self::Silent(root(&other)),
        }
    }
}

impl KubernetesError {
    /// The same, of a read before anything is done.
    pub fn asked(self) -> WorldError {
        self.of("kubernetes:Get")
    }

    /// The same as a failure of a call, in the engine's words.
    pub(super) fn of(self, operation: &'static str) -> WorldError {
        let message = self.to_string();
        let (class, code) = match self {
            Self::Token(error) => return error,
            Self::Silent(_) => (Class::Ambiguous, "ConnectionFailed".to_owned()),
            Self::Unknown(_) => (Class::Denied, "Unauthorized".to_owned()),
            Self::Forbidden(_) => (Class::Denied, "Forbidden".to_owned()),
            Self::Unusable(_) => (Class::Refused, "Unusable".to_owned()),
            Self::Refused { code, reason, .. } => (class(code, &reason), reason),
        };
        WorldError { class, code, message, operation, request_id: None }
    }
}

/// What a refusal means, by the server's code and word.
fn class(code: u16, reason: &str) -> Class {
    match (code, reason) {
        (404, _) => Class::NotFound,
        (_, "AlreadyExists") => Class::Exists,
        (429, _) => Class::Throttled,
        // A namespace that is on its way out, or another request for the same object at the same time.
        (409, _) => Class::Busy,
        (408 | 500.., _) => Class::Ambiguous,
        _ => Class::Refused,
    }
}

/// What is at the bottom of an error: what lies above only says that something failed.
fn root(error: &(dyn StdError + 'static)) -> String {
    let mut lowest = error;
    while let Some(source) = lowest.source() {
        lowest = source;
    }
    // tokio's word for a time limit says nothing of what was waited for.
    match lowest.is::<tokio::time::error::Elapsed>() {
        true => "no answer in time".to_owned(),
        false => lowest.to_string(),
    }
}
