//! Waivers: comments that say why a departure from the secure defaults is meant.
//!
//! ```text
//! managedNodeGroups:
//!   # eksact:allow private-nodes, imds-hop-limit: builds are thrown away after an hour
//!   - name: builds
//! ```
//! A comment is no part of the language, so that eksctl reads the same file. It counts for what stands on its line, or
//! below it where it has a line to itself; for what is not written in the section that it stands in; and above
//! everything else for the whole file.

mod blocks;

use super::checks::{Check, Departure};
use super::diagnostic::{Code, Diagnostic};
use super::place::Span;
use super::tree::{Document, comments};
use blocks::{Blocks, Reach};

/// How a comment begins that is meant for this program.
const OURS: &str = "eksact:";
/// What it then says.
const ALLOW: &str = "allow";
/// All of it, for people.
const FORM: &str = "write `# eksact:allow CHECK: REASON`";

/// Why a departure is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// In the words of the file.
    pub reason: String,
    /// The comment.
    pub at: Span,
}

/// Lays the waivers of a file beside what they are for, and says which of them are for nothing.
pub(super) fn apply(text: &str, document: &Document<'_>, departures: &mut [Departure]) -> Vec<Diagnostic> {
    if !text.contains(OURS) {
        return Vec::new();
    }
    let mut wrong = Vec::new();
    let blocks = Blocks::of(text, document);
    for at in comments(text) {
        match read(text, at) {
            None => {}
            Some(Err(diagnostic)) => wrong.push(diagnostic),
            Some(Ok((names, reason))) => {
                let reach = blocks.reach(at);
                let waiver = Waiver { reason: reason.to_owned(), at };
                let idle = names.iter().filter_map(|name| waive(text, name, &reach, &waiver, departures));
                wrong.extend(idle);
            }
        }
    }
    wrong
}

/// The checks that a comment names and its reason; nothing where it is for people, or for another program.
fn read(text: &str, at: Span) -> Option<Result<(Vec<&str>, &str), Diagnostic>> {
    let said = text[at.start as usize..at.end as usize].trim_start_matches('#').trim();
    let said = said.strip_prefix(OURS)?.trim_start();
    let malformed = |message: &str| Diagnostic::new(Code::BadWaiver, at, message).label(FORM);
    let Some(named) =
        said.strip_prefix(ALLOW).filter(|rest| rest.starts_with([' ', '\t', ':']) || rest.is_empty())
    else {
        return Some(Err(malformed("a comment for eksact that allows nothing")));
    };
    let (names, reason) = named.split_once(':').unwrap_or((named, ""));
    let names: Vec<&str> = names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    Some(match (names.is_empty(), reason.trim()) {
        (true, _) => Err(malformed("a waiver that names no check")),
        (false, "") => Err(malformed("a waiver without a reason: it allows nothing")),
        (false, reason) => Ok((names, reason)),
    })
}

/// Marks what is allowed; or says why nothing is.
fn waive(
    text: &str,
    name: &str,
    reach: &Reach,
    waiver: &Waiver,
    departures: &mut [Departure],
) -> Option<Diagnostic> {
    let at = place(text, name);
    let Some(check) = Check::of(name) else { return Some(unknown(name, at)) };
    let mut of_check: Vec<&mut Departure> = departures.iter_mut().filter(|it| it.check == check).collect();
    let elsewhere = of_check.first().map(|it| it.at);
    let mut is_idle = true;
    for departure in of_check.iter_mut().filter(|it| reach.is_about(it)) {
        departure.waiver.get_or_insert_with(|| waiver.clone());
        is_idle = false;
    }
    is_idle.then(|| idle(check, at, elsewhere))
}

fn unknown(name: &str, at: Span) -> Diagnostic {
    let message = format!("there is no check `{}`", super::value::short(name));
    let unknown = Diagnostic::new(Code::UnknownCheck, at, message);
    match Check::meant(name) {
        Some(meant) => unknown.label(format!("did you mean `{meant}`?")).fix(at, meant),
        None => unknown.label("allows nothing").help("`eksact explain checks` names all of them"),
    }
}

fn idle(check: &Check, at: Span, elsewhere: Option<Span>) -> Diagnostic {
    let message = format!("a waiver for nothing: `{}` is not departed from here", check.name);
    let idle = Diagnostic::new(Code::IdleWaiver, at, message);
    match elsewhere {
        Some(other) => idle.label("move it to where it is").and(other, "it is here"),
        None => idle.label("remove it"),
    }
}

/// Where a part of the text stands.
fn place(text: &str, part: &str) -> Span {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    Span { start: start as u32, end: (start + part.len()) as u32 }
}
