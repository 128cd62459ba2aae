//! Objects in the cluster, read back as resources.

use std::time::Duration;

use futures::future::try_join_all;
use kube::Api;
use kube::api::{ApiResource, DynamicObject, ListParams};
use serde_json::Value;

use super::certificate::Pair;
use super::owned;
use super::status::{self, Shown};
use super::{Kubernetes, KubernetesError, Tokens};
use crate::cluster::Timestamp;
use crate::resource::kubernetes as k8s;
use crate::resource::kubernetes::{Address, Certificate, Inventory, Kind, MANAGED_BY, MANAGER, Manifest};
use crate::resource::{Any, Attributes, Key, Live, Tags, Type, tags};
use crate::world::{Found, Names, Snapshot, WorldError};

/// How many objects come in one answer.
const PAGE: u32 = 500;
/// What failed, when something could not be read.
const READ: &str = "kubernetes:Get";
pub(super) const LIST: &str = "kubernetes:List";

/// The first pause before a read is made again, and the one that is too long.
const PAUSE: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(4);

/// What is ours in one cluster, by its API server.
pub struct Objects<T> {
    /// The server.
    pub server: Kubernetes<T>,
    /// The cluster's name in our annotations.
    pub cluster: String,
    /// Whether objects with our names that others have made are taken over.
    pub takes_over: bool,
}

impl<T: Tokens> Objects<T> {
    /// All that is ours, and who has one of these names. Where no object is desired and there is no
    /// inventory, nothing more is asked.
    ///
    /// # Errors
    /// Where nothing can be read at all.
    pub async fn observe(&self, names: &Names) -> Result<Snapshot, WorldError> {
        let mut snapshot = Snapshot::default();
        let inventory = self.get(&Inventory::address()).await?;
        if inventory.is_none() && names.is_empty() {
            return Ok(snapshot);
        }
        let ours = || ListParams::default().labels(&format!("{MANAGED_BY}={MANAGER}"));
        let read = try_join_all(Kind::ALL.iter().map(|kind| self.list(*kind, ours()))).await;
        let objects = read.map_err(|error| error.of(LIST))?.concat();
        for (key, live) in try_join_all(objects.iter().map(|it| self.ours(it))).await?.into_iter().flatten() {
            snapshot.found.entry(key).or_default().push(Found::Present(live));
        }
        let lacking = names.keys().filter(|key| !snapshot.found.contains_key(*key));
        let lacking: Vec<(&Key, Address)> =
            lacking.filter_map(|key| Some((key, Address::of(key)?))).collect();
        let strangers = lacking.iter().map(|(key, address)| self.stranger(key, address));
        for (at, found) in try_join_all(strangers).await?.into_iter().enumerate() {
            found.into_iter().for_each(|found| _ = snapshot.found.insert(lacking[at].0.clone(), vec![found]));
        }
        Ok(snapshot)
    }

    /// What there is under a key.
    ///
    /// # Errors
    /// Where that cannot be read.
    pub async fn look(&self, key: &Key) -> Result<Vec<Live>, WorldError> {
        let Some(address) = Address::of(key) else { return Ok(Vec::new()) };
        if key.kind == Type::Exposed {
            return self.exposed_at(&address).await;
        }
        let Some(object) = self.get(&address).await? else { return Ok(Vec::new()) };
        let live = match self.ours(&object).await? {
            Some((found, live)) if found == *key => Some(live),
            _ if self.takes(key) => Some(self.live(key, address, &object).await?),
            _ => None,
        };
        Ok(live.into_iter().collect())
    }

    /// Whether what others have made under a key is taken over. Of a namespace nothing is asked for but that it is
    /// there, and it holds what is theirs.
    fn takes(&self, key: &Key) -> bool {
        self.takes_over && key.kind != Type::Namespace
    }

    /// One that has a name that is to be ours, and is not.
    async fn stranger(&self, key: &Key, address: &Address) -> Result<Option<Found>, WorldError> {
        let Some(object) = self.get(address).await? else { return Ok(None) };
        if self.takes(key) {
            return Ok(Some(Found::Present(self.live(key, address.clone(), &object).await?)));
        }
        Ok(Some(Found::Foreign(format!("{address}, managed by {}", owned::manager(&object)))))
    }

    /// A read that has met a server that is not ready for it, or is at its limit, is made again.
    pub(super) async fn read<R, F>(&self, read: impl Fn() -> F) -> Result<R, kube::Error>
    where
        F: Future<Output = Result<R, kube::Error>>,
    {
        let mut pause = PAUSE;
        loop {
            match read().await {
                Err(kube::Error::Api(status)) if is_passing(status.code) && pause < LONGEST => {
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                }
                read => return read,
            }
        }
    }

    pub(super) async fn get(&self, address: &Address) -> Result<Option<DynamicObject>, WorldError> {
        let api = self.api(address).await.map_err(|error| error.of(READ))?;
        match self.read(|| api.get(&address.name)).await {
            Ok(object) => Ok(Some(object)),
            // A server that does not know the kind says so in no words of its own.
            Err(kube::Error::Api(status)) if status.code == 404 => Ok(None),
            Err(error) => Err(KubernetesError::from(error).of(READ)),
        }
    }

    /// All of a kind, or those that are asked for; none, where the server does not know the kind.
    pub(super) async fn list(
        &self,
        kind: Kind,
        asked: ListParams,
    ) -> Result<Vec<DynamicObject>, KubernetesError> {
        let api = Api::<DynamicObject>::all_with(self.server.client().await?, &of_kind(kind));
        let mut params = asked.limit(PAGE);
        let mut objects = Vec::new();
        loop {
            let page = match self.read(|| api.list(&params)).await {
                Ok(page) => page,
                Err(kube::Error::Api(status)) if status.code == 404 => return Ok(objects),
                Err(error) => return Err(error.into()),
            };
            objects.extend(page.items.into_iter().map(|item| DynamicObject {
                types: Some(kube::core::TypeMeta { api_version: kind.api_version(), kind: kind.name.into() }),
                ..item
            }));
            match page.metadata.continue_.filter(|it| !it.is_empty()) {
                Some(rest) => params = params.continue_token(&rest),
                None => return Ok(objects),
            }
        }
    }

