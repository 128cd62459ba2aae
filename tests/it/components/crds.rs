//! The load balancer controller's CRDs, held to the table of their properties.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::objects::{around, drawn};

const TABLE: &str = include_str!("../../components/crds.tsv");

/// A version of a CRD: what its head line says, and its properties.
#[derive(Debug, Default, PartialEq)]
struct Version {
    head: BTreeMap<&'static str, String>,
    /// By path: type, whether it is required, constraints.
    properties: BTreeMap<String, (String, bool, Value)>,
}

type Versions = BTreeMap<(String, String), Version>;

const HEAD: [&str; 5] = ["scope", "kind", "stored", "subresources", "columns"];

fn table() -> Versions {
    let mut versions = Versions::new();
    let mut at = (String::new(), String::new());
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let cell = |n: usize| cells.get(n).copied().unwrap_or_default().to_owned();
        if cells[0] == "crd" {
            at = (cell(1), cell(2));
            let head = HEAD.iter().enumerate().map(|(n, name)| (*name, cell(n + 3))).collect();
            versions.insert(at.clone(), Version { head, ..Version::default() });
            continue;
        }
        let constraints = match &*cell(3) {
            "" => json!({}),
            text => serde_json::from_str(text).unwrap(),
        };
        let version = versions.get_mut(&at).unwrap();
        version.properties.insert(cell(0), (cell(1), cell(2) == "required", constraints));
    }
    versions
}

fn ours() -> Versions {
    let objects = drawn("  - name: aws-load-balancer-controller\n", &around());
    let crds = objects.iter().filter(|object| object["kind"] == "CustomResourceDefinition");
    let mut versions = Versions::new();
    for crd in crds {
        let spec = &crd["spec"];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        assert_eq!(
            crd["metadata"]["name"],
            format!("{}.{}", text(&spec["names"]["plural"]), text(&spec["group"]))
        );
        for version in spec["versions"].as_array().unwrap() {
            assert_eq!(version["served"], true);
            let columns = version["additionalPrinterColumns"].as_array().unwrap().iter();
            let column = |it: &Value| {
                format!("{}={}({})", text(&it["name"]), text(&it["jsonPath"]), text(&it["type"]))
            };
            let stored = if version["storage"] == true { "stored" } else { "" };
            let subresources = version["subresources"].as_object().map(|it| it.keys().cloned().collect());
            let head = [
                text(&spec["scope"]),
                text(&spec["names"]["kind"]),
                stored.to_owned(),
                subresources.unwrap_or(Vec::new()).join(" "),
                columns.map(column).collect::<Vec<_>>().join("; "),
            ];
            let mut found = Version { head: HEAD.into_iter().zip(head).collect(), ..Version::default() };
            flatten("", &version["schema"]["openAPIV3Schema"], false, &mut found.properties);
            found.properties.retain(|path, _| path.starts_with("spec") || path.starts_with("status"));
            versions.insert((text(&crd["metadata"]["name"]), text(&version["name"])), found);
        }
    }
    versions
}

/// A schema as lines of the table.
fn flatten(path: &str, schema: &Value, required: bool, into: &mut BTreeMap<String, (String, bool, Value)>) {
    let mut constraints: Map<String, Value> = schema.as_object().unwrap().clone();
    let properties = constraints.remove("properties").unwrap_or_default();
    let needed = constraints.remove("required").unwrap_or_default();
    let (items, values) = (constraints.remove("items"), constraints.remove("additionalProperties"));
    let kind = match constraints.remove("x-kubernetes-int-or-string") {
        Some(_) => {
            assert_eq!(constraints.remove("anyOf"), Some(json!([{"type": "integer"}, {"type": "string"}])));
            "int-or-string".to_owned()
        }
        None => constraints.remove("type").unwrap().as_str().unwrap().to_owned(),
    };
    if let Some(rules) = constraints.get_mut("x-kubernetes-validations") {
        for rule in rules.as_array_mut().unwrap() {
            // What a rule says is in our own words, and must be there.
            let said = rule.as_object_mut().unwrap().remove("message");
            assert!(said.is_some_and(|said| said.as_str().is_some_and(|said| !said.is_empty())), "{path}");
        }
    }
    if !path.is_empty() {
        into.insert(path.to_owned(), (kind, required, Value::Object(constraints)));
    }
    for (name, property) in properties.as_object().into_iter().flatten() {
        let dot = if path.is_empty() { "" } else { "." };
        let is_needed = needed.as_array().is_some_and(|needed| needed.iter().any(|it| it == name));
        flatten(&format!("{path}{dot}{name}"), property, is_needed, into);
    }
    for (schema, mark) in [(items, "[]"), (values, "{}")] {
        if let Some(schema) = schema {
            flatten(&format!("{path}{mark}"), &schema, false, into);
        }
    }
}

#[test]
fn every_property_is_as_in_the_table_and_there_is_no_other() {
    let (table, ours) = (table(), ours());
    assert_eq!(table.len(), 11);
    assert_eq!(table.values().map(|version| version.properties.len()).sum::<usize>(), 606);
    assert_eq!(table.keys().collect::<Vec<_>>(), ours.keys().collect::<Vec<_>>());
    for (name, version) in &table {
        let found = &ours[name];
        assert_eq!(version.head, found.head, "{name:?}");
        for (path, property) in &version.properties {
            assert_eq!(found.properties.get(path), Some(property), "{name:?} {path}");
        }
        let more: Vec<&String> =
            found.properties.keys().filter(|path| !version.properties.contains_key(*path)).collect();
        assert!(more.is_empty(), "{name:?} {more:?}");
    }
}
