//! The types that a field can have.

mod choice;
mod cidr;

mod flag;
mod int;
mod list;
mod map;
mod notation;
mod policy;
mod quantity;
mod section;
mod settings;
mod share;
mod text;

use serde_json::Value as Json;

use crate::config::declare::{Kind, SectionDecl};
use crate::config::place::{Origin, Span, Spanned};
use crate::config::reader::Reader;
use crate::config::schema::Definitions;
use crate::config::tree::Node;

pub use choice::Choice;
pub(crate) use choice::by_choice;
pub use cidr::Cidr;
pub use int::Int;
pub use list::List;
pub use map::Map;
pub use notation::{expected, found, hint, short, unfilled_text, wrong_type};
pub use policy::Policy;
pub use quantity::{Cpu, Memory};
pub(crate) use section::{
    absent as absent_section, by_section, named as named_section, read as read_section,
};
pub use settings::Settings;
pub use share::Share;
pub(crate) use text::by_text;
pub use text::{Form, Part, Text};

/// Something that can be read from a node. `Default` makes the stand-in for what could not be.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the type of a field in a cluster file",
    label = "not readable",
    note = "use one of `crate::config::value`, or declare one with `section!`, `choice!` or `text!`"
)]
pub trait Value: Sized + Default {
    /// Whether a field of this type must be there if it has no default.
    const REQUIRED: bool = true;

    /// Reads a node that is neither an alias nor already reported; `None` after reporting why not.
    fn read(node: &Node<'_>, reader: &mut Reader) -> Option<Self>;

    /// What it is where nothing is written; asked only if not `REQUIRED`.
    fn absent(_reader: &mut Reader) -> Self {
        Self::default()
    }

    /// The type in words that follow "takes": `an integer from 1 to 10`.
    fn named() -> String;

    fn schema(definitions: &mut Definitions) -> Json;

    /// As it would stand in the file.
    fn written(&self) -> Json;

    fn section() -> Option<&'static SectionDecl> {
        None
    }

    /// What to write where a value of another shape is clear enough.
    fn instead(_: &Node<'_>) -> Option<String> {
        None
    }
}

/// Whether nothing is in a list or map.
pub fn is_empty(value: &Json) -> bool {
    value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(serde_json::Map::is_empty)
}

/// What the tables keep of a type.
pub const fn kind<T: Value>() -> Kind {
    Kind { needed: T::REQUIRED, named: T::named, schema: T::schema, section: T::section }
}

/// Reads a node under a key, or in a list, into its slot.
pub fn spanned<T: Value>(node: &Node<'_>, key: Span, reader: &mut Reader) -> Spanned<T> {
    let span = node.resolved().span;
    match reader.value(node) {
        Some(value) => Spanned { value, key, span, origin: Origin::Written },
        None => Spanned { value: T::default(), key, span, origin: Origin::Bad },
    }
}
