//! `eksact bootstrap`: the components of a file in a cluster that is there already, without AWS.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::cli::carry::{self, Job};
use crate::cli::conflicts::Conflicts;
use crate::cli::error::CommandError;
use crate::cli::reporting::Reporting;
use crate::cli::settings::Settings;
use crate::cli::source::{self, File};
use crate::cli::{Exit, Printer, component, kubeconfig, make, prompt};
use crate::kubernetes::{Kubernetes, KubernetesError, Objects};
use crate::ops::{self, Bare, Draft, OpsError};
use crate::view;
use crate::view::json::{to_json, to_yaml};
use crate::view::plan::Screen;
use crate::view::summary::End;
use crate::view::units;

/// Install the components of a file into a cluster that is there already, on EKS or elsewhere, without AWS
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The cluster file; `-` for stdin
    #[arg(long, short = 'f', value_name = "FILE")]
    file: PathBuf,
    /// The kubeconfig that leads to the cluster
    #[arg(long, value_name = "FILE")]
    kubeconfig: Option<PathBuf>,
    /// A context of it; its current one if left out
    #[arg(long, value_name = "NAME")]
    context: Option<String>,
    /// The VPC that the load balancer controller works in, where the file does not say it
    #[arg(long, value_name = "ID")]
    vpc_id: Option<String>,
    /// Apply nothing and ask nobody: print every object that would be applied
    #[arg(long)]
    dry_run: bool,
    /// Print the policy that the role of a component needs in AWS, and do nothing else
    #[arg(long, value_name = "COMPONENT", value_parser = component::names(), hide_possible_values = true)]
    #[arg(conflicts_with_all = ["dry_run", "yes", "force_conflicts", "events", "github"])]
    policy: Option<String>,
    /// Do not ask before something is deleted or made again
    #[arg(long, short = 'y')]
    yes: bool,
    #[command(flatten)]
    conflicts: Conflicts,
    #[command(flatten)]
    reporting: Reporting,
}

pub(in crate::cli) async fn run(
    args: &Args,
    settings: &Settings,
    printer: &Printer,
) -> Result<Exit, CommandError> {
    args.reporting.open(printer)?;
    let file = source::load(&args.file, printer)?;
    let region = settings.region_of(file.cluster.region())?;
    if let Some(name) = &args.policy {
        return policy(name, &file, printer);
    }
    if args.dry_run {
        return show(args, &file, printer);
    }
    let path = args.kubeconfig.clone().or_else(kubeconfig::file).ok_or_else(|| {
        CommandError::usage("no kubeconfig: neither KUBECONFIG nor HOME is set").hint("add --kubeconfig FILE")
    })?;
    let server = Kubernetes::found(&path, args.context.as_deref()).await;
    let server = server.map_err(|error| failed(KubernetesError::asked(error).into(), &file))?;
    let cluster = file.cluster.name().to_owned();
    let objects = Objects { server, cluster, takes_over: args.conflicts.take_over() };
    let context = args.context.clone().map_or_else(String::new, |name| format!("context {name} of "));
    let path = units::path(&path, std::env::home_dir().as_deref());
    let world = Bare { objects, region, place: format!("{context}{path}") };
    let drafted = ops::bootstrap(&world, &file.cluster, args.vpc_id.as_deref()).await;
    let draft = drafted.map_err(|error| failed(error, &file))?;
    apply(args, (&file, &draft), &world, settings, printer).await
}

/// The same command, as it is typed again.
fn again(args: &Args, file: &File) -> String {
    let text = |path: &PathBuf| path.display().to_string();
    let given = [
        ("kubeconfig", args.kubeconfig.as_ref().map(text)),
        ("context", args.context.clone()),
        ("vpc-id", args.vpc_id.clone()),
    ];
    let flags = given.into_iter().filter_map(|(flag, value)| Some(format!(" --{flag} {}", value?)));
    format!("eksact bootstrap{}{}", file.argument(), flags.collect::<String>())
}

