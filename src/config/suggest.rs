//! Did you mean?

use strsim::osa_distance;

use crate::config::declare::{SectionDecl, known};
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::Span;

/// The word that was probably meant: the same but for case and dashes, or at most a third of it mistyped.
pub fn nearest<'a>(word: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold(word);
    let distance = |candidate: &str| osa_distance(&folded, &fold(candidate));
    let close = words.map(|candidate| (distance(candidate), candidate));
    let within = |(distance, candidate): &(usize, &str)| {
        *distance <= candidate.len().min(folded.len()).div_ceil(4).min(3)
    };
    close.filter(within).min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

fn fold(word: &str) -> String {
    word.chars().take(64).filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

/// A key that no declaration knows: a slip of the pen, or the right field in the wrong place.
pub fn unknown_field(key: &str, span: Span, section: &'static SectionDecl) -> Diagnostic {
    let message = format!("unknown field `{}`", crate::config::value::short(key));
    let unknown = Diagnostic::new(Code::UnknownField, span, message);
    if let Some(meant) = nearest(key, section.names()) {
        return unknown.label(format!("did you mean `{meant}`?")).fix(span, meant);
    }
    match (&homes(key)[..], section.fields) {
        ([home], _) => unknown.label(format!("belongs {home}, not here")),
        ([one, other], _) => unknown.label(format!("belongs {one} or {other}, not here")),
        (_, fields @ [_, ..]) if fields.len() <= 8 => {
            let names: Vec<String> = fields.iter().map(|field| format!("`{}`", field.key)).collect();
            unknown.help(format!("fields here: {}", names.join(", ")))
        }
        _ => unknown,
    }
}

/// Where a field of exactly this name exists, supported or not.
fn homes(key: &str) -> Vec<String> {
    let homes = known().into_iter().filter(|(_, section)| section.names().any(|name| name == key));
    homes
        .map(|(path, _)| if path.is_empty() { "at the top".to_owned() } else { format!("under `{path}`") })
        .collect()
}
