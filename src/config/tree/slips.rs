//! What people type that is no YAML, recognised by the line at which the parser stops.

use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::place::Span;

/// Words that end a shell's here-document.
const ENDS: [&str; 6] = ["EOF", "EOT", "EOL", "END", "YAML", "EOM"];
/// How lines begin that were meant for a shell.
const COMMANDS: [&str; 8] = ["cat ", "echo ", "export ", "eksctl ", "aws ", "kubectl ", "envsubst ", "$ "];

/// How a line of a template begins that is no YAML.
const TEMPLATE: [&str; 3] = ["{{", "{%", "{#"];
/// What to do with a template.
pub const RENDER: &str = "this file is a template: give what it is rendered to";

/// A gap of a template, where a value or a key should be.
pub fn gap(text: &str, at: Span) -> Diagnostic {
    let gap: String = text[at.start as usize..at.end as usize].chars().take(40).collect();
    Diagnostic::new(Code::Unfilled, at, format!("`{gap}` has not been filled in"))
        .label("nothing fills it in here")
        .help(RENDER)
}

/// Says what the line at the error is, or the first line of the file, if it is one of those.
pub fn not_yaml(text: &str, at: Span) -> Option<Diagnostic> {
    let first = text.len() - text.trim_start().len();
    line(text, line_at(text, at.start as usize)).or_else(|| line(text, line_at(text, first)))
}

/// The parser shows where text starts that a tab ends: the line that it indents comes after.
pub fn tab_below(text: &str, at: Span) -> Option<Diagnostic> {
    let starts = text.match_indices('\n').map(|(n, _)| n + 1).filter(|start| *start > at.start as usize);
    let lines = starts.map(|start| line_at(text, start));
    lines.take(100).find_map(|line| {
        let indent = &text[line.start as usize..line.start as usize + indent(text, line)];
        indent.contains('\t').then(|| tab(indent, line))
    })
}

fn line(text: &str, line: Span) -> Option<Diagnostic> {
    let (indent, said) = text[line.start as usize..line.end as usize].split_at(indent(text, line));
    let span = Span { start: line.start + indent.len() as u32, end: line.end };
    let first =
        Span { start: span.start, end: span.start + said.chars().next().map_or(0, char::len_utf8) as u32 };
    let say =
        |span, message: String, label: &str| Some(Diagnostic::new(Code::Syntax, span, message).label(label));
    match said.trim_end() {
        _ if indent.contains('\t') => Some(tab(indent, line)),
        word if ENDS.contains(&word) => {
            say(span, format!("a stray `{word}`, the end of a shell's here-document"), "remove this line")
        }
        command if COMMANDS.iter().any(|start| command.starts_with(start)) => {
            say(span, "a shell's command stands in the file".to_owned(), "remove this line")
        }
        fence if fence.starts_with("```") => {
            say(span, "a stray code fence of Markdown".to_owned(), "remove this line")
        }
        template if TEMPLATE.iter().any(|it| template.starts_with(it)) || template.contains(": {{") => {
            let said = say(span, "a template's line, which nothing has rendered".to_owned(), "no YAML");
            said.map(|said| said.help(RENDER))
        }
        item if item == "*" || item.starts_with("* ") => {
            let said = say(first, "`*` starts no list item in YAML".to_owned(), "write `-`");
            said.map(|said| said.fix(first, "-"))
        }
        _ => None,
    }
}

/// All tabs that the line starts with, and the spaces around them.
fn tab(indent: &str, line: Span) -> Diagnostic {
    let span = Span { start: line.start, end: line.start + indent.len() as u32 };
    Diagnostic::new(Code::Syntax, span, "a tab cannot indent a line in YAML")
        .label("indent with spaces")
        .fix(span, indent.replace('\t', "  "))
}

fn line_at(text: &str, at: usize) -> Span {
    let start = text[..at].rfind('\n').map_or(0, |n| n + 1);
    let end = text[at..].find(['\n', '\r']).map_or(text.len(), |n| at + n);
    Span { start: start as u32, end: end.max(start) as u32 }
}

fn indent(text: &str, line: Span) -> usize {
    let line = &text[line.start as usize..line.end as usize];
    line.find(|c: char| c != ' ' && c != '\t').unwrap_or(line.len())
}
