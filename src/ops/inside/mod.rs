//! A cluster from inside, beside the run that makes it and after: its API server, the entry in the
//! kubeconfig as soon as the server answers, and nodes until they are Ready.

mod api;
mod glance;
mod milestones;
mod missing;
mod nodes;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

use super::sight::{Kubeconfig, Seen, Sight};
use super::{Among, OpsError};
use crate::aws::{Aws, Reach};
use crate::cluster::{Timestamp, Token, since};
use crate::kubernetes::{
    Authenticator, Endpoint, Entry, Files, Kubernetes, KubernetesError, Removed, Tokens, Written,
};
use crate::world::{World, WorldError};

pub use api::Unreached;
pub use glance::{autoscaler, ready_nodes};
pub use milestones::Milestones;
use nodes::Wanted;
pub use nodes::{Group, Looked, NoEntry, NodesOf, Short};

/// How long after a cluster is ACTIVE its API server usually answers.
const API: Duration = Duration::from_secs(30);
/// How long it is waited for besides, of a cluster that was just made.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long nodes are waited for beyond what is usual.
const NODES: Duration = Duration::from_secs(60);

/// Where an entry is written, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The file, or those among which kubectl chooses it.
    pub files: Files,
    /// Whether its context becomes the current one.
    pub current: bool,
    /// Who makes tokens for kubectl.
    pub authenticator: Authenticator,
    /// The profile that was named.
    pub profile: Option<String>,
    /// The home of whoever runs this, where it is known.
    pub home: Option<PathBuf>,
}

/// What is wanted to be known of a cluster, and done for it.
#[derive(Clone, Debug)]
pub struct Job {
    /// The cluster's name.
    pub cluster: String,
    /// Where the entry goes, if one is wanted.
    pub kubeconfig: Option<Kept>,
    /// The node groups whose nodes are waited for.
    pub groups: Vec<Group>,
    /// How long it usually takes until nodes are Ready, once EKS has nothing more to do for their groups.
    pub usual: Duration,
    /// The longest that the whole run may wait.
    pub timeout: Duration,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Inside {
    /// Whether the API server was reached; or why not.
    pub api: Result<(), Unreached>,
    /// The entry, if one was wanted; or why it is not there.
    pub kubeconfig: Option<Result<Kubeconfig, String>>,
    /// The nodes of each group.
    pub nodes: Vec<NodesOf>,
    /// Why no nodes came of groups that were not made, by their names in the file, as far as it could be seen.
    pub missing: BTreeMap<String, Vec<Short>>,
    /// Whether somebody has stopped the run while it was waited for any of this.
    pub stopped: bool,
}

impl Inside {
    /// Whether everything is as it was wanted.
    pub fn is_complete(&self) -> bool {
        let written = self.kubeconfig.as_ref().is_none_or(Result::is_ok);
        self.api.is_ok() && written && self.nodes.iter().all(NodesOf::are_ready)
    }
}

/// How a run sees a cluster from inside.
pub struct Watch<'a> {
    /// When the run began.
    pub began: Timestamp,
    /// AWS.
    pub world: &'a Aws,
    /// What is wanted.
    pub job: &'a Job,
    /// How far the run has come.
    pub milestones: &'a Milestones,
    /// Ends every wait.
    pub stop: &'a CancellationToken,
    /// Who is told.
    pub sights: UnboundedSender<Sight>,
}

impl Tokens for Aws {
    async fn token(&self) -> Result<Token, WorldError> {
        Aws::token(self).await
    }
}

