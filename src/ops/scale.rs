//! Another size for a node group, until the file says otherwise.

use std::time::Duration;

use super::OpsError;
use super::draft::{foreign_cluster, name_of};
use crate::apply::{Event, Failure, What};
use crate::cluster::since;
use crate::plan::Action;
use crate::resource::eks::{Nodegroup, NodegroupUpdate, Operation};
use crate::resource::{Key, Live, OneOf, Standing, Type};
use crate::world::{Class, Progress, World, WorldError};

/// How often a call is made whose answer leaves doubt.
const ROUNDS: u32 = 8;
/// EKS's word for an update that is not over.
const IN_PROGRESS: &str = "InProgress";

/// What is asked for; what is not said stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Scale {
    /// At least so many.
    pub min: Option<u32>,
    /// So many now.
    pub desired: Option<u32>,
    /// At most so many.
    pub max: Option<u32>,
    /// What shows that an autoscaler chooses how many there are, between the other two.
    pub left_to: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scaled {
    /// The sizes before: least, desired, most.
    pub before: (u32, u32, u32),
    /// The sizes now.
    pub after: (u32, u32, u32),
    /// What the file said when it was last applied.
    pub applied: Option<u32>,
    /// The size that was asked for and is not that of now, and what shows whose it is to choose.
    pub left: Option<(u32, String)>,
}

/// A size that is asked for, and is an autoscaler's to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The sizes as they are: least, desired, most.
    pub before: (u32, u32, u32),
    /// The one that is asked for.
    pub size: u32,
    /// What shows whose it is to choose.
    pub by: String,
}

/// Scales a node group, by its name in the file, and waits until EKS has done it. The tag that says what
/// the file wanted stays as it is: that is how the next plan knows who has scaled.
///
/// `tell` is told what happens, as of a plan with this one change.
///
/// # Errors
/// Where the cluster or the group is not there or not ours, the sizes contradict each other or are an autoscaler's to
/// choose, or a call fails.
pub async fn scale<W: World>(
    world: &W,
    (cluster, name): (&str, &str),
    to: Scale,
    timeout: Duration,
    tell: &impl Fn(Event),
) -> Result<Scaled, OpsError> {
    let key = Key { kind: Type::Nodegroup, name: name.to_owned() };
    let live = find(world, cluster, &key).await?;
    let group = group(&live)?;
    let before = sizes(group);
    let after = wanted(before, &to).map_err(|error| error.of(name))?;
    let applied = group.scaling_config.desired_size.applied;
    if before != after {
        let desired = Some(after.1).filter(|desired| *desired != before.1);
        let update =
            NodegroupUpdate { scaling_config: Some((after.0, after.2, desired)), ..Default::default() };
        let operation = Operation::UpdateNodegroupConfig {
            cluster_name: group.cluster_name.clone(),
            name: group.nodegroup_name.clone().unwrap_or_else(|| name.to_owned()),
            update,
        };
        let scaling = Scaling { world, key: &key, operation: &operation.into(), after, timeout, tell };
        scaling.run(&live.id).await?;
    }
    let left = to.desired.filter(|size| *size != after.1).zip(to.left_to);
    Ok(Scaled { before, after, applied, left })
}

/// One change of a size.
struct Scaling<'a, W, T> {
    world: &'a W,
    key: &'a Key,
    operation: &'a crate::resource::Operation,
    after: (u32, u32, u32),
    timeout: Duration,
    tell: &'a T,
}

async fn find<W: World>(world: &W, cluster: &str, key: &Key) -> Result<Live, OpsError> {
    let found = world.look(key).await?;
    let alive =
        found.into_iter().find(|live| matches!(live.standing(), Standing::Ready | Standing::Settling));
    if let Some(live) = alive {
        return Ok(with_applied(live));
    }
    let snapshot = world.observe(&name_of(cluster)).await?;
    if let Some((key, id)) = foreign_cluster(&snapshot) {
        return Err(OpsError::NotOurs { name: key.name.clone(), id: id.to_owned() });
    }
    let has_cluster = snapshot.found.keys().any(|key| key.kind == Type::Cluster);
    let what = match has_cluster {
        true => format!("nodegroup {} of cluster {cluster} that eksact has made", key.name),
        false => format!("cluster {cluster}"),
    };
    Err(OpsError::NotThere { what })
}

