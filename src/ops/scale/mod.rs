//! Another size for a node group, until the file says otherwise.

mod run;

use std::time::Duration;

use super::draft::name_of;
use super::owner::check_owner;
use super::{Among, OpsError};
use crate::apply::Event;
use crate::plan::Action;
use crate::resource::eks::{self, Nodegroup, NodegroupUpdate};
use crate::resource::{Key, Live, OneOf, Operation, Standing, Type};
use crate::world::World;
use run::Run;

/// The least, the desired and the most nodes of a group.
type Sizes = (u32, u32, u32);

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
    pub before: Sizes,
    /// The sizes now.
    pub after: Sizes,
    /// What the file said when it was last applied.
    pub applied: Option<u32>,
    /// The size that was asked for and is not that of now, and what shows whose it is to choose.
    pub left: Option<(u32, String)>,
}

/// A size that is asked for, and is an autoscaler's to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The sizes as they are: least, desired, most.
    pub before: Sizes,
    /// The one that is asked for.
    pub size: u32,
    /// What shows whose it is to choose.
    pub by: String,
}

/// Another size for a node group, which is not set yet.
#[derive(Clone, Debug)]
pub struct Scaling {
    /// What will come of it.
    pub scaled: Scaled,
    /// The node group.
    pub key: Key,
    id: String,
    /// The call; none, where the sizes are as they are asked for.
    call: Option<Operation>,
}

/// Looks at a node group, by its name in the file, for what there is to do to have it as it is asked for.
///
/// # Errors
/// Where the cluster or the group is not there or not ours, the sizes contradict each other or are an autoscaler's to
/// choose, or a call fails.
pub async fn scaling<W: World>(
    world: &W,
    (cluster, region): (&str, &str),
    name: &str,
    to: Scale,
) -> Result<Scaling, OpsError> {
    let key = Key { kind: Type::Nodegroup, name: name.to_owned() };
    let live = find(world, (cluster, region), &key).await?;
    let absent = || OpsError::no_part("nodegroup", name, (cluster, region));
    let group = Nodegroup::of(&live.properties).ok_or_else(absent)?;
    let before = sizes(group);
    let after = wanted(before, &to).map_err(|error| error.of(name))?;
    let applied = group.scaling_config.desired_size.applied;
    let call = (before != after).then(|| update(group, name, (before, after)).into());
    let left = to.desired.filter(|size| *size != after.1).zip(to.left_to);
    Ok(Scaling { scaled: Scaled { before, after, applied, left }, id: live.id.clone(), key, call })
}

fn update(group: &Nodegroup, name: &str, (before, after): (Sizes, Sizes)) -> eks::Operation {
    let desired = Some(after.1).filter(|desired| *desired != before.1);
    let update = NodegroupUpdate { scaling_config: Some((after.0, after.2, desired)), ..Default::default() };
    eks::Operation::UpdateNodegroupConfig {
        cluster_name: group.cluster_name.clone(),
        name: group.nodegroup_name.clone().unwrap_or_else(|| name.to_owned()),
        update,
    }
}

impl Scaling {
    /// What is done to the group.
    pub const ACTION: Action = Action::Update;

    /// Whether there is nothing to do.
    pub fn is_done(&self) -> bool {
        self.call.is_none()
    }

    /// How long EKS usually takes.
    pub fn usual(&self) -> Duration {
        self.call.as_ref().map(Operation::usual).unwrap_or_default()
    }

    /// Sets the size, and waits until EKS has done it. The tag that says what the file wanted stays as it is: that is
    /// how the next plan knows who has scaled.
    ///
    /// `tell` is told what happens, as of a plan with this one change.
    ///
    /// # Errors
    /// Where a call fails, or the update does.
    pub async fn run<W: World>(
        &self,
        world: &W,
        timeout: Duration,
        tell: &impl Fn(Event),
    ) -> Result<(), OpsError> {
        let Some(operation) = &self.call else { return Ok(()) };
        let (key, after) = (&self.key, self.scaled.after);
        Run { world, key, operation, after, timeout, tell }.to_its_end(&self.id).await
    }
}

async fn find<W: World>(world: &W, (cluster, region): (&str, &str), key: &Key) -> Result<Live, OpsError> {
    let found = world.look(key).await?;
    let alive =
        found.into_iter().find(|live| matches!(live.standing(), Standing::Ready | Standing::Settling));
    if let Some(live) = alive {
        return Ok(with_applied(live));
    }
    let snapshot = world.observe(&name_of(cluster)).await?;
    check_owner(&snapshot)?;
    let has_cluster = snapshot.found.keys().any(|key| key.kind == Type::Cluster);
    if !has_cluster {
        return Err(OpsError::no_cluster(cluster, region));
    }
    let among = Among { kind: "nodegroup", cluster: Some(cluster.to_owned()), region: region.to_owned() };
    Err(OpsError::NotThere {
        what: format!("nodegroup {} of cluster {cluster} that eksact has made", key.name),
        among,
    })
}

/// What lives says what was applied only from the side of a node group.
fn with_applied(live: Live) -> Live {
    let face = live.properties.face(&live);
    face.unwrap_or(live)
}

fn sizes(group: &Nodegroup) -> Sizes {
    let sizes = &group.scaling_config;
    (sizes.min_size, sizes.desired_size.size, sizes.max_size)
}

/// Why sizes are not as they are asked for.
#[derive(Debug, PartialEq)]
enum Unwanted {
    Contradiction {
        what: String,
        next: String,
    },
    /// Nothing but a size is asked for, which is an autoscaler's to choose.
    Left(Left),
}

impl Unwanted {
    fn of(self, nodegroup: &str) -> OpsError {
        match self {
            Self::Contradiction { what, next } => OpsError::Contradiction { what, next },
            Self::Left(left) => OpsError::Left { nodegroup: nodegroup.to_owned(), left },
        }
    }
}

/// New bounds that exclude the size carry the nearest; a size outside of its bounds is a contradiction. One that is
/// an autoscaler's to choose is not set, and to ask for it alone is to ask for nothing.
fn wanted(before: Sizes, to: &Scale) -> Result<Sizes, Unwanted> {
    let (min, desired, max) = before;
    let (least, most) = (to.min.unwrap_or(min), to.max.unwrap_or(max));
    let contradiction = |what: String, next: String| Err(Unwanted::Contradiction { what, next });
    if least > most {
        let next = "move the other bound, too: --nodes-min and --nodes-max".to_owned();
        return contradiction(format!("the least size {least} is above the most, {most}"), next);
    }
    if let (Some(size), Some(by)) = (to.desired, &to.left_to)
        && (size != desired && (least, most) == (min, max))
    {
        return Err(Unwanted::Left(Left { before, size, by: by.clone() }));
    }
    match to.desired {
        Some(size) if size > most => contradiction(
            format!("{size} nodes are above the most, {most}"),
            format!("add --nodes-max {size}"),
        ),
        Some(size) if size < least => contradiction(
            format!("{size} nodes are below the least, {least}"),
            format!("add --nodes-min {size}"),
        ),
        Some(size) if to.left_to.is_none() => Ok((least, size, most)),
        Some(_) | None => Ok((least, desired.clamp(least, most), most)),
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
    assert!(matches!(to(None, Some(9), Some(5)), Err(Unwanted::Contradiction { .. })));
}
