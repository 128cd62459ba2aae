//! Which components a command is about.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, StringValueParser, TypedValueParser};

use super::error::CommandError;
use super::source::File;
use crate::config::{ClusterConfig, ComponentFlags};

/// Flags that choose a component of a cluster, or those of a file.
#[derive(Debug, clap::Args)]
pub(super) struct Chosen {
    /// The cluster file, whose components are meant; `-` for stdin
    #[arg(long, short = 'f', visible_alias = "config-file", value_name = "FILE")]
    #[arg(required_unless_present = "cluster")]
    pub file: Option<PathBuf>,
    /// Name of the cluster
    #[arg(long, short = 'c', value_name = "NAME", conflicts_with = "file")]
    pub cluster: Option<String>,
    #[command(flatten)]
    name: Name,
}

/// A component's name, with a flag or without.
#[derive(Debug, clap::Args)]
pub(super) struct Name {
    /// Name of the component; all if left out
    #[arg(long, short = 'n', value_name = "NAME", value_parser = names(), hide_possible_values = true)]
    name: Option<String>,
    /// Name of the component
    #[arg(value_name = "NAME", value_parser = names(), conflicts_with = "name")]
    positional: Option<String>,
}

impl Name {
    /// The name, if one is said.
    pub fn said(&self) -> Option<&str> {
        self.name.as_deref().or(self.positional.as_deref())
    }
}

impl Chosen {
    /// The one that is named.
    ///
    /// # Errors
    /// Where none is.
    pub fn one(&self, command: &str) -> Result<&str, CommandError> {
        self.name.said().ok_or_else(|| {
            CommandError::usage("no component is named").hint(format!(
                "eksact {command} component NAME --cluster CLUSTER, or -f FILE; there are {}",
                ClusterConfig::all_components().collect::<Vec<_>>().join(", ")
            ))
        })
    }

    /// The names of those of a file that are meant, in its order.
    ///
    /// # Errors
    /// Where none is.
    pub fn of(&self, file: &File) -> Result<Vec<String>, CommandError> {
        let named = file.cluster.component_names().map(str::to_owned);
        let meant: Vec<String> = named.filter(|it| self.name.said().is_none_or(|said| said == it)).collect();
        let which = self.name.said().map_or("components".to_owned(), |name| format!("component {name}"));
        if meant.is_empty() {
            return Err(CommandError::usage(format!("{} names no {which}", file.source.name))
                .hint("they stand under `components`, with apiVersion: eksact.dev/v1alpha1"));
        }
        Ok(meant)
    }
}

/// Names of components, for help and for shells.
pub(super) fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(ClusterConfig::all_components())
}

/// `NAME`, or `NAME@VERSION`.
#[derive(Clone, Debug)]
pub(super) struct Versioned;

impl TypedValueParser for Versioned {
    type Value = ComponentFlags;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<ComponentFlags, clap::Error> {
        let text = StringValueParser::new().parse_ref(command, argument, value)?;
        let component = ComponentFlags::of(&text);
        // Its name is checked as that of any: with what there is, and what may be meant.
        names().parse_ref(command, argument, component.name.as_ref())?;
        Ok(component)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(ClusterConfig::all_components().map(PossibleValue::new)))
    }
}