/// What lives says what was applied only from the side of a node group.
fn with_applied(live: Live) -> Live {
    let face = live.properties.face(&live);
    face.unwrap_or(live)
}

fn group(live: &Live) -> Result<&Nodegroup, OpsError> {
    let absent = || OpsError::NotThere { what: format!("nodegroup {}", live.id) };
    Nodegroup::of(&live.properties).ok_or_else(absent)
}

fn sizes(group: &Nodegroup) -> (u32, u32, u32) {
    let sizes = &group.scaling_config;
    (sizes.min_size, sizes.desired_size.size, sizes.max_size)
}

/// Why sizes are not as they are asked for.
#[derive(Debug, PartialEq)]
enum Unwanted {
    Contradiction(String),
    /// Nothing but a size is asked for, which is an autoscaler's to choose.
    Left(Left),
}

impl Unwanted {
    fn of(self, nodegroup: &str) -> OpsError {
        match self {
            Self::Contradiction(text) => OpsError::Contradiction(text),
            Self::Left(left) => OpsError::Left { nodegroup: nodegroup.to_owned(), left },
        }
    }
}

/// New bounds that exclude the size carry the nearest; a size outside of its bounds is a contradiction. One that is
/// an autoscaler's to choose is not set, and to ask for it alone is to ask for nothing.
fn wanted(before: (u32, u32, u32), to: &Scale) -> Result<(u32, u32, u32), Unwanted> {
    let (min, desired, max) = before;
    let (least, most) = (to.min.unwrap_or(min), to.max.unwrap_or(max));
    let contradiction = |text: String| Err(Unwanted::Contradiction(text));
    if least > most {
        return contradiction(format!("the least size {least} is above the most, {most}"));
    }
    if let (Some(size), Some(by)) = (to.desired, &to.left_to)
        && (size != desired && (least, most) == (min, max))
    {
        return Err(Unwanted::Left(Left { before, size, by: by.clone() }));
    }
    match to.desired {
        Some(size) if size > most => {
            contradiction(format!("{size} nodes are above the most, {most}: add --nodes-max {size}"))
        }
        Some(size) if size < least => {
            contradiction(format!("{size} nodes are below the least, {least}: add --nodes-min {size}"))
        }
        Some(size) if to.left_to.is_none() => Ok((least, size, most)),
        Some(_) | None => Ok((least, desired.clamp(least, most), most)),
    }
}

