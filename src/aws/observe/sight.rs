use crate::aws::live::{Item, Listed};
use crate::resource::{Key, Type};
use crate::world::{Class, Found, Snapshot, WorldError};

/// What has been seen so far.
#[derive(Default)]
pub(super) struct Sight {
    pub snapshot: Snapshot,
    /// Whether AWS has answered any list at all.
    answered: bool,
    /// The caller's credentials are over: what was seen before is worth nothing.
    over: Option<WorldError>,
}

impl Sight {
    /// Takes in what there is of a type, or why that is not known.
    pub fn listed(&mut self, kind: Type, listed: Listed) {
        match listed {
            Ok(items) => {
                self.answered = true;
                self.items(items);
            }
            Err(error) => self.unread(kind, error),
        }
    }

    /// Takes in what has been found besides.
    pub fn items(&mut self, items: Vec<Item>) {
        items.into_iter().for_each(|item| self.item(item));
    }

    /// Takes in that a type could not be read.
    pub fn unread(&mut self, kind: Type, error: WorldError) {
        self.failed(&error);
        self.snapshot.unread.entry(kind).or_insert(error);
    }

    fn item(&mut self, Item { key, live }: Item) {
        live.as_ref().err().into_iter().for_each(|error| self.failed(error));
        self.found(key, live.map_or_else(Found::Unknown, Found::Present));
    }

    /// Takes in one thing, unless it has been seen already in another way.
    pub fn found(&mut self, key: Key, found: Found) {
        let under = self.snapshot.found.entry(key).or_default();
        let id = |found: &Found| found.present().map(|live| live.id.clone());
        let known = id(&found).is_some() && under.iter().any(|it| id(it) == id(&found));
        if !known {
            under.push(found);
        }
    }

    fn failed(&mut self, error: &WorldError) {
        if error.class == Class::Expired {
            self.over.get_or_insert_with(|| error.clone());
        }
    }

    /// All that was seen; or, if there was nobody to tell it, or nobody to tell it to, why.
    pub fn end(self) -> Result<Snapshot, WorldError> {
        let silent = self.snapshot.unread.values().next().filter(|_| !self.answered).cloned();
        match self.over.or(silent) {
            Some(error) => Err(error),
            None => Ok(self.snapshot),
        }
    }
}
