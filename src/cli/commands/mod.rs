//! One file for each command: its arguments, and one function.

pub(super) mod apply;
pub(super) mod bootstrap;
pub(super) mod completion;
pub(super) mod create;
mod create_component;
mod create_nodegroup;
pub(super) mod delete;
mod delete_component;
mod delete_nodegroup;
pub(super) mod explain;
pub(super) mod get;
pub(super) mod plan;
pub(super) mod scale;
pub(super) mod token;
pub(super) mod utils;
pub(super) mod validate;
pub(super) mod version;
