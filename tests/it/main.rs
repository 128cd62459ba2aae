//! One binary of tests.

mod aws;
mod cli;
mod config;
mod desired;
mod engine;
mod fields;
mod stack;
mod tidy;
