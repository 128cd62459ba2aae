//! `eksact explain`: what a code means, or what a component is.

use serde_json::json;

use crate::cli::error::CommandError;
use crate::cli::{Exit, Printer};
use crate::config::{ClusterConfig, Code, ComponentText};
use crate::view;
use crate::view::diagnostics::explain;
use crate::view::json::answer;

/// Say more about a code, such as E0202, or a component
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The code, or the component's name
    code: String,
}

pub(in crate::cli) fn run(args: &Args, printer: &Printer) -> Result<Exit, CommandError> {
    if let Some(component) = ComponentText::of(&args.code) {
        printer.answer(|| view::component::explain(&component), || view::component::explanation(&component));
        return Ok(Exit::Done);
    }
    let code = Code::ALL.iter().find(|code| code.id().eq_ignore_ascii_case(&args.code));
    let unknown = || {
        CommandError::usage(format!("there is no code or component {}", args.code))
            .hint("codes stand in brackets after `error` and `warning`, such as E0202")
            .hint(format!(
                "components are {}",
                ClusterConfig::all_components().collect::<Vec<_>>().join(", ")
            ))
    };
    let code = code.ok_or_else(unknown)?;
    let text = || explain(*code).trim_end().to_owned();
    let object = || {
        answer(
            "Explanation",
            json!({ "code": code.id(), "summary": code.explanation(), "text": code.text() }),
        )
    };
    printer.answer(text, object);
    Ok(Exit::Done)
}
