//! The one seam between the engine and everything outside it.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::cluster::{Ask, Facts};
use crate::resource::{Attributes, Key, Live, Operation, Standing, Timestamp, Trouble, Type};

/// The names that the graph will take, where nobody else may have them.
pub type Names = BTreeMap<Key, String>;

/// One cluster's part of AWS, and the clock. Implementations translate; they decide nothing.
pub trait World: Sync {
    /// What AWS has besides this cluster.
    fn facts(&self, ask: &Ask) -> impl Future<Output = Result<Facts, WorldError>> + Send;

    /// Everything that is ours, in whatever state it is; and what has one of these names, but is not.
    fn observe(&self, names: &Names) -> impl Future<Output = Result<Snapshot, WorldError>> + Send;

    /// What there is under one key, now.
    fn look(&self, key: &Key) -> impl Future<Output = Result<Vec<Live>, WorldError>> + Send;

    /// Sends one call, whose values are all known.
    fn run(&self, operation: &Operation) -> impl Future<Output = Result<Answer, WorldError>> + Send;

    /// How far an update has come that a call has set off; without an id, the newest that its resource
    /// has had, if it ever had one.
    fn update(
        &self,
        key: &Key,
        id: Option<&str>,
    ) -> impl Future<Output = Result<Option<Update>, WorldError>> + Send;

    /// The time.
    fn now(&self) -> Timestamp;

    /// Waits.
    fn wait(&self, duration: Duration) -> impl Future<Output = ()> + Send;
}

/// All that is known of what there is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// What was found under each key. A key that is not in it is absent, unless its type is unread.
    pub found: BTreeMap<Key, Vec<Found>>,
    /// The types that could not be listed, and why: a list that is denied has no keys.
    pub unread: BTreeMap<Type, WorldError>,
    /// Other people's things that stand in ours.
    pub guests: Vec<Guest>,
    /// What in the cluster holds a load balancer, whoever has made it: only who takes the whole cluster away is
    /// told of it, and takes it along.
    pub exposed: BTreeMap<Key, Vec<Found>>,
    /// Volumes with the data of pods: only who takes the whole cluster away is told of them.
    pub volumes: Vec<Live>,
    /// Why what is inside could not be looked for, where somebody wanted to know.
    pub hidden: Option<WorldError>,
    /// Who chooses how many nodes there are, as far as the cluster was asked, and has told soon.
    pub scaled_by: ScaledBy,
}

/// Who chooses how many nodes there are.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ScaledBy {
    /// Nobody inside the cluster.
    #[default]
    Nobody,
    /// A cluster autoscaler.
    Autoscaler(Autoscaler),
    /// Whether there is one could not be read.
    Unseen(WorldError),
}

impl From<Result<Option<Autoscaler>, WorldError>> for ScaledBy {
    fn from(looked: Result<Option<Autoscaler>, WorldError>) -> Self {
        match looked {
            Ok(found) => found.map_or(Self::Nobody, Self::Autoscaler),
            Err(error) => Self::Unseen(error),
        }
    }
}

/// A cluster autoscaler, whoever has installed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Autoscaler {
    /// The object that shows it: `Deployment kube-system/cluster-autoscaler`.
    pub shown_by: String,
    /// Whether that is ours: then the file says whether it stays.
    pub is_ours: bool,
}

/// One thing found, or the reason why nothing can be said.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "there are some hundred: boxes would cost more to read")]
pub enum Found {
    /// It is there.
    Present(Live),
    /// Somebody else's thing, with this id, has its name.
    Foreign(String),
    /// It may be there: access was denied, or an API could not be reached.
    Unknown(WorldError),
}

/// Somebody else's thing: it is left alone, and so is what it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// Its id.
    pub id: String,
    /// The ids of those of ours that it stands in.
    pub within: Vec<String>,
    /// Who may have made it for an object in the cluster.
    pub keepers: Vec<Keeper>,
}

/// Whoever takes a thing away together with the object in the cluster that it was made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// ELB: it is a part of the load balancer of this name.
    Balancer(String),
    /// The load balancer controller of our cluster, as its tag says.
    Controller,
}

/// The answer to a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// What it tells of its resource.
    pub attributes: Attributes,
    /// The update that it has set off, which may yet fail.
    pub update: Option<String>,
}

/// One update of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// AWS's id of it.
    pub id: String,
    /// When it began, where AWS tells.
    pub began: Option<Timestamp>,
    /// How far it has come.
    pub progress: Progress,
}

/// How far an update has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// AWS is still at it.
    InProgress,
    /// It is done.
    Successful,
    /// It has failed or was cancelled, and why.
    Failed(Vec<Trouble>),
}

impl Found {
    /// What is there, if that is known, and ours.
    pub fn present(&self) -> Option<&Live> {
        if let Found::Present(live) = self { Some(live) } else { None }
    }

    /// The same, but for a tombstone of what was there.
    pub fn living(&self) -> Option<&Live> {
        self.present().filter(|live| live.standing() != Standing::Gone)
    }

    /// Whether it is there, or may be.
    pub fn may_live(&self) -> bool {
        self.living().is_some() || self.unknown().is_some()
    }

    /// The id of somebody else's thing.
    pub fn foreign(&self) -> Option<&str> {
        if let Found::Foreign(id) = self { Some(id) } else { None }
    }

    /// Why nothing can be said.
    pub fn unknown(&self) -> Option<&WorldError> {
        if let Found::Unknown(why) = self { Some(why) } else { None }
    }
}

/// A call that failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{operation}: {code}: {message}")]
pub struct WorldError {
    /// What it means for us.
    pub class: Class,
    /// AWS's word, by which the class was decided, and nothing else is.
    pub code: String,
    /// AWS's sentence, for people.
    pub message: String,
    /// The IAM action of the call.
    pub operation: &'static str,
    /// By which AWS's support finds the call; nothing where no answer came.
    pub request_id: Option<String>,
}

/// What a failed call means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// AWS refused it for good: it has had no effect, and would not the next time.
    Refused,
    /// The caller may not.
    Denied,
    /// The caller's credentials are over: nothing more can be called.
    Expired,
    /// A quota is used up.
    Limit,
    /// Too many calls at once: it has had no effect, and will the next time.
    Throttled,
    /// What it names is not there.
    NotFound,
    /// Not now: something else is under way, or still uses it.
    Busy,
    /// Something has the name already: perhaps what an earlier call of ours has made.
    Exists,
    /// No answer, or one that leaves open whether the call has had its effect.
    Ambiguous,
}

impl Class {
    /// Whether a read that failed like this is simply made again.
    pub fn is_passing(self) -> bool {
        matches!(self, Class::Throttled | Class::Ambiguous)
    }
}
