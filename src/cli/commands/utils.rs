//! `eksact utils write-kubeconfig`: the entry of a living cluster.

use serde_json::json;

use crate::cli::error::CommandError;
use crate::cli::settings::Settings;
use crate::cli::{Exit, Printer, kubeconfig, run};
use crate::ops;
use crate::view;
use crate::view::json::answer;

/// What is seldom needed
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Write the kubeconfig's entry of a cluster, whoever made the cluster
    WriteKubeconfig(WriteKubeconfig),
}

#[derive(Debug, clap::Args)]
struct WriteKubeconfig {
    /// Name of the cluster
    #[arg(long, short = 'c', visible_alias = "name", value_name = "NAME")]
    cluster: String,
    #[command(flatten)]
    entry: kubeconfig::Entry,
}

pub(in crate::cli) async fn run(
    args: &Args,
    settings: &Settings,
    printer: &Printer,
) -> Result<Exit, CommandError> {
    let What::WriteKubeconfig(args) = &args.what;
    let kept = args.entry.kept(settings, true)?;
    let region = run::region(settings).await?;
    let world = run::connect_to(settings, &args.cluster, &region).await?;
    run::check_account(&world, settings).await?;
    let written = ops::write_kubeconfig(&world, &args.cluster, kept).await;
    let written = written.map_err(|error| CommandError::of(error, None))?;
    let object = || {
        let rest = json!({
            "path": written.path, "context": written.context, "current": written.current,
            "backup": written.backup,
        });
        answer("Kubeconfig", rest)
    };
    printer.answer(|| view::readiness::kubeconfig(&written), object);
    Ok(Exit::Done)
}
