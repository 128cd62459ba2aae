//! The secure defaults that users and scanners expect, and where a file departs from them.
//!
//! A check looks at the model, in which every default stands: at what the cluster will be, whether it is written or
//! not. A departure is no error, and not said like other warnings: it is counted by `plan`, listed by `validate`, and
//! silenced by a waiver with a reason.

mod control_plane;
mod identities;
mod lines;
mod nodes;
mod table;

use crate::config::place::{Span, Spanned};
use crate::config::sections::cluster::ClusterConfig;
use crate::config::sections::nodegroup::ManagedNodeGroup;
use crate::config::suggest::nearest;
use crate::config::waivers::Waiver;

pub use table::CHECKS;

/// Something that is looked at.
#[derive(Debug)]
pub struct Check {
    /// Its name, which is stable.
    pub name: &'static str,
    /// Rules of Checkov that look at the same.
    pub rules: &'static [&'static str],
    /// What follows from a departure: a sentence without its full stop.
    pub because: &'static str,
    /// What is meant by it, and how it is under either apiVersion: some sentences.
    pub about: &'static str,
    find: fn(&ClusterConfig) -> Vec<Found>,
}

impl PartialEq for Check {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Check {
    /// The check of this name, or one with this rule, whatever the case.
    pub fn of(name: &str) -> Option<&'static Self> {
        let by_rule = |check: &&Self| check.rules.iter().any(|rule| rule.eq_ignore_ascii_case(name));
        let by_name = CHECKS.iter().find(|check| check.name.eq_ignore_ascii_case(name));
        by_name.or_else(|| CHECKS.iter().find(by_rule))
    }

    /// The name that was probably meant.
    pub(super) fn meant(name: &str) -> Option<&'static str> {
        nearest(name, CHECKS.iter().map(|check| check.name))
    }
}

/// One departure from the secure defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct Departure {
    /// From what.
    pub check: &'static Check,
    /// The value; where none is written, the section in which it would stand.
    pub at: Span,
    /// Whether none is written.
    pub is_absent: bool,
    /// The node group that it is about, if it is about one.
    pub nodegroup: Option<String>,
    /// The lines to write: in place of the value, or in that section.
    pub write: String,
    /// Why it is meant to be so, if the file says it.
    pub waiver: Option<Waiver>,
}

/// What a check finds.
struct Found {
    /// The top of the file where none is said.
    at: Option<Span>,
    is_absent: bool,
    nodegroup: Option<String>,
    write: String,
}

impl Found {
    /// A field that is written otherwise, or left to a default that is.
    fn field<T>(field: &Spanned<T>, write: String) -> Self {
        // An empty value has no characters to point at: its key has.
        let at = Some(field.place()).filter(|at| at.start < at.end).unwrap_or(field.key);
        Self { at: Some(at), is_absent: !field.is_written(), nodegroup: None, write }
    }

    /// Something that stands in the file.
    fn written(at: Span, write: String) -> Self {
        Self { at: Some(at), is_absent: false, nodegroup: None, write }
    }

    /// Something that does not, but may in this section.
    fn absent(at: Option<Span>, write: String) -> Self {
        Self { at, is_absent: true, nodegroup: None, write }
    }

    fn of(self, group: &ManagedNodeGroup) -> Self {
        Self { nodegroup: Some(group.name.0.clone()), ..self }
    }
}

/// Every departure of a file that begins at `top`, in its order.
pub(super) fn departures(cluster: &ClusterConfig, top: Span) -> Vec<Departure> {
    let find = |check: &'static Check| {
        let found = (check.find)(cluster).into_iter();
        found.map(move |Found { at, is_absent, nodegroup, write }| Departure {
            check,
            at: at.unwrap_or(top),
            is_absent,
            nodegroup,
            write,
            waiver: None,
        })
    };
    let mut departures: Vec<Departure> = CHECKS.iter().flat_map(find).collect();
    departures.sort_by_key(|departure| departure.at.start);
    departures
}
