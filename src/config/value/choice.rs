//! A word out of a fixed set.

use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::reader::Reader;
use crate::config::suggest::nearest;
use crate::config::tree::Node;

use super::expected;

/// Implemented by `choice!` alone.
pub trait Choice: Copy + 'static {
    const WORDS: &'static [(&'static str, Self)];
    /// eksctl's words that cannot be carried out yet.
    const NOT_YET: &'static [&'static str];

    fn words() -> impl Iterator<Item = &'static str> {
        Self::WORDS.iter().map(|(word, _)| *word)
    }

    /// As the file spells it.
    fn word(self) -> &'static str
    where
        Self: PartialEq,
    {
        Self::WORDS.iter().find(|(_, value)| *value == self).map_or("", |(word, _)| word)
    }

    fn one_of() -> String {
        let words: Vec<String> = Self::words().map(|word| format!("`{word}`")).collect();
        if let [word] = &words[..] { word.clone() } else { format!("one of {}", words.join(", ")) }
    }

    fn read_choice(node: &Node<'_>, reader: &mut Reader) -> Option<Self> {
        let named = Self::one_of();
        let scalar = expected(node, &named, reader)?;
        if let Some((_, value)) = Self::WORDS.iter().find(|(word, _)| *word == scalar.text) {
            return Some(*value);
        }
        if Self::NOT_YET.contains(&&*scalar.text) {
            let message = format!("{}: `{}` is not supported yet", reader.subject(), scalar.text);
            reader.report(Diagnostic::new(Code::NotYet, node.span, message).label(format!("takes {named}")));
            return None;
        }
        let message = format!("{} cannot be `{}`", reader.subject(), super::short(&scalar.text));
        let diagnostic = Diagnostic::new(Code::NotAChoice, node.span, message);
        reader.report(match nearest(&scalar.text, Self::words()) {
            Some(word) => diagnostic
                .label(format!("did you mean `{word}`?"))
                .help(format!("takes {named}"))
                .fix(node.span, word),
            None => diagnostic.label(format!("takes {named}")),
        });
        None
    }
}

/// `impl Value` for a type declared with `choice!`.
macro_rules! by_choice {
    ($Name:ident) => {
        impl $crate::config::value::Value for $Name {
            fn read(node: &$crate::config::tree::Node<'_>, reader: &mut $crate::config::reader::Reader) -> Option<Self> {
                <Self as $crate::config::value::Choice>::read_choice(node, reader)
            }
            fn named() -> String {
                <Self as $crate::config::value::Choice>::one_of()
            }
            fn written(&self) -> serde_json::Value {
                serde_json::Value::from($crate::config::value::Choice::word(*self))
            }
            fn schema(_: &mut $crate::config::schema::Definitions) -> serde_json::Value {
                let words: Vec<&str> = <Self as $crate::config::value::Choice>::words().collect();
                serde_json::json!({ "enum": words })
            }
        }
    };
}
pub(crate) use by_choice;