    pub(super) async fn api(&self, address: &Address) -> Result<Api<DynamicObject>, KubernetesError> {
        let (client, resource) = (self.server.client().await?, of_kind(address.kind));
        Ok(match address.kind.is_namespaced {
            true => Api::namespaced_with(client, &address.namespace, &resource),
            false => Api::all_with(client, &resource),
        })
    }

    /// One that carries our annotations, with the key that they name.
    async fn ours(&self, object: &DynamicObject) -> Result<Option<(Key, Live)>, WorldError> {
        let annotation = |key: &str| object.metadata.annotations.as_ref()?.get(key).cloned();
        let key = annotation(tags::KEY).and_then(|key| key.parse::<Key>().ok());
        let Some(key) = key.filter(|_| annotation(tags::CLUSTER).as_ref() == Some(&self.cluster)) else {
            return Ok(None);
        };
        // A copy under another name carries the annotations, too.
        let Some(address) = Address::of(&key).filter(|it| is_at(it, object)) else { return Ok(None) };
        let live = self.live(&key, address, object).await?;
        Ok(Some((key, live)))
    }

    async fn live(&self, key: &Key, address: Address, object: &DynamicObject) -> Result<Live, WorldError> {
        let mut shown = status::of(address.kind, object);
        if !shown.is_ready() {
            shown.troubles.extend(status::pods(self, object).await?);
        } else if key.kind == Type::Webhook {
            shown = status::answers(self, object).await?.unwrap_or(shown);
        }
        let id = object.metadata.uid.clone().unwrap_or_default();
        let mut attributes = Attributes::from([("Uid", id.clone())]);
        if key.kind == Type::Certificate {
            attributes.extend(Pair::of(&object.data["data"]).attributes());
        }
        let made = object.metadata.creation_timestamp.as_ref().map(|it| it.0);
        let name = Some(address.text().to_owned());
        let properties = properties(key, address, object);
        let Shown { status, troubles } = shown;
        let (leftovers, earlier) = (Vec::new(), Vec::new());
        Ok(Live { id, name, properties, attributes, status, made, troubles, leftovers, earlier })
    }
}

/// Too many requests, a kind that is only being set up, or a server that is not up.
fn is_passing(code: u16) -> bool {
    matches!(code, 429 | 500 | 502 | 503 | 504)
}

fn is_at(address: &Address, object: &DynamicObject) -> bool {
    let kind = object.types.as_ref().is_none_or(|types| types.kind == address.kind.name);
    let namespace = object.metadata.namespace.as_deref().unwrap_or_default();
    kind && object.metadata.name.as_deref() == Some(&address.name) && namespace == address.namespace
}

/// A kind as the client wants it. Plurals cannot be guessed.
pub(super) fn resource((group, version): (&str, &str), kind: &str, plural: &str) -> ApiResource {
    let api_version = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
    let (group, version) = (group.to_owned(), version.to_owned());
    ApiResource { group, version, api_version, kind: kind.to_owned(), plural: plural.to_owned() }
}

fn of_kind(kind: Kind) -> ApiResource {
    resource((kind.group, kind.version), kind.name, kind.plural)
}

fn properties(key: &Key, address: Address, object: &DynamicObject) -> Any {
    let tags = Tags(marks(object));
    if key.kind == Type::Certificate {
        return certificate(address, object, tags).into();
    }
    let (body, fields) = (owned::body(object), owned::fields(object));
    let manifest = Manifest::living(&body, fields);
    match key.kind {
        Type::Inventory => Inventory::living(address, manifest, tags).into(),
        Type::Namespace => k8s::Namespace::living(address, manifest, tags).into(),
        Type::Definition => k8s::Definition::living(address, manifest, tags).into(),
        Type::Workload => k8s::Workload::living(address, manifest, tags).into(),
        Type::Webhook => k8s::Webhook::living(address, manifest, tags).into(),
        Type::Custom => k8s::Custom::living(address, manifest, tags).into(),
        _ => k8s::Object::living(address, manifest, tags).into(),
    }
}

/// Our annotations are to an object what tags are to AWS.
fn marks(object: &DynamicObject) -> std::collections::BTreeMap<String, String> {
    let annotations = object.metadata.annotations.iter().flatten();
    let ours = annotations.filter(|(key, _)| key.starts_with(owned::MARK));
    ours.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// The names that a certificate was made for stand in an annotation: the certificate itself is not taken apart.
fn certificate(address: Address, object: &DynamicObject, tags: Tags) -> Certificate {
    let said = object.metadata.annotations.as_ref().and_then(|it| it.get(NAMES));
    let names: Vec<String> = said.into_iter().flat_map(|names| names.split(' ')).map(str::to_owned).collect();
    let state = Pair::of(&object.data["data"]).state(&names, Timestamp::now());
    let labels = object.metadata.labels.clone().unwrap_or_default().into_iter().collect();
    Certificate { address, names, state, tags, labels }
}

/// The annotation of a Secret that says which names its certificate is for.
pub(super) const NAMES: &str = "certificate.eksact.dev/names";

/// The value at a path.
pub(super) fn at<'a>(value: &'a Value, path: &[&str]) -> &'a Value {
    path.iter().fold(value, |value, key| &value[*key])
}
