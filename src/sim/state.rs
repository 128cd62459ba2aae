//! What is in the account, and what becomes of it by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::fault::Faults;
use super::leak::{self, Leaked};
use super::{Log, ec2, eks, exposed, iam, kubernetes, logs};
use crate::resource::{Any, Attributes, Key, Live, Operation, Property, Scalar, Seen, Standing};
use crate::resource::{OneOf, Timestamp, Type, Val, tags};
use crate::world::{Answer, Class, Update};

/// Why a call is turned away.
pub(super) type Refusal = (Class, &'static str);

/// What came of a call.
pub(super) type Played = Result<Answer, Refusal>;

#[derive(Debug, Default)]
pub(super) struct State {
    pub items: Vec<Item>,
    /// What has been made under a client token.
    pub tokens: BTreeMap<String, Answer>,
    /// What calls have set off, and until when it is in progress.
    pub updates: Vec<Ongoing>,
    /// How long what a call has changed is still shown as it was.
    pub stale: Duration,
    /// How long an update is not listed.
    pub unlisted: Duration,
    ghosts: Vec<(Timestamp, Live)>,
    pub now: Timestamp,
    /// The type of what does not work out, when it is made and when it is updated.
    pub failing: Option<Type>,
    /// How long EKS does not hear of a role.
    pub lag: Duration,
    /// How long IAM itself does not hear of a role.
    pub unknown: Duration,
    /// Whether node groups leave network interfaces behind, and how much later those show.
    pub leak: Option<Duration>,
    pub leaked: Vec<Leaked>,
    /// Whether a cluster has gone before the load balancers of what was in it.
    pub orphaned: bool,
    /// The types that the caller may not list.
    pub denied: BTreeSet<Type>,
    pub durations: BTreeMap<&'static str, Duration>,
    pub log: Log,
    pub faults: Faults,
    made: BTreeMap<String, u32>,
}

/// An update, as it will have ended.
#[derive(Debug)]
pub(super) struct Ongoing {
    pub of: Option<Key>,
    pub ends: Timestamp,
    pub update: Update,
}

/// One thing in the account.
#[derive(Debug)]
pub(super) struct Item {
    pub live: Live,
    /// Since when it shows.
    pub shows: Timestamp,
    /// What it becomes, and when.
    pub next: Option<(Timestamp, Next)>,
}

#[derive(Debug)]
pub(super) enum Next {
    /// Another status, other properties, more attributes.
    Become(&'static str, Box<Any>, Attributes),
    /// A status that is its last, though AWS still tells of it.
    Tombstone(&'static str),
    Vanish,
}

impl State {
    /// Lets everything happen that was to happen by now.
    pub fn settle(&mut self, now: Timestamp) {
        self.now = now;
        self.ghosts.retain(|(until, _)| *until > now);
        let mut gone = Vec::new();
        self.items.retain_mut(|item| match item.next.take_if(|(at, _)| *at <= now) {
            Some((_, Next::Vanish)) => {
                gone.push(item.live.clone());
                false
            }
            Some((_, Next::Tombstone(status))) => {
                item.live.status = status.to_owned();
                true
            }
            Some((_, Next::Become(status, properties, attributes))) => {
                item.live.status = status.to_owned();
                item.live.properties = *properties;
                item.live.attributes.extend(attributes);
                true
            }
            None => true,
        });
        exposed::forsake(self, &gone);
        gone.iter().for_each(|live| leak::leave(self, live));
        gone.iter().for_each(|live| eks::go_with(self, live));
        leak::show(self);
    }

    /// One call, after which either all of its effect is there or none.
    pub fn play(&mut self, operation: &Operation) -> Played {
        let mut unknown = false;
        operation.visit(&mut |seen| unknown |= matches!(seen, Seen::Of(_)));
        if unknown {
            return Err((Class::Refused, "ValidationError"));
        }
        let usual = operation.manner().usual;
        let ends = self.now + self.durations.get(operation.action()).copied().unwrap_or(usual);
        let before: Vec<Live> =
            if self.stale.is_zero() { Vec::new() } else { self.known().cloned().collect() };
        let played = match operation {
            Operation::Ec2(call) => ec2::play(self, call, ends, operation),
            Operation::Iam(call) => iam::play(self, call),
            Operation::Logs(call) => logs::play(self, call),
            Operation::Eks(call) => eks::play(self, call, ends),
            Operation::Kubernetes(call) => kubernetes::play(self, call, ends),
        };
        self.haunt(before);
        match &played {
            Ok(_) => {
                self.log.operations.push(operation.clone());
                self.log.actions.extend(operation.actions().take(1));
            }
            Err((_, code)) => self.log.turned_away.push(format!("{} {code}", operation.action())),
        }
        played
    }

    /// What is changed or gone is shown for a while as it was, and what was shown so already stays so.
    fn haunt(&mut self, before: Vec<Live>) {
        for was in before {
            let same = self.known().any(|live| *live == was);
            let haunts = self.ghosts.iter().any(|(_, ghost)| ghost.id == was.id);
            if !same && !haunts {
                self.ghosts.push((self.now + self.stale, was));
            }
        }
    }

    /// Makes something, with an id that counts how often its like was made: what is made twice shows.
    pub fn make(&mut self, properties: Any, name: Option<String>, status: &str) -> &mut Item {
        let kind = properties.kind();
        let key = properties.tags().get(tags::KEY).and_then(|key| key.parse::<Key>().ok());
        let called = name.clone().or(key.map(|key| key.name)).unwrap_or_else(|| "foreign".to_owned());
        let called = format!("{}-{called}", kind.word());
        let count = self.made.entry(called.clone()).or_default();
        *count += 1;
        let id = format!("{called}-{count}");
        let attributes = Attributes::from([(kind.id(), id.clone())]);
        let (status, made) = (status.to_owned(), Some(self.now));
        self.items.push(Item {
            live: Live {
                id,
                name,
                properties,
                attributes,
                status,
                made,
                troubles: Vec::new(),
                leftovers: Vec::new(),
                earlier: Vec::new(),
            },
            shows: self.now + self.stale,
            next: None,
        });
        let last = self.items.len() - 1;
        &mut self.items[last]
    }

    /// What has not gone.
    pub fn living(&self) -> impl Iterator<Item = &Live> {
        self.known().filter(|live| live.standing() != Standing::Gone)
    }

    /// What whoever looks now is told of.
    pub fn shown(&self) -> impl Iterator<Item = &Live> {
        let is_ghost = |live: &Live| self.ghosts.iter().any(|(_, ghost)| ghost.id == live.id);
        let plain = self.items.iter().filter(move |item| item.shows <= self.now && !is_ghost(&item.live));
        self.ghosts.iter().map(|(_, ghost)| ghost).chain(plain.map(|item| &item.live))
    }

    /// What AWS still knows of.
    pub fn known(&self) -> impl Iterator<Item = &Live> {
        self.items.iter().map(|item| &item.live)
    }

    pub fn by_id(&mut self, id: &str) -> Result<&mut Item, Refusal> {
        let is = |item: &&mut Item| item.live.id == id && item.live.standing() != Standing::Gone;
        self.items.iter_mut().find(is).ok_or((Class::NotFound, "NotFound"))
    }

    /// The properties of what lives, to change.
    pub fn edit<R: OneOf>(&mut self, id: &str) -> Result<&mut R, Refusal> {
        R::of_mut(&mut self.by_id(id)?.live.properties).ok_or((Class::NotFound, "NotFound"))
    }

    /// Takes something away, unless something else still refers to it.
    pub fn take_away(&mut self, id: &str, code: &'static str) -> Result<&mut Item, Refusal> {
        let doomed = self.by_id(id)?.live.clone();
        // A cluster takes these with it; and what nobody has marked is in nobody's way.
        let along = [Type::AccessEntry, Type::PodIdentityAssociation];
        let is_cluster = doomed.properties.kind() == Type::Cluster;
        let goes_along = |other: &Live| {
            is_cluster && (along.contains(&other.properties.kind()) || eks::key_of_unmarked(other).is_some())
        };
        let holds = |other: &Live| other.id != id && !goes_along(other) && other.refers_to(&doomed);
        if leak::holds(self, &doomed) || exposed::holds(self, &doomed) || self.living().any(holds) {
            return Err((Class::Busy, code));
        }
        self.by_id(id)
    }

    /// The same, where nothing is left of it.
    pub fn vanish(&mut self, id: &str, code: &'static str) -> Played {
        self.take_away(id, code)?;
        self.items.retain(|item| item.live.id != id);
        Ok(Answer::default())
    }
}

impl Item {
    /// What a call tells of what it has made.
    pub fn tells<const N: usize>(&mut self, attributes: [(&'static str, String); N]) -> Played {
        self.live.attributes.extend(attributes);
        Ok(Answer { attributes: self.live.attributes.clone(), update: None })
    }
}

/// The text of a value. AWS knows no others.
pub(super) fn text<T: Scalar>(value: &Val<T>) -> Result<&str, Refusal> {
    value.known().map(AsRef::as_ref).ok_or((Class::Refused, "ValidationError"))
}
