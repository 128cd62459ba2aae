//! `eksact scale nodegroup`: another size, until the file says otherwise.

use serde_json::json;

use crate::cli::error::CommandError;
use crate::cli::settings::Settings;
use crate::cli::{Exit, Printer, run};
use crate::ops::{Scale, Scaled, scale};
use crate::view::json::answer;

/// Scale a node group
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Scale a node group, by its name in the file
    #[command(visible_alias = "ng")]
    Nodegroup(Nodegroup),
}

#[derive(Debug, clap::Args)]
struct Nodegroup {
    /// Name of the cluster
    #[arg(long, short = 'c', value_name = "NAME")]
    cluster: String,
    /// Name of the node group in the file
    #[arg(long, short = 'n', value_name = "NAME", required_unless_present = "positional")]
    name: Option<String>,
    /// Name of the node group in the file
    #[arg(value_name = "NAME", conflicts_with = "name")]
    positional: Option<String>,
    /// Nodes
    #[arg(long, short = 'N', value_name = "NUMBER", required_unless_present_any = ["nodes_min", "nodes_max"])]
    nodes: Option<u32>,
    /// Fewest nodes
    #[arg(long, short = 'm', value_name = "NUMBER")]
    nodes_min: Option<u32>,
    /// Most nodes
    #[arg(long, short = 'M', value_name = "NUMBER")]
    nodes_max: Option<u32>,
}

pub(in crate::cli) async fn run(
    args: &Args,
    settings: &Settings,
    printer: &Printer,
) -> Result<Exit, CommandError> {
    let What::Nodegroup(args) = &args.what;
    let name = args.name.as_ref().or(args.positional.as_ref()).map_or("", String::as_str);
    let region = run::region(settings).await?;
    let world = run::connect_to(settings, &args.cluster, &region).await?;
    run::check_account(&world, settings).await?;
    let to = Scale { min: args.nodes_min, desired: args.nodes, max: args.nodes_max };
    let scaled = scale(&world, &args.cluster, name, to, settings.timeout).await;
    let scaled = scaled.map_err(|error| CommandError::of(error, None))?;
    let object = || {
        let sizes =
            |(min, desired, max): (u32, u32, u32)| json!({ "min": min, "desired": desired, "max": max });
        let rest = json!({
            "cluster": args.cluster, "nodegroup": name,
            "before": sizes(scaled.before), "after": sizes(scaled.after), "applied": scaled.applied,
        });
        answer("Scaled", rest)
    };
    printer.answer(|| text(name, &scaled), object);
    Ok(Exit::Done)
}

fn text(name: &str, scaled: &Scaled) -> String {
    let sizes = |(min, desired, max): (u32, u32, u32)| format!("{desired} nodes ({min} to {max})");
    if scaled.before == scaled.after {
        return format!("nodegroup {name} has {} already.", sizes(scaled.after));
    }
    let file = match scaled.applied {
        Some(applied) if applied != scaled.after.1 => {
            format!(
                "\nThe file said {applied} when it was last applied: apply leaves this size alone until the file names another."
            )
        }
        _ => String::new(),
    };
    format!("nodegroup {name}: {} → {}.{file}", sizes(scaled.before), sizes(scaled.after))
}
