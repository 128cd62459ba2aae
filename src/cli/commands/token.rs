//! `eksact token`: what kubectl shows to a cluster, as a plugin for credentials.

use serde_json::json;

use crate::cli::error::CommandError;
use crate::cli::settings::Settings;
use crate::cli::{Exit, Printer, run};
use crate::view::json::to_json;

/// Print a token for a cluster, in the form that kubectl asks its plugins for
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Name of the cluster
    #[arg(long, short = 'c', visible_alias = "cluster-name", value_name = "NAME")]
    cluster: String,
}

pub(in crate::cli) async fn run(
    args: &Args,
    settings: &Settings,
    printer: &Printer,
) -> Result<Exit, CommandError> {
    let region = run::region(settings).await?;
    let world = run::connect_to(settings, &args.cluster, &region).await?;
    run::check_account(&world, settings).await?;
    let token = world.token().await.map_err(|error| CommandError::of(error.into(), None))?;
    let credential = json!({
        "kind": "ExecCredential",
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "spec": {},
        "status": {
            "expirationTimestamp": token.expires.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "token": token.secret(),
        },
    });
    printer.answer(|| to_json(&credential), || credential.clone());
    Ok(Exit::Done)
}
