//! How values are named in messages, and YAML's many notations for the same thing.

use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::Span;
use crate::config::reader::Reader;
use crate::config::tree::{Kind, Node, RENDER, Scalar};

/// What a plain scalar is to readers of YAML 1.2, or only to those of YAML 1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    Null,
    Bool,
    /// `yes`, `off`…: booleans in YAML 1.1, which eksctl reads.
    OldBool(bool),
    Int,
    /// `0o17`, `0x1F`, `1_000`: an integer in another notation, if it fits.
    OtherInt(Option<i64>),
    Float,
    Text,
}

pub fn looks(scalar: &Scalar<'_>) -> Looks {
    if !scalar.plain {
        return Looks::Text;
    }
    match &*scalar.text {
        "" | "~" | "null" | "Null" | "NULL" => Looks::Null,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => Looks::Bool,
        "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "y" | "Y" => Looks::OldBool(true),
        "no" | "No" | "NO" | "off" | "Off" | "OFF" | "n" | "N" => Looks::OldBool(false),
        text => number(text),
    }
}

fn number(text: &str) -> Looks {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Looks::Text;
    }
    let radix = |prefix, radix| digits.strip_prefix(prefix).and_then(|d| i64::from_str_radix(d, radix).ok());
    if let Some(value) = radix("0o", 8).or(radix("0x", 16)).or(radix("0b", 2)) {
        return Looks::OtherInt(Some(value));
    }
    let all = |also: &str| digits.chars().all(|c| c.is_ascii_digit() || also.contains(c));
    match () {
        () if all("") && (digits == "0" || !digits.starts_with('0')) && !text.starts_with('+') => Looks::Int,
        () if all("") && digits.starts_with('0') && digits != "0" => Looks::OtherInt(None),
        () if all("_") => Looks::OtherInt(text.replace('_', "").parse().ok()),
        () if all(".eE+-") && text.parse::<f64>().is_ok() => Looks::Float,
        () => Looks::Text,
    }
}

/// A node in words that follow "not".
pub fn found(node: &Node<'_>) -> String {
    match &node.resolved().kind {
        Kind::List(_) => "a list".to_owned(),
        Kind::Map(_) => "a map".to_owned(),
        Kind::Bad | Kind::Shared { .. } => "something unreadable".to_owned(),
        Kind::Scalar(scalar) => match looks(scalar) {
            Looks::Null => "nothing".to_owned(),
            Looks::Bool => format!("`{}`", scalar.text),
            Looks::Int | Looks::OtherInt(_) | Looks::Float => format!("the number {}", scalar.text),
            Looks::OldBool(_) | Looks::Text => format!("the text `{}`", short(&scalar.text)),
        },
    }
}

pub fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    let cut: String = line.chars().take(40).collect();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}

/// `takes …, not …`, at the value; a value that was to be filled in has its own words.
pub fn wrong_type(node: &Node<'_>, named: &str, reader: &Reader) -> Diagnostic {
    if let Some(unfilled) = unfilled(node, named, reader) {
        return unfilled;
    }
    let message = format!("{} takes {named}, not {}", reader.subject(), found(node));
    Diagnostic::new(Code::WrongType, node.resolved().span, message)
}

/// A label for a value of another type, unless there is more to say about it.
pub fn hint(diagnostic: Diagnostic, label: impl Into<String>) -> Diagnostic {
    if diagnostic.code == Code::WrongType { diagnostic.label(label) } else { diagnostic }
}

/// What somebody or something was to put in before the file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// `${NAME}`, `$NAME`, `$(command)`.
    Shell,
    /// `{{ name }}`.
    Template,
    /// `<name>`.
    Placeholder,
}

/// What AWS itself fills in, in the user names of access entries.
const FILLED: [&str; 2] = ["{{SessionName}}", "{{SessionNameRaw}}"];

pub fn gap(text: &str) -> Option<Gap> {
    let text = &FILLED.iter().fold(text.to_owned(), |text, filled| text.replace(filled, ""));
    let opens = |c: char| matches!(c, '{' | '(' | '_') || c.is_ascii_alphabetic();
    let shell = text.match_indices('$').any(|(n, _)| text[n + 1..].starts_with(opens));
    let placeholder = text.split_once('<').is_some_and(|(_, rest)| rest.contains('>'));
    match () {
        () if shell => Some(Gap::Shell),
        () if text.contains("{{") => Some(Gap::Template),
        () if placeholder => Some(Gap::Placeholder),
        () => None,
    }
}

fn unfilled(node: &Node<'_>, named: &str, reader: &Reader) -> Option<Diagnostic> {
    unfilled_text(&node.as_scalar()?.text, node.resolved().span, &reader.subject(), named)
}

/// Says of text in which something was to be put in where it stands, and what is taken there.
pub fn unfilled_text(text: &str, at: Span, subject: &str, named: &str) -> Option<Diagnostic> {
    let help = match gap(text)? {
        Gap::Shell => "fill it in first, such as with `envsubst < cluster.yaml > filled.yaml`",
        Gap::Template => RENDER,
        Gap::Placeholder => "put your own value in its place",
    };
    let message = format!("{subject} takes {named}, and `{}` has not been filled in", short(text));
    Some(Diagnostic::new(Code::Unfilled, at, message).label("nothing fills it in here").help(help))
}

/// The scalar that a field takes; a list, a map, nothing, or what was to be filled in is reported.
pub fn expected<'n, 's>(node: &'n Node<'s>, named: &str, reader: &mut Reader) -> Option<&'n Scalar<'s>> {
    let scalar = scalar(node, named, reader)?;
    match unfilled(node, named, reader) {
        None => Some(scalar),
        Some(unfilled) => {
            reader.report(unfilled);
            None
        }
    }
}

/// Any scalar; a list, a map or nothing is reported.
pub fn scalar<'n, 's>(node: &'n Node<'s>, named: &str, reader: &mut Reader) -> Option<&'n Scalar<'s>> {
    let diagnostic = match node.as_scalar() {
        Some(_) if node.is_null() => {
            let message = format!("{} has no value", reader.subject());
            let label = format!("takes {named}; write it, or remove the line");
            Diagnostic::new(Code::NoValue, reader.visible(node.span), message).label(label)
        }
        Some(scalar) => return Some(scalar),
        None => wrong_type(node, named, reader),
    };
    reader.report(diagnostic);
    None
}
