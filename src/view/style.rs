//! From text to what a terminal shows: nothing that could steer it, glyphs that it has, lines that fit, colour.
//!
//! Colour is made of the symbols and words that a line begins with: without it, nothing is lost.

use anstyle::{AnsiColor, Style};

/// What a screen can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// How wide it is, where it is a terminal.
    pub columns: Option<usize>,
    /// Whether it shows more than ASCII.
    pub unicode: bool,
}

/// Glyphs of ours, and what stands for them in ASCII.
const GLYPHS: [(char, &str); 10] = [
    ('→', "->"),
    ('×', "x"),
    ('·', "-"),
    ('…', "..."),
    ('✓', "ok"),
    ('✗', "!"),
    ('≈', "~"),
    ('—', "-"),
    ('“', "\""),
    ('”', "\""),
];

/// What a line may begin with, and how that is shown.
const MARKS: [(&str, Style); 15] = [
    ("+", GOOD),
    ("✓", GOOD),
    ("ok", GOOD),
    ("~", CARE),
    ("-/+", CARE),
    ("…", CARE),
    ("?", CARE),
    ("warning:", CARE),
    ("-", BAD),
    ("!", BAD),
    ("✗", BAD),
    ("error:", BAD),
    ("=", QUIET),
    ("·", QUIET),
    (".", QUIET),
];

const GOOD: Style = AnsiColor::Green.on_default();
const CARE: Style = AnsiColor::Yellow.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const QUIET: Style = Style::new().dimmed();

impl Look {
    /// A screen, ready to be shown: clean, in glyphs that there are, wrapped and in colour.
    pub fn screen(&self, text: &str) -> String {
        self.lines(text).iter().map(|line| paint(line)).collect::<Vec<_>>().join("\n")
    }

    /// The same without colour.
    pub fn lines(&self, text: &str) -> Vec<String> {
        let fit =
            |line: String| self.columns.map_or_else(|| vec![line.clone()], |columns| wrap(&line, columns));
        clean(text).lines().map(|line| self.glyphs(line)).flat_map(fit).collect()
    }

    /// Text that is laid out already: clean, and in glyphs that there are.
    pub fn text(&self, text: &str) -> String {
        self.glyphs(&clean(text))
    }

    fn glyphs(&self, text: &str) -> String {
        if self.unicode || text.is_ascii() {
            return text.to_owned();
        }
        let plain = |letter: char| GLYPHS.iter().find(|(glyph, _)| *glyph == letter).map(|(_, plain)| *plain);
        text.chars().fold(String::with_capacity(text.len()), |mut told, letter| {
            match plain(letter) {
                Some(plain) => told.push_str(plain),
                None => told.push(letter),
            }
            told
        })
    }
}

/// Without what could steer a terminal: a file and AWS's answers may hold anything.
pub fn clean(text: &str) -> String {
    let steers = |letter: char| letter.is_control() && letter != '\n';
    if !text.contains(steers) {
        return text.to_owned();
    }
    text.chars().fold(String::with_capacity(text.len()), |mut told, letter| {
        if steers(letter) {
            told.extend(letter.escape_default())
        } else {
            told.push(letter)
        }
        told
    })
}

/// A line with the mark that it begins with in colour.
pub fn paint(line: &str) -> String {
    let rest = line.trim_start();
    let indent = &line[..line.len() - rest.len()];
    let mark = rest.split(' ').next().unwrap_or_default();
    let styled = MARKS.iter().find(|(known, _)| *known == mark || is_code(known, mark));
    match styled {
        Some((_, style)) => format!("{indent}{style}{mark}{style:#}{}", &rest[mark.len()..]),
        None => line.to_owned(),
    }
}

/// `error[E0104]:` is an error too.
fn is_code(known: &str, mark: &str) -> bool {
    let word = known.strip_suffix(':');
    word.is_some_and(|word| {
        mark.strip_prefix(word).is_some_and(|rest| rest.starts_with('[') && rest.ends_with("]:"))
    })
}

/// A line in lines that are no wider than this, but for words that are; what goes on stands below the
/// line's last column.
pub fn wrap(line: &str, columns: usize) -> Vec<String> {
    if line.chars().count() <= columns {
        return vec![line.to_owned()];
    }
    let indent = " ".repeat(hang(line, columns));
    let (mut lines, mut current, mut width) = (Vec::new(), String::new(), 0);
    for word in line.split_inclusive(' ') {
        let shown = word.trim_end_matches(' ').chars().count();
        if width + shown > columns && !current.trim().is_empty() {
            lines.push(std::mem::replace(&mut current, indent.clone()).trim_end().to_owned());
            width = indent.len();
        }
        current.push_str(word);
        width += word.chars().count();
    }
    lines.push(current.trim_end().to_owned());
    lines
}

/// Where what goes on begins: below the second column, unless that leaves less than half of the line.
fn hang(line: &str, columns: usize) -> usize {
    let letters: Vec<char> = line.chars().collect();
    let indent = letters.iter().take_while(|letter| **letter == ' ').count();
    let gap = letters[indent..].windows(3).position(|it| it[0] == ' ' && it[1] == ' ' && it[2] != ' ');
    let column = gap.map(|gap| indent + gap + 2).filter(|column| column * 2 <= columns);
    column.unwrap_or_else(|| (indent + 4).min(columns / 2))
}

/// A line cut to a width, with a sign that it goes on.
pub fn cut(line: &str, columns: usize, unicode: bool) -> String {
    if line.chars().count() <= columns {
        return line.to_owned();
    }
    let sign = if unicode { "…" } else { "..." };
    let kept = columns.saturating_sub(sign.chars().count());
    line.chars().take(kept).chain(sign.chars()).take(columns).collect()
}

#[test]
fn what_could_steer_a_terminal_is_shown_instead() {
    assert_eq!(clean("a\u{1b}[2Jb\rc\nd\u{9b}e"), "a\\u{1b}[2Jb\\rc\nd\\u{9b}e");
}

#[test]
fn a_mark_is_in_colour_and_the_words_are_as_they_were() {
    let plain = |line: &str| anstream::adapter::strip_str(line).to_string();
    for line in
        ["+ network  x", "  ✓ network", "-/+ a", "error: no", "error[E0104]: no", "words", "", "a + b"]
    {
        assert_eq!(plain(&paint(line)), line);
    }
    assert!(paint("error[E0104]: no").contains('\u{1b}') && paint("  - x").contains('\u{1b}'));
    assert_eq!(paint("a + b"), "a + b");
}

#[test]
fn what_goes_on_stands_below_its_column() {
    assert_eq!(wrap("+ network   one two three", 20), ["+ network   one two", "    three"]);
    assert_eq!(wrap("+ net   one two three four", 20), ["+ net   one two", "        three four"]);
    assert_eq!(wrap("arn:aws:iam::1:role/long", 10), ["arn:aws:iam::1:role/long"]);
}

#[test]
fn without_other_letters_glyphs_are_ascii() {
    let look = Look { columns: None, unicode: false };
    assert_eq!(look.text("2 × m5.large · 1 → 2"), "2 x m5.large - 1 -> 2");
}
