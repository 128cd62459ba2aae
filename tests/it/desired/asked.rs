//! `tests/asked/*.case`: a file, and exactly what only AWS's answers show to be wrong with it. Titles that
//! begin with `living:` are about a cluster that is there already. `UPDATE=1 cargo test` writes what is said
//! now.

use std::fmt::Write;
use std::fs;

use eksact::desired::desired;
use eksact::view::diagnostics::render;
use eksact::world::Snapshot;

use super::desk::{facts, graph, living, model, source};
use crate::config::cases::{cases, files};

fn said(title: &str, yaml: &str) -> String {
    let whole =
        if yaml.contains("metadata:") { "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\n" } else { "" };
    let source = source(&format!("{whole}{yaml}"));
    let mut now = facts();
    let lives = match title.starts_with("living:") {
        true => living(&graph("managedNodeGroups: [{name: ng1}]\n", &facts(), &Snapshot::default())),
        false => Snapshot::default(),
    };
    if title.contains("any more") {
        (now.versions, now.addons) =
            (now.versions.into_iter().filter(|it| it.version != "1.34").collect(), [].into());
    }
    match desired(&model(&source), &now, &lives) {
        Ok(_) => "ok".to_owned(),
        Err(wrong) => render(&source, &wrong),
    }
}

#[test]
fn every_case_says_what_it_should() {
    let mut wrong = String::new();
    for file in files("tests/asked") {
        let mut updated = String::new();
        for case in cases(&file) {
            let said = said(&case.title, &case.yaml);
            let _ = write!(updated, "== {}\n{}-- says\n{said}\n\n", case.title, case.yaml);
            if said != case.says {
                let _ = write!(
                    wrong,
                    "\n== {}\n{}\nwanted:\n{}\nsaid:\n{said}\n",
                    case.title, case.yaml, case.says
                );
            }
        }
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&file, updated).unwrap();
        }
    }
    assert!(wrong.is_empty() || std::env::var_os("UPDATE").is_some(), "{wrong}");
}
