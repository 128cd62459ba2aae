//! `eksact validate`: the file alone; nothing is asked of AWS.

use std::path::PathBuf;

use serde_json::json;

use crate::cli::error::CommandError;
use crate::cli::{Exit, Printer, source};
use crate::config::read;
use crate::view::json::answer;
use crate::view::report::Report;

/// Check a cluster file, without AWS
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The cluster file; `-` for stdin
    #[arg(long, short = 'f', value_name = "FILE")]
    file: PathBuf,
}

pub(in crate::cli) fn run(args: &Args, printer: &Printer) -> Result<Exit, CommandError> {
    let source = source::text(&args.file)?;
    let outcome = read(&source);
    if outcome.cluster.is_none() {
        return Err(CommandError::file(Exit::Usage, &source, outcome.diagnostics));
    }
    let report = Report { source, diagnostics: outcome.diagnostics };
    let text = || {
        let mut lines: Vec<String> = Some(report.text()).into_iter().filter(|it| !it.is_empty()).collect();
        lines.push(format!("{} is valid.", report.source.name));
        if !outcome.weaker.is_empty() {
            lines.push(format!(
                "{} defaults of eksctl.io/v1alpha5 that scanners reject; to have the safer value, write:",
                outcome.weaker.len()
            ));
        }
        let weaker = outcome.weaker.iter();
        lines.extend(weaker.map(|it| format!("  {}: {}   (now {})", it.path, it.safer, it.assumed)));
        lines.join("\n")
    };
    let object = || {
        let weaker = outcome.weaker.iter();
        let weaker = weaker.map(|it| json!({ "path": it.path, "assumed": it.assumed, "safer": it.safer }));
        let mut object = report.json();
        object["valid"] = true.into();
        object["weakerDefaults"] = weaker.collect();
        answer("Diagnostics", object)
    };
    printer.answer(text, object);
    Ok(Exit::Done)
}
