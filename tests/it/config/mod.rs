//! The reader of cluster files.

pub mod cases;
mod declarations;
mod departures;
mod explained;
mod files;
mod flags;
mod limits;
mod mutations;
mod names;
mod schema;
mod shown;
mod waivers;
