//! Whether the nodes of a group are Ready, and if not, why.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::{join, try_join_all};

use crate::aws::Aws;
use crate::cluster::Timestamp;
use crate::graph::Graph;
use crate::kubernetes::{self, Node};
use crate::ops::sight::Seen;
use crate::resource::ec2::SubnetId;
use crate::resource::eks::Nodegroup;
use crate::resource::{Any, Key, Live, OneOf, Set, Standing, Trouble, Type, Val};
use crate::world::{World, WorldError};

/// EKS's code for instances that have not joined, which does not say why.
const NOT_JOINED: &str = "NodeCreationFailure";

/// A node group whose nodes are waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name in the file.
    pub name: String,
    /// How many nodes it should have, until EKS says how many it has.
    pub size: u32,
    /// Whether nothing gives its pods addresses: the file has no vpc-cni.
    pub has_no_cni: bool,
}

/// Why nodes are not Ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Short {
    /// EKS shows the group in this state, or not at all: what it is to be is not known to be done.
    Unsettled(Option<String>),
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
    /// No access entry lets in the role by which they come.
    NoEntry(NoEntry),
    /// Nothing leads out of the network from these of their subnets.
    CutOff(Vec<String>),
    /// Nothing gives pods addresses.
    NoCni,
    /// Why instances have not joined is not to be seen.
    NoCause(Looked),
}

/// Where was looked for why the instances of a node group do not join.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// The cluster.
    pub cluster: String,
    /// Its region.
    pub region: String,
    /// The group's name in AWS.
    pub nodegroup: String,
    /// What could be read, and has nothing against it.
    pub at: Vec<&'static str>,
}

/// An access entry that a cluster lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoEntry {
    /// The cluster.
    pub cluster: String,
    /// Its region.
    pub region: String,
    /// The ARN of the role that it would let in.
    pub role: String,
    /// EKS's word for what comes by it: `EC2_LINUX`.
    pub kind: &'static str,
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
        self.ready >= self.wanted && self.short.is_empty()
    }
}

impl Group {
    /// All node groups of a graph.
    pub fn all(graph: &Graph) -> Vec<Self> {
        let cni = Key { kind: Type::Addon, name: "vpc-cni".to_owned() };
        let has_no_cni = graph.node(&cni).is_none();
        let groups = graph.nodes().iter().filter_map(|node| match &node.resource {
            Any::Nodegroup(group) => Some((&node.key.name, group)),
            _ => None,
        });
        let group = |(name, group): (&String, &Nodegroup)| {
            let size = group.scaling_config.desired_size.size;
            Self { name: name.clone(), size, has_no_cni }
        };
        groups.map(group).collect()
    }
}

/// A group as EKS shows it: how many nodes it should have, and under which name.
pub(super) struct Wanted {
    group: Group,
    /// Nothing, where EKS does not show it.
    aws_name: Option<String>,
    size: usize,
    /// Its status, unless it is in a state in which its nodes can be counted on.
    unsettled: Option<Short>,
    health: Vec<Trouble>,
    /// The ARN of its nodes' role, and their images; nothing, where EKS does not show it.
    comes_by: Option<(String, String)>,
    /// The ids of the subnets that they stand in.
    subnets: Vec<String>,
}

/// These groups, as they live. One that is not there yet is one of them: a look may be behind.
pub(super) async fn wanted(world: &Aws, groups: &[&Group]) -> Result<Vec<Wanted>, WorldError> {
    let read = groups.iter().map(|group| async move {
        let key = Key { kind: Type::Nodegroup, name: group.name.clone() };
        let found = world.look(&key).await?;
        Ok(Wanted::of(group, shown(&found)))
    });
    try_join_all(read).await
}

/// Of two under one name, one replaces the other: the one that is there counts, or else the one that will be.
fn shown(found: &[Live]) -> Option<&Live> {
    let rank = |live: &&Live| match live.standing() {
        Standing::Ready => 0,
        Standing::Settling => 1,
        Standing::Failed | Standing::Unclear => 2,
        Standing::Deleting | Standing::Gone => 3,
    };
    found.iter().min_by_key(rank)
}

