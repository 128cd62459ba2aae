//! Releases of the images that nodes start from: which one new ones get, and how far others are behind.

use std::collections::{BTreeMap, BTreeSet};

use crate::aws::Aws;
use crate::cluster::{Behind, Image, Releases};
use crate::graph::Graph;
use crate::plan::{Action, Plan};
use crate::resource::eks::{Cluster, Nodegroup};
use crate::resource::{Key, Live, OneOf};
use crate::world::WorldError;

/// What AWS has released, as far as some node groups are concerned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Released(BTreeMap<Image, Releases>);

impl Released {
    /// What there is for these node groups.
    ///
    /// # Errors
    /// Where AWS does not tell.
    pub async fn read(world: &Aws, groups: &[(Key, Live)]) -> Result<Self, WorldError> {
        let images = groups.iter().filter_map(|(_, live)| image(live)).collect();
        Ok(Self(world.releases(&images).await?))
    }

    /// How far a node group is behind, where that is known.
    pub fn behind(&self, live: &Live) -> Option<Behind> {
        let image = image(live)?;
        image.behind(live.attributes.get("ReleaseVersion")?, self.0.get(&image)?)
    }
}

/// What the nodes of a group start from.
fn image(live: &Live) -> Option<Image> {
    let ami_type = Nodegroup::of(&live.properties)?.ami_type.clone();
    Some(Image { ami_type, kubernetes: live.attributes.get("Version")?.clone() })
}

/// By EKS's word for an image, the release that the node groups get which a plan makes: EKS takes the newest for the
/// cluster's Kubernetes. Nothing where AWS does not tell: that keeps nobody from making them.
pub(super) async fn of_new(world: &Aws, graph: &Graph, plan: &Plan) -> BTreeMap<String, String> {
    let Some(kubernetes) = graph.nodes().iter().find_map(|node| Cluster::of(&node.resource)?.version.clone())
    else {
        return BTreeMap::new();
    };
    let made = plan.changes().unwrap_or_default().iter().filter(|change| change.action == Action::Create);
    let made = made.filter_map(|change| Nodegroup::of(&graph.node(&change.key)?.resource));
    let image =
        |group: &Nodegroup| Image { ami_type: group.ami_type.clone(), kubernetes: kubernetes.clone() };
    let images: BTreeSet<Image> = made.map(image).collect();
    let released = world.releases(&images).await.unwrap_or_default();
    let newest = |(image, releases): (Image, Releases)| Some((image.ami_type, releases.newest()?.to_owned()));
    released.into_iter().filter_map(newest).collect()
}
