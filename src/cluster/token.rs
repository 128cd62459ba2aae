//! What a caller shows to a cluster.

use std::fmt;

use super::Timestamp;

/// A bearer token of a cluster's API server.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    text: String,
    /// When it should be used no more.
    pub expires: Timestamp,
}

impl Token {
    /// It, and when it should be used no more.
    pub fn new(text: String, expires: Timestamp) -> Self {
        Self { text, expires }
    }

    /// The token itself, which whoever has it may act with.
    pub fn secret(&self) -> &str {
        &self.text
    }
}

/// Without the secret.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("expires", &self.expires).finish_non_exhaustive()
    }
}
