//! What commands share: a runtime, the AWS that is meant, and the plan for it.

use super::error::CommandError;
use super::log::hearer;
use super::preflight::{self, SkipPreflight};
use super::settings::Settings;
use super::source::File;
use super::{Exit, Printer, signals};
use crate::aws::{self, Aws};
use crate::ops::{Draft, OpsError, Site, Within, draft, draft_beside};
use crate::view::units::duration;

/// The profile that is meant where nobody names one: that the files do not have it is nothing that is missing.
const NO_PROFILE: &str = "default";

/// Runs commands that wait for others.
pub(super) struct Wait<'a> {
    pub settings: &'a Settings,
    pub printer: &'a Printer,
}

impl Wait<'_> {
    /// Runs a command to its end, or until its time is over.
    pub fn end(
        &self,
        command: impl Future<Output = Result<Exit, CommandError>>,
    ) -> Result<Exit, CommandError> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.map_err(|error| CommandError::of_system("start", &error))?;
        runtime.spawn(signals::watch(self.printer.clone()));
        let ended = runtime.block_on(async {
            tokio::select! {
                biased;
                ended = command => ended,
                error = too_late(self.settings, self.printer) => Err(error),
            }
        });
        // A read that nobody waits for any more must not hold the end up.
        runtime.shutdown_background();
        ended
    }
}

/// Ends once the time for the run is over, and says so. It never ends where something is being changed: that has
/// the rest of the time for itself, and tells what came of it.
async fn too_late(settings: &Settings, printer: &Printer) -> CommandError {
    tokio::time::sleep(settings.left()).await;
    if printer.stops().were_taken() {
        return std::future::pending().await;
    }
    let told =
        format!("the time for the run is over: not all was answered within {}", duration(settings.timeout));
    CommandError::new(Exit::Failed, told).hint("nothing was changed; --timeout gives it longer")
}

/// The AWS that a file means.
///
/// # Errors
/// Where settings and file contradict each other, or the settings are not enough.
async fn connect(settings: &Settings, file: &File) -> Result<Aws, CommandError> {
    settings.check_account(file)?;
    let region = settings.region_of(file.cluster.region())?;
    connect_to(settings, file.cluster.name(), &region).await
}

/// The part of AWS that is one cluster's.
///
/// # Errors
/// Where the settings are not enough.
pub(super) async fn connect_to(
    settings: &Settings,
    cluster: &str,
    region: &str,
) -> Result<Aws, CommandError> {
    let settings = aws::Settings {
        region: Some(region.to_owned()),
        profile: settings.profile.clone(),
        ca_bundle: settings.ca_bundle.clone(),
        hearer: hearer(settings.log.as_ref(), settings.verbose > 0),
        ..aws::Settings::new(cluster)
    };
    Ok(Aws::connect(&settings).await?)
}

/// The region, where no file says it.
///
/// # Errors
/// Where none is said.
pub(super) async fn region(settings: &Settings) -> Result<String, CommandError> {
    if let Some(region) = &settings.region {
        return Ok(region.clone());
    }
    let profile = settings.profile.as_deref();
    if let Some(found) = aws::region(profile).await {
        return Ok(found);
    }
    Err(match aws::missing_profile(profile).await.filter(|it| it != NO_PROFILE) {
        Some(missing) => {
            CommandError::usage(format!("profile {missing} is in none of AWS's files, and no region is said"))
                .hint("aws configure list-profiles lists those that are")
        }
        None => CommandError::usage("no region is said")
            .hint("add --region REGION, set AWS_REGION, or put it into your AWS profile"),
    })
}

/// Whether the credentials are for the account that a flag names.
///
/// # Errors
/// Where they are not, or cannot be told.
pub(super) async fn check_account(world: &Aws, settings: &Settings) -> Result<(), CommandError> {
    let Some(account) = &settings.account else { return Ok(()) };
    crate::ops::pinned(world, account).await.map_err(|error| CommandError::of(error, None))
}

/// The AWS that a file means, and the plan for it. Where AWS does not have all that the file asks for, it is looked for
/// what stands in the way of the rest, unless that is skipped.
///
/// # Errors
/// As of [`connect`], and where the plan cannot be drawn up.
pub(super) async fn drafted(
    file: &File,
    settings: &Settings,
    inside: Within,
    skip: SkipPreflight,
) -> Result<(Site, Draft), CommandError> {
    let world = Site::new(connect(settings, file).await?, file.cluster.name(), inside);
    let drawn = draft(&world, &file.cluster, settings.account.as_deref()).await;
    let besides = match &drawn {
        Err(OpsError::File { ahead: Some(ahead), .. }) => {
            preflight::besides(file, ahead, world.aws(), settings, skip).await
        }
        Ok(_) | Err(_) => None,
    };
    let draft = drawn.map_err(|error| CommandError::of(error, Some(&file.source)).besides(besides))?;
    Ok((world, draft))
}

/// The same of what stands for a file and says nothing of node groups, for a cluster that has some, or has none.
///
/// # Errors
/// As of [`drafted`].
pub(super) async fn drafted_beside(
    file: &File,
    settings: &Settings,
    inside: Within,
    has_nodes: bool,
) -> Result<(Site, Draft), CommandError> {
    let world = Site::new(connect(settings, file).await?, file.cluster.name(), inside);
    let draft = draft_beside(&world, &file.cluster, settings.account.as_deref(), has_nodes).await;
    let draft = draft.map_err(|error| CommandError::of(error, Some(&file.source)))?;
    Ok((world, draft))
}