fn failed(error: OpsError, file: &File) -> CommandError {
    CommandError::of(error, Some(&file.source))
}

async fn apply(
    args: &Args,
    (file, draft): (&File, &Draft),
    world: &Bare<crate::kubernetes::NoTokens>,
    settings: &Settings,
    printer: &Printer,
) -> Result<Exit, CommandError> {
    let (name, plan) = (file.cluster.name(), &draft.plan);
    let screen = Screen::of(name, draft, &file.source, false);
    make::tell_plan(&screen, printer);
    let text = view::plan::plan(&screen);
    match plan.changes() {
        Ok([]) | Err(_) => {
            printer.screen(|| text, || view::json::plan(name, draft));
            let nothing = if plan.unread.is_empty() { Exit::Done } else { Exit::Partly };
            return Ok(if plan.refused.is_empty() { nothing } else { Exit::Failed });
        }
        Ok(_) => printer.show(text.replace("Details: --details. Nothing has been changed.", "").trim_end()),
    }
    if plan.destroys() && !args.yes {
        prompt::confirm(printer, "Something is deleted or made again. Type yes to go on:", "yes")?;
    }
    let job = Job { cluster: name, facts: &draft.facts, plan };
    let ended = carry::carry_out(&job, world, settings, printer).await?;
    let again = again(args, file);
    let summary = &ended.summary;
    let end = End {
        cluster: name,
        facts: &draft.facts,
        plan,
        summary,
        doubtful: &ended.doubtful,
        inside: None,
        places: Some((&draft.graph, &file.source)),
        again: &again,
        file: &file.argument(),
    };
    let is_made = summary.is_complete() && summary.halted.is_none();
    let text = if is_made { view::summary::installed(&end) } else { view::summary::failed(&end) };
    make::tell_end(&text, summary, printer);
    printer.screen(|| text, || view::json::summary(name, summary));
    if is_made {
        tell_roles(file, printer);
    }
    Ok(carry::exit(plan, &ended))
}

/// What has no role yet: nobody here has asked AWS for one.
fn tell_roles(file: &File, printer: &Printer) {
    let names = ops::without_role(&file.cluster);
    if !names.is_empty() {
        let whose = (file.cluster.name(), file.cluster.region());
        printer.talk(&view::component::without_role(&names, whose, &file.argument()));
    }
}

fn policy(name: &str, file: &File, printer: &Printer) -> Result<Exit, CommandError> {
    let policy = ops::policy(&file.cluster, name).ok_or_else(|| {
        let needing = ops::without_role(&file.cluster).join(", ");
        CommandError::usage(format!("{} has no component {name} that needs a role", file.source.name)).hint(
            if needing.is_empty() {
                "none of its components does".to_owned()
            } else {
                format!("these do: {needing}")
            },
        )
    })?;
    printer.answer(|| to_json(&policy), || policy.clone());
    Ok(Exit::Done)
}

/// Every object, as it would be applied; the key of a certificate is made when it is.
fn show(args: &Args, file: &File, printer: &Printer) -> Result<Exit, CommandError> {
    let version = file.cluster.kubernetes().ok_or_else(|| {
        CommandError::usage("the version of Kubernetes is not known without asking")
            .hint("write `metadata.version`, such as \"1.34\"")
    })?;
    let objects = ops::manifests(&file.cluster, version, args.vpc_id.as_deref());
    let objects = objects.map_err(|error| CommandError { exit: Exit::Usage, ..failed(error, file) })?;
    let documents: Vec<String> = objects.iter().map(to_yaml).collect();
    let list = || json!({ "apiVersion": "v1", "kind": "List", "items": Value::from(objects.clone()) });
    printer.answer(|| documents.join("---\n").trim_end().to_owned(), list);
    tell_roles(file, printer);
    Ok(Exit::Done)
}
