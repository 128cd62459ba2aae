//! The account as the engine sees it.

use std::time::Duration;

use super::state::Ongoing;
use super::{Kind, Sim, eks};
use crate::cluster::{Ask, Caller, Facts};
use crate::resource::ec2::{Told, Volume};
use crate::resource::{CALL, Key, Live, OneOf, Operation, Timestamp, Type, tags};
use crate::world::{Answer, Class, Found, Guest, Names, Progress, Snapshot, Update, World, WorldError};

impl World for Sim {
    async fn facts(&self, _: &Ask) -> Result<Facts, WorldError> {
        self.clock.sleep(CALL).await;
        let caller = Caller { account: "123456789012".to_owned(), arn: String::new() };
        Ok(Facts::of_nothing(self.now(), caller, "us-west-2"))
    }

    async fn observe(&self, names: &Names) -> Result<Snapshot, WorldError> {
        self.clock.sleep(CALL).await;
        let mut snapshot = Snapshot { guests: self.guests(), ..Snapshot::default() };
        for kind in Type::ALL {
            match self.read(*kind, None) {
                Ok(lives) if *kind == Type::Volume => snapshot.volumes = lives,
                Ok(lives) => {
                    let into = match kind {
                        Type::Exposed => &mut snapshot.exposed,
                        _ => &mut snapshot.found,
                    };
                    for (key, live) in lives.into_iter().filter_map(|live| Some((live.key()?, live))) {
                        into.entry(key).or_default().push(Found::Present(live));
                    }
                }
                Err(error) if matches!(kind, Type::Exposed | Type::Volume) => snapshot.hidden = Some(error),
                Err(error) => _ = snapshot.unread.insert(*kind, error),
            }
        }
        self.forget_policies(&mut snapshot);
        for (key, name) in names {
            if let Some(live) = self.adoptable(key) {
                snapshot.found.entry(key.clone()).or_default().push(Found::Present(live));
                continue;
            }
            let foreign = self.foreign(key.kind, name).map(Found::Foreign);
            foreign.into_iter().for_each(|found| snapshot.found.entry(key.clone()).or_default().push(found));
        }
        Ok(snapshot)
    }

    async fn look(&self, key: &Key) -> Result<Vec<Live>, WorldError> {
        self.begin();
        self.clock.sleep(CALL / 4).await;
        let mut found = self.read(key.kind, Some(key))?;
        found.extend(self.adoptable(key));
        Ok(found)
    }

    async fn run(&self, operation: &Operation) -> Result<Answer, WorldError> {
        self.begin();
        self.clock.sleep(CALL / 2).await;
        let fault = self.state().faults.next_call();
        let refuse = |(class, code)| error(class, code, operation.action());
        if let Some(refusal) = fault.and_then(Kind::refusal) {
            return Err(refuse(refusal));
        }
        if fault == Some(Kind::KilledBefore) {
            self.die().await
        }
        let played = self.settled().play(operation);
        match fault {
            Some(Kind::AnswerLost) => return Err(refuse((Class::Ambiguous, "ConnectionReset"))),
            Some(Kind::KilledAfter) => self.die().await,
            _ => {}
        }
        self.clock.sleep(CALL / 2).await;
        played.map_err(refuse)
    }

    async fn update(&self, key: &Key, id: Option<&str>) -> Result<Option<Update>, WorldError> {
        self.begin();
        self.clock.sleep(CALL / 4).await;
        self.read(key.kind, Some(key))?;
        let state = self.settled();
        let told = |it: &Ongoing| {
            let over = it.ends <= state.now;
            let progress = if over { it.update.progress.clone() } else { Progress::InProgress };
            Update { progress, ..it.update.clone() }
        };
        let Some(id) = id else {
            let listed = |it: &&Ongoing| {
                it.update.began.is_some_and(|began| began + state.stale + state.unlisted <= state.now)
            };
            let mut of = state.updates.iter().filter(|it| it.of.as_ref() == Some(key));
            let newest = of.rfind(listed);
            return Ok(newest.map(told));
        };
        let absent = || error(Class::NotFound, "ResourceNotFoundException", "eks:DescribeUpdate");
        let named = state.updates.iter().find(|it| it.update.id == id);
        named.map(|it| Some(told(it))).ok_or_else(absent)
    }

    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH + self.clock.now()
    }

    async fn wait(&self, duration: Duration) {
        self.clock.sleep(duration).await;
    }
}

