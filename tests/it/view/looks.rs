//! A screen as different terminals show it.

use eksact::view::style::{Look, paint};

/// Wide and narrow; without other letters than ASCII; and in colour, whose codes are shown as `‹32m›`.
pub fn looks(text: &str) -> String {
    let look = |columns, unicode| Look { columns: Some(columns), unicode };
    let colour = look(80, true).screen(text).replace("\u{1b}[", "‹").replace('m', "m\u{1}");
    let colour = shown(&colour);
    for columns in [80, 50] {
        fits(&look(columns, true).lines(text), columns);
    }
    format!(
        "80 columns\n{}\n\n50 columns, ASCII\n{}\n\nin colour\n{colour}",
        look(80, true).lines(text).join("\n"),
        look(50, false).lines(text).join("\n"),
    )
}

/// Codes with both brackets.
fn shown(text: &str) -> String {
    let mut told = String::new();
    let mut inside = false;
    for letter in text.chars() {
        match letter {
            '‹' => inside = true,
            '\u{1}' => continue,
            _ => {}
        }
        told.push(letter);
        if inside && letter == 'm' {
            told.push('›');
            inside = false;
        }
    }
    told
}

/// That no line is wider than the terminal, unless it is one word that cannot be broken.
#[track_caller]
pub fn fits(lines: &[String], columns: usize) {
    for line in lines {
        let wide = line.chars().count() > columns;
        assert!(!wide || line.split_whitespace().count() == 1, "{} columns: {line}", line.chars().count());
    }
}

#[test]
fn colour_takes_nothing_away() {
    let text = "+ network\n-/+ a\nerror: b\nwords";
    let painted: Vec<String> = text.lines().map(paint).collect();
    assert_eq!(anstream::adapter::strip_str(&painted.join("\n")).to_string(), text);
}
