//! Departures from the secure defaults: counted, listed with the lines to write, and explained.

use serde_json::{Value as Json, json};

use super::diagnostics::{place, position};
use super::units::count;
use crate::config::{CHECKS, Check, Departure, Source};

/// How a waiver is written.
const WAIVER: &str = "# eksact:allow CHECK: REASON";

/// How many are not allowed.
pub fn open(departures: &[Departure]) -> usize {
    departures.iter().filter(|it| it.waiver.is_none()).count()
}

/// In one line, with where they are listed; nothing where there are none.
pub fn counted(departures: &[Departure], listed: &str) -> Option<String> {
    let number = open(departures);
    (number > 0)
        .then(|| format!("{} about defaults that scanners reject: {listed}", count(number, "warning")))
}

/// All of them: what to write where, and why others are allowed; nothing where there are none.
pub fn list(source: &Source, departures: &[Departure]) -> String {
    let (allowed, open): (Vec<&Departure>, Vec<&Departure>) =
        departures.iter().partition(|it| it.waiver.is_some());
    let mut parts = Vec::new();
    if let Some(first) = open.first() {
        let number = count(open.len(), "departure");
        parts.push(format!("{number} from the secure defaults; for those, write:"));
        parts.extend(open.iter().map(|it| told(source, it)));
        let explained = format!("`eksact explain {}` says more", first.check.name);
        parts.push(format!("To keep one, give the reason beside it or above: {WAIVER}\n{explained}."));
    }
    if !allowed.is_empty() {
        let lines: Vec<String> = allowed.iter().map(|it| reason(source, it)).collect();
        parts.push(format!("{} allowed:\n{}", allowed.len(), lines.join("\n")));
    }
    parts.join("\n\n")
}

fn told(source: &Source, departure: &Departure) -> String {
    let Check { because, rules, .. } = departure.check;
    let rules = if rules.is_empty() { String::new() } else { format!(" ({})", rules.join(", ")) };
    let write: Vec<String> = departure.write.lines().map(|line| format!("    {line}")).collect();
    format!("{}{rules}\n  {because}\n{}", head(source, departure), write.join("\n"))
}

fn reason(source: &Source, departure: &Departure) -> String {
    let reason = departure.waiver.as_ref().map_or("", |waiver| &waiver.reason);
    format!("{}\n  {reason}", head(source, departure))
}

/// Where, what, and of which node group.
fn head(source: &Source, departure: &Departure) -> String {
    let group = departure.nodegroup.as_ref().map(|name| format!(", nodegroup {name}"));
    format!("{}: {}{}", place(source, departure.at), departure.check.name, group.unwrap_or_default())
}

/// The same for programs.
pub fn object(source: &Source, departure: &Departure) -> Json {
    let (line, column) = position(&source.text, departure.at.start as usize);
    let waiver = departure.waiver.as_ref().map(|waiver| {
        let (line, column) = position(&source.text, waiver.at.start as usize);
        json!({ "reason": waiver.reason, "line": line, "column": column })
    });
    json!({
        "check": departure.check.name,
        "rules": departure.check.rules,
        "message": departure.check.because,
        "nodegroup": departure.nodegroup,
        "line": line,
        "column": column,
        "absent": departure.is_absent,
        "write": departure.write,
        "waiver": waiver,
    })
}

/// What a check is about.
pub fn explain(check: &Check) -> String {
    let Check { name, rules, because, about, .. } = check;
    let rules = if rules.is_empty() { String::new() } else { format!("\n\nCheckov: {}", rules.join(", ")) };
    format!(
        "{name}: {because}.\n\n{about}{rules}\n\n`eksact validate` says what to write, and where. To keep it, give the reason \
         beside it or above:\n\n    # eksact:allow {name}: REASON\n"
    )
}

/// All checks, a line for each.
pub fn checks() -> String {
    let lines: Vec<String> =
        CHECKS.iter().map(|check| format!("{:<22}{}", check.name, check.because)).collect();
    lines.join("\n")
}
