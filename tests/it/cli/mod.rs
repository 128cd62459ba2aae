//! The program itself, as people run it: each test reads like a session, in an account of its own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod access;
mod accounts;
mod answers;
mod autoscaler;
mod bootstrap;
mod components;
mod coredns;
mod credentials;
mod delete;
mod departures;
mod endpoints;
mod exposed;
mod faults;
pub mod files;
mod gate;
mod given;
mod input;
mod inside;
mod inventory;
mod kills;
mod life;
mod log;
mod moves;
mod neighbours;
mod nodegroups;
mod pipeline;
mod preflight;
mod receipt;
mod releases;
mod replacement;
pub mod shell;
mod telling;
mod terminal;
mod unseen;
pub mod until;
mod volumes;
mod webhooks;
