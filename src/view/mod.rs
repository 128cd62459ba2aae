//! Everything that a person or a program reads: the only module that renders.

pub mod diagnostics;
