//! A plan and a run's end in Markdown: a comment on a pull request, a step's summary. What a file or AWS says stands
//! in code only, which it cannot end.

use super::plan::{self as shown, Screen};
use super::style::clean;
use super::units::caller;

/// A plan: a line, and all of it folded away.
pub fn plan(screen: &Screen<'_>) -> String {
    let facts = screen.facts;
    let head = format!(
        "**eksact plan** {} in {}, {}",
        code(screen.cluster),
        code(&facts.region),
        code(&caller(&facts.caller))
    );
    let warnings = screen.warnings.iter().map(|line| format!("\n{line}"));
    let verdict = text(&(shown::verdict(screen) + &warnings.collect::<String>()));
    let body = shown::body(screen);
    if body.is_empty() {
        return format!("{head}\n\n{verdict}\n");
    }
    format!("{head}\n\n{verdict}\n\n{}", folded("What changes", "diff", &body.join("\n")))
}

/// The end of a run, as its screen says it.
pub fn end(title: &str, screen: &str) -> String {
    let first = screen.lines().next().unwrap_or_default();
    format!("**{}** {}\n\n{}", text(title), code(first), folded("All of it", "text", screen))
}

/// Something to unfold.
fn folded(summary: &str, language: &str, content: &str) -> String {
    format!("<details><summary>{summary}</summary>\n\n{}\n\n</details>\n", block(language, content))
}

/// A block of code whose end is not in it.
fn block(language: &str, content: &str) -> String {
    let fence = "`".repeat(longest(content).max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}", clean(content))
}

/// Code in a line.
fn code(content: &str) -> String {
    let content = clean(content).replace('\n', " ");
    let fence = "`".repeat(longest(&content) + 1);
    let room = if content.starts_with('`') || content.ends_with('`') { " " } else { "" };
    format!("{fence}{room}{content}{room}{fence}")
}

/// The most backticks that follow each other.
fn longest(content: &str) -> usize {
    content.split(|letter| letter != '`').map(str::len).max().unwrap_or_default()
}

/// Text in which nothing means anything.
fn text(content: &str) -> String {
    let special =
        |letter: char| letter.is_ascii_punctuation() && !matches!(letter, '.' | ',' | ':' | ';' | '/');
    clean(content).chars().fold(String::new(), |mut told, letter| {
        match letter {
            '<' => told.push_str("&lt;"),
            '>' => told.push_str("&gt;"),
            '&' => told.push_str("&amp;"),
            '\n' => told.push_str("  \n"),
            _ if special(letter) => told.extend(['\\', letter]),
            _ => told.push(letter),
        }
        told
    })
}

#[test]
fn nothing_ends_the_code_that_it_stands_in() {
    assert_eq!(code("a``b"), "```a``b```");
    assert_eq!(code("`a"), "`` `a ``");
    assert_eq!(code("a\u{1b}[2J\nb"), "`a\\u{1b}[2J b`");
    let evil = "x\n```\n</details><script>";
    assert_eq!(block("diff", evil), format!("````diff\n{evil}\n````"));
    assert_eq!(text("<b>*a*</b> $1 @org #5"), "&lt;b&gt;\\*a\\*&lt;/b&gt; \\$1 \\@org \\#5");
}
