//! Carrying out a plan: everybody is told what happens, and signals stop it.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;

use super::error::CommandError;
use super::settings::Settings;
use super::signals::Signals;
use super::tally::Tally;
use super::{Exit, Printer};
use crate::apply::{Event, Halt, Options, Summary, apply};
use crate::cluster::{Facts, Timestamp, since};
use crate::ops::{Happened, Sight};
use crate::plan::{Change, Plan};
use crate::view::live::{Board, Head};
use crate::world::World;

/// How long after SIGTERM calls under way may take: who sends it follows up with SIGKILL, after 5 s at the soonest.
const GRACE: Duration = Duration::from_secs(4);
/// How often what is drawn is drawn again, and silence is looked for.
pub(super) const TICK: Duration = Duration::from_millis(100);

/// A plan to be carried out.
pub(super) struct Job<'a> {
    /// The cluster's name.
    pub cluster: &'a str,
    /// Who does it, and where.
    pub facts: &'a Facts,
    /// The plan.
    pub plan: &'a Plan,
}

/// What is given to whoever looks at the cluster from inside while the plan is carried out.
pub(super) struct Beside {
    /// What happens to changes; closed when the plan has been carried out.
    pub events: UnboundedReceiver<Event>,
    /// What is seen, for everybody to be told.
    pub sights: UnboundedSender<Sight>,
    /// Cancelled when the run is to end.
    pub stop: CancellationToken,
}

/// What came of a run.
#[derive(Debug)]
pub(super) struct Ended {
    pub summary: Summary,
    /// Whether anything has been changed, or may have been.
    pub touched: bool,
    /// When each change was done, by its number in the plan.
    pub done: BTreeMap<usize, Timestamp>,
    /// Calls that were under way when the run had to end at once.
    pub doubtful: Vec<(crate::resource::Key, &'static str)>,
}

/// Carries out a plan in which nothing is refused.
///
/// # Errors
/// Where signals cannot be listened for.
pub(super) async fn carry_out<W: World>(
    job: &Job<'_>,
    world: &W,
    settings: &Settings,
    printer: &Printer,
) -> Result<Ended, CommandError> {
    let nothing = None::<fn(Beside) -> std::future::Ready<()>>;
    Ok(carry_out_beside(job, world, settings, printer, nothing).await?.0)
}

/// Carries out a plan, and runs something beside it that tells what it sees; the run is over when both are.
/// It gives nothing where the run had to end before it had.
///
/// # Errors
/// As of [`carry_out`].
pub(super) async fn carry_out_beside<W: World, T, F: Future<Output = T>>(
    job: &Job<'_>,
    world: &W,
    settings: &Settings,
    printer: &Printer,
    beside: Option<impl FnOnce(Beside) -> F>,
) -> Result<(Ended, Option<T>), CommandError> {
    let mut run = Run::begin(job, world.now(), beside.is_some(), printer)?;
    let (events, received) = unbounded_channel();
    let (sights, seen) = unbounded_channel();
    let (tap, tapped) = unbounded_channel();
    let stop = run.stop.clone();
    let options = Options { timeout: Some(settings.left()), ..Options::default() };
    let work = async { apply(job.plan, world, options, &stop, events).await.map_err(|_| refused()) };
    let beside = async {
        match beside {
            Some(beside) => Some(beside(Beside { events: tapped, sights, stop: stop.clone() }).await),
            None => None,
        }
    };
    let ended = run.until_both(work, beside, (received, tap), seen, || world.now()).await;
    let left = match &ended {
        Some((Ok(summary), _)) => &summary.left[..],
        Some((Err(_), _)) | None => &[],
    };
    if ended.is_none() {
        run.tell_ends(world.now());
    }
    printer.drawn(left, world.now());
    let Some((summary, beside)) = ended else { return Ok((run.cut_short(world), None)) };
    let (touched, done) = (run.tally.touched(), run.tally.done());
    // What has been looked at from inside belongs to the run, too.
    let summary = Summary { took: since(world.now(), run.began), ..summary? };
    let ended = Ended { summary, touched, done, doubtful: Vec::new() };
    Ok((ended, beside))
}

fn refused() -> CommandError {
    CommandError::new(Exit::Failed, "the plan is refused: nothing was changed")
        .hint("the plan above says what is refused, and why")
}

/// A run, as it is seen from outside.
struct Run<'a> {
    job: &'a Job<'a>,
    printer: &'a Printer,
    signals: Signals,
    stop: CancellationToken,
    tally: Tally,
    began: Timestamp,
}

