//! What should exist, from a file and what AWS says.

mod desk;
mod graphs;
