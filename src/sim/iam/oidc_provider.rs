use crate::resource::eks::Cluster;
use crate::resource::iam::OidcProvider;
use crate::resource::{Key, Live, OneOf};
use crate::sim::state::{Played, State, text};
use crate::world::Class;

/// The key that one has by being for a cluster's issuer, where its tags name none.
pub(in crate::sim) fn key(live: &Live) -> Option<Key> {
    OidcProvider::of(&live.properties).filter(|provider| provider.tags.0.is_empty())?;
    Some(Key { kind: OidcProvider::TYPE, name: "main".to_owned() })
}

pub(super) fn create(state: &mut State, provider: &OidcProvider) -> Played {
    let url = text(&provider.url)?.to_owned();
    let is_its = |live: &Live| OidcProvider::of(&live.properties).is_some_and(|it| it.url == provider.url);
    if state.living().any(is_its) {
        return Err((Class::Exists, "EntityAlreadyExists"));
    }
    state.log.actions.insert("iam:TagOpenIDConnectProvider");
    state.make(provider.clone().into(), Some(url), "").tells([])
}

/// IAM keeps what is for an issuer that is no more. What nobody has marked goes here, so that the account
/// is as before.
pub(in crate::sim) fn go_with(state: &mut State, gone: &Live) {
    if gone.properties.kind() == Cluster::TYPE {
        state.items.retain(|item| key(&item.live).is_none() || !item.live.refers_to(gone));
    }
}
