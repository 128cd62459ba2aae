//! Resources as they live in AWS.

use super::{Any, Attribute, Attributes, Incomplete, Key, Property, Resource, Seen, Timestamp, Trouble, Val};

/// A resource as AWS has it, read back in the same words in which it would be asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Live<R = Any> {
    /// Tells it from all others that ever were: an id or ARN, never a name that can be used again.
    pub id: String,
    /// The name that AWS knows it by, where another must not have the same.
    pub name: Option<String>,
    /// What it is like, every value known.
    pub properties: R,
    /// What others may refer to.
    pub attributes: Attributes,
    /// AWS's word.
    pub status: String,
    /// When it was made, where AWS tells.
    pub made: Option<Timestamp>,
    /// What AWS says is wrong with it.
    pub troubles: Vec<Trouble>,
    /// What AWS has put into it and left behind, and what must go before it can.
    pub leftovers: Vec<Leftover>,
    /// Earlier versions that AWS keeps of it, by number (launch templates).
    pub earlier: Vec<(String, R)>,
}

/// Something that AWS has made by itself and does not take away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leftover {
    /// A network interface that belonged to a node, by its id.
    NetworkInterface(String),
    /// The cluster security group that EKS has made, by its id.
    SecurityGroup(String),
}

/// What a status means for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Can be used.
    Ready,
    /// Busy becoming ready, or failed.
    Settling,
    /// Busy going.
    Deleting,
    /// Never to be ready: deleted and made again.
    Failed,
    /// Gone, but AWS still speaks of it (a deleted NAT gateway, for an hour).
    Gone,
    /// A word that is not known here, and so never taken for ready.
    Unclear,
}

/// The table of a type of which AWS tells no status.
pub(super) const STATELESS: &[(&str, Standing)] = &[("", Standing::Ready)];

impl<R: Resource> Live<R> {
    /// One of its attributes.
    pub fn get<T: Attribute<Of = R>>(&self) -> Result<Val<T>, Incomplete> {
        let value = self.attributes.get(T::NAME).cloned();
        value.map(|value| Val::Known(T::from(value))).ok_or(Incomplete::Lacks(T::NAME))
    }

    pub(crate) fn of(any: &Live) -> Option<Self> {
        let earlier = any.earlier.iter();
        let earlier = earlier.filter_map(|(version, one)| Some((version.clone(), R::of(one)?.clone())));
        Some(any.with(R::of(&any.properties)?.clone(), earlier.collect()))
    }

    pub(crate) fn into_any(self) -> Live {
        let earlier = self.earlier.iter().map(|(version, one)| (version.clone(), one.clone().into()));
        self.with(self.properties.clone().into(), earlier.collect())
    }
}

impl<R> Live<R> {
    fn with<S>(&self, properties: S, earlier: Vec<(String, S)>) -> Live<S> {
        Live {
            id: self.id.clone(),
            name: self.name.clone(),
            properties,
            attributes: self.attributes.clone(),
            status: self.status.clone(),
            made: self.made,
            troubles: self.troubles.clone(),
            leftovers: self.leftovers.clone(),
            earlier,
        }
    }
}

impl Live {
    /// What its status means.
    pub fn standing(&self) -> Standing {
        self.properties.kind().standing(&self.status)
    }

    /// Whether it is still being made. What is there and is being changed settles, too, in EKS's word for that.
    pub fn is_being_made(&self) -> bool {
        self.standing() == Standing::Settling && self.status != "UPDATING"
    }

    /// The key that its tags name.
    pub fn key(&self) -> Option<Key> {
        self.properties.tags().get(super::tags::KEY)?.parse().ok()
    }

    /// Whether its properties name an attribute of another.
    pub fn refers_to(&self, other: &Live) -> bool {
        let (mut refers, kind) = (false, other.properties.kind());
        self.properties.visit(&mut |seen| {
            if let Seen::Known { of, attribute, value } = seen {
                refers |= of == kind && other.attributes.get(attribute).is_some_and(|it| it == value);
            }
        });
        refers
    }
}
