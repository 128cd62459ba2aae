//! What is shown: every screen, wide and narrow, with and without Unicode and colour.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod board;
mod live;
mod looks;
mod run;
mod screens;
mod stream;
