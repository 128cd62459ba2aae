//! Every field × {added, changed, removed}, on a cluster that lives: the plan shows exactly that.

use eksact::config::Source;
use eksact::desired::desired;
use eksact::plan::plan;
use eksact::world::Snapshot;

use super::desk::{facts, living, model};
use crate::fields::{edits, fields, tell};

/// What a file comes to where this lives: its plan in a few words, or the codes of what stands in its way.
fn told(text: &str, living: &Snapshot) -> Vec<String> {
    let file = model(&Source::new("cluster.yaml", text));
    match desired(&file, &facts(), living) {
        Ok(graph) => tell(&plan(&graph, living)),
        Err(wrong) => wrong.iter().map(|it| it.code.id().to_owned()).collect(),
    }
}

/// What lives once a file has been applied to nothing.
fn applied(text: &str) -> Option<Snapshot> {
    let file = model(&Source::new("cluster.yaml", text));
    Some(living(&desired(&file, &facts(), &Snapshot::default()).ok()?))
}

#[test]
fn each_field_changes_what_it_should_and_nothing_else() {
    let mut wrong = String::new();
    for field in fields() {
        for (title, before, after, changes) in edits(&field) {
            // Where a file cannot be applied, nothing lives that it could be changed from.
            let before =
                applied(before).or_else(|| applied(&field.none)).expect("a file that can be applied");
            let said = told(after, &before);
            if said != changes {
                wrong += &format!("\n{title}\n  {}\n", said.join("\n  "));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn once_it_is_made_there_is_nothing_more_to_do() {
    for field in fields() {
        for text in [&field.none, &field.one, &field.other] {
            if let Some(living) = applied(text) {
                assert_eq!(told(text, &living), [""; 0], "{}", field.name);
            }
        }
    }
}
