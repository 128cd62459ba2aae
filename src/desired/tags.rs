//! The tags of everything, besides those by which the engine finds it again.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::identities;
use crate::config::{ClusterConfig, Code, Diagnostic, Map, Spanned};
use crate::graph::Node;
use crate::resource::{Any, Key, OneOf, Tags, Type};

/// By which eksctl sees that something belongs to a cluster.
const EKSCTL_CLUSTER: &str = "alpha.eksctl.io/cluster-name";
/// By which it sees that something belongs to a node group; a label of the nodes, too.
const EKSCTL_NODEGROUP: &str = "alpha.eksctl.io/nodegroup-name";
/// By which it sees that EKS looks after a node group.
const EKSCTL_NODEGROUP_TYPE: &str = "alpha.eksctl.io/nodegroup-type";

/// What is tagged when an instance is started.
pub(super) const TAGGED: [&str; 3] = ["instance", "volume", "network-interface"];

/// How many tags AWS puts on one thing.
const MOST: usize = 50;

/// What the tags of one cluster are made of.
#[derive(Clone, Copy)]
pub(super) struct Tagging<'a> {
    cluster: &'a str,
    written: &'a [(Spanned<String>, Spanned<String>)],
}

impl<'a> Tagging<'a> {
    pub fn of(config: &'a ClusterConfig) -> Self {
        Self { cluster: &config.metadata.name.0, written: &config.metadata.tags.0 }
    }

    /// Those of anything. What the file says wins over all but our own marks.
    pub fn plain(&self) -> Tags {
        self.with([])
    }

    /// Those of something that shows under its name in AWS's console.
    pub fn named<R: OneOf>(&self, name: &str) -> Tags {
        self.named_with::<R>(name, [])
    }

