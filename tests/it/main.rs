//! One binary of tests.

mod config;
mod engine;
mod tidy;
