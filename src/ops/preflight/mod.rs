//! What would stop a run half-way, found before anything is made: all of it at once.

mod addresses;
mod need;
mod permissions;

use std::collections::BTreeSet;

use crate::aws::Aws;
use crate::cluster::{AskRoom, Quota, Room, Span, Timestamp, since};
use crate::ops::Draft;

pub use addresses::{Wanting, addresses_of_a_node};
use need::Need;

/// The part of its floor that a run may well take longer.
const SLACK: u32 = 4;

/// Something that would stop a run, or may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// More of something than AWS lets the account have.
    Quota {
        /// Of what.
        quota: Quota,
        /// How many there may be.
        limit: u64,
        /// Whether AWS says so for this account; else it is what every account has at first.
        told: bool,
        /// How many there are.
        used: u64,
        /// How many more are to be made.
        more: u64,
        /// Where the file says so.
        place: Option<Span>,
    },
    /// Fewer free addresses than are needed in subnets that the file names.
    Addresses(Wanting),
    /// Credentials that end before the run will.
    Credentials {
        /// When they end.
        end: Timestamp,
        /// When the run ends, if all goes as fast as it can.
        floor: Timestamp,
        /// Whether somebody may renew them meanwhile.
        may_be_renewed: bool,
    },
    /// Something that the caller may not do, by IAM's simulator.
    Denied {
        /// The IAM action.
        action: String,
        /// The ARNs of those to which not; with a `*`, where AWS has yet to give the id.
        resources: BTreeSet<String>,
    },
}

impl Finding {
    /// Whether nothing should be begun; else it is worth saying.
    pub fn blocks(&self) -> bool {
        match self {
            Self::Quota { told, .. } => *told,
            Self::Addresses(_) | Self::Denied { .. } => true,
            Self::Credentials { end, floor, may_be_renewed } => !may_be_renewed && end < floor,
        }
    }
}

/// Looks for everything that would stop a plan. `static_end` is when credentials end that nobody renews.
pub async fn look(world: &Aws, draft: &Draft, static_end: Option<Timestamp>) -> Vec<Finding> {
    findings(draft, world.room(&ask(draft)).await, static_end)
}

/// What is to be found out before a plan is carried out.
pub fn ask(draft: &Draft) -> AskRoom {
    AskRoom {
        quotas: need::of(draft).into_keys().collect(),
        actions: permissions::asked(draft),
        caller: draft.facts.caller.arn.clone(),
        tags: permissions::tags(draft),
    }
}

/// What stands in the way, by what there is room for; first what blocks.
pub fn findings(draft: &Draft, mut room: Room, static_end: Option<Timestamp>) -> Vec<Finding> {
    room.used.extend(need::known(draft));
    let needs = need::of(draft);
    let mut findings: Vec<Finding> =
        needs.iter().filter_map(|(quota, need)| over(quota, need, &room)).collect();
    findings.extend(addresses::wanting(draft).into_iter().map(Finding::Addresses));
    findings.extend(credentials(draft, room.credentials_end, static_end));
    let denied = room.denied.into_iter();
    findings.extend(denied.map(|(action, resources)| {
        let resources = resources.into_iter().map(permissions::told).collect();
        Finding::Denied { action, resources }
    }));
    findings.sort_by_key(|it| !it.blocks());
    findings
}

fn over(quota: &Quota, need: &Need, room: &Room) -> Option<Finding> {
    let told = room.limits.get(quota).copied();
    let limit = told.or(quota.usual())?;
    let used = room.used.get(quota).copied()?;
    let (quota, told, more, place) = (quota.clone(), told.is_some(), need.more, need.place);
    (used + more > limit).then_some(Finding::Quota { quota, limit, told, used, more, place })
}

fn credentials(draft: &Draft, end: Option<Timestamp>, static_end: Option<Timestamp>) -> Option<Finding> {
    let may_be_renewed = static_end.is_none();
    let end = static_end.or(end)?;
    let takes = draft.plan.floor(draft.facts.now);
    let ends_early = since(end, draft.facts.now) < takes + takes / SLACK;
    let floor = draft.facts.now + takes;
    ends_early.then_some(Finding::Credentials { end, floor, may_be_renewed })
}
