//! One binary of tests.

mod aws;
mod config;
mod desired;
mod engine;
mod fields;
mod stack;
mod tidy;
