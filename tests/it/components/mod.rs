//! Components: what is drawn of them, and what a real API server says of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod crds;
mod objects;
mod server;