impl Wanted {
    fn of(group: &Group, live: Option<&Live>) -> Self {
        let shown = live.and_then(|live| Some((live, Nodegroup::of(&live.properties)?)));
        let size = shown.map_or(group.size, |(_, properties)| properties.scaling_config.desired_size.size);
        let status = shown.map(|(live, _)| live.status.clone());
        let is_ready = shown.is_some_and(|(live, _)| live.standing() == Standing::Ready);
        Self {
            group: group.clone(),
            aws_name: shown.and_then(|(_, properties)| properties.nodegroup_name.clone()),
            size: size as usize,
            unsettled: (!is_ready).then_some(Short::Unsettled(status)),
            health: shown.map(|(live, _)| live.troubles.clone()).unwrap_or_default(),
            comes_by: shown.and_then(|(_, properties)| {
                Some((properties.node_role.known()?.0.clone(), properties.ami_type.clone()))
            }),
            subnets: shown.map(|(_, properties)| ids(&properties.subnets)).unwrap_or_default(),
        }
    }

    /// Its nodes, among all.
    pub fn among(&self, nodes: &[Node]) -> NodesOf {
        let is_ours = |it: &&Node| self.aws_name.is_some() && it.nodegroup == self.aws_name && !it.leaving;
        let (ready, not_ready): (Vec<_>, Vec<_>) = nodes.iter().filter(is_ours).partition(|node| node.ready);
        let mut short: Vec<Short> = self.unsettled.iter().cloned().collect();
        if ready.len() < self.size {
            short.extend(self.why(&not_ready, self.size.saturating_sub(ready.len() + not_ready.len())));
        }
        NodesOf { nodegroup: self.group.name.clone(), ready: ready.len(), wanted: self.size, short }
    }

    /// Whether an entry lets its nodes' role in, or which one is lacking; nothing, where that is not known.
    async fn entry(&self, world: &Aws, cluster: &str) -> Option<Result<(), NoEntry>> {
        let (role, images) = self.comes_by.as_ref()?;
        let lacks = NoEntry {
            cluster: cluster.to_owned(),
            region: world.region().to_owned(),
            role: role.clone(),
            kind: if images.starts_with("WINDOWS") { "EC2_WINDOWS" } else { "EC2_LINUX" },
        };
        world.lets_in(role).await.map(|is_in| if is_in { Ok(()) } else { Err(lacks) })
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
        let missing = if self.aws_name.is_some() { missing } else { 0 };
        short.extend((missing > 0).then_some(Short::NotJoined(missing)));
        short.extend((!not_ready.is_empty() && self.group.has_no_cni).then_some(Short::NoCni));
        short
    }
}

/// Adds what only AWS can tell of instances that have not joined: whether anything leads out of their network, and
/// whether their role is let in. EKS makes the entry together with the group; somebody may have deleted it since.
pub(super) async fn explain(world: &Aws, cluster: &str, (wanted, seen): (&Wanted, &mut NodesOf)) {
    if !seen.short.iter().any(|short| matches!(short, Short::NotJoined(_))) {
        return;
    }
    let (cut_off, entry) = join(world.cut_off(&wanted.subnets), wanted.entry(world, cluster)).await;
    let mut looked = Looked {
        cluster: cluster.to_owned(),
        region: world.region().to_owned(),
        nodegroup: wanted.aws_name.clone().unwrap_or_default(),
        at: vec!["EKS's word on the group"],
    };
    looked.at.extend(cut_off.as_ref().map(|_| "the ways out of their subnets"));
    looked.at.extend(entry.as_ref().map(|_| "their role's access entry"));
    let (before, is_cause) = (seen.short.len(), |it: &Trouble| it.code != NOT_JOINED);
    seen.short.extend(cut_off.filter(|it| !it.is_empty()).map(Short::CutOff));
    seen.short.extend(entry.and_then(Result::err).map(Short::NoEntry));
    if seen.short.len() == before && !wanted.health.iter().any(is_cause) {
        seen.short.push(Short::NoCause(looked));
    }
}

fn ids(subnets: &Set<Val<SubnetId>>) -> Vec<String> {
    subnets.0.iter().filter_map(Val::known).map(|id| id.0.clone()).collect()
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

#[test]
fn a_group_that_eks_does_not_show_is_short() {
    let group = Group { name: "ng1".to_owned(), size: 0, has_no_cni: true };
    let absent = Wanted::of(&group, None).among(&[]);
    assert!(!absent.are_ready() && absent.short == [Short::Unsettled(None)], "{absent:?}");
    let absent = Wanted::of(&Group { size: 2, ..group }, None).among(&[]);
    assert_eq!((absent.ready, absent.wanted, absent.short), (0, 2, vec![Short::Unsettled(None)]));
}
