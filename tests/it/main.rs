//! One binary of tests.

mod aws;
mod cli;
mod components;
mod config;
mod desired;
mod engine;
mod fields;
mod kubernetes;
mod preflight;
mod stack;
mod tidy;
mod view;
