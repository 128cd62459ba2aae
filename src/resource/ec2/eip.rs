//! `AWS::EC2::EIP`

use super::{Operation, retag};
use crate::resource::{Added, Calls, Comparison, Live, Resource, STATELESS, Standing, Tags};
use crate::resource::{attributes, properties};

attributes! {
    /// The id of an address, by which it is given to something.
    AllocationId of Eip = "AllocationId";
}

properties! {
    /// A public address.
    pub struct Eip {
        /// `vpc`, the only one that there still is.
        exact domain: String => Replace;
        /// Tags.
        exact tags: Tags => InPlace;
    }
}

impl Resource for Eip {
    const ID: &'static str = "AllocationId";
    const STATES: &'static [(&'static str, Standing)] = STATELESS;

    fn create(&self, _: &Added<Self>, _: &[String]) -> Calls {
        Ok(vec![Operation::AllocateAddress { tags: self.tags.clone() }.into()])
    }

    fn update(&self, live: &Live<Self>, _: &Comparison) -> Calls {
        Ok(retag(&live.id, &self.tags, &live.properties.tags))
    }

    fn delete(live: &Live<Self>) -> Calls {
        Ok(vec![Operation::ReleaseAddress { allocation_id: live.get()? }.into()])
    }
}
