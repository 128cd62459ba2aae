//! Everything that a person or a program reads: the only module that renders.

mod board;
mod change;
pub mod component;
mod contents;
pub mod departures;
pub mod diagnostics;
pub mod event;
pub mod get;
pub mod json;
pub mod live;
mod load_balancers;
pub mod markdown;
mod money;
pub mod parts;
pub mod plan;
pub mod preflight;
pub mod readiness;
pub mod receipt;
pub mod report;
pub mod scale;
pub mod stream;
pub mod style;
pub mod summary;
mod surface;
pub mod units;
pub mod volumes;
mod waits;
