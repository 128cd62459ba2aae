//! `tests/names.txt`: every path of eksctl's language (422 properties of 89 definitions, each wherever it can
//! stand). `[]` is an item of a list, `*` a key of the user's own.

use std::collections::HashSet;

use eksact::config::{Code, known};

use super::cases::read;

const NAMES: &str = include_str!("../../names.txt");

/// A file that has this path and nothing else.
fn file(path: &str) -> String {
    path.rsplit('.').fold("x".to_owned(), |value, step| match step.strip_suffix("[]") {
        Some(list) => format!("{{{list}: [{value}]}}"),
        None => format!("{{{step}: {value}}}").replace("{*:", "{any:"),
    })
}

fn unknown(path: &str) -> bool {
    read(&file(path)).diagnostics.iter().any(|d| d.code == Code::UnknownField)
}

#[test]
fn no_name_of_eksctls_is_called_unknown() {
    assert_eq!(NAMES.lines().count(), 527);
    let wrong: Vec<&str> = NAMES.lines().filter(|path| unknown(path)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn any_other_name_beside_one_of_them_is() {
    let beside = |path: &str| {
        path.rsplit_once('.').map_or("nothing".to_owned(), |(rest, _)| format!("{rest}.nothing"))
    };
    let missed: HashSet<String> = NAMES.lines().map(beside).filter(|path| !unknown(path)).collect();
    // eksctl takes these as a map, too, with keys of the user's own
    assert_eq!(missed, HashSet::from(["nodeGroups[].taints[].nothing".to_owned()]));
}

#[test]
fn no_name_is_made_up() {
    let theirs: HashSet<String> =
        NAMES.lines().map(|path| path.replace("[]", "").replace(".*", "")).collect();
    let ours = known().into_iter().flat_map(|(path, section)| {
        section
            .names()
            .map(move |name| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") })
    });
    let more: Vec<String> = ours.filter(|path| !theirs.contains(path)).collect();
    let more: Vec<&str> =
        more.iter().map(|path| path.as_str()).filter(|path| !path.starts_with("components.")).collect();
    assert_eq!(more, ["deletionProtection", "components", "metadata.accountID"]);
}
