//! What a cluster is made of, in AWS CloudFormation's words, and the calls that make, change and delete it.

mod declare;
pub mod ec2;
pub mod eks;
pub mod iam;
mod incomplete;
mod json;
mod key;
pub mod kubernetes;
mod list;
mod live;
pub mod logs;
mod operation;
mod outputs;
mod property;
mod remark;
mod set;
pub mod tags;
mod types;
mod value;

pub(crate) use declare::properties;
pub use incomplete::Incomplete;
pub use json::Json;
pub(crate) use key::within as name_within;
pub use key::{Key, Milestone, fingerprint};
pub use list::List;
use live::STATELESS;
pub use live::{Leftover, Live, Standing};
pub use operation::{CALL, Effect, Manner, Mutex, Operation, Until};
pub use outputs::{Attributes, Outputs};
pub use property::{Comparison, Difference, Place, Property, Reaction, Seen};
pub use remark::{Remark, Trouble};
pub use set::Set;
pub use tags::Tags;
pub use types::{Any, OneOf, Type};
pub(crate) use value::attributes;
pub use value::{Added, Attribute, Part, Ref, Reference, Scalar, Val};

pub use crate::cluster::Timestamp;

/// The calls for a resource; or what they cannot be made without.
pub type Calls = Result<Vec<Operation>, Incomplete>;

/// A type of resource: pure functions of what is desired and what lives.
pub trait Resource: Property + Clone + OneOf {
    /// The attribute that tells one from all others that ever were: [`Live::id`].
    const ID: &'static str;

    /// Order that no value shows: such a resource is made after those of these types have reached
    /// a milestone, and on the way down it is gone before they go.
    const AFTER: &'static [(Type, Milestone)] = &[];

    /// Whether AWS may put something into it that must go first: then it is looked at again right
    /// before it is deleted.
    const GATHERS: bool = false;

    /// Whether it may be settling without end, so that its deletion does not wait for that.
    const LINGERS: bool = false;

    /// Whether one that leaves the file is kept, and the whole plan refused.
    const PROTECTED: bool = false;

    /// What AWS's words for its status mean: all of them, for one that is not here is unclear.
    const STATES: &'static [(&'static str, Standing)];

    /// A tag that says what AWS cannot: what was last applied.
    fn mark(&self) -> Option<(&'static str, String)> {
        None
    }

    /// The name that AWS knows it by, where another must not have the same.
    fn name(&self) -> Option<&str> {
        None
    }

    /// Takes a name of its own, where AWS has one for it: one that is not held.
    fn take_name(&mut self, _key: &Key, _held: &[&str]) -> Result<(), Incomplete> {
        Ok(())
    }

    /// What lives, from the side from which it is to be compared with this.
    fn face(&self, live: Live<Self>) -> Live<Self> {
        live
    }

    /// The calls that make it. `own` refers to what the first of them answers; `dead` are the ids
    /// of those that had its key before, which a client token must not be shared with.
    fn create(&self, own: &Added<Self>, dead: &[String]) -> Calls;

    /// The calls that change what lives into this, for differences that are all in place.
    fn update(&self, live: &Live<Self>, how: &Comparison) -> Calls;

    /// Whether what lives has that which only one under its key can have, and which is desired.
    fn is_held(&self, _live: &Live<Self>) -> bool {
        false
    }

    /// The calls that take from another one under its key what only one of them can have.
    fn take_from(&self, _other: &Live<Self>) -> Calls {
        Ok(Vec::new())
    }

    /// The calls that delete it.
    fn delete(live: &Live<Self>) -> Calls;
}
