//! IPv4 networks with the range of their prefix in the type.

use std::fmt;
use std::str::FromStr;

use ipnet::Ipv4Net;
use serde_json::{Value as Json, json};

use super::{Value, expected};
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::reader::Reader;
use crate::config::schema::Definitions;
use crate::config::tree::Node;

/// A network from `/MIN` to `/MAX`, written without host bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cidr<const MIN: u8, const MAX: u8>(pub Ipv4Net);

impl<const MIN: u8, const MAX: u8> Cidr<MIN, MAX> {
    pub fn overlaps<const A: u8, const B: u8>(&self, other: &Cidr<A, B>) -> bool {
        self.0.contains(&other.0.network()) || other.0.contains(&self.0.network())
    }
}

impl<const MIN: u8, const MAX: u8> Value for Cidr<MIN, MAX> {
    fn read(node: &Node<'_>, reader: &mut Reader) -> Option<Self> {
        let scalar = expected(node, &Self::named(), reader)?;
        let message = format!("{}: `{}` is not a CIDR", reader.subject(), super::short(&scalar.text));
        let wrong = Diagnostic::new(Code::Malformed, node.span, message);
        let diagnostic = match Ipv4Net::from_str(&scalar.text) {
            Ok(net) if net.trunc() != net => {
                let (right, prefix) = (net.trunc().to_string(), net.prefix_len());
                let message = format!("{}: `{net}` has bits set beyond its /{prefix}", reader.subject());
                Diagnostic::new(Code::HostBits, node.span, message)
                    .label(format!("write `{right}`"))
                    .fix(node.span, right)
            }
            Ok(net) if (MIN..=MAX).contains(&net.prefix_len()) => return Some(Self(net)),
            Ok(net) => {
                let message = format!("{} is a /{}", reader.subject(), net.prefix_len());
                Diagnostic::new(Code::Malformed, node.span, message).label(format!("takes /{MIN} to /{MAX}"))
            }
            Err(_) => wrong.label("an IPv4 network such as `10.0.0.0/16`"),
        };
        reader.report(diagnostic);
        None
    }

    fn named() -> String {
        if MAX == 32 { "a CIDR".to_owned() } else { format!("a CIDR from /{MIN} to /{MAX}") }
    }

    fn written(&self) -> Json {
        json!(self.to_string())
    }

    fn schema(_: &mut Definitions) -> Json {
        let prefixes: Vec<String> = (MIN..=MAX).map(|n| n.to_string()).collect();
        let byte = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
        json!({ "type": "string", "pattern": format!("^{byte}(\\.{byte}){{3}}/({})$", prefixes.join("|")) })
    }
}

impl<const MIN: u8, const MAX: u8> fmt::Display for Cidr<MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
