//! Whole files as people write them: `EKSCTL_EXAMPLES=folder` names more of them, `EKSACT_CORPUS=folder` any
//! others.

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;

use eksact::config::{Code, Source, read};
use eksact::view::diagnostics::render;

pub fn examples() -> Vec<(String, String)> {
    let folder = std::env::var_os("EKSCTL_EXAMPLES").map(PathBuf::from);
    yaml_files(folder.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/files")))
}

fn yaml_files(folder: PathBuf) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("a file").path());
    let yaml = entries.filter(|path| path.extension().is_some_and(|e| e == "yaml"));
    yaml.map(|path| (path.display().to_string(), fs::read_to_string(&path).expect("the file"))).collect()
}

#[test]
fn each_is_read_or_refused_at_places() {
    for (name, text) in examples() {
        let source = Source::new(&*name, &*text);
        let outcome = read(&source);
        let rendered = render(&source, &outcome.diagnostics);
        assert!(outcome.cluster.is_some() || rendered.contains("error["), "{name}");
        for diagnostic in outcome.diagnostics.iter().filter(|d| d.code == Code::NotYet) {
            let (start, end) = (diagnostic.primary.span.start as usize, diagnostic.primary.span.end as usize);
            assert!(
                diagnostic.message.contains(&text[start..end]) || text[start..end] == *"IPv6",
                "{rendered}"
            );
        }
        assert!(
            outcome.diagnostics.iter().all(|d| d.code != Code::Syntax && d.code != Code::UnknownField),
            "{rendered}"
        );
    }
}

/// Files with mistakes in them: each is read, or refused with a place, and no name that exists is called
/// unknown.
#[test]
fn a_corpus_is_read_or_refused_at_places() {
    let Some(folder) = std::env::var_os("EKSACT_CORPUS").map(PathBuf::from) else { return };
    let real: HashSet<&str> =
        include_str!("../../names.txt").lines().filter_map(|path| path.rsplit('.').next()).collect();
    for (name, text) in yaml_files(folder) {
        let source = Source::new(&*name, &*text);
        let outcome = read(&source);
        let rendered = render(&source, &outcome.diagnostics);
        assert_eq!(outcome.cluster.is_none(), rendered.contains("error["), "{name}");
        for unknown in outcome.diagnostics.iter().filter(|d| d.code == Code::UnknownField) {
            let key = &text[unknown.primary.span.start as usize..unknown.primary.span.end as usize];
            let elsewhere = unknown.primary.text.starts_with("belongs");
            assert!(elsewhere || !real.contains(key), "{rendered}");
        }
    }
}
