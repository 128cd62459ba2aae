//! `tests/cases/*.case`: a file, and exactly what is said about it.
//!
//! ```text
//! == a title
//! yaml…
//! -- says
//! the rendered diagnostics, or `ok`
//! ```
//! A case without an `apiVersion` line gets [`PRELUDE`] before it. `UPDATE=1 cargo test` writes what is said
//! now.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use eksact::config::{Outcome, Source};
use eksact::view::diagnostics::render;

pub const PRELUDE: &str = "\
apiVersion: eksact.dev/v1alpha1
kind: ClusterConfig
metadata: {name: demo, region: eu-central-1}
";

pub struct Case {
    pub title: String,
    pub yaml: String,
    pub says: String,
}

impl Case {
    /// The whole file.
    pub fn text(&self) -> String {
        let whole = self.yaml.contains("apiVersion") || self.title.starts_with("whole:");
        let yaml = self.yaml.replace('→', "\t");
        if whole { yaml } else { format!("{PRELUDE}{yaml}") }
    }
}

pub fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("the folder").map(|f| f.expect("a file").path()).collect();
    files.sort();
    files
}

pub fn cases(file: &Path) -> Vec<Case> {
    let text = fs::read_to_string(file).expect("the file");
    let parse = |block: &str| {
        let (title, rest) = block.split_once('\n').expect("a title");
        let (yaml, says) = rest.split_once("-- says\n").unwrap_or((rest, ""));
        Case { title: title.to_owned(), yaml: yaml.to_owned(), says: says.trim_end().to_owned() }
    };
    text.split("== ").skip(1).map(parse).collect()
}

pub fn source(text: &str) -> Source {
    Source::new("cluster.yaml", text)
}

pub fn read(text: &str) -> Outcome {
    eksact::config::read(&source(text))
}

fn check(text: &str) -> String {
    let said = render(&source(text), &read(text).diagnostics);
    if said.is_empty() { "ok".to_owned() } else { said }
}

#[test]
fn every_case_says_what_it_should() {
    let (mut wrong, mut count) = (String::new(), 0);
    for file in files("tests/cases") {
        let mut updated = String::new();
        for case in cases(&file) {
            let said = check(&case.text());
            let _ = write!(updated, "== {}\n{}-- says\n{said}\n\n", case.title, case.yaml);
            if said != case.says {
                let _ = write!(
                    wrong,
                    "\n== {}\n{}\nwanted:\n{}\nsaid:\n{said}\n",
                    case.title, case.yaml, case.says
                );
            }
            count += 1;
        }
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&file, updated).expect("written");
        }
    }
    assert!(count >= 40, "{count} cases");
    assert!(wrong.is_empty() || std::env::var_os("UPDATE").is_some(), "{wrong}");
}
