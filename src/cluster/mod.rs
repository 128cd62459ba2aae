//! What every stage speaks of: places in the file, moments, and what is known of AWS.

mod facts;
mod moment;
mod release;
mod room;
mod span;
mod token;

pub use facts::{AddonIdentity, AddonVersion, Architecture, Ask, Caller, Facts, GivenSubnet, InstanceType};
pub use facts::{KubernetesVersion, Zone, partition_of};
pub use moment::{Timestamp, since};
pub use release::{Behind, Image, Releases};
pub use room::{AskRoom, Pool, Quota, Room};
pub use span::Span;
pub use token::Token;