    /// The same, and some more.
    pub fn named_with<R: OneOf>(
        &self,
        name: &str,
        more: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Tags {
        let key = Key { kind: R::TYPE, name: name.to_owned() };
        let shown = ("Name", format!("{}/{key}", self.cluster));
        self.with([shown].into_iter().chain(more))
    }

    /// Those of something with tags of its own in the file.
    pub fn also(&self, own: &[(Spanned<String>, Spanned<String>)]) -> Tags {
        let mut tags = self.plain();
        tags.0.extend(pairs(own));
        tags
    }

    /// Those of a role that eksctl would see as of something.
    pub fn marked(&self, mark: (&'static str, String), own: &[(Spanned<String>, Spanned<String>)]) -> Tags {
        let mut tags = self.with([mark]);
        tags.0.extend(pairs(own));
        tags
    }

    /// Those of a node group.
    pub fn nodegroup(&self, name: &str, own: &[(Spanned<String>, Spanned<String>)]) -> Tags {
        let mut tags = self.with(nodegroup(name));
        tags.0.extend(pairs(own));
        tags
    }

    /// Those of its instances, and of what they are made with.
    pub fn instance(
        &self,
        name: &str,
        own: &[(Spanned<String>, Spanned<String>)],
    ) -> BTreeMap<String, String> {
        let shown = ("Name", format!("{}-{name}-Node", self.cluster));
        let mut tags = self.with(nodegroup(name).into_iter().chain([shown])).0;
        tags.extend(pairs(own));
        tags
    }

    /// Labels by which eksctl and its users select the nodes of a group.
    pub fn labels(&self, nodegroup: &str) -> BTreeMap<String, String> {
        let labels = [(EKSCTL_CLUSTER, self.cluster), (EKSCTL_NODEGROUP, nodegroup)];
        labels.map(|(key, value)| (key.to_owned(), value.to_owned())).into()
    }

    fn with(&self, ours: impl IntoIterator<Item = (&'static str, String)>) -> Tags {
        let ours = ours.into_iter().chain([(EKSCTL_CLUSTER, self.cluster.to_owned())]);
        let ours = ours.map(|(key, value)| (key.to_owned(), value));
        Tags(ours.chain(pairs(self.written)).collect())
    }
}

pub(super) fn nodegroup(name: &str) -> [(&'static str, String); 2] {
    [(EKSCTL_NODEGROUP, name.to_owned()), (EKSCTL_NODEGROUP_TYPE, "managed".to_owned())]
}

/// A map of the file's as it is.
pub(super) fn pairs(map: &[(Spanned<String>, Spanned<String>)]) -> impl Iterator<Item = (String, String)> {
    map.iter().map(|(key, value)| (key.value.clone(), value.value.clone()))
}

/// Remembers where each tag of each resource was written.
pub(super) fn place_all(draft: &mut Draft<'_>) {
    let keys: Vec<Key> = draft.graph.nodes().iter().map(|node| node.key.clone()).collect();
    for key in &keys {
        for (name, value) in maps(draft.config, key).into_iter().flat_map(|map| map.iter()) {
            let started =
                TAGGED.map(|kind| format!("LaunchTemplateData.TagSpecifications.{kind}.{}", name.value));
            let started = started.into_iter().filter(|_| key.kind == Type::LaunchTemplate);
            for path in started.chain([format!("Tags.{}", name.value)]) {
                draft.places(key, &[(&path, value.written_at())]);
            }
        }
    }
}

/// The maps of tags that a resource has: of two tags under one key, the last one's counts.
fn maps<'a>(config: &'a ClusterConfig, key: &Key) -> Vec<&'a Spanned<Map<String>>> {
    let groups = config.managed_node_groups.iter().filter(|group| group.name.0 == key.name);
    let addons = config.addons.iter().filter(|addon| addon.name.0 == key.name);
    let all = [&config.metadata.tags].into_iter();
    match key.kind {
        Type::Nodegroup | Type::LaunchTemplate => all.chain(groups.map(|group| &group.tags)).collect(),
        Type::Role => all.chain(of_roles(config, &key.name)).collect(),
        Type::PodIdentityAssociation => {
            let named = config.iam.pod_identity_associations.iter();
            let named = named.filter(|it| identities::called(it) == key.name);
            all.chain(named.map(|it| &it.tags)).collect()
        }
        Type::Addon => all.chain(addons.map(|addon| &addon.tags)).collect(),
        _ => all.collect(),
    }
}

/// The maps of what a role was made for.
fn of_roles<'a>(config: &'a ClusterConfig, purpose: &str) -> impl Iterator<Item = &'a Spanned<Map<String>>> {
    let accounts = config.iam.service_accounts.iter();
    let accounts = accounts.filter(move |it| identities::purpose_of_account(it) == purpose);
    let associations = config.iam.pod_identity_associations.iter();
    let associations = associations.filter(move |it| identities::purpose_of_association(it) == purpose);
    accounts.map(|it| &it.tags).chain(associations.map(|it| &it.tags))
}

/// AWS puts at most fifty tags on one thing: said before the first call and not by the first that fails.
pub(super) fn within_limits(draft: &mut Draft<'_>) {
    let most = draft.graph.nodes().iter().max_by_key(|node| count(node));
    let Some((key, count)) = most.map(|node| (node.key.clone(), count(node))).filter(|(_, n)| *n > MOST)
    else {
        return;
    };
    let message = format!("{key} would have {count} tags, and AWS takes {MOST}");
    let most = maps(draft.config, &key).into_iter().max_by_key(|tags| tags.0.len());
    let at = most.map_or(draft.config.metadata.key, |tags| tags.place());
    let too_many = Diagnostic::new(Code::TooManyTags, at, message).label("these are among them");
    draft.refuse(too_many.help("every resource has some tags of our own, and of eksctl's"));
}

/// The tags of a resource, or of what is started from it.
fn count(node: &Node) -> usize {
    let own = node.resource.tags().0.len();
    let started = match &node.resource {
        Any::LaunchTemplate(template) => {
            let each = template.launch_template_data.tag_specifications.values();
            each.map(BTreeMap::len).max().unwrap_or(0)
        }
        _ => 0,
    };
    own.max(started)
}
