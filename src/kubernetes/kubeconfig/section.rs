//! A list in a block of its own lines, as kubectl writes it: edited line by line, so that all else stays.

use std::ops::Range;

use serde::Serialize;
use serde_json::Value;

/// The lines of a list: where it begins, and its items.
pub(super) struct Section {
    /// The line of its name.
    head: usize,
    /// How far its dashes are from the margin.
    indent: usize,
    /// The lines of each item, by its name.
    items: Vec<(String, Range<usize>)>,
}

/// A text, line by line, each with its end.
pub(super) type Lines = Vec<String>;

/// YAML as kubectl writes it: a certificate stays on its line.
pub(super) fn yaml(value: &impl Serialize) -> Result<String, serde_saphyr::ser::Error> {
    serde_saphyr::to_string_with_options(value, serde_saphyr::ser_options! { prefer_block_scalars: false })
}

/// Puts an item in the place of the one of this name, or behind the others. Nothing, if the list is not
/// written as kubectl does.
pub(super) fn set(lines: &mut Lines, list: &str, name: &str, item: &Value) -> Option<()> {
    let section = open(lines, list)?;
    let text = yaml(&[item]).ok()?;
    let fresh = text.lines().map(|line| format!("{}{line}\n", " ".repeat(section.indent)));
    let end = section.items.last().map_or(section.head + 1, |(_, range)| range.end);
    let found = section.items.into_iter().find(|(it, _)| it == name);
    let place = found.map_or(end..end, |(_, range)| range);
    lines.splice(place, fresh.collect::<Lines>());
    Some(())
}

/// Takes an item out. Nothing, if the list is not written as kubectl does.
pub(super) fn unset(lines: &mut Lines, list: &str, name: &str) -> Option<()> {
    let section = open(lines, list)?;
    let is_last = section.items.len() == 1;
    let (_, range) = section.items.into_iter().find(|(it, _)| it == name)?;
    lines.drain(range);
    if is_last {
        lines[section.head] = format!("{list}: []{}", remark(&lines[section.head]));
    }
    Some(())
}

/// Gives a plain value to a key of the first level; what is remarked behind it stays. Nothing, if it has none
/// that stands on one line.
pub(super) fn assign(lines: &mut Lines, key: &str, value: &str) -> Option<()> {
    let line = yaml(&serde_json::json!({ key: value })).ok()?;
    match lines.iter().position(|it| after(it, key).is_some()) {
        Some(at) => {
            lines[at] = format!("{}{}", line.trim_end(), remark(&lines[at]));
        }
        None => lines.push(line),
    }
    Some(())
}

/// Finds a list, or begins it.
fn open(lines: &mut Lines, list: &str) -> Option<Section> {
    let Some(head) = lines.iter().position(|line| after(line, list).is_some()) else {
        lines.push(format!("{list}:\n"));
        return Some(Section { head: lines.len() - 1, indent: 0, items: Vec::new() });
    };
    match after(&lines[head], list).unwrap_or_default() {
        "" => items(lines, head),
        "[]" | "null" | "~" => {
            lines[head] = format!("{list}:{}", remark(&lines[head]));
            Some(Section { head, indent: 0, items: Vec::new() })
        }
        _ => None,
    }
}

/// What stands behind a key of the first level on its line.
fn after<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(key)?.strip_prefix(':')?;
    let rest = rest.split_once(" #").map_or(rest, |(rest, _)| rest);
    (rest.trim_end().is_empty() || rest.starts_with(' ')).then(|| rest.trim())
}

/// What is remarked behind a line, with what stands before it and with the line's end.
fn remark(line: &str) -> &str {
    let before = line.split_once(" #").map_or(line, |(before, _)| before);
    &line[before.trim_end().len()..]
}

/// All that is remarked in a text.
pub(super) fn remarks(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(|line| if is_silent(line) { line } else { remark(line) }.trim())
        .filter(|it| !it.is_empty())
}

fn items(lines: &Lines, head: usize) -> Option<Section> {
    let speaks = |line: &&String| !is_silent(line);
    let indent = lines[head + 1..].iter().find(speaks).map_or(0, |line| margin(line));
    let is_within = |line: &String| {
        is_silent(line) || margin(line) > indent || margin(line) == indent && line[indent..].starts_with('-')
    };
    let end = lines[head + 1..].iter().position(|line| !is_within(line));
    let end = end.map_or(lines.len(), |count| head + 1 + count);
    let is_start = |at: &usize| !is_silent(&lines[*at]) && margin(&lines[*at]) == indent;
    let starts: Vec<usize> = (head + 1..end).filter(is_start).collect();
    let ends = starts.iter().skip(1).copied().chain([end]);
    let ranges = starts.iter().copied().zip(ends).map(|(start, end)| {
        // What is said above the next one is said of the next one.
        let last = (start..end).rev().find(|at| !is_silent(&lines[*at])).unwrap_or(start);
        start..last + 1
    });
    let named = ranges.map(|range| Some((name(&lines[range.clone()])?, range)));
    Some(Section { head, indent, items: named.collect::<Option<Vec<_>>>()? })
}

fn name(item: &[String]) -> Option<String> {
    let parsed: Vec<Value> = serde_saphyr::from_str(&item.concat()).ok()?;
    parsed.first()?["name"].as_str().map(str::to_owned)
}

/// An empty line, or one that is a comment.
pub(super) fn is_silent(line: &str) -> bool {
    let text = line.trim();
    text.is_empty() || text.starts_with('#')
}

fn margin(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}
