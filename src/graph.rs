//! The desired resources of a cluster, and what each needs of which.
//!
//! A reference comes only from [`Graph::add`], so that a resource can refer only to those added
//! before it: value edges cannot form a cycle.

use std::collections::BTreeMap;

use crate::cluster::Span;
use crate::resource::{Added, Any, Key, Milestone, Property, Remark, Resource, Seen};

/// What should exist.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    cluster: String,
    nodes: Vec<Node>,
    places: BTreeMap<(Key, String), Span>,
    orders: Vec<(Key, Edge)>,
    remarks: Vec<(Key, Remark)>,
}

/// One resource that should exist.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its name in the cluster.
    pub key: Key,
    /// What it should be.
    pub resource: Any,
}

/// Something that a resource needs before calls can be made for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// What it needs.
    pub to: Key,
    /// How far that must have come.
    pub milestone: Milestone,
}

impl Graph {
    /// An empty graph of a cluster.
    pub fn new(cluster: &str) -> Self {
        Self { cluster: cluster.to_owned(), ..Self::default() }
    }

    /// The name of the cluster.
    pub fn name(&self) -> &str {
        &self.cluster
    }

    /// Adds a resource, marked as this cluster's.
    pub fn add<R: Resource>(&mut self, name: &str, resource: R) -> Added<R> {
        let key = Key { kind: R::TYPE, name: name.to_owned() };
        let mut resource: Any = resource.into();
        let mark = resource.mark();
        resource.tags_mut().mark(&self.cluster, &key, mark);
        self.nodes.push(Node { key: key.clone(), resource });
        Added::new(key)
    }

    /// Lets one resource wait for another where neither a value nor their types show it. What must not form a
    /// cycle with those that they refer to.
    pub fn order(&mut self, later: &Key, earlier: &Key, milestone: Milestone) {
        self.orders.push((later.clone(), Edge { to: earlier.clone(), milestone }));
    }

    /// Remembers where in the file a property comes from, or with an empty path the whole resource.
    pub fn place(&mut self, key: &Key, path: &str, at: Span) {
        self.places.insert((key.clone(), path.to_owned()), at);
    }

    /// Where in the file a property comes from: its own place, or that of what it is a part of.
    pub fn span(&self, key: &Key, path: &str) -> Option<Span> {
        let place = self.places.get(&(key.clone(), path.to_owned())).copied();
        place.or_else(|| match path {
            "" => None,
            path => self.span(key, path.rsplit_once('.').map_or("", |(above, _)| above)),
        })
    }

    /// Says something about a resource that is no difference.
    pub fn remark(&mut self, key: &Key, remark: Remark) {
        self.remarks.push((key.clone(), remark));
    }

    /// What has been said about resources.
    pub fn remarks(&self) -> &[(Key, Remark)] {
        &self.remarks
    }

    /// The same without objects in the cluster.
    pub fn without_objects(mut self) -> Self {
        self.nodes.retain(|node| !node.key.kind.is_kubernetes());
        self.remarks.retain(|(key, _)| !key.kind.is_kubernetes());
        self
    }

    /// The same with another resource in place of one that nothing refers to.
    pub fn with<R: Resource>(mut self, name: &str, resource: R) -> Self {
        self.nodes.retain(|node| node.key.kind != R::TYPE || node.key.name != name);
        self.add(name, resource);
        self
    }

    /// The resources, each after those that it refers to.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The resource of a key.
    pub fn node(&self, key: &Key) -> Option<&Node> {
        self.nodes.iter().find(|node| node.key == *key)
    }

    /// The names that the resources will have, where nobody else may have them.
    pub fn names(&self) -> BTreeMap<Key, String> {
        let named = |node: &Node| {
            let mut resource = node.resource.clone();
            // One that can take no name has none to clash; the plan says why.
            resource.take_name(&node.key, &[]).ok()?;
            resource.name().map(|name| (node.key.clone(), name.to_owned()))
        };
        self.nodes.iter().filter_map(named).collect()
    }

    /// What a resource needs: what its values show, and the order that its type declares.
    pub fn edges(&self, node: &Node) -> Vec<Edge> {
        let mut edges = Vec::new();
        node.resource.visit(&mut |seen| {
            if let Seen::Of(reference) = seen {
                edges.push(Edge { to: reference.key.clone(), milestone: Milestone::Ready });
            }
        });
        for (kind, milestone) in node.resource.kind().after() {
            let bound = |other: &&Node| other.key.kind == *kind && node.key.is_bound_to(&other.key);
            let of_kind = self.nodes.iter().filter(bound);
            edges.extend(of_kind.map(|other| Edge { to: other.key.clone(), milestone: *milestone }));
        }
        let own = self.orders.iter().filter(|(later, _)| *later == node.key);
        edges.extend(own.map(|(_, edge)| edge.clone()));
        edges.sort();
        edges.dedup();
        edges
    }
}
