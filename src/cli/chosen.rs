//! Which node groups of a file a command is about.

use std::path::PathBuf;

use super::error::CommandError;
use super::source::File;

/// Flags that choose among the node groups of a file, or name a cluster without one.
#[derive(Debug, clap::Args)]
pub(super) struct Chosen {
    /// The cluster file, whose node groups are meant; `-` for stdin
    #[arg(long, short = 'f', visible_alias = "config-file", value_name = "FILE")]
    #[arg(required_unless_present = "cluster")]
    pub file: Option<PathBuf>,
    /// Only node groups whose names match one of these; `*` stands for any characters, `?` for one
    #[arg(long, value_name = "GLOBS", value_delimiter = ',', conflicts_with = "cluster")]
    include: Vec<String>,
    /// No node groups whose names match one of these
    #[arg(long, value_name = "GLOBS", value_delimiter = ',', conflicts_with = "cluster")]
    exclude: Vec<String>,
    /// Name of the cluster
    #[arg(long, short = 'c', value_name = "NAME", conflicts_with = "file")]
    pub cluster: Option<String>,
}

impl Chosen {
    /// The names of those that are meant, in the order of the file.
    ///
    /// # Errors
    /// Where a glob is none, or none is meant.
    pub fn of(&self, file: &File) -> Result<Vec<String>, CommandError> {
        let globs = self.include.iter().chain(&self.exclude);
        if let Some(strange) = globs.clone().find(|glob| glob.contains(['[', ']', '{', '}', '\\'])) {
            return Err(CommandError::usage(format!("`{strange}` is no glob here"))
                .hint("`*` stands for any characters and `?` for one; several are divided by commas"));
        }
        let names: Vec<String> = file.cluster.nodegroup_names().map(str::to_owned).collect();
        let idle = self.include.iter().find(|glob| !names.iter().any(|name| matches(glob, name)));
        if let Some(idle) = idle {
            return Err(CommandError::usage(format!(
                "no node group of {} matches `{idle}`",
                file.source.name
            ))
            .hint(format!("there are {}", names.join(", "))));
        }
        let any = |globs: &[String], name: &str| globs.iter().any(|glob| matches(glob, name));
        let meant = |name: &String| {
            (self.include.is_empty() || any(&self.include, name)) && !any(&self.exclude, name)
        };
        let meant: Vec<String> = names.iter().filter(|name| meant(name)).cloned().collect();
        if meant.is_empty() {
            return Err(CommandError::usage(format!("no node group of {} is meant", file.source.name))
                .hint(none_meant(&names)));
        }
        Ok(meant)
    }
}

fn none_meant(names: &[String]) -> String {
    match names.is_empty() {
        true => "it has none: they stand under `managedNodeGroups`".to_owned(),
        false => format!("there are {}: leave some of them out of --exclude", names.join(", ")),
    }
}

/// Whether a name is as a glob says.
fn matches(glob: &str, name: &str) -> bool {
    let mut rest = glob.chars();
    match rest.next() {
        None => name.is_empty(),
        Some('*') => {
            let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
            ends.into_iter().any(|at| matches(rest.as_str(), &name[at..]))
        }
        Some(letter) => {
            let mut letters = name.chars();
            letters.next().is_some_and(|its| letter == '?' || letter == its)
                && matches(rest.as_str(), letters.as_str())
        }
    }
}

#[test]
fn a_star_stands_for_any_characters_and_a_question_mark_for_one() {
    for (glob, name, fits) in [
        ("ng-1", "ng-1", true),
        ("ng-?", "ng-1", true),
        ("ng-?", "ng-12", false),
        ("ng-*", "ng-", true),
        ("*spot*", "a-spot-b", true),
        ("*-b", "a-spot-b", true),
        ("*-b", "a-b-c", false),
        ("", "a", false),
        ("*", "", true),
    ] {
        assert_eq!(matches(glob, name), fits, "{glob} {name}");
    }
}
