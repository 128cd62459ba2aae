//! A world in memory, on a virtual clock: AWS's rules as far as the engine depends on them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::resource::iam::Role;
use crate::resource::{Live, Operation, Standing, Type};
use crate::world::World;

mod clock;
mod ec2;
mod eks;
mod exposed;
mod fault;
mod iam;
mod kubernetes;
mod leak;
mod logs;
mod state;
mod world;

pub use clock::Clock;
pub use fault::{Blindness, Fault, Kind};
pub use kubernetes::applied;
use state::State;

/// One account, seen by one cluster.
#[derive(Debug, Default)]
pub struct Sim {
    cluster: String,
    clock: Clock,
    state: Mutex<State>,
    killed: AtomicBool,
}

/// What went on in a world.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// The operations that had an effect, in order.
    pub operations: Vec<Operation>,
    /// The IAM actions that they took, by AWS's reckoning.
    pub actions: BTreeSet<&'static str>,
    /// Codes of the calls that were turned away, but not by a fault.
    pub turned_away: Vec<String>,
    /// How many calls and looks began after somebody was told that the credentials have expired.
    pub in_vain: usize,
}

impl Sim {
    /// An empty account.
    pub fn new(cluster: &str) -> Self {
        Self { cluster: cluster.to_owned(), ..Self::default() }
    }

    /// Lets what an operation sets off last that long.
    pub fn lasting(&self, action: &'static str, duration: Duration) {
        self.state().durations.insert(action, duration);
    }

    /// Lets nothing work out of what is done to one type from now on; or, with none, no longer.
    pub fn failing(&self, kind: Option<Type>) {
        self.state().failing = kind;
    }

    /// Takes away the right to list one type; or, with none, gives all of them back.
    pub fn deny(&self, kind: Option<Type>) {
        self.state().denied = kind.into_iter().collect();
    }

    /// Lets what calls change from now on be seen only so much later.
    pub fn stale(&self, duration: Duration) {
        self.state().stale = duration;
    }

    /// Lets an update be listed only so long after it began, whatever its resource shows.
    pub fn unlisted(&self, duration: Duration) {
        self.state().unlisted = duration;
    }

    /// Lets EKS hear of a role only so long after it was made.
    pub fn lagging(&self, duration: Duration) {
        self.state().lag = duration;
    }

    /// Lets IAM itself find a role only so long after it was made, when something is to be done to it.
    pub fn unknown(&self, duration: Duration) {
        self.state().unknown = duration;
    }

    /// Lets each node group that goes leave a network interface behind, which shows only so much later.
    pub fn leaking(&self, later: Duration) {
        self.state().leak = Some(later);
    }

    /// Puts an Ingress into the cluster, for which a controller holds a load balancer.
    pub fn expose(&self, namespace: &str, name: &str) {
        exposed::put(&mut self.settled(), &self.cluster, namespace, name);
    }

    /// Makes a volume for a claim of the cluster's pods, with a reclaim policy.
    pub fn claim(&self, claim: &str, policy: &str) {
        ec2::volume::put(&mut self.settled(), &self.cluster, claim, policy);
    }

    /// Lets the n-th mutating call from now on meet this.
    pub fn fault(&self, fault: Option<Fault>) {
        let mut state = self.state();
        state.faults.begin();
        state.faults.fault = fault;
    }

    /// Lets some of the reads from now on fail.
    pub fn blind(&self, blindness: Option<Blindness>) {
        let mut state = self.state();
        state.faults.begin();
        state.faults.blindness = blindness;
    }

    /// How many mutating calls there were since the last fault was set.
    pub fn calls(&self) -> usize {
        self.state().faults.calls()
    }

    /// How many reads there were since the last fault was set.
    pub fn reads(&self) -> usize {
        self.state().faults.reads()
    }

    /// Runs the program; `None` if it was killed.
    pub fn drive<T>(&self, program: impl Future<Output = T>) -> Option<T> {
        self.killed.store(false, Ordering::Relaxed);
        self.clock.drive(program, || self.killed.load(Ordering::Relaxed))
    }

    /// Everything in the account, ours or not, as one line each.
    pub fn inventory(&self) -> BTreeMap<String, String> {
        let state = self.settled();
        let line = |live: &Live| {
            // Two that were made at different times are still the same.
            let attributes = live.attributes.iter().filter(|(name, _)| **name != Role::CREATED);
            format!("{} {:?} {:?}", live.status, live.properties, attributes.collect::<Vec<_>>())
        };
        state.living().map(|live| (live.id.clone(), line(live))).collect()
    }

    /// Takes what has been logged so far.
    pub fn log(&self) -> Log {
        std::mem::take(&mut self.state().log)
    }

    /// Changes something behind the program's back.
    pub fn meddle(&self, id: &str, change: impl FnOnce(&mut Live)) {
        let mut state = self.settled();
        if let Some(item) = state.items.iter_mut().find(|item| item.live.id == id) {
            change(&mut item.live);
        }
    }

    /// Tells no more of what is gone.
    pub fn forget_the_gone(&self) {
        self.settled().items.retain(|item| item.live.standing() != Standing::Gone);
    }

    fn settled(&self) -> MutexGuard<'_, State> {
        let mut state = self.state();
        state.settle(self.now());
        state
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn die(&self) {
        self.killed.store(true, Ordering::Relaxed);
        std::future::pending().await
    }
}
