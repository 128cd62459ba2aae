//! Properties: what a resource is made of, how two of them differ, and what a difference entails.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::{Outputs, Reference, Remark, Type};

/// What the visitor comes by.
#[derive(Debug)]
pub enum Seen<'a> {
    /// A known attribute of some resource: in what lives, this is how things refer to each other.
    Known {
        /// The type of that resource.
        of: Type,
        /// Which of its attributes.
        attribute: &'static str,
        /// Its value.
        value: &'a str,
    },
    /// A reference to a resource in the graph.
    Of(&'a Reference),
}

/// Anything that a resource or an operation is made of.
pub trait Property: Serialize + PartialEq + Sized {
    /// Shows every attribute of another resource that is in here, known or not.
    fn visit(&self, _see: &mut dyn FnMut(Seen<'_>)) {}

    /// Shows every type of resource that could be in here.
    fn types(_see: &mut dyn FnMut(Type)) {}

    /// Puts in what is known by now.
    fn resolve(&mut self, _outputs: &Outputs) {}

    /// Finds how this, as desired, differs from what lives.
    fn compare(&self, live: &Self, at: &Place, into: &mut Comparison) {
        if self != live {
            into.differ(at, Some(live), Some(self));
        }
    }
}

/// What a difference in a property entails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reaction {
    /// AWS changes it where it is.
    InPlace,
    /// It is deleted and made again under the same name, since two cannot have that at once.
    Remake,
    /// A new one is made, and then the old one goes.
    Replace,
    /// Not touched: too much hangs on it.
    Protected,
}

/// Where in a resource, and what a difference there entails.
#[derive(Clone, Debug)]
pub struct Place {
    path: String,
    reaction: Reaction,
}

impl Place {
    /// The resource as a whole.
    pub fn root() -> Self {
        Self { path: String::new(), reaction: Reaction::InPlace }
    }

    /// A place that is named as it stands.
    pub fn at(path: &str, reaction: Reaction) -> Self {
        Self { path: path.to_owned(), reaction }
    }

    /// A property below this place, by its name in Rust, which CloudFormation spells `LikeThis`.
    pub fn property(&self, name: &str, reaction: Reaction) -> Self {
        let name = name.strip_prefix("r#").unwrap_or(name);
        let spelled: String = name.split('_').flat_map(capitalised).collect();
        Self { reaction, ..self.entry(&spelled) }
    }

    /// The same place, where what differs must not be changed after all.
    pub fn protected(&self) -> Self {
        Self { path: self.path.clone(), reaction: Reaction::Protected }
    }

    /// The same place, where what differs can only be made again.
    pub fn remade(&self) -> Self {
        Self { path: self.path.clone(), reaction: Reaction::Remake }
    }

    /// In CloudFormation's spelling, with dots.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// An entry of a map at this place.
    pub fn entry(&self, name: &str) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        Self { path: format!("{}{dot}{name}", self.path), reaction: self.reaction }
    }
}

fn capitalised(word: &str) -> impl Iterator<Item = char> {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters)
}

/// One difference between what is desired and what lives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// In CloudFormation's spelling, with dots: `ScalingConfig.MaxSize`.
    pub path: String,
    /// As it lives; nothing if it is not there.
    pub before: Option<Value>,
    /// As desired; nothing if it is to go. A `Fn::GetAtt` where it is known only later.
    pub after: Option<Value>,
    /// What it entails.
    #[serde(skip)]
    pub reaction: Reaction,
}

/// The outcome of comparing a resource as desired with the same as it lives.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// In the order of the declarations.
    pub differences: Vec<Difference>,
    /// Worth saying, but nothing to do about.
    pub notes: Vec<Remark>,
}

impl Comparison {
    pub(crate) fn differ<T: Serialize>(&mut self, at: &Place, before: Option<&T>, after: Option<&T>) {
        let json = |value: &T| serde_json::to_value(value).unwrap_or(Value::Null);
        let (before, after) = (before.map(json), after.map(json));
        self.differences.push(Difference { path: at.path.clone(), before, after, reaction: at.reaction });
    }

    /// The gravest reaction that a difference entails; nothing if there is none.
    pub fn reaction(&self) -> Option<Reaction> {
        self.differences.iter().map(|difference| difference.reaction).max()
    }

    /// How many properties differ, tags aside: they say nothing about what a thing is.
    pub fn weight(&self) -> usize {
        self.differences.iter().filter(|difference| !difference.path.starts_with("Tags.")).count()
    }

    /// Whether a property, or anything below it, differs.
    pub fn touches(&self, property: &str) -> bool {
        let below = |path: &str| {
            path.strip_prefix(property).is_some_and(|rest| matches!(rest.chars().next(), None | Some('.')))
        };
        self.differences.iter().any(|difference| below(&difference.path))
    }
}

macro_rules! plain {
    ($($type:ty),*) => { $(impl Property for $type {})* };
}
plain!(String, bool, u32, Vec<String>, super::kubernetes::Address);

impl<T: Property> Property for Option<T> {
    fn types(see: &mut dyn FnMut(Type)) {
        T::types(see);
    }
    fn visit(&self, see: &mut dyn FnMut(Seen<'_>)) {
        self.iter().for_each(|inner| inner.visit(see));
    }
    fn resolve(&mut self, outputs: &Outputs) {
        self.iter_mut().for_each(|inner| inner.resolve(outputs));
    }
    fn compare(&self, live: &Self, at: &Place, into: &mut Comparison) {
        match (self, live) {
            (Some(desired), Some(live)) => desired.compare(live, at, into),
            (None, None) => {}
            (desired, live) => into.differ(at, live.as_ref(), desired.as_ref()),
        }
    }
}

impl<T: Property> Property for BTreeMap<String, T> {
    fn types(see: &mut dyn FnMut(Type)) {
        T::types(see);
    }
    fn visit(&self, see: &mut dyn FnMut(Seen<'_>)) {
        self.values().for_each(|inner| inner.visit(see));
    }
    fn resolve(&mut self, outputs: &Outputs) {
        self.values_mut().for_each(|inner| inner.resolve(outputs));
    }
    fn compare(&self, live: &Self, at: &Place, into: &mut Comparison) {
        for (name, desired) in self {
            match live.get(name) {
                Some(live) => desired.compare(live, &at.entry(name), into),
                None => into.differ(&at.entry(name), None, Some(desired)),
            }
        }
        for (name, live) in live.iter().filter(|(name, _)| !self.contains_key(*name)) {
            into.differ(&at.entry(name), Some(live), None);
        }
    }
}
