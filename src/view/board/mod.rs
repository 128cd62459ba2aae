//! How far a run has come: a line for each group, which it keeps. Pure: what has happened, and the time, become text.

mod row;

use std::collections::BTreeMap;
use std::time::Duration;

use super::event::{failure_text, missing};
use super::style::{Look, cut};
use super::units::{duration, rough};
use crate::apply::{Event, Failure, What};
use crate::cluster::{Timestamp, since};
use crate::ops::{Group, Happened, Seen, Sight};
use crate::plan::{Action, Plan};
use crate::resource::Key;
use row::{Inside, Mark, Nodes, Part, Row, State};

/// No wider than this, however wide the terminal is: the eye has to find the end of a line.
const WIDEST: usize = 100;
/// What turns while something is under way, in Unicode and in ASCII; nothing that stands for a change in a plan.
const TURNS: (&str, &str) = ("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", "<^>v");

/// What stands at the head of it.
#[derive(Clone, Debug)]
pub struct Head {
    /// The cluster's name.
    pub cluster: String,
    /// Its region.
    pub region: String,
    /// Its account; empty, where that is not known.
    pub account: String,
}

/// How far a run has come.
#[derive(Debug)]
pub struct Board {
    head: Head,
    began: Timestamp,
    about: Duration,
    rows: Vec<Row>,
    /// Which part of which row each change is.
    places: Vec<(usize, usize)>,
    kubernetes: Option<Inside>,
    over: bool,
}

impl Board {
    /// Of a plan that is about to be carried out; with a line for what is seen from inside Kubernetes, or without.
    pub fn new(head: Head, plan: &Plan, inside: bool, now: Timestamp) -> Self {
        let changes = plan.changes().unwrap_or_default();
        let mut groups: BTreeMap<Group, Vec<usize>> = BTreeMap::new();
        for (index, change) in changes.iter().enumerate() {
            groups.entry(Group::of(&change.key)).or_default().push(index);
        }
        let mut places = vec![(0, 0); changes.len()];
        let mut rows = Vec::new();
        for (group, members) in groups {
            members.iter().enumerate().for_each(|(part, index)| places[*index] = (rows.len(), part));
            let parts = members.iter().map(|index| Part::of(&changes[*index])).collect();
            rows.push(Row::new(group, parts, inside));
        }
        let kubernetes = inside.then(|| Inside::new(true));
        Self { head, began: now, about: plan.floor(now), rows, places, kubernetes, over: false }
    }

    /// Of one change to a cluster that is there, which usually takes so long; with the nodes of its group, or without.
    pub fn one(
        head: Head,
        (key, action): (Key, Action),
        about: Duration,
        nodes: bool,
        now: Timestamp,
    ) -> Self {
        let (group, nodes) = (Group::of(&key), nodes.then_some(Nodes::Unseen));
        let rows = vec![Row { group, parts: vec![Part::alone(key, action)], nodes }];
        Self { head, began: now, about, rows, places: vec![(0, 0)], kubernetes: None, over: false }
    }

    /// Takes in what has happened; answers with what is to stand above, for good.
    pub fn see(&mut self, happened: &Happened) -> Option<String> {
        match happened {
            Happened::Change(event) => self.event(event),
            Happened::Seen(sight) => self.sight(sight),
        }
    }

    fn event(&mut self, event: &Event) -> Option<String> {
        let (row, part) = *self.places.get(event.change)?;
        let part = &mut self.rows[row].parts[part];
        let key = &event.key;
        match &event.what {
            What::Started => part.begin(event.at),
            What::Calling(_) | What::Postponed { .. } => {}
            What::Waiting { status, troubles, since, usual } => {
                let why = troubles.first().map(|it| it.code.clone()).unwrap_or_default();
                part.state = State::Waiting { status: status.clone(), why, since: *since, usual: *usual };
            }
            What::Doubted(error) => return Some(format!("? {key}: {error}: looking what has become of it")),
            What::Done { .. } => part.end(State::Done, event.at),
            // Nothing is wrong with it.
            What::Failed(Failure::Halted(_)) => part.stop(event.at),
            What::Failed(failure) => {
                part.end(State::Failed, event.at);
                return Some(format!("error: {key}: {}", failure_text(failure)));
            }
            What::Skipped { because } => part.end(State::Skipped(because.to_string()), event.at),
        }
        None
    }

    fn sight(&mut self, sight: &Sight) -> Option<String> {
        let group = |name: &String| Group::Nodegroup(name.clone());
        match &sight.what {
            Seen::Nodes { nodegroup, ready, wanted, since, usual } => {
                let nodes = Nodes::Awaited { ready: *ready, wanted: *wanted, since: *since, usual: *usual };
                self.nodes(&group(nodegroup), nodes);
            }
            Seen::NodesReady { nodegroup, nodes } => {
                self.nodes_ready(&group(nodegroup), *nodes, sight.at);
            }
            // That it is there goes without a line of its own where nothing is written.
            Seen::ApiAnswers => self.kubernetes.iter_mut().for_each(|it| it.see(sight)),
            Seen::ApiSilent { .. } | Seen::Kubeconfig(_) => {
                self.kubernetes.get_or_insert_with(|| Inside::new(false)).see(sight);
            }
            Seen::Missing { nodegroup, why } => return Some(missing(nodegroup, why)),
        }
        None
    }

