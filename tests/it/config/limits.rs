//! Files that are made to hurt: each ends soon, with a place and a reason.

use eksact::config::Code;
use eksact::config::tree::MAX_BYTES;

use super::cases::read;

fn many(line: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for n in 0.. {
        let line = line(n);
        if text.len() + line.len() > MAX_BYTES {
            break;
        }
        text += &line;
    }
    text
}

fn check(text: &str, code: Code) {
    let said: Vec<Code> = read(text).diagnostics.iter().map(|d| d.code).collect();
    assert!(said.contains(&code) && said.len() <= 1_001, "{code:?} is not among {} codes", said.len());
}

#[test]
fn files_made_to_hurt_are_refused() {
    check(&"x".repeat(MAX_BYTES + 1), Code::TooMuch);
    check(&"[".repeat(MAX_BYTES), Code::TooMuch);
    check(&"- ".repeat(MAX_BYTES / 2), Code::TooMuch);
    check(&(0..200).map(|n| format!("{}a:\n", " ".repeat(n))).collect::<String>(), Code::TooMuch);
    check(&many(|_| "---\na: 1\n".to_owned()), Code::TooMuch);
    check(&many(|n| format!("key{n}: 1\n")), Code::NotShown);
    check(&many(|_| "key: 1\n".to_owned()), Code::DuplicateKey);
    check(&many(|n| if n == 0 { "- &a [x, y]\n".to_owned() } else { "- *a\n".to_owned() }), Code::TooMuch);
    check(&format!("a: &a {{b: 1}}\nc: [{}]", "{<<: *a}, ".repeat(90_000)), Code::UnknownField);
}

#[test]
fn a_thousand_warnings_hide_no_error() {
    let labels = (0..1_100).map(|n| format!("    a{n}: yes\n")).collect::<String>();
    let head =
        "apiVersion: eksact.dev/v1alpha1\nkind: ClusterConfig\nmetadata: {name: a, region: eu-central-1}\n";
    let file = format!("{head}managedNodeGroups:\n- name: a\n  labels:\n{labels}");
    assert!(read(&file).cluster.is_some());
    let outcome = read(&format!("{file}nowhere: 1\n"));
    assert!(outcome.cluster.is_none());
    assert!(outcome.diagnostics.iter().any(|d| d.code == Code::UnknownField), "the error is kept");
}
