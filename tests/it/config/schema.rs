//! The JSON Schema accepts what the reader accepts, and refuses what it refuses for other reasons than a
//! rule.

use eksact::config::tree::{Kind, Node};
use eksact::config::{Code, Diagnostic, Severity, Span, schema, tree};

use super::cases::{cases, files, read};
use super::files::examples;

/// What no schema can say, or what ours says otherwise on purpose.
fn beyond_a_schema(code: Code) -> bool {
    code.id() >= "E0201" && code.id() < "W"
        || matches!(code, Code::Syntax | Code::DuplicateKey | Code::BadAlias | Code::TooMuch)
        || matches!(
            code,
            Code::BadKey | Code::UnknownTag | Code::BadMerge | Code::OtherNotation | Code::HostBits
        )
}

/// A rule says so of text that is free to a schema.
fn unfilled_by_a_rule(diagnostic: &Diagnostic) -> bool {
    let free = ["a tag's", "a label's", "a taint's"];
    diagnostic.code == Code::Unfilled && free.iter().any(|it| diagnostic.message.contains(it))
}

/// What both say of a file; `None` where they need not agree.
fn verdicts(text: &str, validator: &jsonschema::Validator) -> Option<(bool, bool)> {
    let outcome = read(text);
    let special =
        |d: &Diagnostic| beyond_a_schema(d.code) || d.code == Code::LooksLikeOther || unfilled_by_a_rule(d);
    let (documents, unread) = tree::parse(text);
    // a schema does not see what the tree could not hold, and merge keys are YAML's, not JSON's
    if documents.len() != 1
        || !unread.is_empty()
        || text.contains("<<")
        || outcome.diagnostics.iter().any(special)
    {
        return None;
    }
    let reader = outcome.diagnostics.iter().all(|d| d.severity() == Severity::Warning);
    Some((reader, validator.is_valid(&tree::to_json(&documents[0].root))))
}

#[test]
fn the_schema_agrees_with_the_reader() {
    let validator = jsonschema::validator_for(&schema::schema()).expect("a valid schema");
    let texts =
        files("tests/cases").iter().flat_map(|file| cases(file)).map(|case| case.text()).collect::<Vec<_>>();
    let verdicts: Vec<_> =
        texts.iter().filter_map(|text| Some((text, verdicts(text, &validator)?))).collect();
    let wrong: Vec<_> = verdicts.iter().filter(|(_, (reader, schema))| reader != schema).collect();
    assert!(wrong.is_empty(), "(file, (reader, schema)): {wrong:#?}");
    assert!(verdicts.len() >= 40, "{} cases were compared", verdicts.len());
}

/// The places of all values that stand in one line.
fn values(node: &Node<'_>, found: &mut Vec<Span>) {
    match &node.kind {
        Kind::Map(entries) => entries.iter().for_each(|entry| values(&entry.value, found)),
        Kind::List(nodes) => nodes.iter().for_each(|node| values(node, found)),
        Kind::Shared { target, alias: false } => values(&target.node, found),
        Kind::Scalar(_) => found.push(node.span),
        Kind::Shared { .. } | Kind::Bad => {}
    }
}

#[test]
fn the_schema_agrees_whatever_a_value_is_replaced_by() {
    let validator = jsonschema::validator_for(&schema::schema()).expect("a valid schema");
    let (mut agreed, mut wrong) = ([0, 0], Vec::new());
    let texts =
        files("tests/cases").iter().flat_map(|file| cases(file)).map(|case| case.text()).collect::<Vec<_>>();
    for text in texts.into_iter().chain(examples().into_iter().map(|(_, text)| text)) {
        let mut spans = Vec::new();
        tree::parse(&text).0.iter().for_each(|document| values(&document.root, &mut spans));
        for span in spans.iter().filter(|span| span.start < span.end) {
            for other in ["null", "true", "3", "-1", "\"a\"", "\"1.34\"", "[]", "[{}]", "{}", "{a: b}", "gp3"]
            {
                let (before, after) = (&text[..span.start as usize], &text[span.end as usize..]);
                let mutated = format!("{before}{other}{after}");
                match verdicts(&mutated, &validator) {
                    Some((reader, schema)) if reader == schema => agreed[usize::from(reader)] += 1,
                    Some(said) => wrong.push((mutated, said)),
                    None => {}
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} (file, (reader, schema)): {:#?}",
        wrong.len(),
        &wrong[..wrong.len().min(5)]
    );
    assert!(agreed[0] > 1_000 && agreed[1] > 50, "{agreed:?}");
}

#[test]
fn the_schema_says_what_it_is() {
    let schema = schema::schema();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["$defs"]["ManagedNodeGroup"]["properties"]["volumeSize"]["default"], 80);
    assert_eq!(schema["$defs"]["Vpc"]["properties"]["cidr"]["default"], "192.168.0.0/16");
    assert_eq!(schema["$defs"]["Metadata"]["required"], serde_json::json!(["name", "region"]));
}
