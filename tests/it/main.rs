//! One binary of tests.

mod config;
mod desired;
mod engine;
mod fields;