impl Sim {
    /// Somebody begins a call or a look.
    fn begin(&self) {
        let mut state = self.state();
        state.log.in_vain += usize::from(state.faults.is_expired());
    }

    /// One read: what is ours of a type, and of a key where one is given.
    fn read(&self, kind: Type, key: Option<&Key>) -> Result<Vec<Live>, WorldError> {
        let mut state = self.settled();
        if let Some(class) = state.faults.next_read() {
            return Err(error(class, "ServiceUnavailable", kind.cloudformation()));
        }
        if state.denied.contains(&kind) {
            return Err(error(Class::Denied, "AccessDeniedException", kind.cloudformation()));
        }
        let key = key.map(Key::to_string);
        let is_its = |live: &Live| key.is_none() || live.properties.tags().get(tags::KEY) == key.as_deref();
        let asked = |live: &&Live| live.properties.kind() == kind && self.is_ours(live) && is_its(live);
        Ok(state.shown().filter(asked).cloned().collect())
    }

    /// A cluster that is gone cannot be asked for its PersistentVolumes.
    fn forget_policies(&self, snapshot: &mut Snapshot) {
        if !self.settled().living().any(|live| live.properties.kind() == Type::Cluster) {
            let volumes = snapshot.volumes.iter_mut();
            let volumes = volumes.filter_map(|live| Volume::of_mut(&mut live.properties));
            volumes.for_each(|volume| volume.told = Told::Unread);
        }
    }

    /// What nobody has marked and is the cluster's all the same.
    fn adoptable(&self, key: &Key) -> Option<Live> {
        let state = self.settled();
        let is = |live: &&Live| eks::key_of_unmarked(live).as_ref() == Some(key);
        let denied = state.denied.contains(&key.kind);
        // One for another cluster's issuer would have the same key.
        let is_of_ours = |live: &&Live| {
            let mut clusters = state.known().filter(|it| it.properties.kind() == Type::Cluster);
            clusters.any(|cluster| self.is_ours(cluster) && live.refers_to(cluster))
        };
        state.shown().filter(is).find(is_of_ours).filter(|_| !denied).cloned()
    }

    fn is_ours(&self, live: &Live) -> bool {
        live.properties.tags().get(tags::CLUSTER) == Some(self.cluster.as_str())
    }

    /// The id of what has a name, but is not this cluster's.
    fn foreign(&self, kind: Type, name: &str) -> Option<String> {
        let has = |live: &&Live| live.properties.kind() == kind && live.name.as_deref() == Some(name);
        let state = self.settled();
        let mut named = state.living().filter(has);
        named.find(|live| !self.is_ours(live)).map(|live| live.id.clone())
    }

    /// Other people's things, with what of ours they refer to.
    fn guests(&self) -> Vec<Guest> {
        let state = self.settled();
        let within = |guest: &Live| -> Vec<String> {
            let ours = state.living().filter(|live| self.is_ours(live) && guest.refers_to(live));
            ours.map(|live| live.id.clone()).collect()
        };
        let others =
            state.living().filter(|live| !self.is_ours(live) && eks::key_of_unmarked(live).is_none());
        let guests =
            others.map(|live| Guest { id: live.id.clone(), within: within(live), keepers: Vec::new() });
        guests.filter(|guest| !guest.within.is_empty()).collect()
    }
}

fn error(class: Class, code: &str, operation: &'static str) -> WorldError {
    // Where no answer came there is no id of a request.
    let request_id = (class != Class::Ambiguous).then(|| "8c5e0a52".to_owned());
    WorldError { class, code: code.to_owned(), message: "as simulated".to_owned(), operation, request_id }
}
