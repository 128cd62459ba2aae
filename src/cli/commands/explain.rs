//! `eksact explain`: what a code means, or what a component is.

use serde_json::{Value, json};

use crate::cli::error::CommandError;
use crate::cli::{Exit, Printer};
use crate::config::{CHECKS, Check, ClusterConfig, Code, ComponentText};
use crate::view;
use crate::view::departures::{self, checks};
use crate::view::diagnostics::explain;
use crate::view::json::answer;

/// Say more about a code, such as E0202, a check of secure defaults, or a component
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The code, or the name of the check or component; `checks` for a list of these
    code: String,
}

pub(in crate::cli) fn run(args: &Args, printer: &Printer) -> Result<Exit, CommandError> {
    if let Some(check) = Check::of(&args.code) {
        printer.answer(|| departures::explain(check).trim_end().to_owned(), || object_of(check));
        return Ok(Exit::Done);
    }
    if args.code == "checks" {
        let all = || CHECKS.iter().map(object_of).collect::<Vec<_>>();
        printer.answer(checks, || answer("Checks", json!({ "items": all() })));
        return Ok(Exit::Done);
    }
    if let Some(component) = ComponentText::of(&args.code) {
        printer.answer(|| view::component::explain(&component), || view::component::explanation(&component));
        return Ok(Exit::Done);
    }
    let code = Code::of(&args.code);
    let unknown = || {
        CommandError::usage(format!("there is no code, check or component {}", args.code))
            .hint("codes stand in brackets after `error` and `warning`, such as E0202; `eksact explain checks` lists the checks")
            .hint(format!(
                "components are {}",
                ClusterConfig::all_components().collect::<Vec<_>>().join(", ")
            ))
    };
    let code = code.ok_or_else(unknown)?;
    let text = || explain(code).trim_end().to_owned();
    let object = || {
        answer(
            "Explanation",
            json!({ "code": code.id(), "summary": code.explanation(), "text": code.text() }),
        )
    };
    printer.answer(text, object);
    Ok(Exit::Done)
}

fn object_of(check: &Check) -> Value {
    answer(
        "Check",
        json!({ "check": check.name, "rules": check.rules, "summary": check.because, "text": check.about }),
    )
}
