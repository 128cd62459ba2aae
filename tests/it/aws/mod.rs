//! AWS by its SDK, against the local one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod demo;
mod desk;

mod access;
mod connect;
mod engine;
mod facts;
mod faults;
mod identities;
mod life;
mod observe;
mod strangers;
