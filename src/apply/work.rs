//! What is known of one change while it is made, and how much of its time was not AWS's.

use std::time::Duration;

use super::{Failure, Run};
use crate::cluster::since;
use crate::plan::{Change, Subject};
use crate::resource::{Difference, Milestone, Timestamp, Trouble};
use crate::world::World;

/// One change while it is made.
#[derive(Debug)]
pub(super) struct Work<'a> {
    pub index: usize,
    pub change: &'a Change,
    /// Ids that AWS has answered with, but that are not there.
    pub dead: Vec<String>,
    /// How often an answer has left doubt.
    pub doubts: u32,
    /// Since when AWS says that it cannot be now.
    pub busy: Option<Timestamp>,
    /// Since when an update may be under way of which no answer has told the id.
    pub lost: Option<Timestamp>,
    /// The updates whose end is known.
    pub followed: Vec<String>,
    /// Whether AWS may still be at what was asked of it.
    pub open: bool,
    /// What it differed in when that was last asked.
    pub differences: Vec<Difference>,
    /// What was in the way when it was last waited for.
    pub troubles: Vec<Trouble>,
    pub track: Track,
}

/// When a change had come how far, and how long it had been idle by then.
///
/// Idle is the time that goes by though AWS is not at it, as far as that can be told from outside:
/// from the last look that showed AWS at it to the end of the one that showed it over; pauses after
/// throttling, a refusal that passes, or doubt; looking again until looks have caught up; and waiting
/// for one of the calls that may be under way at once. A wait that is given up adds nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Track {
    pub idle: Duration,
    requested: Option<(Timestamp, Duration)>,
    ended: Option<(Timestamp, Duration)>,
}

impl<'a> Work<'a> {
    pub fn new(index: usize, change: &'a Change) -> Self {
        Self {
            index,
            change,
            dead: Vec::new(),
            doubts: 0,
            busy: None,
            lost: None,
            followed: Vec::new(),
            open: false,
            differences: Vec::new(),
            troubles: Vec::new(),
            track: Track::default(),
        }
    }

    /// All was answered, and it is not as it was answered.
    pub fn unsteady(&self) -> Failure {
        Failure::Unsteady { differences: self.differences.clone() }
    }

    /// Whether it takes something away.
    pub fn dooms(&self) -> bool {
        matches!(self.change.subject, Subject::Doomed(_))
    }
}

impl Track {
    pub fn request(&mut self, now: Timestamp) {
        self.requested.get_or_insert((now, self.idle));
    }

    pub fn end(&mut self, now: Timestamp) {
        self.request(now);
        self.ended = Some((now, self.idle));
    }

    fn reached(&self, milestone: Milestone) -> Option<(Timestamp, Duration)> {
        match milestone {
            Milestone::Requested => self.requested,
            Milestone::Ready => self.ended,
        }
    }
}

/// How long a run was idle where that has cost time: in the change that ended last, in that of its
/// needs that came last, up to then, and so on to one that needed nothing.
pub(super) fn idle(changes: &[Change], tracks: &[Track]) -> Duration {
    let ended = |index: &usize| tracks[*index].ended;
    let mut last = (0..tracks.len()).filter_map(|index| Some((index, ended(&index)?)));
    let first = last.next();
    let mut next =
        last.fold(first, |one, other| if Some(other.1.0) > one.map(|it| it.1.0) { Some(other) } else { one });
    let mut idle = Duration::ZERO;
    while let Some((index, (_, own))) = next {
        idle += own;
        let needs = changes[index].needs.iter();
        let reached =
            needs.filter_map(|need| Some((need.change, tracks[need.change].reached(need.milestone)?)));
        next = reached.max_by_key(|(_, (at, _))| *at);
    }
    idle
}

impl<W: World> Run<'_, W> {
    /// Waits for longer than AWS does.
    pub(super) async fn pause(&self, work: &mut Work<'_>, duration: Duration) -> Result<(), Failure> {
        let began = self.world.now();
        let paused = self.wait(duration).await;
        work.track.idle += since(self.world.now(), began);
        paused
    }
}
