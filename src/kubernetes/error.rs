//! Why nothing came of a request to an API server.

use std::error::Error as StdError;

use crate::world::WorldError;

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
                let (code, message) = (status.code, status.message);
                match code {
                    401 => Self::Unknown(message),
                    403 => Self::Forbidden(message),
                    _ => Self::Refused { code, message },
                }
            }
            other => Self::Silent(root(&other)),
        }
    }
}

/// What is at the bottom of an error: what lies above only says that something failed.
fn root(error: &(dyn StdError + 'static)) -> String {
    let mut lowest = error;
    while let Some(source) = lowest.source() {
        lowest = source;
    }
    lowest.to_string()
}
