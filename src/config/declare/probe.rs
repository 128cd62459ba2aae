//! What a declaration can say and no section does at present.

use crate::config::declare::section;
use crate::config::diagnostic::Code;
use crate::config::reader::Reader;
use crate::config::tree;

section! {
    /// A section with an old name in it.
    pub struct Probe {
        /// A field.
        "new" new: bool = false,
    }
    renamed { "old" => "new", }
}

fn read(text: &str) -> (Option<Probe>, Vec<Code>) {
    let (documents, _) = tree::parse(text);
    let mut reader = Reader::new(&documents[0]);
    let probe = reader.value(&documents[0].root);
    (probe, reader.diagnostics.iter().map(|d| d.code).collect())
}

#[test]
fn an_old_name_is_read_with_a_warning() {
    let (probe, said) = read("{old: true}");
    assert_eq!((probe.map(|probe| probe.new.value), said), (Some(true), vec![Code::Renamed]));
}

#[test]
fn an_old_name_beside_the_new_one_is_refused() {
    let (probe, said) = read("{new: true, old: false}");
    assert_eq!((probe.map(|probe| probe.new.value), said), (Some(true), vec![Code::DuplicateKey]));
}
