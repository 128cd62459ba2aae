//! What should exist, from a file and what AWS says.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod applied;
mod asked;
mod autoscaler;
mod departures;
pub mod desk;
mod edits;
mod exposing;
mod filled;
mod graphs;
mod identities;
mod kept;
mod parts;
mod places;
mod zones;
