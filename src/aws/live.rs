//! What is read, in the engine's words.

use aws_smithy_types::DateTime;

use super::Aws;
use crate::resource::{Attributes, Key, Live, Resource, Timestamp, Type, tags};
use crate::world::WorldError;

/// One thing of the cluster's, or why no more can be said of it than its key.
pub(super) struct Item {
    pub key: Key,
    pub live: Result<Live, WorldError>,
}

/// All of the cluster's of one type, or of one key.
pub(super) type Listed = Result<Vec<Item>, WorldError>;

/// Something with a name, as it stands to the cluster.
#[expect(clippy::large_enum_variant, reason = "there are some dozen: boxes would cost more to read")]
pub(super) enum Named {
    Ours(Item),
    /// Somebody else's, by its ARN or id.
    Foreign(String),
    Absent,
}

impl Named {
    /// What is the cluster's.
    pub fn ours(self) -> Option<Item> {
        if let Named::Ours(item) = self { Some(item) } else { None }
    }
}

impl Aws {
    /// Those of some things that are this cluster's, and of a type, and of a key if one is given.
    pub(super) fn ours(
        &self,
        kind: Type,
        key: Option<&Key>,
        lives: impl IntoIterator<Item = Live>,
    ) -> Vec<Item> {
        let is_ours = |live: &Live| live.properties.tags().get(tags::CLUSTER) == Some(self.cluster.as_str());
        let lives = lives.into_iter().filter(is_ours).filter_map(|live| Some((live.key()?, live)));
        let asked = lives.filter(|(its, _)| its.kind == kind && key.is_none_or(|key| key == its));
        asked.map(|(key, live)| Item { key, live: Ok(live) }).collect()
    }

    /// Whether a thing says that it is this cluster's; one that says nothing may be to adopt.
    pub(super) fn is_marked(&self, live: &Live) -> Option<bool> {
        live.properties.tags().get(tags::CLUSTER).map(|cluster| *cluster == self.cluster)
    }
}

/// A thing as far as every type has it. Without its id it is none.
pub(super) fn live<R: Resource>(properties: R, attributes: Attributes) -> Option<Live> {
    Some(Live {
        id: attributes.get(R::ID)?.clone(),
        name: properties.name().map(str::to_owned),
        properties: properties.into(),
        attributes,
        status: String::new(),
        made: None,
        troubles: Vec::new(),
        leftovers: Vec::new(),
        earlier: Vec::new(),
    })
}

/// Attributes, of which those that AWS does not tell are absent.
pub(super) fn attributes<const N: usize>(told: [(&'static str, Option<&str>); N]) -> Attributes {
    let told = told.into_iter().filter_map(|(name, value)| Some((name, value?.to_owned())));
    told.filter(|(_, value)| !value.is_empty()).collect()
}

/// A moment.
pub(super) fn moment(at: Option<&DateTime>) -> Option<Timestamp> {
    let at = at?;
    Timestamp::new(at.secs(), i32::try_from(at.subsec_nanos()).ok()?).ok()
}

/// A count, as AWS's models have it.
pub(super) fn count(number: Option<i32>) -> Option<u32> {
    number.and_then(|number| u32::try_from(number).ok())
}

/// The same, to be sent.
pub(super) fn number(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Text that may be absent.
pub(super) fn text(text: Option<&str>) -> String {
    text.unwrap_or_default().to_owned()
}

/// What is listed without what was gone by the time it was looked at.
pub(super) fn still_there<T>(read: Result<T, WorldError>) -> Result<Option<T>, WorldError> {
    match read {
        Ok(it) => Ok(Some(it)),
        Err(error) if error.class == crate::world::Class::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Those that can be looked at, or the first reason why one cannot.
pub(super) fn all_or_none(items: Vec<Item>) -> Result<Vec<Live>, WorldError> {
    items.into_iter().map(|item| item.live).collect()
}
