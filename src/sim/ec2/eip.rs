use crate::resource::ec2::{AllocationId, Eip, NatGateway};
use crate::resource::{Live, OneOf, Tags, Val};
use crate::sim::state::{Played, State};

pub(super) fn create(state: &mut State, tags: &Tags) -> Played {
    state.log.actions.insert("ec2:CreateTags");
    let address = Eip { domain: "vpc".to_owned(), tags: tags.clone() };
    state.make(address.into(), None, "").tells([])
}

/// Whether a NAT gateway has it, be it on its way out.
pub(super) fn is_in_use(state: &State, address: &Val<AllocationId>) -> bool {
    let has = |live: &Live| NatGateway::of(&live.properties).is_some_and(|nat| nat.allocation_id == *address);
    state.living().any(has)
}
