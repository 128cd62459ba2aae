//! Quantities of Kubernetes: an amount of processor time or of memory, in the one form that a server keeps.

use serde_json::{Value as Json, json};

use super::Value;
use super::notation::{expected, short};
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::reader::Reader;
use crate::config::schema::Definitions;
use crate::config::tree::Node;

/// Processor time in thousandths of a core, as a server keeps it: `500m`, `2`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cpu(Amount);

/// Memory in bytes, as a server keeps it: `200Mi`, `1Gi`, `128M`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory(Amount);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Amount {
    /// In thousandths of a core, or in bytes.
    units: u64,
    text: String,
}

/// A quantity as written.
struct Parsed {
    /// In thousandths; none if it is finer than that.
    thousandths: Option<u128>,
    is_binary: bool,
}

const DECIMAL: [(&str, u32); 6] = [("k", 1), ("M", 2), ("G", 3), ("T", 4), ("P", 5), ("E", 6)];
const BINARY: [(&str, u32); 6] = [("Ki", 1), ("Mi", 2), ("Gi", 3), ("Ti", 4), ("Pi", 5), ("Ei", 6)];

impl Cpu {
    /// Thousandths of a core.
    pub fn thousandths(&self) -> u64 {
        self.0.units
    }

    /// As a server keeps it.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    fn of(text: &str) -> Result<Self, &'static str> {
        let thousandths = parse(text).ok_or(CPU)?.thousandths.ok_or("a thousandth of a core is the least")?;
        let units = counted(thousandths)?;
        let text = if units % 1000 == 0 { decimal(units / 1000) } else { format!("{units}m") };
        Ok(Self(Amount { units, text }))
    }
}

impl Memory {
    /// Bytes.
    pub fn bytes(&self) -> u64 {
        self.0.units
    }

    /// As a server keeps it.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    fn of(text: &str) -> Result<Self, &'static str> {
        let parsed = parse(text).ok_or(MEMORY)?;
        let bytes = parsed.thousandths.filter(|thousandths| thousandths % 1000 == 0);
        let bytes = bytes.map(|thousandths| thousandths / 1000).ok_or(match text.ends_with('m') {
            true => "`m` is a thousandth of a byte: `Mi` was meant",
            false => "a byte is the least",
        })?;
        let units = counted(bytes)?;
        let text = if parsed.is_binary && units >= 1024 { binary(units) } else { decimal(units) };
        Ok(Self(Amount { units, text }))
    }
}

const CPU: &str = "such as `500m` or `2`";
const MEMORY: &str = "such as `200Mi` or `1Gi`";

fn counted(units: u128) -> Result<u64, &'static str> {
    match u64::try_from(units) {
        Ok(0) => Err("nothing is no amount: leave it out"),
        Ok(units) => Ok(units),
        Err(_) => Err("more than there is"),
    }
}

/// Digits with a fraction, and a suffix or an exponent.
fn parse(text: &str) -> Option<Parsed> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (digits, suffix) = text.split_at(end);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') || digits.len() > 20 {
        return None;
    }
    let all: u128 = format!("{whole}{fraction}").parse().ok()?;
    let (times, over) = factor(suffix)?;
    let value = all.checked_mul(times)?.checked_mul(1000)?;
    let by = 10u128.checked_pow(u32::try_from(fraction.len()).ok()?)?.checked_mul(over)?;
    let thousandths = (value % by == 0).then_some(value / by);
    Some(Parsed { thousandths, is_binary: suffix.ends_with('i') })
}

/// What a suffix multiplies by, and what it divides by.
fn factor(suffix: &str) -> Option<(u128, u128)> {
    let power = |base: u128, of: &[(&str, u32)]| {
        of.iter().find(|(name, _)| *name == suffix).map(|(_, power)| (base.pow(*power), 1))
    };
    match suffix {
        "" => Some((1, 1)),
        "m" => Some((1, 1_000)),
        "u" => Some((1, 1_000_000)),
        "n" => Some((1, 1_000_000_000)),
        _ => power(1000, &DECIMAL).or(power(1024, &BINARY)).or_else(|| exponent(suffix)),
    }
}

