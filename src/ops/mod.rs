//! Whole jobs: look, draw up a plan, carry it out, prove what came of it. They print nothing.

mod bare;
mod bootstrap;
mod component_list;
mod components;
mod draft;
mod error;
mod groups;
mod habitat;
mod happened;
mod inside;
mod lockout;
mod nodegroups;
mod otherwise;
pub mod preflight;
mod removal;
mod scale;
mod sight;
mod site;

pub use bare::Bare;
pub use bootstrap::{bootstrap, manifests, policy, without_role};
pub use component_list::{ComponentSummary, components};
pub use components::{BALANCERS, component_addition, component_subtraction};
pub use draft::{Draft, draft, draft_beside, pinned};
pub use error::OpsError;
pub use groups::Group;
pub use habitat::habitat;
pub use happened::Happened;
pub use inside::{Group as NodesWanted, Inside, Job, Kept, Milestones, NodesOf, Unreached, Watch};
pub use inside::{NoEntry, Short, autoscaler, forget, ready_nodes, write_kubeconfig};
pub use lockout::{Lockout, lockout};
pub use nodegroups::{Addition, Subtraction, addition, subtraction};
pub use otherwise::Asked;
pub use removal::{Proof, Removal, prove, removal};
pub use scale::{Left, Scale, Scaled, scale};
pub use sight::{Kubeconfig, Seen, Sight};
pub use site::{Site, Within};
