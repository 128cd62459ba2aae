//! Places: where in the file a value stands, and whether it stands there at all.

use std::fmt;
use std::ops::Deref;

pub use crate::cluster::Span;

/// Where a value came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// Written in the file at [`Spanned::span`].
    Written,
    /// A default; the span is that of the section it would be written in.
    Assumed,
    /// A stand-in for something unreadable, which has been reported.
    #[default]
    Bad,
}

/// A value and the place it came from.
#[derive(Clone, Default)]
pub struct Spanned<T> {
    pub value: T,
    /// The key it was written under; the section's place for defaults and list items.
    pub key: Span,
    pub span: Span,
    pub origin: Origin,
}

impl<T> Spanned<T> {
    /// Where a message about this value points.
    pub fn place(&self) -> Span {
        if self.origin == Origin::Written { self.span } else { self.key }
    }

    pub fn is_written(&self) -> bool {
        self.origin == Origin::Written
    }

    /// Where it stands, if it stands in the file.
    pub fn written_at(&self) -> Option<Span> {
        self.is_written().then_some(self.span)
    }
}

impl<T> Deref for Spanned<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Spanned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.origin {
            Origin::Written => write!(f, "{:?} @{}..{}", self.value, self.span.start, self.span.end),
            Origin::Assumed => write!(f, "{:?} (default)", self.value),
            Origin::Bad => f.write_str("(unreadable)"),
        }
    }
}

/// Lets a rule ask for a value with `?` and so stay silent about what is absent or already reported.
pub trait Known<T> {
    fn known(&self) -> Option<&Spanned<T>>;
}

impl<T> Known<T> for Spanned<T> {
    fn known(&self) -> Option<&Spanned<T>> {
        (self.origin != Origin::Bad).then_some(self)
    }
}

impl<T> Known<T> for Option<Spanned<T>> {
    fn known(&self) -> Option<&Spanned<T>> {
        self.as_ref().and_then(Known::known)
    }
}
