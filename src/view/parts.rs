//! What is said of parts of a cluster that are made or taken away by themselves: node groups and components.

use serde_json::{Value, json};

use super::change::alike;
use super::json::to_yaml;
use super::plan::{Screen, body, counts, goes, header};
use super::summary::{End, times};
use super::units::count;
use crate::ops::{Addition, Subtraction};
use crate::plan::Change;

/// What such a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A node group.
    Nodegroup,
    /// A component.
    Component,
}

impl Part {
    /// As commands name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Nodegroup => "nodegroup",
            Self::Component => "component",
        }
    }

    /// That all of them are there already.
    pub fn nothing_to_make(self, wanted: &Addition) -> String {
        let (cluster, word) = (wanted.draft.graph.name(), self.word());
        match (&wanted.there[..], self) {
            ([name], Self::Nodegroup) => format!("{word} {name} of {cluster} is there already."),
            ([name], Self::Component) => {
                format!("{word} {name} of {cluster} is there already.")
            }
            (names, _) => {
                let number = count(names.len(), word);
                format!("{number} of {cluster} are there already: {}.", names.join(", "))
            }
        }
    }

    /// Property by property, what of those that are there lives otherwise than was asked for.
    pub fn otherwise(self, wanted: &Addition) -> String {
        let (cluster, word) = (wanted.draft.graph.name(), self.word());
        let head = match &wanted.there[..] {
            [name] => format!("{word} {name} of {cluster} is there, and not as it is asked for:"),
            names => format!(
                "{} of {cluster} are there, and not all as they are asked for:",
                count(names.len(), word)
            ),
        };
        let changes: Vec<&Change> = wanted.otherwise.iter().collect();
        let lines =
            alike(&changes).into_iter().flat_map(|it| it.lines(false)).map(|line| format!("  {line}"));
        [head].into_iter().chain(lines).collect::<Vec<_>>().join("\n")
    }

    /// That no file names what was made, and what a file that is to keep it must say.
    pub fn without_file(self, name: &str, part: &Value) -> String {
        let (language, lines) = self.lines(part);
        format!(
            "No file names {} {name}: to apply a file without it will delete it. To keep it, write there{language}:\n{lines}",
            self.word()
        )
    }

    /// What a file must say for what lives to be changed, and what is typed then.
    pub fn to_write(self, part: &Value) -> String {
        let (language, lines) = self.lines(part);
        format!(
            "set it in the cluster's file{language}, beside what that says of this {word} already, then eksact apply -f FILE:\n{lines}",
            word = self.word()
        )
    }

    /// The lines of a file, and what that must be for them.
    fn lines(self, part: &Value) -> (&'static str, String) {
        let (list, language) = match self {
            Self::Nodegroup => ("managedNodeGroups", ""),
            Self::Component => ("components", ", with apiVersion: eksact.dev/v1alpha1"),
        };
        let lines = to_yaml(&json!({ list: [part] }));
        let lines = lines.trim_end().lines().map(|line| format!("    {line}")).collect::<Vec<_>>();
        (language, lines.join("\n"))
    }

    /// What goes, how long that takes, what stops costing, and what was not there anyway.
    pub fn deletion(self, screen: &Screen<'_>, drawn: &Subtraction) -> String {
        let what = match drawn.gone.len() {
            0 => "what an earlier run has left".to_owned(),
            number => count(number, self.word()),
        };
        let mut lines = vec![format!("{}: {what}, {}:", header(screen), goes(screen))];
        lines.extend(body(screen).iter().map(|line| format!("  {line}")));
        lines.extend(absent(drawn));
        lines.push(format!("Plan: {}.", counts(screen.plan)));
        lines.join("\n")
    }

    /// That they are gone, and what brings them back.
    pub fn gone(self, end: &End<'_>, drawn: &Subtraction, file: Option<&str>) -> String {
        let all = if drawn.gone.is_empty() { &drawn.absent } else { &drawn.gone };
        let (names, word) = (all.join(", "), self.word());
        let (is, them) = if all.len() == 1 { ("is", "it") } else { ("are", "them") };
        let back = match file {
            Some(file) => {
                format!("  note        {file} still names {them}: eksact apply -f {file} makes {them} again")
            }
            None => {
                format!("  note        a file that still names {them} makes {them} again when it is applied")
            }
        };
        let gone = format!("{word} {names} of {} {is} gone.", end.cluster);
        [gone, format!("  took        {}", times(end)), back].join("\n")
    }
}

/// What else is not as the file says, on lines of its own; nothing where all of it is, or there is no file.
pub fn rest(wanted: &Addition, file: Option<&str>) -> String {
    let Some(file) = file.filter(|_| !wanted.differs.is_empty()) else { return String::new() };
    let mut keys: Vec<String> = wanted.differs.iter().map(ToString::to_string).collect();
    let more = keys.len().saturating_sub(3);
    keys.truncate(3);
    keys.extend((more > 0).then(|| format!("{more} more")));
    let (number, keys) = (wanted.differs.len(), keys.join(", "));
    let (what, are) = if number == 1 { ("resource", "is") } else { ("resources", "are") };
    format!(
        "\n{number} more {what} {are} not as {file} says, and left alone: {keys}\n  next        eksact apply -f {file}"
    )
}

/// That there is nothing to take away, as far as it could be read.
pub fn nothing_to_delete(screen: &Screen<'_>, drawn: &Subtraction) -> String {
    let mut lines = body(screen);
    lines.extend(absent(drawn));
    lines.push(format!("{}: nothing to delete.", screen.cluster));
    lines.join("\n")
}

fn absent(drawn: &Subtraction) -> Option<String> {
    (!drawn.absent.is_empty()).then(|| format!("  not there: {}", drawn.absent.join(", ")))
}