impl Watch<'_> {
    /// Follows a run to its end, and its nodes until they are Ready, or are not in time.
    pub async fn run(&self) -> Inside {
        let api = Err(Unreached::NotThere);
        let (nodes, missing) = (Vec::new(), BTreeMap::new());
        let mut inside = Inside { api, kubeconfig: None, nodes, missing, stopped: false };
        if !self.milestones.cluster().await {
            return inside;
        }
        let reach = match self.world.reach().await {
            Ok(Some(reach)) => reach,
            Ok(None) => return inside,
            Err(error) => {
                inside.api = Err(Unreached::Unsaid(error.to_string()));
                return inside;
            }
        };
        let server = Kubernetes::new(endpoint(&reach), self.world);
        inside.api = self.ask(&server, &reach).await;
        inside.kubeconfig = self.write(&reach).await;
        self.until_applied(&server).await;
        inside.missing = self.all_missing(&server).await;
        if inside.api.is_ok() {
            match self.nodes(&server).await {
                Ok(nodes) => inside.nodes = nodes,
                Err(unreached) => inside.api = Err(unreached),
            }
        }
        let waits = inside.api.is_err() || !inside.nodes.iter().all(NodesOf::are_ready);
        inside.stopped = self.stop.is_cancelled() && waits;
        inside
    }

    /// Asks until the server answers and knows the caller. One that was just made may take its time.
    async fn ask(&self, server: &Kubernetes<&Aws>, reach: &Reach) -> Result<(), Unreached> {
        let began = self.world.now();
        let made = reach.made.map_or(Duration::MAX, |made| since(began, made));
        let is_new = self.milestones.made_cluster() || made < api::YOUNG;
        let limit = if is_new { API + PATIENCE } else { PATIENCE / 3 };
        let mut pauses = api::Pauses::default();
        loop {
            let error = match server.answers().await {
                Ok(()) => {
                    self.tell(Seen::ApiAnswers);
                    return Ok(());
                }
                Err(error) => error,
            };
            let waited = since(self.world.now(), began);
            if !error.is_passing() || waited >= limit || self.is_late() {
                return Err(Unreached::of(error, reach.is_private));
            }
            self.tell(Seen::ApiSilent { since: began, usual: API, why: error.to_string() });
            if !self.pause(pauses.next(waited)).await {
                return Err(Unreached::of(error, reach.is_private));
            }
        }
    }

    /// Looks at the nodes of all groups until they are Ready, or are not in time, or nobody wants to know any more.
    async fn nodes(&self, server: &Kubernetes<&Aws>) -> Result<Vec<NodesOf>, Unreached> {
        let (began, limit) = (self.world.now(), self.job.usual + NODES);
        let mut pauses = api::Pauses::default();
        let mut told = nodes::Told::default();
        loop {
            let waited = since(self.world.now(), began);
            let is_over = waited >= limit || self.is_late();
            let seen = match self.count(server).await {
                Ok((wanted, mut seen)) => {
                    told.changes(&seen, began, self.job.usual).into_iter().for_each(|it| self.tell(it));
                    if is_over || seen.iter().all(NodesOf::are_ready) {
                        for it in wanted.iter().zip(&mut seen) {
                            nodes::explain(self.world, &self.job.cluster, it).await;
                        }
                        return Ok(seen);
                    }
                    Ok(seen)
                }
                Err(error) if is_over || !error.is_passing() => return Err(Unreached::of(error, false)),
                Err(error) => Err(Unreached::of(error, false)),
            };
            if !self.pause(pauses.next(waited)).await {
                return seen;
            }
        }
    }

    /// The nodes of all groups, as EKS and the API server tell now.
    async fn count(&self, server: &Kubernetes<&Aws>) -> Result<(Vec<Wanted>, Vec<NodesOf>), KubernetesError> {
        let groups = self.job.groups.iter().filter(|group| !self.milestones.is_undone(&group.name));
        let wanted = nodes::wanted(self.world, &groups.collect::<Vec<_>>()).await?;
        let nodes = if wanted.is_empty() { Vec::new() } else { server.nodes().await? };
        let seen = wanted.iter().map(|it| it.among(&nodes)).collect();
        Ok((wanted, seen))
    }

    /// Writes the entry. It is of use even if nobody answers from here.
    async fn write(&self, reach: &Reach) -> Option<Result<Kubeconfig, String>> {
        let kept = self.job.kubeconfig.clone()?;
        let written = write(&self.job.cluster, self.world.region(), reach, kept).await;
        if let Ok(kubeconfig) = &written {
            self.tell(Seen::Kubeconfig(kubeconfig.clone()));
        }
        Some(written)
    }

    /// Whether the run has taken as long as it may.
    fn is_late(&self) -> bool {
        since(self.world.now(), self.began) >= self.job.timeout
    }

    /// Waits, unless the run is stopped.
    async fn pause(&self, duration: Duration) -> bool {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => false,
            () = self.world.wait(duration) => true,
        }
    }

    fn tell(&self, what: Seen) {
        _ = self.sights.send(Sight { at: self.world.now(), what });
    }
}

fn endpoint(reach: &Reach) -> Endpoint {
    Endpoint { address: reach.address.clone(), certificate_authority: reach.certificate_authority.clone() }
}

async fn write(cluster: &str, region: &str, reach: &Reach, kept: Kept) -> Result<Kubeconfig, String> {
    let entry = Entry {
        cluster: cluster.to_owned(),
        region: region.to_owned(),
        arn: reach.arn.clone(),
        endpoint: endpoint(reach),
        authenticator: kept.authenticator,
        profile: kept.profile,
    };
    let written = tokio::task::spawn_blocking(move || entry.write(&kept.files, kept.current)).await;
    let written = written.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
    let Written { path, context, current, backup } = written;
    Ok(Kubeconfig { path, context, current, backup, home: kept.home })
}

/// Writes the entry of a living cluster, whoever made it.
///
/// # Errors
/// Where there is no such cluster, its API server is not known yet, or the file cannot be written.
pub async fn write_kubeconfig(world: &Aws, cluster: &str, kept: Kept) -> Result<Kubeconfig, OpsError> {
    let reach = world.reach().await?;
    let among = || Among { kind: "cluster", cluster: None, region: world.region().to_owned() };
    let absent =
        || OpsError::NotThere { what: format!("cluster {cluster} with an API server"), among: among() };
    let written = write(cluster, world.region(), &reach.ok_or_else(absent)?, kept).await;
    written.map_err(|why| OpsError::Broken { what: "writing the kubeconfig".to_owned(), why })
}

/// Takes the entry of a cluster out of all of these files; says what went.
///
/// # Errors
/// Where a file cannot be read or written.
pub async fn forget(files: Files, arn: String) -> Result<Removed, String> {
    let removed = tokio::task::spawn_blocking(move || crate::kubernetes::remove(&files, &arn)).await;
    removed.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
}
