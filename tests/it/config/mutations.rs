//! Random mutations of real files: whatever comes in, something sensible comes out and nothing panics.

use eksact::config::{Severity, Span};
use eksact::view::diagnostics::render;

use super::cases::{cases, files, read, source};
use super::files::examples;

/// xorshift: the same run for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides.max(1) as u64) as usize
    }
}

const SPLICES: [&str; 24] = [
    "\t", "\n", ": ", "- ", "[", "]", "{", "}", "\"", "'", "#", "&a ", "*a", "<<: ", "|\n", ">\n", "? ",
    "!x ", "---\n", "ü", "\u{feff}", "0o17", "null", "\r\n",
];

fn mutate(text: &str, other: &str, dice: &mut Dice) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=dice.roll(4) {
        let at = dice.roll(chars.len() + 1);
        let end = (at + dice.roll(20)).min(chars.len());
        match dice.roll(5) {
            0 => drop(chars.drain(at..end)),
            1 => drop(chars.splice(at..at, SPLICES[dice.roll(SPLICES.len())].chars())),
            2 => drop(chars.splice(at..end, other.chars().skip(dice.roll(other.len())).take(dice.roll(200)))),
            3 => drop(chars.splice(at..at, chars[at..end].to_vec())),
            _ => drop(chars.splice(at..(at + 1).min(chars.len()), char::from_u32(dice.roll(0x300) as u32))),
        }
    }
    chars.into_iter().collect()
}

#[test]
fn no_mutation_panics() {
    let rounds = std::env::var("ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(3_000);
    let mut seeds: Vec<String> = examples().into_iter().map(|(_, text)| text).collect();
    seeds.extend(files("tests/cases").iter().flat_map(|file| cases(file)).map(|case| case.text()));
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let (mut read_whole, mut said) = (0_usize, 0_usize);
    for _ in 0..rounds {
        let text = mutate(&seeds[dice.roll(seeds.len())], &seeds[dice.roll(seeds.len())], &mut dice);
        let outcome = read(&text);
        let inside = |span: Span| span.start <= span.end && span.end as usize <= text.len();
        let on_char = |span: Span| {
            text.is_char_boundary(span.start as usize) && text.is_char_boundary(span.end as usize)
        };
        for diagnostic in &outcome.diagnostics {
            let span = diagnostic.primary.span;
            assert!(inside(span) && on_char(span), "{diagnostic:?}\n{text}");
        }
        let wrong = outcome.diagnostics.iter().any(|d| d.severity() == Severity::Error);
        assert_eq!(outcome.cluster.is_none(), wrong, "{text}");
        said += usize::from(!render(&source(&text), &outcome.diagnostics).is_empty());
        read_whole += usize::from(outcome.cluster.is_some());
    }
    assert!(said > 0 && read_whole > 0, "{said} files were refused, {read_whole} read");
}
