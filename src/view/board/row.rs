//! One line: how far a group has come.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::cluster::{Timestamp, since};
use crate::ops::{Group, Seen, Sight};
use crate::plan::{Action, Change};
use crate::resource::{Key, Type};
use crate::view::units::duration;

/// How a line begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Something is under way.
    Active,
    /// Nothing is, yet or any more.
    Waits,
    /// All is done.
    Done,
    /// Something has failed.
    Failed,
}

/// One change.
#[derive(Debug)]
pub(super) struct Part {
    key: Key,
    action: Action,
    /// The changes that it needs.
    pub needs: Vec<usize>,
    pub state: State,
    began: Option<Timestamp>,
    ended: Option<Timestamp>,
}

/// How far a change has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    Queued,
    Begun,
    Waiting {
        status: String,
        /// The code of what is in the way.
        why: String,
        since: Timestamp,
        usual: Duration,
    },
    Done,
    Failed,
    /// Nobody waits for it any more; AWS may still be at it.
    Stopped {
        at_it: bool,
    },
    Skipped(String),
}

/// How many nodes of a group are Ready.
#[derive(Debug)]
pub(super) enum Nodes {
    /// They will be looked for.
    Unseen,
    Awaited {
        ready: usize,
        wanted: usize,
        since: Timestamp,
        usual: Duration,
    },
    Ready {
        nodes: usize,
        since: Timestamp,
        at: Timestamp,
    },
}

impl Nodes {
    /// `1 of 2 nodes Ready, 14s of about 1m50s`, as long as they are waited for.
    fn awaited(&self, now: Timestamp) -> Option<String> {
        let Self::Awaited { ready, wanted, since, usual } = self else { return None };
        Some(format!("{ready} of {wanted} nodes Ready, {}", elapsed(now, *since, *usual)))
    }
}

/// One group.
#[derive(Debug)]
pub(super) struct Row {
    pub group: Group,
    pub parts: Vec<Part>,
    pub nodes: Option<Nodes>,
}

impl Part {
    pub fn of(change: &Change) -> Self {
        let needs = change.needs.iter().map(|need| need.change).collect();
        Self { needs, ..Self::alone(change.key.clone(), change.action) }
    }

    /// One that needs no other.
    pub fn alone(key: Key, action: Action) -> Self {
        Self { key, action, needs: Vec::new(), state: State::Queued, began: None, ended: None }
    }

    pub fn begin(&mut self, at: Timestamp) {
        (self.state, self.began) = (State::Begun, Some(at));
    }

    pub fn end(&mut self, state: State, at: Timestamp) {
        (self.state, self.ended) = (state, Some(at));
    }

    pub fn stop(&mut self, at: Timestamp) {
        let at_it = matches!(self.state, State::Waiting { .. });
        self.end(State::Stopped { at_it }, at);
    }

    pub fn leave(&mut self, left: &[Key]) {
        if let State::Stopped { at_it } = &mut self.state {
            *at_it |= left.contains(&self.key);
        }
    }

    pub fn is_over(&self) -> bool {
        !self.is_active() && self.state != State::Queued
    }

    fn is_active(&self) -> bool {
        matches!(self.state, State::Begun | State::Waiting { .. })
    }

    /// `creating, 4m01s of about 10m`.
    fn told(&self, now: Timestamp) -> String {
        match &self.state {
            State::Waiting { status, why, since: began, usual } => {
                // EKS's word for an update that is not over says less than what is done.
                let says_little = status.is_empty() || status == "InProgress";
                let word = if says_little { doing(self.action) } else { &status.to_lowercase() };
                // At first much is in the way that passes by itself.
                let late = since(now, *began) > *usual && !why.is_empty();
                let why = if late { format!("; {why}") } else { String::new() };
                format!("{word}, {}{why}", elapsed(now, *began, *usual))
            }
            State::Begun
            | State::Queued
            | State::Done
            | State::Failed
            | State::Stopped { .. }
            | State::Skipped(_) => doing(self.action).to_owned(),
        }
    }

    /// How long what it waits for usually takes.
    fn usual(&self) -> Duration {
        if let State::Waiting { usual, .. } = &self.state { *usual } else { Duration::ZERO }
    }
}

fn elapsed(now: Timestamp, began: Timestamp, usual: Duration) -> String {
    let elapsed = duration(since(now, began));
    if usual.is_zero() { elapsed } else { format!("{elapsed} of about {}", duration(usual)) }
}

fn doing(action: Action) -> &'static str {
    match action {
        Action::Create => "creating",
        Action::Update => "changing",
        Action::Remake => "making again",
        Action::Wait => "settling",
        Action::Delete => "deleting",
    }
}

impl Row {
    /// Where nodes are looked at from inside Kubernetes, a group that is made is there when they are.
    pub fn new(group: Group, parts: Vec<Part>, inside: bool) -> Self {
        let makes = |part: &Part| {
            part.key.kind == Type::Nodegroup && matches!(part.action, Action::Create | Action::Remake)
        };
        let nodes = (inside && parts.iter().any(makes)).then_some(Nodes::Unseen);
        Self { group, parts, nodes }
    }

    pub fn is_active(&self) -> bool {
        self.parts.iter().any(Part::is_active)
    }

    fn number(&self, of: impl Fn(&State) -> bool) -> usize {
        self.parts.iter().filter(|part| of(&part.state)).count()
    }

