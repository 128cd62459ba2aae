//! AWS and the API server of the cluster, as one world: each is asked for its own.

use std::sync::Arc;
use std::time::Duration;

use futures::future::{join, join3, try_join_all};
use tokio::sync::OnceCell;

use crate::aws::Aws;
use crate::cluster::{Ask, Facts, Timestamp, since};
use crate::config::{COMPONENT_NAMESPACE, Choice, ComponentName};
use crate::desired::OF_COMPONENT;
use crate::kubernetes::{Endpoint, Kubernetes, Objects, Pods};
use crate::resource::ec2::PersistentVolume;
use crate::resource::kubernetes::Address;
use crate::resource::{Key, Live, Operation, Type};
use crate::world::{Answer, Class, Names, ScaledBy, Snapshot, Update, World, WorldError};

/// How long after its making a cluster may not know its own maker yet, and not answer.
const YOUNG: Duration = Duration::from_secs(5 * 60);

/// What is asked of the cluster from inside.
const REACH: &str = "kubernetes:Reach";

/// How long is waited for what is inside where the rest goes on without it.
const SHORT: Duration = Duration::from_secs(15);

/// How long is waited for what may be left over inside where nothing is asked for there, and for what is good to
/// know.
const GLANCE: Duration = Duration::from_secs(2);

/// Before a list is asked for a second time.
const PAUSE: Duration = Duration::from_secs(1);

/// What is done about objects in the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// They are left out: neither looked at nor asked for.
    LeftOut,
    /// They are looked after.
    Ours,
    /// And those that others have made under our names become ours.
    TakenOver,
    /// Beside them, what holds load balancers is looked for, whoever has made it; as far as it can be known soon.
    AllThatHolds,
    /// And volumes with the data of pods: all that a whole cluster takes along or leaves behind.
    Whole,
    /// Of that, what AWS alone shows.
    WholeOutside,
}

/// One cluster: what AWS has of it, and what is in it.
pub struct Site {
    aws: Arc<Aws>,
    cluster: String,
    inside: Within,
    objects: OnceCell<(Objects<Arc<Aws>>, Option<Timestamp>)>,
}

impl Site {
    /// Nothing is asked of it yet.
    pub fn new(aws: Aws, cluster: &str, inside: Within) -> Self {
        let aws = Arc::new(aws);
        Self { aws, cluster: cluster.to_owned(), inside, objects: OnceCell::new() }
    }

    /// What is done about objects in the cluster.
    pub fn inside(&self) -> Within {
        self.inside
    }

    /// AWS alone.
    pub fn aws(&self) -> &Aws {
        &self.aws
    }

    /// The API server, once EKS says where it is.
    async fn objects(&self) -> Result<Option<&Objects<Arc<Aws>>>, WorldError> {
        if let Some((objects, _)) = self.objects.get() {
            return Ok(Some(objects));
        }
        let Some(reach) = self.aws.reach().await? else { return Ok(None) };
        let made = reach.made;
        let endpoint =
            Endpoint { address: reach.address, certificate_authority: reach.certificate_authority };
        let server = Kubernetes::new(endpoint, Arc::clone(&self.aws));
        let objects =
            Objects { server, cluster: self.cluster.clone(), takes_over: self.inside == Within::TakenOver };
        Ok(Some(&self.objects.get_or_init(|| async { (objects, made) }).await.0))
    }

    /// The pods of a component's Deployment; nothing, if there is none.
    pub(super) async fn pods(&self, component: &str) -> Result<Option<Pods>, WorldError> {
        match self.objects().await? {
            Some(objects) => objects.pods(COMPONENT_NAMESPACE, component).await,
            None => Ok(None),
        }
    }

    /// What people have made of kinds, and nobody would take away.
    pub(super) async fn made_of(&self, definitions: &[Address]) -> Result<Vec<String>, WorldError> {
        let Some(objects) = self.objects().await? else { return Ok(Vec::new()) };
        let all = try_join_all(definitions.iter().map(|it| objects.made_of(it))).await?;
        Ok(all.concat())
    }

