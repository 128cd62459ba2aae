//! Comments: what a `#` begins between the tokens of a file.

use granit_parser::{Options, Scanner, StrInput};

use crate::config::place::Span;

/// Every comment of a file that is YAML, from its `#` to the end of its line. A `#` within text, quoted, in a block or plain, begins none.
pub fn comments(text: &str) -> Vec<Span> {
    let mut options = Options::default();
    options.set_emit_comments(false);
    let tokens = Scanner::with_options(StrInput::new(text), options).map_while(Result::ok);
    let ranges = tokens.filter_map(|token| token.into_parts().0.byte_range());
    let (mut found, mut read) = (Vec::new(), 0);
    for range in ranges {
        between(text, read, range.start, &mut found);
        read = read.max(range.end);
    }
    between(text, read, text.len(), &mut found);
    found
}

/// Between tokens there are blanks and comments alone; a block's header belongs to its token.
fn between(text: &str, mut from: usize, to: usize, found: &mut Vec<Span>) {
    while let Some(at) = text.get(from..to).and_then(|gap| gap.find('#')) {
        let start = from + at;
        let end = text[start..].find(['\n', '\r']).map_or(text.len(), |length| start + length);
        found.push(Span { start: start as u32, end: end as u32 });
        from = end;
    }
}

#[cfg(test)]
mod tests {
    use super::comments;

    fn found(text: &str) -> Vec<&str> {
        comments(text).iter().map(|at| &text[at.start as usize..at.end as usize]).collect()
    }

    #[test]
    fn comments_are_told_from_text() {
        let text = "# head\na: b # beside\nc: 'it # is' # quoted\nd: \"x # y\"   # double\ne: f#g\nh: |\n  # text\n  more # text\n\
                    i: >-   # header\n  # folded\nj: [k, # in a list\n  l] # after\n# ünïcode\nm: {n: o} # map\n\
                    p: plain\n  # not text\nq: &r s # anchor\nt: !!str u # tag\n---\n# last";
        let all = [
            "# head",
            "# beside",
            "# quoted",
            "# double",
            "# header",
            "# in a list",
            "# after",
            "# ünïcode",
            "# map",
            "# not text",
            "# anchor",
            "# tag",
            "# last",
        ];
        assert_eq!(found(text), all);
    }

    #[test]
    fn ends_of_lines_and_of_files_are_no_part_of_it() {
        assert_eq!(found("a: b # c\r\n# d\r\n"), ["# c", "# d"]);
        assert_eq!(found("a: |\n  # text\n# after the block\nb: c"), ["# after the block"]);
        assert_eq!(found("a:\n- b\n# c"), ["# c"]);
        assert_eq!(found(""), [""; 0]);
        assert_eq!(found("# alone"), ["# alone"]);
    }
}
