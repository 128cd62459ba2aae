//! What would stop a run half-way, found before anything is made: all of it at once.

mod addresses;
mod need;
mod permissions;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::aws::Aws;
use crate::cluster::{AskRoom, Quota, Room, Span, Timestamp, since};
use crate::ops::Draft;
use crate::resource::Type;

/// How much longer than the floor a run may take.
const SLACK: Duration = Duration::from_secs(180);

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
    },
    /// Fewer free addresses than a subnet of the file's needs.
    Addresses {
        /// Its id.
        subnet: String,
        /// How many are free.
        free: u32,
        /// How many are needed.
        needed: u32,
        /// By what: `nodegroup ng1`.
        by: String,
        /// Where the file says so.
        place: Option<Span>,
    },
    /// Credentials that end before the run will.
    Credentials {
        /// When they end.
        end: Timestamp,
        /// When the run is about to.
        needed_until: Timestamp,
        /// Whether somebody may renew them meanwhile.
        may_be_renewed: bool,
    },
    /// Something that the caller may not do, by IAM's simulator.
    Denied {
        /// The IAM action.
        action: String,
        /// To what.
        resource: String,
    },
}

impl Finding {
    /// Whether nothing should be begun; else it is worth saying.
    pub fn blocks(&self) -> bool {
        match self {
            Self::Quota { told, .. } => *told,
            Self::Addresses { .. } | Self::Denied { .. } => true,
            Self::Credentials { may_be_renewed, .. } => !may_be_renewed,
        }
    }
}

/// Looks for everything that would stop a plan. `static_end` is when credentials end that nobody renews.
pub async fn preflight(world: &Aws, draft: &Draft, static_end: Option<Timestamp>) -> Vec<Finding> {
    let mut needed = need::of(draft);
    needed.retain(|_, more| *more > 0);
    let ask = AskRoom {
        quotas: needed.keys().cloned().collect(),
        actions: permissions::asked(draft),
        caller: draft.facts.caller.arn.clone(),
        tags: vec![("eksact.dev/cluster".to_owned(), permissions::cluster(draft).to_owned())],
    };
    let mut room = world.room(&ask).await;
    room.used.extend(need::known(draft));
    findings(draft, &needed, &room, static_end)
}

/// What stands in the way, by what is needed and what there is room for.
pub fn findings(
    draft: &Draft,
    needed: &BTreeMap<Quota, u64>,
    room: &Room,
    static_end: Option<Timestamp>,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        needed.iter().filter_map(|(quota, more)| over(quota, *more, room)).collect();
    findings.extend(addresses::findings(draft));
    findings.extend(
        room.denied
            .iter()
            .map(|(action, resource)| Finding::Denied { action: action.clone(), resource: resource.clone() }),
    );
    findings.extend(credentials(draft, room, static_end));
    findings
}

fn over(quota: &Quota, more: u64, room: &Room) -> Option<Finding> {
    let told = room.limits.get(quota).copied();
    let limit = told.or(quota.usual())?;
    let used = room.used.get(quota).copied()?;
    (used + more > limit).then(|| Finding::Quota {
        quota: quota.clone(),
        limit,
        told: told.is_some(),
        used,
        more,
    })
}

fn credentials(draft: &Draft, room: &Room, static_end: Option<Timestamp>) -> Option<Finding> {
    let end = static_end.or(room.credentials_end)?;
    let needed_until = draft.facts.now + draft.plan.floor() + SLACK;
    let ends_early = !since(needed_until, end).is_zero();
    ends_early.then_some(Finding::Credentials { end, needed_until, may_be_renewed: static_end.is_none() })
}

/// How a key is told to a person.
fn told(kind: Type, name: &str) -> String {
    match kind {
        Type::Nodegroup => format!("nodegroup {name}"),
        _ => format!("cluster {name}"),
    }
}
