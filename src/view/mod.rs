//! Everything that a person or a program reads: the only module that renders.

mod change;
mod contents;
pub mod diagnostics;
pub mod event;
pub mod get;
pub mod json;
pub mod plan;
pub mod readiness;
pub mod report;
pub mod summary;
pub mod units;
