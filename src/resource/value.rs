//! Values that may be known only later.

use std::fmt::Debug;
use std::marker::PhantomData;

use serde::{Serialize, Serializer};
use serde_json::json;

use super::{Key, Outputs, Property, Resource, Seen, Type};

/// A piece of text with a meaning of its own: a VPC's id, a role's ARN, or plain text.
pub trait Scalar: Clone + Debug + Ord + From<String> + AsRef<str> + Send + Sync + 'static {
    /// The type of resource and the attribute that such a value is; nothing for plain text.
    const SOURCE: Option<(Type, &'static str)>;

    /// Whether no two resources have the same, so that it shows which one is meant.
    const TELLS: bool = true;
}

impl Scalar for String {
    const SOURCE: Option<(Type, &'static str)> = None;
}

/// A scalar that AWS gives to a resource; what CloudFormation calls an attribute.
pub trait Attribute: Scalar {
    /// The resource that has it.
    type Of: Resource;
    /// CloudFormation's name for it.
    const NAME: &'static str;
}

/// Points at an attribute of a resource in the graph.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// Whose attribute.
    pub key: Key,
    /// Which one.
    pub attribute: &'static str,
}

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json!({ "Fn::GetAtt": [self.key.to_string(), self.attribute] }).serialize(serializer)
    }
}

/// A reference that knows the type of its value. There is no constructor: see [`Added::get`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ref<T> {
    to: Reference,
    value: PhantomData<fn() -> T>,
}

/// A resource in the graph, and so something to refer to. Only `Graph::add` hands one out,
/// so whoever holds a reference holds it to something that is in the graph, and was there first.
#[derive(Clone, Debug)]
pub struct Added<R> {
    key: Key,
    resource: PhantomData<fn() -> R>,
}

impl<R: Resource> Added<R> {
    pub(crate) fn new(key: Key) -> Self {
        Self { key, resource: PhantomData }
    }

    /// Its name in the graph.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The attribute that the place where it goes asks for.
    pub fn get<T: Attribute<Of = R>>(&self) -> Val<T> {
        Val::Of(Ref { to: self.reference::<T>(), value: PhantomData })
    }

    /// The same, as a part of a text.
    pub fn part<T: Attribute<Of = R>>(&self) -> Part {
        Part::Of(self.reference::<T>())
    }

    fn reference<T: Attribute<Of = R>>(&self) -> Reference {
        Reference { key: self.key.clone(), attribute: T::NAME }
    }
}

/// A value that is known, or will be when something else has been made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Val<T> {
    /// Known now.
    Known(T),
    /// An attribute of another resource.
    Of(Ref<T>),
    /// Text with attributes in it, wherever in the text they stand: map keys in JSON included.
    Text(Vec<Part>),
}

/// A part of a [`Val::Text`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum Part {
    /// Said as it is.
    Literal(String),
    /// An attribute of another resource.
    Of(Reference),
}

impl<T: Scalar> Val<T> {
    /// The value, if it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Val::Known(value) => Some(value),
            Val::Of(_) | Val::Text(_) => None,
        }
    }

    /// As parts of a longer text.
    pub fn parts(&self) -> Vec<Part> {
        match self {
            Val::Known(value) => vec![Part::Literal(value.as_ref().to_owned())],
            Val::Of(reference) => vec![Part::Of(reference.to.clone())],
            Val::Text(parts) => parts.clone(),
        }
    }
}

impl<T: Scalar> Serialize for Val<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Val::Known(value) => value.as_ref().serialize(serializer),
            Val::Of(reference) => reference.to.serialize(serializer),
            Val::Text(parts) => json!({ "Fn::Join": ["", parts] }).serialize(serializer),
        }
    }
}

impl<T: Scalar> Property for Val<T> {
    fn types(see: &mut dyn FnMut(Type)) {
        T::SOURCE.into_iter().for_each(|(of, _)| see(of));
    }
    fn visit(&self, see: &mut dyn FnMut(Seen<'_>)) {
        match self {
            Val::Known(value) => {
                if let Some((of, attribute)) = T::SOURCE.filter(|_| T::TELLS) {
                    see(Seen::Known { of, attribute, value: value.as_ref() });
                }
            }
            Val::Of(reference) => see(Seen::Of(&reference.to)),
            Val::Text(parts) => parts.iter().for_each(|part| match part {
                Part::Of(reference) => see(Seen::Of(reference)),
                Part::Literal(_) => {}
            }),
        }
    }

    fn resolve(&mut self, outputs: &Outputs) {
        let known = match self {
            Val::Known(_) => None,
            Val::Of(reference) => outputs.get(&reference.to).map(str::to_owned),
            Val::Text(parts) => parts.iter().map(|part| part.text(outputs)).collect::<Option<String>>(),
        };
        if let Some(known) = known {
            *self = Val::Known(T::from(known));
        }
    }
}

impl Part {
    fn text<'a>(&'a self, outputs: &'a Outputs) -> Option<&'a str> {
        match self {
            Part::Literal(text) => Some(text),
            Part::Of(reference) => outputs.get(reference),
        }
    }
}

/// Declares scalars that are attributes of a resource.
macro_rules! attributes {
    ($($(#[$doc:meta])* $name:ident of $resource:ident = $attribute:literal $(, tells: $tells:literal)?;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(pub String);
        impl From<String> for $name {
            fn from(text: String) -> Self { Self(text) }
        }
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str { &self.0 }
        }
        impl $crate::resource::Scalar for $name {
            const SOURCE: Option<($crate::resource::Type, &'static str)> =
                Some((<$resource as $crate::resource::OneOf>::TYPE, $attribute));
            $(const TELLS: bool = $tells;)?
        }
        impl $crate::resource::Attribute for $name {
            type Of = $resource;
            const NAME: &'static str = $attribute;
        }
    )* };
}
pub(crate) use attributes;
