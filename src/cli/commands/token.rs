//! `eksact token`: what kubectl shows to a cluster, as a plugin for credentials.

use serde_json::{Value, json};

use crate::cli::error::CommandError;
use crate::cli::settings::Settings;
use crate::cli::{Exit, Printer, run};
use crate::view::json::to_json;

/// The versions that are spoken: their answers have the same fields. The last one is that of whoever asks for none.
const VERSIONS: [&str; 2] = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

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
    let version = version(settings.environment.kubernetes_exec_info.as_deref(), printer)?;
    let region = run::region(settings).await?;
    let world = run::connect_to(settings, &args.cluster, &region).await?;
    run::check_account(&world, settings).await?;
    let token = world.token().await.map_err(|error| CommandError::of(error.into(), None))?;
    let credential = json!({
        "kind": "ExecCredential",
        "apiVersion": version,
        "spec": {},
        "status": {
            "expirationTimestamp": token.expires.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "token": token.secret(),
        },
    });
    printer.answer(|| to_json(&credential), || credential.clone());
    Ok(Exit::Done)
}

/// The version in which kubectl wants the answer: it takes no other one.
fn version(told: Option<&str>, printer: &Printer) -> Result<&'static str, CommandError> {
    let [_, usual] = VERSIONS;
    let Some(told) = told else { return Ok(usual) };
    let told: Value = serde_json::from_str(told).unwrap_or_default();
    let Some(asked) = told["apiVersion"].as_str() else {
        printer.talk(&format!("warning: KUBERNETES_EXEC_INFO asks for no version: answering in {usual}"));
        return Ok(usual);
    };
    VERSIONS.into_iter().find(|it| *it == asked).ok_or_else(|| {
        CommandError::usage(format!("KUBERNETES_EXEC_INFO asks for {asked}, which is not spoken here"))
            .hint(format!("write one of these as apiVersion into exec of the user: {}", VERSIONS.join(", ")))
    })
}
