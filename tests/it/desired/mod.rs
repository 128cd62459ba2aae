//! What should exist, from a file and what AWS says.

pub mod desk;
mod graphs;
