//! What should exist, from a file and what AWS says.

mod asked;
pub mod desk;
mod edits;
mod graphs;
mod kept;
mod parts;
mod places;
mod zones;
