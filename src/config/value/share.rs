//! A number of pods, or a part of all of them.

use serde_json::{Value as Json, json};

use super::Value;
use super::notation::{Looks, expected, looks, short};
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::reader::Reader;
use crate::config::schema::Definitions;
use crate::config::tree::Node;

/// So many, or so many of a hundred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// From 1 to [`MOST`].
    Count(u32),
    /// From 1 to 100.
    Percent(u32),
}

/// More pods than one thing has.
const MOST: u32 = 1_000;
const NAMED: &str = "a whole number from 1 to 1000, or a percentage from `1%` to `100%`";

impl Share {
    /// How many of so many that is: a part of a pod is a pod, as Kubernetes has it.
    pub fn of(self, all: u32) -> u32 {
        match self {
            Self::Count(count) => count,
            Self::Percent(percent) => all.saturating_mul(percent).div_ceil(100),
        }
    }

    /// As an API server takes it: a number, or text with a `%`.
    pub fn json(self) -> Json {
        match self {
            Self::Count(count) => json!(count),
            Self::Percent(percent) => json!(format!("{percent}%")),
        }
    }

    fn parse(text: &str, is_number: bool) -> Option<Self> {
        let plain = |digits: &str| digits.parse().ok().filter(|_| !digits.starts_with(['0', '+']));
        match text.strip_suffix('%') {
            Some(digits) => plain(digits).filter(|it| (1..=100).contains(it)).map(Self::Percent),
            None => plain(text).filter(|it| is_number && (1..=MOST).contains(it)).map(Self::Count),
        }
    }
}

impl Default for Share {
    fn default() -> Self {
        Self::Count(1)
    }
}

impl Value for Share {
    fn read(node: &Node<'_>, reader: &mut Reader) -> Option<Self> {
        let scalar = expected(node, NAMED, reader)?;
        let share = Self::parse(&scalar.text, looks(scalar) == Looks::Int);
        if share.is_none() {
            let message = format!("{} is `{}`", reader.subject(), short(&scalar.text));
            let said = Diagnostic::new(Code::Malformed, node.span, message);
            reader.report(said.label(format!("takes {NAMED}")));
        }
        share
    }

    fn named() -> String {
        NAMED.to_owned()
    }

    fn written(&self) -> Json {
        self.json()
    }

    fn schema(_: &mut Definitions) -> Json {
        let percent = json!({ "type": "string", "pattern": "^([1-9][0-9]?|100)%$" });
        json!({ "anyOf": [{ "type": "integer", "minimum": 1, "maximum": MOST }, percent] })
    }
}

#[test]
fn shares_are_counted_as_kubernetes_counts_them() {
    let of = |text, all| Share::parse(text, true).map(|share| share.of(all));
    assert_eq!([of("50%", 3), of("1%", 2), of("100%", 2), of("3", 2)], [Some(2), Some(1), Some(2), Some(3)]);
    for wrong in ["0", "0%", "101%", "1001", "-1", "+1", "05%", "%", "half", "1.5", ""] {
        assert_eq!(Share::parse(wrong, true), None, "{wrong}");
    }
    assert_eq!(Share::parse("3", false), None, "text in quotes is no number");
}
