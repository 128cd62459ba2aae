//! Text: free, or of a declared form from which both the check and the schema's pattern come.

use serde_json::{Value as Json, json};

use super::Value;
use super::notation::{Gap, Looks, expected, gap, looks, scalar, wrong_type};
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::reader::Reader;
use crate::config::schema::Definitions;
use crate::config::tree::{Kind, Node, Scalar};

/// The form of a name, an id or an ARN, from which both the check and the schema's pattern come.
#[derive(Debug)]
pub struct Form {
    /// With its article: `a node group name`.
    pub what: &'static str,
    /// The form in words.
    pub says: &'static str,
    pub parts: &'static [Part],
}

/// A part of a form. Parts are matched from left to right, each as far as it goes.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// These characters.
    Is(&'static str),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A class as in a regular expression, without the brackets; fewest and most of its characters.
    Of(&'static str, usize, usize),
    /// The digits of an id that AWS gives: 8 of the old ones, 17 of all others.
    Hex,
}

const HEX: &str = "0-9a-f";

impl Form {
    pub fn pattern(&self) -> String {
        let parts = self.parts.iter().map(|part| match part {
            Part::Is(text) => text.replace('.', "\\."),
            Part::OneOf(words) => format!("({})", words.join("|")),
            Part::Of(class, min, max) => format!("[{class}]{{{min},{max}}}"),
            Part::Hex => format!("([{HEX}]{{8}}|[{HEX}]{{17}})"),
        });
        format!("^{}$", parts.collect::<String>())
    }

    pub fn fits(&self, text: &str) -> bool {
        self.parts.iter().try_fold(text, |rest, part| part.strip(rest)) == Some("")
    }
}

impl Part {
    /// The text without what this part takes of it; `None` if it takes nothing.
    fn strip(self, text: &str) -> Option<&str> {
        let leading = |class, most| text.chars().take(most).take_while(|c| in_class(*c, class)).count();
        match self {
            Part::Is(start) => text.strip_prefix(start),
            Part::OneOf(words) => words.iter().find_map(|word| text.strip_prefix(word)),
            Part::Of(class, min, max) => Some(leading(class, max)).filter(|n| *n >= min).map(|n| &text[n..]),
            Part::Hex => Some(leading(HEX, 18)).filter(|n| matches!(n, 8 | 17)).map(|n| &text[n..]),
        }
    }
}

/// Classes are ASCII, so that their characters are bytes.
fn in_class(c: char, class: &str) -> bool {
    let Ok(c) = u8::try_from(c) else { return false };
    let mut rest = class.as_bytes();
    loop {
        rest = match rest {
            [from, b'-', to, ..] if (from..=to).contains(&&c) => return true,
            [_, b'-', _, more @ ..] => more,
            [one, ..] if *one == c => return true,
            [_, more @ ..] => more,
            [] => return false,
        };
    }
}

/// Implemented by `text!` alone.
pub trait Text: Sized {
    const FORM: Form;
    fn new(text: String) -> Self;

    /// What to write instead of text that is often taken for this.
    fn instead(_: &str) -> Option<&'static str> {
        None
    }
}

impl Form {
    /// Reads a type declared with `text!`.
    pub fn read<T: Text>(node: &Node<'_>, reader: &mut Reader) -> Option<T> {
        let form = T::FORM;
        let scalar = expected(node, form.what, reader)?;
        if form.fits(&scalar.text) {
            warn_if_ambiguous(node, scalar, reader);
            return Some(T::new(scalar.text.to_string()));
        }
        let also = match looks(scalar) {
            Looks::Bool | Looks::OldBool(_) => "a boolean to YAML, and ",
            Looks::Int | Looks::OtherInt(_) | Looks::Float => "a number to YAML, and ",
            Looks::Text | Looks::Null => "",
        };
        let message = match &*scalar.text {
            "" => format!("{} is empty", reader.subject()),
            text => format!("{}: `{}` is {also}not {}", reader.subject(), super::short(text), form.what),
        };
        let label = T::instead(&scalar.text).unwrap_or(form.says);
        reader.report(Diagnostic::new(Code::Malformed, node.span, message).label(label));
        None
    }
}

impl Value for String {
    fn read(node: &Node<'_>, reader: &mut Reader) -> Option<Self> {
        if let Kind::Map(_) | Kind::List(_) = node.kind {
            let wrong =
                wrong_type(node, "text", reader).help("a `|` after the `:` makes the lines below it text");
            reader.report(wrong);
            return None;
        }
        let scalar = scalar(node, "text", reader)?;
        if matches!(gap(&scalar.text), Some(Gap::Shell | Gap::Template)) {
            let message = format!("{} holds a variable: `{}`", reader.subject(), super::short(&scalar.text));
            let warning = Diagnostic::new(Code::UnfilledText, node.span, message);
            reader.report(warning.label("nothing fills it in here: it is taken as it stands"));
        }
        warn_if_ambiguous(node, scalar, reader);
        Some(scalar.text.to_string())
    }

    fn named() -> String {
        "text".to_owned()
    }

    fn written(&self) -> Json {
        json!(self)
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "string" })
    }
}

/// `version: 1.30` is read as it stands; other readers see 1.3, so the quoted line is shown.
fn warn_if_ambiguous(node: &Node<'_>, scalar: &Scalar<'_>, reader: &mut Reader) {
    let text = &*scalar.text;
    let other = match looks(scalar) {
        Looks::Text | Looks::Null => return,
        Looks::Bool => format!("the boolean {}", text.to_ascii_lowercase()),
        Looks::OldBool(value) => format!("the boolean {value} (YAML 1.1)"),
        Looks::OtherInt(Some(n)) => format!("the number {n}"),
        Looks::Int => format!("the number {text}"),
        Looks::OtherInt(None) => format!("the number {}", text.trim_start_matches('0')),
        Looks::Float => format!("the number {}", text.parse::<f64>().unwrap_or_default()),
    };
    let message =
        format!("{} is read as the text `{text}`; other YAML readers take it for {other}", reader.subject());
    let warning = Diagnostic::new(Code::LooksLikeOther, node.span, message);
    reader.report(warning.label(format!("write `\"{text}\"`")).fix(node.span, format!("\"{text}\"")));
}

/// `impl Value` for a type declared with `text!`.
macro_rules! by_text {
    ($Name:ident) => {
        impl $crate::config::value::Value for $Name {
            fn read(node: &$crate::config::tree::Node<'_>, reader: &mut $crate::config::reader::Reader) -> Option<Self> {
                $crate::config::value::Form::read(node, reader)
            }
            fn named() -> String {
                <Self as $crate::config::value::Text>::FORM.what.to_owned()
            }
            fn written(&self) -> serde_json::Value {
                serde_json::Value::from(self.0.clone())
            }
            fn schema(_: &mut $crate::config::schema::Definitions) -> serde_json::Value {
                let pattern = <Self as $crate::config::value::Text>::FORM.pattern();
                serde_json::json!({ "type": "string", "pattern": pattern })
            }
        }
    };
}
pub(crate) use by_text;
