//! Who refers to what lives, and so what hangs on it.

use std::collections::{BTreeMap, BTreeSet};

use super::Hold;
use crate::resource::{Key, Live, Property, Seen, Standing, Type};
use crate::world::{Found, Snapshot};

/// (Type, attribute, value) to those that name it.
type By<'a> = BTreeMap<(Type, &'static str, String), Vec<(&'a Key, &'a Live)>>;

/// All that lives, by what it refers to.
pub(super) struct Referred<'a> {
    lives: Vec<&'a Live>,
    by: By<'a>,
    /// Whether all was read that can stand in a network.
    pub is_whole: bool,
}

impl<'a> Referred<'a> {
    pub fn of(snapshot: &'a Snapshot) -> Self {
        let (mut lives, mut by) = (Vec::new(), By::new());
        for (key, found) in &snapshot.found {
            for live in found.iter().filter_map(Found::present) {
                lives.push(live);
                live.properties.visit(&mut |seen| {
                    if let Seen::Known { of, attribute, value } = seen {
                        by.entry((of, attribute, value.to_owned())).or_default().push((key, live));
                    }
                });
            }
        }
        Self { lives, by, is_whole: is_whole(snapshot) }
    }

    /// Those that refer to something that lives.
    pub fn referrers(&self, live: &Live) -> Vec<(&'a Key, &'a Live)> {
        let kind = live.properties.kind();
        let of = |(name, value): (&&'static str, &String)| self.by.get(&(kind, *name, value.clone()));
        live.attributes.iter().filter_map(of).flatten().copied().collect()
    }

    /// What hangs on something that lives.
    pub fn hold(&self, live: &Live) -> Hold {
        let above = self.above(live);
        match self.stands(&above) {
            Some(hold) => hold,
            None if above.iter().chain([&live]).any(|it| self.is_beside(it)) => Hold::Beside,
            None if above.is_empty() => Hold::Unused,
            None => Hold::Used,
        }
    }

    /// Those that refer to it over however many steps.
    fn above(&self, live: &Live) -> Vec<&'a Live> {
        let (mut seen, mut above) = (BTreeSet::new(), Vec::new());
        let mut next = self.referrers(live);
        while let Some((_, referrer)) = next.pop() {
            if referrer.id != live.id && seen.insert(&referrer.id) {
                next.extend(self.referrers(referrer));
                above.push(referrer);
            }
        }
        above
    }

    /// The firmest of these that stays, if any cannot move.
    fn stands(&self, above: &[&Live]) -> Option<Hold> {
        let stays =
            |live: &Live| !matches!(live.standing(), Standing::Failed | Standing::Deleting | Standing::Gone);
        let hold = |live: &&Live| match live.properties.kind() {
            Type::Cluster => Some(Hold::ControlPlane),
            Type::Nodegroup => Some(Hold::Nodes),
            _ => None,
        };
        above.iter().copied().filter(|live| stays(live)).filter_map(|live| hold(&live)).min()
    }

    /// Whether it stands in something that cannot move either.
    fn is_beside(&self, live: &Live) -> bool {
        let mut others = self.lives.iter().filter(|other| live.refers_to(other));
        others.any(|other| self.stands(&self.above(other)).is_some())
    }
}

/// What could not be read may stand in any network.
fn is_whole(snapshot: &Snapshot) -> bool {
    let unknown = |(key, found): (&Key, &Vec<Found>)| {
        found.iter().any(|found| found.unknown().is_some()).then_some(key.kind)
    };
    let mut unread = snapshot.unread.keys().copied().chain(snapshot.found.iter().filter_map(unknown));
    !unread.any(|kind| kind.all_needs().contains(&Type::Vpc))
}
