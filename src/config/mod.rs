//! Reads a cluster file and says everything that is wrong with it in one run, each at its place.
//!
//! ```text
//! text ─▶ tree::parse ─▶ Node, every key and value with its bytes
//!                          │  one `section!` per section: fields, types, defaults, what is refused, rules
//!                          ├─▶ ClusterConfig     (read)
//!                          ├─▶ Vec<Diagnostic>   (read)
//!                          ├─▶ JSON Schema       (schema)
//!                          └─▶ a table in the docs (docs)
//! ```
//!
//! **Invariant:** nothing here does I/O, and no input panics. A value that could not be read is replaced by a
//! stand-in that knows it is one, so that reading and the rules go on; a file with an error yields no model.

use std::collections::HashSet;

pub mod checks;
mod component_flags;
mod component_texts;
mod declare;
pub mod diagnostic;
pub mod docs;
mod fields;
mod filled;
mod flags;
mod installable;
mod nodegroup_flags;
pub mod place;
mod reader;
mod refuse;
pub mod schema;
pub mod sections;
mod source;
mod suggest;
pub mod tree;
mod value;
mod waivers;

pub use checks::{CHECKS, Check, Departure};
pub use component_flags::{ComponentFlags, newer_component_versions};
pub use component_texts::ComponentText;
pub use declare::{FieldDecl, NotYet, Section, SectionDecl, known, reachable};
pub use diagnostic::{Code, Diagnostic, Fix, Label, Severity};
pub use filled::Choices;
pub use flags::{FLAGS, Flags};
pub use installable::Installable;
pub use nodegroup_flags::{Habitat, NodegroupFlags};
pub use place::{Known, Origin, Span, Spanned};
pub(crate) use sections::access::{AuthenticationMode, RoleArn};
pub(crate) use sections::access_entries::{AccessEntry, AccessPolicy};
pub(crate) use sections::addons::{Addon, AddonVersion, POD_IDENTITY_AGENT, ResolveConflicts};
pub use sections::cluster::{ApiVersion, ClusterConfig};
pub(crate) use sections::component_pods::{DisruptionBudget, TopologySpread};
pub(crate) use sections::component_rules::autoscaling_of_a_manifest;
pub(crate) use sections::component_versions;
pub(crate) use sections::components::{
    Amounts, COMPONENT_NAMESPACE, Component, ComponentIdentity, ComponentName, LogLevel, Resources,
    Toleration, TolerationOperator,
};
pub(crate) use sections::identities::{AddonIdentity, PodIdentityAssociation, ServiceAccount};
pub(crate) use sections::network::IpFamily;
pub(crate) use sections::nodegroup::{AmiFamily, ManagedNodeGroup, SubnetName};
pub(crate) use sections::policies::KnownPolicy;
pub(crate) use sections::support::SupportType;
pub(crate) use sections::taints::{Effect, Taint};
pub(crate) use sections::vpc::{NatGateway, Subnet, SubnetId, Zone};
pub use source::Source;
pub(crate) use suggest::nearest;
pub(crate) use value::{Choice, Map};
pub use waivers::Waiver;

use reader::Reader;
use tree::Document;

/// Nobody reads more problems than this; a file of another kind has millions.
pub(crate) const MOST: usize = 1_000;

/// What became of one file.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The model; none if the file has an error anywhere.
    pub cluster: Option<ClusterConfig>,
    /// Every problem, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
    /// Where the cluster departs from the secure defaults, in the order of the file; none if the file has an
    /// error.
    pub departures: Vec<Departure>,
}

/// Reads a file of one cluster.
pub fn read(source: &Source) -> Outcome {
    let mut outcome = Outcome::default();
    let (documents, syntax) = tree::parse(&source.text);
    outcome.diagnostics = syntax;
    let mut written = documents.iter().filter(|document| !document.is_void());
    if let Some(document) = written.next() {
        read_document(source, document, &mut outcome);
    } else if outcome.diagnostics.is_empty() {
        let nothing = Diagnostic::new(Code::MissingField, Span::default(), "the file is empty");
        outcome.diagnostics.push(nothing.help("the smallest cluster file has apiVersion, kind and metadata"));
    }
    outcome.diagnostics.extend(written.map(another_document));
    if outcome.diagnostics.iter().any(Diagnostic::is_error) {
        (outcome.cluster, outcome.departures) = (None, Vec::new());
    }
    shorten(&mut outcome.diagnostics);
    outcome.diagnostics.sort_by_key(|d| (d.primary.span.start, d.code));
    outcome
}

fn read_document(source: &Source, document: &Document<'_>, outcome: &mut Outcome) {
    let mut reader = Reader::new(document);
    outcome.cluster = reader.value::<ClusterConfig>(&document.root);
    outcome.diagnostics.append(&mut reader.diagnostics);
    leave_out_what_is_said_as_an_error(&mut outcome.diagnostics);
    let is_wrong = outcome.diagnostics.iter().any(Diagnostic::is_error);
    if let Some(cluster) = outcome.cluster.as_ref().filter(|_| !is_wrong) {
        outcome.departures = checks::departures(cluster, document.top());
        outcome.diagnostics.extend(waivers::apply(&source.text, document, &mut outcome.departures));
    }
}

/// Text that may hold anything is read with a warning, before it is known that it may not hold this.
fn leave_out_what_is_said_as_an_error(diagnostics: &mut Vec<Diagnostic>) {
    let unfilled = diagnostics.iter().filter(|d| d.code == Code::Unfilled).map(|d| d.primary.span);
    let unfilled: HashSet<Span> = unfilled.collect();
    diagnostics.retain(|d| d.code != Code::UnfilledText || !unfilled.contains(&d.primary.span));
}

/// Which of two clusters a command means could only be guessed.
fn another_document(document: &Document<'_>) -> Diagnostic {
    let message = "another document: a file describes one cluster";
    Diagnostic::new(Code::AnotherDocument, document.root.span, message).label("move it to a file of its own")
}

/// Keeps errors rather than warnings, and the first of them.
fn shorten(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by_key(|d| (!d.is_error(), d.primary.span.start));
    let Some(next) = diagnostics.get(MOST).map(|next| next.primary.span) else { return };
    let message = format!("more than {MOST} problems; some from here on are not shown");
    diagnostics.truncate(MOST);
    diagnostics.push(Diagnostic::new(Code::NotShown, next, message));
}
