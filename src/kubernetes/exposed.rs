//! Ingresses and Services for which a controller holds a load balancer, whoever has made them.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::try_join_all;
use kube::api::{DynamicObject, ListParams};

use super::Tokens;
use super::objects::{LIST, Objects, at};
use super::status::{self, runs};
use crate::cluster::{Timestamp, since};
use crate::resource::kubernetes::{Address, Exposed, Kind};
use crate::resource::{Attributes, Key, Live, Trouble};
use crate::world::{Found, WorldError};

/// How the image of the AWS Load Balancer Controller is called, wherever it comes from.
const CONTROLLER: &str = "aws-load-balancer-controller";
/// How long one may be to go before it is asked whether its controller is there at all: one that is started anew
/// is back by then.
const GRACE: Duration = Duration::from_secs(20);

impl<T: Tokens> Objects<T> {
    /// All of them.
    ///
    /// # Errors
    /// Where one of the lists cannot be read.
    pub async fn exposed(&self) -> Result<BTreeMap<Key, Vec<Found>>, WorldError> {
        let lists = Kind::EXPOSED.iter().map(|kind| self.list(*kind, ListParams::default()));
        let read = try_join_all(lists).await.map_err(|error| error.of(LIST))?;
        let of = |(kind, objects): (&Kind, Vec<DynamicObject>)| -> Vec<(Exposed, DynamicObject)> {
            objects.into_iter().filter_map(|object| Some((held(*kind, &object)?, object))).collect()
        };
        let all = Kind::EXPOSED.iter().zip(read).flat_map(of);
        Ok(all.map(|(it, object)| (it.key(), vec![Found::Present(live(it, &object))])).collect())
    }

    /// One of them, while its controller holds something: what else may keep it is not waited for.
    pub(super) async fn exposed_at(&self, address: &Address) -> Result<Vec<Live>, WorldError> {
        let Some(object) = self.get(address).await? else { return Ok(Vec::new()) };
        let Some(exposed) = held(address.kind, &object) else { return Ok(Vec::new()) };
        let deleted = object.metadata.deletion_timestamp.as_ref().map(|it| it.0);
        let is_late = deleted.is_some_and(|it| since(Timestamp::now(), it) >= GRACE);
        let abandoned = is_late && exposed.is_held_from_inside() && self.has_no_controller().await;
        let trouble = abandoned.then(|| left_alone(&exposed));
        let mut live = live(exposed, &object);
        if let Some(trouble) = trouble {
            (live.status, live.troubles) = (Exposed::ABANDONED.to_owned(), vec![trouble]);
        }
        Ok(vec![live])
    }

    /// Whether the cluster has no AWS Load Balancer Controller that works. Whoever may not look does not know.
    async fn has_no_controller(&self) -> bool {
        let Some(deployment) = Kind::named("Deployment") else { return false };
        let Ok(all) = self.list(deployment, ListParams::default()).await else { return false };
        !all.iter()
            .any(|it| runs(it, &[CONTROLLER]) && it.data["status"]["availableReplicas"].as_i64() > Some(0))
    }
}

/// What a controller holds for an object, if it does.
fn held(kind: Kind, object: &DynamicObject) -> Option<Exposed> {
    let metadata = &object.metadata;
    let namespace = metadata.namespace.as_deref().unwrap_or_default();
    let address = Address::new(kind, namespace, metadata.name.as_deref()?);
    let shown = at(&object.data, &["status", "loadBalancer", "ingress"]).as_array();
    let hosts = shown.into_iter().flatten().filter_map(|it| it["hostname"].as_str());
    Exposed::living(address, metadata.finalizers.as_deref().unwrap_or_default(), hosts)
}

fn live(exposed: Exposed, object: &DynamicObject) -> Live {
    let id = object.metadata.uid.clone().unwrap_or_default();
    Live {
        name: Some(exposed.address.text().to_owned()),
        attributes: Attributes::from([("Uid", id.clone())]),
        status: status::of(exposed.address.kind, object).status,
        id,
        properties: exposed.into(),
        made: object.metadata.creation_timestamp.as_ref().map(|it| it.0),
        troubles: Vec::new(),
        leftovers: Vec::new(),
        earlier: Vec::new(),
    }
}

fn left_alone(exposed: &Exposed) -> Trouble {
    let held_by: Vec<&str> = exposed.held_by().collect();
    let message = format!(
        "{} hangs on the finalizer {}, and no Deployment of {CONTROLLER} is available to take it off",
        exposed.address,
        held_by.join(", ")
    );
    Trouble { code: "NoController".to_owned(), message }
}

#[test]
fn the_controller_is_known_by_its_image() {
    let is = |image: &str| {
        let template = serde_json::json!({ "spec": { "containers": [{ "image": image }] } });
        let object = serde_json::json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "any" }, "spec": { "template": template },
        });
        runs(&serde_json::from_value(object).expect("an object"), &[CONTROLLER])
    };
    assert!(is("public.ecr.aws/eks/aws-load-balancer-controller:v3.5.0"));
    assert!(is("registry.example:5000/mirror/aws-load-balancer-controller@sha256:00"));
    assert!(!is("nginx") && !is("x/aws-load-balancer-controller-fork:v1"));
}