    /// What is ours, and whether somebody else's autoscaler is there, where there are nodes for one.
    async fn observe_inside(&self, names: &Names, has_nodes: bool) -> Result<Snapshot, WorldError> {
        let Some(objects) = self.objects().await? else { return Ok(Snapshot::default()) };
        // One that the file asks for need not be looked for.
        let is_asked_for =
            names.keys().any(|key| key.scope() == Some(ComponentName::ClusterAutoscaler.word()));
        if is_asked_for || !has_nodes {
            return objects.observe(names).await;
        }
        let autoscaler = async {
            tokio::select! {
                autoscaler = objects.autoscaler() => autoscaler,
                () = self.wait(GLANCE) => Err(too_late(GLANCE)),
            }
        };
        let (seen, autoscaler) = join(objects.observe(names), autoscaler).await;
        Ok(Snapshot { scaled_by: autoscaler.into(), ..seen? })
    }

    /// What is ours, what holds load balancers, and the PersistentVolumes, where they can be read. What cannot be
    /// read soon does not keep anybody from going on, and is said.
    async fn look_for_holders(
        &self,
        snapshot: &mut Snapshot,
        names: &Names,
    ) -> Option<Vec<PersistentVolume>> {
        let seen = async {
            let Some(objects) = self.objects().await? else { return Ok(None) };
            let volumes = async {
                match self.inside {
                    Within::Whole => self.patiently(|| objects.persistent_volumes()).await.map(Some),
                    _ => Ok(None),
                }
            };
            let exposed = self.patiently(|| objects.exposed());
            Ok(Some(join3(objects.observe(names), exposed, volumes).await))
        };
        let seen = tokio::select! {
            seen = seen => seen,
            () = self.wait(SHORT) => Err(too_late(SHORT)),
        };
        let (ours, exposed, volumes) = match seen {
            Ok(seen) => seen?,
            Err(error) => {
                snapshot.hidden = Some(error);
                return None;
            }
        };
        match ours {
            Ok(ours) => snapshot.found.extend(ours.found),
            Err(error) => unread_inside(snapshot, &error),
        }
        snapshot.hidden = exposed.as_ref().err().or(volumes.as_ref().err()).cloned();
        snapshot.exposed = exposed.unwrap_or_default();
        volumes.ok().flatten()
    }

    /// What pods keep their data in, with what the cluster says of it.
    async fn look_for_volumes(&self, snapshot: &mut Snapshot, told: Option<&[PersistentVolume]>) {
        match self.aws.volumes(told).await {
            Ok(volumes) => snapshot.volumes = volumes,
            Err(error) => _ = snapshot.hidden.get_or_insert(error),
        }
    }

    /// An answer that was lost is asked for once more.
    async fn patiently<R, F>(&self, ask: impl Fn() -> F) -> Result<R, WorldError>
    where
        F: Future<Output = Result<R, WorldError>>,
    {
        match ask().await.map_err(|error| self.of_young(error)) {
            Err(error) if error.class.is_passing() => {
                self.wait(PAUSE).await;
                ask().await
            }
            told => told,
        }
    }

    /// One that was just made answers soon, and soon knows who has made it: until then nothing is certain.
    fn of_young(&self, error: WorldError) -> WorldError {
        let made = self.objects.get().and_then(|(_, made)| *made);
        let is_young = made.is_some_and(|made| since(self.aws.now(), made) < YOUNG);
        let class = if is_young && error.class == Class::Denied { Class::Ambiguous } else { error.class };
        WorldError { class, ..error }
    }
}

impl World for Site {
    async fn facts(&self, ask: &Ask) -> Result<Facts, WorldError> {
        self.aws.facts(ask).await
    }