    /// How far it has come; `after` is what it waits for.
    pub fn told(&self, now: Timestamp, after: &str) -> (Mark, String) {
        let (all, done) = (self.parts.len(), self.number(|state| *state == State::Done));
        let longest = self.parts.iter().filter(|part| part.is_active()).max_by_key(|part| part.usual());
        if let Some(part) = longest {
            let which =
                if all == 1 { String::new() } else { format!("{done} of {all} done; {} ", name(&part.key)) };
            return (Mark::Active, format!("{which}{}", part.told(now)));
        }
        if self.number(|state| *state == State::Failed) > 0 {
            let failed = self.parts.iter().filter(|part| part.state == State::Failed);
            let names: Vec<String> = failed.map(|part| name(&part.key)).collect();
            let told = match all {
                1 => format!("failed after {}", self.took(None)),
                _ => format!("{} failed; {done} of {all} done", names.join(", ")),
            };
            return (Mark::Failed, told);
        }
        if done == all {
            return self
                .nodes
                .as_ref()
                .map_or_else(|| (Mark::Done, self.took(None)), |it| self.nodes(it, now));
        }
        if self.number(|state| *state == State::Stopped { at_it: true }) > 0 {
            return (Mark::Waits, "stopped; AWS is still at it".to_owned());
        }
        if self.number(|state| matches!(state, State::Stopped { .. })) > 0 {
            return (Mark::Waits, format!("stopped; {done} of {all} done"));
        }
        let skipped = self.parts.iter().find_map(|part| match &part.state {
            State::Skipped(because) => Some(because.as_str()),
            _ => None,
        });
        match skipped {
            Some(because) => (Mark::Waits, format!("not begun: {because}")),
            None => (Mark::Waits, self.queued(done, after)),
        }
    }

    /// `launch template done; nodegroup after the control plane`.
    fn queued(&self, done: usize, after: &str) -> String {
        let next = if after.is_empty() { "next".to_owned() } else { format!("after {after}") };
        let kinds = |over: bool| -> Vec<String> {
            self.parts.iter().filter(|part| part.is_over() == over).map(|part| name(&part.key)).collect()
        };
        match (done, &kinds(true)[..], &kinds(false)[..]) {
            (0, ..) => next,
            (_, [one], [other]) => format!("{one} done; {other} {next}"),
            _ => format!("{done} of {} done; the rest {next}", self.parts.len()),
        }
    }

    fn nodes(&self, nodes: &Nodes, now: Timestamp) -> (Mark, String) {
        match nodes {
            Nodes::Unseen => (Mark::Active, "active; its nodes have not been seen yet".to_owned()),
            Nodes::Awaited { .. } => (Mark::Active, nodes.awaited(now).unwrap_or_default()),
            Nodes::Ready { nodes, since, at } => {
                let word = if *nodes == 1 { "node" } else { "nodes" };
                (Mark::Done, format!("{}, {nodes} {word} Ready", self.took(Some((*since, *at)))))
            }
        }
    }

    /// How long anything of it was under way; nodes that are waited for are.
    fn took(&self, nodes: Option<(Timestamp, Timestamp)>) -> String {
        let spans = self.parts.iter().filter_map(|part| part.began.zip(part.ended));
        let mut spans: Vec<(Timestamp, Timestamp)> = spans.chain(nodes).collect();
        spans.sort();
        let (mut took, mut until) = (Duration::ZERO, Timestamp::MIN);
        for (began, ended) in spans {
            took += since(ended, began.max(until));
            until = until.max(ended);
        }
        duration(took)
    }
}

/// What a part is called inside its group: `subnet public-us-west-2a`; where there is one of a kind, its kind.
fn name(key: &Key) -> String {
    match key.kind {
        Type::Cluster | Type::LaunchTemplate | Type::Nodegroup | Type::Vpc | Type::InternetGateway => {
            key.kind.word().replace('-', " ")
        }
        Type::Addon => key.name.clone(),
        kind => format!("{} {}", kind.word().replace('-', " "), key.name),
    }
}

/// What is seen of the cluster from inside.
#[derive(Debug)]
pub(super) struct Inside {
    /// Whether an entry in a kubeconfig is to be written.
    writes: bool,
    silent: Option<(Timestamp, Duration)>,
    answers: bool,
    kubeconfig: Option<String>,
    /// Nodes of groups that have no line of their own.
    pub nodes: BTreeMap<String, Nodes>,
    /// Whether nobody looks any more.
    pub over: bool,
}

impl Inside {
    pub fn new(writes: bool) -> Self {
        let nodes = BTreeMap::new();
        Self { writes, silent: None, answers: false, kubeconfig: None, nodes, over: false }
    }

    pub fn see(&mut self, sight: &Sight) {
        match &sight.what {
            Seen::ApiSilent { since, usual, .. } => {
                (self.silent, self.answers) = (Some((*since, *usual)), false)
            }
            Seen::ApiAnswers => (self.silent, self.answers) = (None, true),
            Seen::Kubeconfig(it) => self.kubeconfig = Some(it.context.clone()),
            Seen::Nodes { .. } | Seen::NodesReady { .. } | Seen::Missing { .. } => {}
        }
    }

    pub fn told(&self, now: Timestamp) -> (Mark, String) {
        let awaited = self.nodes.iter().find_map(|(group, nodes)| Some((group, nodes.awaited(now)?)));
        if let Some((group, awaited)) = awaited.filter(|_| self.silent.is_none()) {
            return (Mark::Active, format!("{group}: {awaited}"));
        }
        match (&self.silent, &self.kubeconfig) {
            (Some((began, usual)), _) => {
                (Mark::Active, format!("API server silent, {}", elapsed(now, *began, *usual)))
            }
            (None, Some(context)) => (Mark::Done, format!("kubeconfig context {context}")),
            (None, None) if self.answers => (
                if self.writes && !self.over { Mark::Active } else { Mark::Done },
                "API server answers".to_owned(),
            ),
            (None, None) if self.over => (Mark::Waits, "not looked at".to_owned()),
            (None, None) => (Mark::Waits, "after the control plane".to_owned()),
        }
    }
}