impl<'a> Run<'a> {
    fn begin(
        job: &'a Job<'a>,
        now: Timestamp,
        inside: bool,
        printer: &'a Printer,
    ) -> Result<Self, CommandError> {
        let Job { cluster, facts, plan } = job;
        let head = Head {
            cluster: (*cluster).to_owned(),
            region: facts.region.clone(),
            account: facts.caller.account.clone(),
        };
        let signals = Signals::listen()?;
        printer.stops().take(true);
        printer.stream(|stream| stream.plan(now, cluster, facts, plan));
        printer.draw(Board::new(head, plan, inside, now));
        let (stop, tally) = (CancellationToken::new(), Tally::new(plan));
        Ok(Self { job, printer, signals, stop, tally, began: now })
    }

    fn tell(&mut self, happened: Happened) {
        if let Happened::Change(event) = &happened {
            self.tally.see(event);
        }
        self.printer.happened(&happened);
    }

    /// Until both are over; nothing, if that could not be waited for.
    async fn until_both<S, T>(
        &mut self,
        work: impl Future<Output = S>,
        beside: impl Future<Output = T>,
        (mut events, tap): (UnboundedReceiver<Event>, UnboundedSender<Event>),
        mut sights: UnboundedReceiver<Sight>,
        now: impl Fn() -> Timestamp,
    ) -> Option<(S, T)> {
        tokio::pin!(work, beside);
        let (mut tap, mut one, mut other) = (Some(tap), None, None);
        let mut beat = tokio::time::interval(TICK);
        let mut grace = std::pin::pin!(far());
        while one.is_none() || other.is_none() {
            tokio::select! {
                biased;
                signal = self.signals.next() => {
                    if self.stopped(signal, now()) {
                        return None;
                    }
                    if signal == "SIGTERM" {
                        grace.set(tokio::time::sleep(GRACE));
                    }
                }
                () = &mut grace => return None,
                Some(event) = events.recv() => {
                    pass_on(tap.as_ref(), &event);
                    self.tell(Happened::Change(event));
                }
                Some(sight) = sights.recv() => self.tell(Happened::Seen(sight)),
                _ = beat.tick() => self.printer.tick(now()),
                ended = &mut work, if one.is_none() => {
                    while let Ok(event) = events.try_recv() {
                        pass_on(tap.as_ref(), &event);
                        self.tell(Happened::Change(event));
                    }
                    (one, tap) = (Some(ended), None);
                }
                ended = &mut beside, if other.is_none() => other = Some(ended),
            }
        }
        while let Ok(sight) = sights.try_recv() {
            self.tell(Happened::Seen(sight));
        }
        if !self.stop.is_cancelled() {
            self.printer.stops().take(false);
        }
        one.zip(other)
    }

    /// The first time it stops in good order; the second time at once.
    fn stopped(&mut self, signal: &str, now: Timestamp) -> bool {
        self.printer.stream(|stream| stream.stopping(now, signal));
        if self.stop.is_cancelled() {
            return true;
        }
        let again = if signal == "SIGINT" { " (Ctrl-C again: stop at once)" } else { "" };
        self.printer.show(&format!("stopping: calls under way are finished, nothing new is begun{again}"));
        self.stop.cancel();
        false
    }

    /// Tells the end of each change that was not waited for.
    fn tell_ends(&self, at: Timestamp) {
        let changes = self.job.plan.changes().unwrap_or_default();
        for (change, what) in self.tally.ends(Halt::Stopped) {
            let Some(Change { key, action, .. }) = changes.get(change) else { continue };
            self.printer.happened(&Happened::Change(Event {
                at,
                change,
                key: key.clone(),
                action: *action,
                what,
            }));
        }
    }

    /// What can be said of a run that was not waited for.
    fn cut_short(self, world: &impl World) -> Ended {
        let took = since(world.now(), self.began);
        let (summary, doubtful) = self.tally.cut_short(self.job.plan, Halt::Stopped, took);
        Ended { summary, touched: self.tally.touched(), done: self.tally.done(), doubtful }
    }
}

/// Whoever looks from inside may have ended already.
fn pass_on(tap: Option<&UnboundedSender<Event>>, event: &Event) {
    if let Some(tap) = tap {
        _ = tap.send(event.clone());
    }
}

/// A moment that does not come within a run.
fn far() -> tokio::time::Sleep {
    tokio::time::sleep(Duration::from_secs(60 * 60 * 24 * 365))
}

/// How a run ends.
pub(super) fn exit(plan: &Plan, ended: &Ended) -> Exit {
    let summary = &ended.summary;
    match summary.halted {
        Some(Halt::Stopped) => Exit::Interrupted,
        _ if summary.is_complete() && plan.unread.is_empty() => Exit::Done,
        _ if summary.is_complete() => Exit::Partly,
        _ if ended.touched => Exit::Partly,
        _ => Exit::Failed,
    }
}