impl<W: World, T: Fn(Event)> Scaling<'_, W, T> {
    /// From its start to its end.
    async fn run(&self, id: &str) -> Result<(), OpsError> {
        self.tell(What::Started);
        match self.send().await {
            Ok(()) => {
                self.tell(What::Done { id: id.to_owned() });
                Ok(())
            }
            Err(failure) => {
                self.tell(What::Failed(failure.clone()));
                Err(self.error(failure))
            }
        }
    }

    async fn send(&self) -> Result<(), Failure> {
        for round in 0..ROUNDS {
            self.tell(What::Calling(self.operation.action()));
            let because = match self.world.run(self.operation).await {
                Ok(answer) => return self.follow(answer.update.as_deref()).await,
                Err(error) => error,
            };
            let doubtful = matches!(because.class, Class::Throttled | Class::Busy | Class::Ambiguous);
            if !doubtful || round + 1 == ROUNDS {
                return Err(because.into());
            }
            let (pause, class) = (Duration::from_secs(1 << round), because.class);
            self.tell(match class {
                Class::Throttled => What::Postponed { because, pause },
                _ => What::Doubted(because),
            });
            self.world.wait(pause).await;
            if class != Class::Throttled && self.is_so().await? {
                return self.follow(None).await;
            }
        }
        Ok(())
    }

    /// Whether an unanswered call has had its effect after all.
    async fn is_so(&self) -> Result<bool, WorldError> {
        let found = self.world.look(self.key).await?;
        let mut groups = found.iter().filter_map(|live| Nodegroup::of(&live.properties));
        Ok(groups.any(|group| sizes(group) == self.after))
    }

    async fn follow(&self, id: Option<&str>) -> Result<(), Failure> {
        let (began, usual) = (self.world.now(), self.operation.usual());
        let mut pause = Duration::from_millis(50);
        let mut told = false;
        loop {
            match self.world.update(self.key, id).await {
                Ok(Some(update)) => match update.progress {
                    Progress::Successful => return Ok(()),
                    Progress::Failed(troubles) => {
                        return Err(Failure::Broken { status: "Failed".to_owned(), troubles });
                    }
                    Progress::InProgress if told => {}
                    Progress::InProgress => {
                        told = true;
                        let (status, troubles) = (IN_PROGRESS.to_owned(), Vec::new());
                        self.tell(What::Waiting { status, troubles, since: began, usual });
                    }
                },
                Ok(None) => return Ok(()),
                Err(error) if error.class.is_passing() => {}
                Err(error) => return Err(error.into()),
            }
            let waited = since(self.world.now(), began);
            if waited >= self.timeout {
                return Err(Failure::Late { status: IN_PROGRESS.to_owned(), troubles: Vec::new(), waited });
            }
            self.world.wait(pause).await;
            pause = (pause * 2).min(Duration::from_secs(2));
        }
    }

    fn error(&self, failure: Failure) -> OpsError {
        let what = format!("the update of {}", self.key);
        match failure {
            Failure::World(error) => error.into(),
            Failure::Broken { troubles, .. } => {
                let why = troubles.iter().map(|it| format!("{}: {}", it.code, it.message));
                OpsError::Broken { what, why: why.collect::<Vec<_>>().join("; ") }
            }
            Failure::Late { .. } | Failure::Astray(_) | Failure::Unsteady | Failure::Halted(_) => {
                OpsError::Broken { what, why: failure.to_string() }
            }
        }
    }

    fn tell(&self, what: What) {
        let (at, key) = (self.world.now(), self.key.clone());
        (self.tell)(Event { at, change: 0, key, action: Action::Update, what });
    }
}

#[test]
fn bounds_that_exclude_the_size_carry_the_nearest() {
    let to = |min, desired, max| wanted((1, 2, 4), &Scale { min, desired, max, left_to: None }).ok();
    assert_eq!(to(None, Some(3), None), Some((1, 3, 4)));
    assert_eq!(to(Some(3), None, None), Some((3, 3, 4)));
    assert_eq!(to(Some(0), Some(0), Some(1)), Some((0, 0, 1)));
    assert_eq!(to(None, None, Some(1)), Some((1, 1, 1)));
    assert_eq!(to(None, Some(5), None), None);
    assert_eq!(to(Some(5), None, None), None);
}

#[test]
fn what_is_an_autoscalers_to_choose_is_moved_by_bounds_alone() {
    let by = "Deployment any/ca".to_owned();
    let to = |min, desired, max| wanted((1, 2, 4), &Scale { min, desired, max, left_to: Some(by.clone()) });
    let left = |size| Err(Unwanted::Left(Left { before: (1, 2, 4), size, by: by.clone() }));
    assert_eq!(to(None, Some(3), None), left(3));
    assert_eq!(to(Some(1), Some(9), Some(4)), left(9), "the same bounds are none");
    assert_eq!(to(None, Some(2), None), Ok((1, 2, 4)), "it is so already");
    assert_eq!(to(Some(3), None, None), Ok((3, 3, 4)));
    assert_eq!(to(Some(3), Some(4), Some(6)), Ok((3, 3, 6)));
    assert_eq!(to(None, Some(3), Some(9)), Ok((1, 2, 9)));
    assert_eq!(to(Some(3), Some(3), Some(3)), Ok((3, 3, 3)), "nothing is left to choose");
    assert!(matches!(to(None, Some(9), Some(5)), Err(Unwanted::Contradiction(_))));
}