    async fn observe(&self, names: &Names) -> Result<Snapshot, WorldError> {
        let (inside, outside): (Names, Names) = names
            .iter()
            .map(|(key, name)| (key.clone(), name.clone()))
            .partition(|(key, _)| key.kind.is_kubernetes());
        let mut snapshot = self.aws.observe(&outside).await?;
        let has_server = has_server(&snapshot);
        match self.inside {
            Within::Whole if has_server => {
                let told = self.look_for_holders(&mut snapshot, &inside).await;
                self.look_for_volumes(&mut snapshot, told.as_deref()).await;
                return Ok(snapshot);
            }
            Within::Whole | Within::WholeOutside => {
                self.look_for_volumes(&mut snapshot, None).await;
                return Ok(snapshot);
            }
            Within::AllThatHolds if has_server => {
                self.look_for_holders(&mut snapshot, &inside).await;
                return Ok(snapshot);
            }
            Within::Ours | Within::TakenOver if has_server => {}
            Within::LeftOut | Within::Ours | Within::TakenOver | Within::AllThatHolds => return Ok(snapshot),
        }
        // Where something was asked for inside, how it is matters as much as where something still is.
        let limit = if inside.is_empty() && !had_components(&snapshot) { GLANCE } else { Duration::MAX };
        let seen = tokio::select! {
            seen = self.observe_inside(&inside, has_nodes(&snapshot)) => seen,
            () = self.wait(limit) => Err(too_late(limit)),
        };
        if let Err(error) = &seen {
            snapshot.scaled_by = ScaledBy::Unseen(error.clone());
        }
        match seen {
            Ok(seen) => {
                snapshot.found.extend(seen.found);
                snapshot.scaled_by = seen.scaled_by;
            }
            // Nothing is asked for there, nor does anything show that something was.
            Err(error) if inside.is_empty() && !had_components(&snapshot) => snapshot.hidden = Some(error),
            Err(error) => unread_inside(&mut snapshot, &error),
        }
        Ok(snapshot)
    }

    async fn look(&self, key: &Key) -> Result<Vec<Live>, WorldError> {
        if !key.kind.is_kubernetes() {
            return self.aws.look(key).await;
        }
        match self.objects().await? {
            Some(objects) => objects.look(key).await.map_err(|error| self.of_young(error)),
            None => Ok(Vec::new()),
        }
    }

    async fn run(&self, operation: &Operation) -> Result<Answer, WorldError> {
        let Operation::Kubernetes(inner) = operation else { return self.aws.run(operation).await };
        let called = operation.action();
        match self.objects().await? {
            Some(objects) => objects.run(inner, called).await.map_err(|error| self.of_young(error)),
            None => Err(no_server()),
        }
    }

    async fn update(&self, key: &Key, id: Option<&str>) -> Result<Option<Update>, WorldError> {
        if key.kind.is_kubernetes() { Ok(None) } else { self.aws.update(key, id).await }
    }

    fn now(&self) -> Timestamp {
        self.aws.now()
    }

    async fn wait(&self, duration: Duration) {
        self.aws.wait(duration).await;
    }
}

/// Whether there is a cluster of ours that is far enough to be asked.
fn has_server(snapshot: &Snapshot) -> bool {
    let clusters = snapshot.found.iter().filter(|(key, _)| key.kind == Type::Cluster);
    let mut lives = clusters.flat_map(|(_, found)| found).filter_map(|found| found.present());
    lives.any(|live| live.standing() != crate::resource::Standing::Deleting && live.status != "CREATING")
}

fn unread_inside(snapshot: &mut Snapshot, error: &WorldError) {
    let kinds = Type::ALL.iter().filter(|kind| kind.is_kubernetes());
    snapshot.unread.extend(kinds.map(|kind| (*kind, error.clone())));
}

fn has_nodes(snapshot: &Snapshot) -> bool {
    snapshot.found.keys().any(|key| key.kind == Type::Nodegroup)
}

/// Whether roles tell of components inside.
fn had_components(snapshot: &Snapshot) -> bool {
    let lives = snapshot.found.values().flatten().filter_map(|found| found.present());
    lives.into_iter().any(|live| live.properties.tags().get(OF_COMPONENT).is_some())
}

fn too_late(limit: Duration) -> WorldError {
    let message = format!("its API server has not answered within {} s", limit.as_secs());
    WorldError {
        class: Class::Ambiguous,
        code: "Silent".to_owned(),
        message,
        operation: REACH,
        request_id: None,
    }
}

fn no_server() -> WorldError {
    let (code, message) = ("NoServer".to_owned(), "EKS does not say where its API server is".to_owned());
    WorldError { class: Class::Ambiguous, code, message, operation: REACH, request_id: None }
}
