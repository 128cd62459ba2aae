//! The declarations as a JSON Schema (2020-12), for editors.
//!
//! It accepts what the reader accepts, as far as a schema can: rules between fields are beyond it, and text
//! without quotes that YAML takes for a number, which the reader takes with a warning, is refused.

use serde_json::{Map, Value as Json, json};

use crate::config::declare::{Default, FieldDecl, Section, SectionDecl};
use crate::config::sections::cluster::ClusterConfig;
use crate::config::tree;

/// Collects each section once, under `$defs`.
#[derive(Default)]
pub struct Definitions {
    found: Map<String, Json>,
}

pub fn schema() -> Json {
    let mut definitions = Definitions::default();
    let root = definitions.reference(ClusterConfig::DECL, true);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "eksact cluster file",
        "$ref": root["$ref"],
        "$defs": definitions.found,
    })
}

impl Definitions {
    /// A reference to a section; one that need not be there may be empty.
    pub fn reference(&mut self, decl: &'static SectionDecl, required: bool) -> Json {
        if !self.found.contains_key(decl.name) {
            self.found.insert(decl.name.to_owned(), Json::Null);
            let section = self.section(decl);
            self.found.insert(decl.name.to_owned(), section);
        }
        let reference = json!({ "$ref": format!("#/$defs/{}", decl.name) });
        if required { reference } else { json!({ "anyOf": [reference, { "type": "null" }] }) }
    }

    fn section(&mut self, decl: &'static SectionDecl) -> Json {
        let fields = decl.fields.iter().map(|field| (field.key.to_owned(), self.field(field, decl)));
        let mut properties: Map<String, Json> = fields.collect();
        let later: Vec<_> =
            decl.not_yet.iter().map(|later| (later.key.to_owned(), later.schema(self))).collect();
        properties.extend(later);
        for (old, new) in decl.renamed {
            let mut property = properties[*new].clone();
            property["deprecated"] = true.into();
            property["description"] = format!("Now called {new}.").into();
            properties.insert((*old).to_owned(), property);
        }
        let required: Vec<&str> =
            decl.fields.iter().filter(|field| field.is_required()).map(|field| field.key).collect();
        json!({
            "type": "object",
            "description": decl.about.trim(),
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        })
    }

    fn field(&mut self, field: &FieldDecl, decl: &SectionDecl) -> Json {
        let mut property = (field.kind.schema)(self);
        if let Some(nothing) = decl.blank(field.key) {
            property = json!({ "anyOf": [property, { "const": nothing }] });
        }
        let about = field.about.trim();
        property["description"] = about.into();
        match field.default {
            Default::None | Default::Open => {}
            Default::Same(text) => property["default"] = default(text),
            Default::Differs { eksctl, eksact, .. } => {
                let differs = format!("{about} Default: {eksact}; under eksctl.io/v1alpha5: {eksctl}.");
                property["description"] = differs.into();
            }
        }
        property
    }
}

fn default(text: &str) -> Json {
    tree::parse(text).0.first().map_or(Json::Null, |document| tree::to_json(&document.root))
}
