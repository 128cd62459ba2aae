//! Whether the nodes of a group are Ready, and if not, why.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::try_join_all;

use crate::aws::Aws;
use crate::cluster::Timestamp;
use crate::graph::Graph;
use crate::kubernetes::{self, Node};
use crate::ops::sight::Seen;
use crate::resource::eks::Nodegroup;
use crate::resource::{self, Any, Key, Live, OneOf, Property, Standing, Trouble, Type};
use crate::world::{World, WorldError};

/// A node group whose nodes are waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name in the file.
    pub name: String,
    /// Whether nothing leads its nodes out of the network, as far as the file makes it.
    pub is_cut_off: bool,
    /// Whether nothing gives its pods addresses: the file has no vpc-cni.
    pub has_no_cni: bool,
}

/// Why nodes are not Ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Short {
    /// What EKS says of the group.
    Health(Trouble),
    /// So many have joined and are not Ready, for this reason.
    NotReady {
        /// Their names.
        nodes: Vec<String>,
        /// In their kubelets' words.
        trouble: kubernetes::Trouble,
    },
    /// So many have not joined the cluster.
    NotJoined(usize),
    /// Nothing leads them out of the network.
    CutOff,
    /// Nothing gives pods addresses.
    NoCni,
}

/// The nodes of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodesOf {
    /// The group's name in the file.
    pub nodegroup: String,
    /// How many are Ready.
    pub ready: usize,
    /// How many there should be.
    pub wanted: usize,
    /// Why there are not as many.
    pub short: Vec<Short>,
}

impl NodesOf {
    /// Whether there are as many as there should be.
    pub fn are_ready(&self) -> bool {
        self.ready >= self.wanted
    }
}

impl Group {
    /// All node groups of a graph.
    pub fn all(graph: &Graph) -> Vec<Self> {
        let of_kind = |kind: Type| graph.nodes().iter().any(|node| node.key.kind == kind);
        let cni = Key { kind: Type::Addon, name: "vpc-cni".to_owned() };
        let has_no_cni = graph.node(&cni).is_none();
        let is_own = of_kind(Type::Vpc) && !of_kind(Type::NatGateway);
        let groups = graph.nodes().iter().filter_map(|node| match &node.resource {
            Any::Nodegroup(group) => Some((&node.key.name, group)),
            _ => None,
        });
        let group = |(name, group): (&String, &Nodegroup)| {
            let mut is_private = false;
            group.visit(&mut |seen| {
                if let resource::Seen::Of(to) = seen {
                    is_private |= to.key.kind == Type::Subnet && to.key.name.starts_with("private-");
                }
            });
            Self { name: name.clone(), is_cut_off: is_own && is_private, has_no_cni }
        };
        groups.map(group).collect()
    }
}

/// A group as it lives: how many nodes it should have, and under which name.
pub(super) struct Wanted {
    group: Group,
    aws_name: String,
    size: usize,
    health: Vec<Trouble>,
}

/// What lives of these groups.
pub(super) async fn wanted(world: &Aws, groups: &[Group]) -> Result<Vec<Wanted>, WorldError> {
    let read = groups.iter().map(|group| async move {
        let key = Key { kind: Type::Nodegroup, name: group.name.clone() };
        let found = world.look(&key).await?;
        let alive = found.iter().find(|live| live.standing() == Standing::Ready);
        Ok(alive.and_then(|live| Wanted::of(group, live)))
    });
    let read: Vec<Option<Wanted>> = try_join_all(read).await?;
    Ok(read.into_iter().flatten().collect())
}

impl Wanted {
    fn of(group: &Group, live: &Live) -> Option<Self> {
        let properties = Nodegroup::of(&live.properties)?;
        Some(Self {
            group: group.clone(),
            aws_name: properties.nodegroup_name.clone()?,
            size: properties.scaling_config.desired_size.size as usize,
            health: live.troubles.clone(),
        })
    }

    /// Its nodes, among all.
    pub fn among(&self, nodes: &[Node]) -> NodesOf {
        let ours = nodes.iter().filter(|it| it.nodegroup.as_ref() == Some(&self.aws_name) && !it.leaving);
        let (ready, not_ready): (Vec<_>, Vec<_>) = ours.partition(|node| node.ready);
        let mut short = Vec::new();
        if ready.len() < self.size {
            short = self.why(&not_ready, self.size.saturating_sub(ready.len() + not_ready.len()));
        }
        NodesOf { nodegroup: self.group.name.clone(), ready: ready.len(), wanted: self.size, short }
    }

    fn why(&self, not_ready: &[&Node], missing: usize) -> Vec<Short> {
        let mut short: Vec<Short> = self.health.iter().cloned().map(Short::Health).collect();
        let mut alike: BTreeMap<&kubernetes::Trouble, Vec<String>> = BTreeMap::new();
        for node in not_ready {
            if let Some(trouble) = &node.trouble {
                alike.entry(trouble).or_default().push(node.name.clone());
            }
        }
        short.extend(
            alike.into_iter().map(|(trouble, nodes)| Short::NotReady { nodes, trouble: trouble.clone() }),
        );
        short.extend((missing > 0).then_some(Short::NotJoined(missing)));
        short.extend((missing > 0 && self.group.is_cut_off).then_some(Short::CutOff));
        short.extend((!not_ready.is_empty() && self.group.has_no_cni).then_some(Short::NoCni));
        short
    }
}

/// What has been told already.
#[derive(Debug, Default)]
pub(super) struct Told {
    ready: BTreeMap<String, (usize, usize)>,
}

impl Told {
    /// What is new.
    pub fn changes(&mut self, seen: &[NodesOf], since: Timestamp, usual: Duration) -> Vec<Seen> {
        let mut changes = Vec::new();
        for it in seen {
            let state = (it.ready, it.wanted);
            if self.ready.insert(it.nodegroup.clone(), state) == Some(state) {
                continue;
            }
            let nodegroup = it.nodegroup.clone();
            changes.push(match it.are_ready() {
                true => Seen::NodesReady { nodegroup, nodes: it.wanted },
                false => Seen::Nodes { nodegroup, ready: it.ready, wanted: it.wanted, since, usual },
            });
        }
        changes
    }
}
