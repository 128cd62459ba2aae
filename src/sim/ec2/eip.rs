use crate::resource::Tags;
use crate::resource::ec2::Eip;
use crate::sim::state::{Played, State};

pub(super) fn create(state: &mut State, tags: &Tags) -> Played {
    state.log.actions.insert("ec2:CreateTags");
    let address = Eip { domain: "vpc".to_owned(), tags: tags.clone() };
    state.make(address.into(), None, "").tells([])
}