    fn nodes_ready(&mut self, group: &Group, nodes: usize, at: Timestamp) {
        let row = self.rows.iter().find(|row| row.group == *group);
        let since = match row.and_then(|row| row.nodes.as_ref()) {
            Some(Nodes::Awaited { since, .. }) => *since,
            Some(Nodes::Unseen | Nodes::Ready { .. }) | None => at,
        };
        self.nodes(group, Nodes::Ready { nodes, since, at });
    }

    /// A node group that nothing is done to has no line, and gets none in the middle of a run: its nodes are told with
    /// the rest of what is inside.
    fn nodes(&mut self, group: &Group, nodes: Nodes) {
        match self.rows.iter_mut().find(|row| row.group == *group) {
            Some(row) => row.nodes = Some(nodes),
            None => {
                let inside = self.kubernetes.get_or_insert_with(|| Inside::new(false));
                inside.nodes.insert(group.to_string(), nodes);
            }
        }
    }

    /// The run is over: nothing turns any more. AWS may still be at the changes to these: events do not tell
    /// of a call that was accepted and that nobody has looked after.
    pub fn end(&mut self, left: &[Key]) {
        self.over = true;
        self.kubernetes.iter_mut().for_each(|it| it.over = true);
        self.rows.iter_mut().flat_map(|row| &mut row.parts).for_each(|part| part.leave(left));
    }

    /// What is shown, no line of it wider than that.
    pub fn lines(&self, now: Timestamp, columns: usize, unicode: bool) -> Vec<String> {
        let columns = columns.min(WIDEST);
        let told = self.rows.iter().map(|row| (row.group.to_string(), self.told(row, now)));
        let inside = self.kubernetes.iter().map(|it| ("kubernetes".to_owned(), it.told(now)));
        let told: Vec<(String, (Mark, String))> = told.chain(inside).collect();
        let width = told.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default().max(16);
        let look = Look { columns: None, unicode };
        let line = |(name, (mark, text)): &(String, (Mark, String))| {
            let sign = self.sign(*mark, now, unicode);
            cut(look.text(&format!(" {sign} {name:<width$} {text}")).trim_end(), columns, unicode)
        };
        [self.header(now, columns, unicode)].into_iter().chain(told.iter().map(line)).collect()
    }

    fn told(&self, row: &Row, now: Timestamp) -> (Mark, String) {
        row.told(now, &self.awaited(row))
    }

    /// What those parts of a row wait for that have not begun: the groups that are at it, or else that come before.
    fn awaited(&self, row: &Row) -> String {
        let needs = row.parts.iter().filter(|part| part.state == State::Queued).flat_map(|part| &part.needs);
        let mut rows: Vec<usize> = needs
            .map(|change| self.places[*change])
            .filter(|(at, part)| self.rows[*at].group != row.group && !self.rows[*at].parts[*part].is_over())
            .map(|(at, _)| at)
            .collect();
        rows.sort_unstable();
        rows.dedup();
        let active: Vec<usize> = rows.iter().copied().filter(|at| self.rows[*at].is_active()).collect();
        let rows = if active.is_empty() { rows } else { active };
        let names = rows.iter().map(|at| match &self.rows[*at].group {
            group @ (Group::Nodegroup(_)
            | Group::Component(_)
            | Group::Identity
            | Group::Logs
            | Group::Access) => group.to_string(),
            group @ (Group::LoadBalancers
            | Group::Volumes
            | Group::Network
            | Group::ControlPlane
            | Group::Addons) => {
                format!("the {group}")
            }
        });
        names.collect::<Vec<_>>().join(" and ")
    }

    /// `demo · us-west-2 · 123456789012       4m12s of about 13m`.
    fn header(&self, now: Timestamp, columns: usize, unicode: bool) -> String {
        let Head { cluster, region, account } = &self.head;
        let time = format!("{} of about {}", duration(since(now, self.began)), rough(self.about));
        let all = if account.is_empty() { 2 } else { 3 };
        let lefts =
            [format!("{cluster} · {region} · {account}"), format!("{cluster} · {region}"), cluster.clone()];
        let lefts = lefts[3 - all..].iter().map(|left| Look { columns: None, unicode }.text(left));
        let room = columns.saturating_sub(time.chars().count() + 2);
        let left = lefts.into_iter().find(|left| left.chars().count() <= room);
        match left {
            Some(left) => format!("{left:<room$}  {time}"),
            None => cut(&time, columns, unicode),
        }
    }

    /// In ASCII two columns, for a word: what is done must not read like what is made, nor what waits like what goes.
    fn sign(&self, mark: Mark, now: Timestamp, unicode: bool) -> String {
        let turns = if unicode { TURNS.0 } else { TURNS.1 };
        let sign = match (mark, unicode) {
            (Mark::Active, _) if !self.over => {
                let step = (since(now, self.began).as_millis() / 100) as usize;
                let sign = turns.chars().nth(step % turns.chars().count()).unwrap_or_default();
                return if unicode { sign.to_string() } else { format!("{sign} ") };
            }
            (Mark::Done, true) => "✓",
            (Mark::Done, false) => "ok",
            (Mark::Failed, true) => "✗",
            (Mark::Failed, false) => "! ",
            (Mark::Waits | Mark::Active, true) => "·",
            (Mark::Waits | Mark::Active, false) => ". ",
        };
        sign.to_owned()
    }
}
