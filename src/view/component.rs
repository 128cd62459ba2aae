//! What is said of single components that are made or taken away.

use serde_json::Value;

use super::json::to_yaml;
use super::plan::{Screen, body, counts, goes, header};
use super::summary::{End, times};
use super::units::count;
use crate::ops::{Addition, Subtraction};

/// That all of them are there already.
pub fn nothing_to_make(wanted: &Addition) -> String {
    let cluster = wanted.draft.graph.name();
    match &wanted.there[..] {
        [name] => {
            format!("component {name} of {cluster} is there already; its settings are the file's to change.")
        }
        names => format!(
            "{} of {cluster} are there already: {}.",
            count(names.len(), "component"),
            names.join(", ")
        ),
    }
}

/// That no file names what was made, and what a file that is to keep it must say.
pub fn without_file(name: &str, component: &Value) -> String {
    let lines = to_yaml(&serde_json::json!({ "components": [component] }));
    let lines = lines.trim_end().lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n");
    format!(
        "No file names component {name}: to apply a file without it will delete it. To keep it, write there, \
         with apiVersion: eksact.dev/v1alpha1:\n{lines}"
    )
}

/// What goes, how long that takes, and what was not there anyway.
pub fn deletion(screen: &Screen<'_>, drawn: &Subtraction) -> String {
    let what = count(drawn.gone.len(), "component");
    let mut lines = vec![format!("{}: {what}, {}:", header(screen), goes(screen))];
    lines.extend(body(screen).iter().map(|line| format!("  {line}")));
    lines.extend(absent(drawn));
    lines.push(format!("Plan: {}.", counts(screen.plan)));
    lines.join("\n")
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

/// That they are gone, and what brings them back.
pub fn gone(end: &End<'_>, drawn: &Subtraction, file: Option<&str>) -> String {
    let names = drawn.gone.join(", ");
    let (is, them) = if drawn.gone.len() == 1 { ("is", "it") } else { ("are", "them") };
    let back = match file {
        Some(file) => {
            format!("  note        {file} still names {them}: eksact apply -f {file} makes {them} again")
        }
        None => format!("  note        a file that still names {them} makes {them} again when it is applied"),
    };
    [
        format!("component {names} of {} {is} gone.", end.cluster),
        format!("  took        {}", times(end)),
        back,
    ]
    .join("\n")
}