fn exponent(suffix: &str) -> Option<(u128, u128)> {
    let digits = suffix.strip_prefix(['e', 'E'])?;
    let (sign, digits) = match digits.strip_prefix(['-', '+']) {
        Some(rest) => (digits.starts_with('-'), rest),
        None => (false, digits),
    };
    let power = digits.parse::<u32>().ok().filter(|power| *power <= 18 && !digits.starts_with('+'))?;
    let of_ten = 10u128.checked_pow(power)?;
    Some(if sign { (1, of_ten) } else { (of_ten, 1) })
}

fn decimal(units: u64) -> String {
    scaled(units, 1000, &DECIMAL)
}

fn binary(units: u64) -> String {
    scaled(units, 1024, &BINARY)
}

/// With the largest suffix that leaves a whole number.
fn scaled(units: u64, base: u64, suffixes: &[(&str, u32)]) -> String {
    let fits =
        |(_, power): &&(&str, u32)| base.checked_pow(*power).is_some_and(|by| units.is_multiple_of(by));
    match suffixes.iter().rev().find(fits) {
        Some((suffix, power)) => format!("{}{suffix}", units / base.pow(*power)),
        None => units.to_string(),
    }
}

fn read<T>(
    node: &Node<'_>,
    reader: &mut Reader,
    named: &str,
    of: impl Fn(&str) -> Result<T, &'static str>,
) -> Option<T> {
    let scalar = expected(node, named, reader)?;
    match of(&scalar.text) {
        Ok(amount) => Some(amount),
        Err(label) => {
            let message = format!("{}: `{}` is not {named}", reader.subject(), short(&scalar.text));
            reader.report(Diagnostic::new(Code::Malformed, node.span, message).label(label));
            None
        }
    }
}

macro_rules! quantity {
    ($Name:ident, $named:literal, $number:expr, $pattern:literal) => {
        impl Value for $Name {
            fn read(node: &Node<'_>, reader: &mut Reader) -> Option<Self> {
                read(node, reader, $named, $Name::of)
            }
            fn named() -> String {
                $named.to_owned()
            }
            fn written(&self) -> Json {
                json!(self.text())
            }
            fn schema(_: &mut Definitions) -> Json {
                json!({ "anyOf": [$number, { "type": "string", "pattern": $pattern }] })
            }
        }
    };
}

quantity!(
    Cpu,
    "an amount of processor time",
    json!({ "type": "number", "exclusiveMinimum": 0 }),
    "^([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$"
);
quantity!(
    Memory,
    "an amount of memory",
    json!({ "type": "integer", "minimum": 1 }),
    "^[0-9]+$|^([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([kMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)$|^[0-9]+000m$"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_kept_as_a_server_keeps_them() {
        let cpu = |text| Cpu::of(text).map(|it| it.text().to_owned());
        let memory = |text| Memory::of(text).map(|it| it.text().to_owned());
        for (written, kept) in [
            ("0.5", "500m"),
            ("500m", "500m"),
            ("1000m", "1"),
            ("2", "2"),
            ("1.25", "1250m"),
            (".1", "100m"),
            ("1e3m", "?"),
            ("5e-1", "500m"),
            ("1000", "1k"),
            ("2000u", "2m"),
            ("99E9", "99G"),
        ] {
            assert_eq!(cpu(written).unwrap_or("?".to_owned()), kept, "{written}");
        }
        for (written, kept) in [
            ("1024Mi", "1Gi"),
            ("200Mi", "200Mi"),
            ("0.5Gi", "512Mi"),
            ("1.5Gi", "1536Mi"),
            ("1000M", "1G"),
            ("134217728", "134217728"),
            ("1000", "1k"),
            ("1e9", "1G"),
            ("1Ki", "1Ki"),
            ("0.5Ki", "512"),
            ("128000m", "128"),
        ] {
            assert_eq!(memory(written).unwrap_or("?".to_owned()), kept, "{written}");
        }
        for wrong in ["", ".", "lots", "-1", "1 Gi", "1gi", "1.2.3", "0", "0.0001", "99E"] {
            assert!(cpu(wrong).is_err(), "{wrong}");
        }
        for wrong in ["128m", "0", "1.5", "16Ei", "1K", "0x10", "1e99"] {
            assert!(memory(wrong).is_err(), "{wrong}");
        }
    }
}
