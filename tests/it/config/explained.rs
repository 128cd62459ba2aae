//! `explain`: each code has a text, and each wrong file in it is wrong for that reason.

use eksact::cluster::{Facts, KubernetesVersion};
use eksact::config::{Code, Diagnostic, Source, read};
use eksact::desired::desired;
use eksact::view::diagnostics::render;
use eksact::world::Snapshot;

use super::cases::PRELUDE;
use crate::desired::desk;

/// These would take a page.
const WITHOUT_EXAMPLES: [Code; 5] =
    [Code::TooMuch, Code::TooManyTags, Code::PoliciesTooLong, Code::Renamed, Code::NotShown];

/// The indented lines below a word.
fn example(text: &str, word: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!("\n{word}:\n\n"))?;
    let lines = rest.lines().take_while(|line| line.is_empty() || line.starts_with("    "));
    Some(lines.map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(""))).collect())
}

/// What is said of a file: by itself, or where it is to be applied.
fn said(yaml: &str, living: Option<&Snapshot>) -> (Source, Vec<Diagnostic>) {
    let prelude = match living {
        Some(_) => PRELUDE.replace("eu-central-1", "us-west-2"),
        None => PRELUDE.to_owned(),
    };
    let whole = yaml.contains("apiVersion");
    let source = Source::new("cluster.yaml", if whole { yaml.to_owned() } else { prelude + yaml });
    let outcome = read(&source);
    let asked = outcome.cluster.iter().zip(living);
    let asked = asked.filter_map(|(cluster, living)| desired(cluster, &facts(), living).err());
    let all = outcome.diagnostics.into_iter().chain(asked.flatten()).collect();
    (source, all)
}

/// With a version besides that is in extended support.
fn facts() -> Facts {
    let mut facts = desk::facts();
    let ended = KubernetesVersion { standard_until: Some(facts.now), ..desk::version(("1.32", false)) };
    facts.versions.push(ended);
    facts
}

#[test]
fn every_code_has_a_text_with_a_wrong_and_a_right_file() {
    let small = desk::graph("managedNodeGroups: [{name: ng1}]\n", &desk::facts(), &Snapshot::default());
    let living = desk::living(&small);
    for code in Code::ALL {
        let text = code.text();
        let fits = text.len() > 60 && text.ends_with('\n') && text.lines().all(|line| line.len() <= 120);
        assert!(fits, "{code:?}");
        let (wrong, right) = (example(text, "Wrong"), example(text, "Right"));
        assert_eq!(wrong.is_none(), WITHOUT_EXAMPLES.contains(code), "{code:?}");
        let (Some(wrong), Some(right)) = (wrong, right) else { continue };
        let living = match code.id() {
            "E0404" => Some(living.clone()),
            id => id.starts_with("E04").then(Snapshot::default),
        };
        let (source, found) = said(&wrong, living.as_ref());
        assert!(found.iter().any(|it| it.code == *code), "{code:?}:\n{wrong}\n{}", render(&source, &found));
        let (source, found) = said(&right, living.as_ref());
        let still = found.iter().any(|it| it.code == *code || it.is_error());
        assert!(!still, "{code:?}:\n{right}\n{}", render(&source, &found));
    }
}

#[test]
fn a_code_is_found_as_people_type_it() {
    assert_eq!(Code::of("e0202"), Some(Code::DesiredOutside));
    assert_eq!(Code::of("E9999"), None);
}
