//! Nodes, as far as it is to be known whether they take pods.

use k8s_openapi::api::core::v1 as core;

/// The label by which EKS says which node group a node is of.
const NODEGROUP: &str = "eks.amazonaws.com/nodegroup";

/// A node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// `ip-192-168-3-4.us-west-2.compute.internal`.
    pub name: String,
    /// EKS's name of its node group.
    pub nodegroup: Option<String>,
    /// Whether its kubelet says that it takes pods.
    pub ready: bool,
    /// Whether it is on its way out.
    pub leaving: bool,
    /// Why it is not Ready.
    pub trouble: Option<Trouble>,
}

/// Why a node is not Ready, in its kubelet's words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trouble {
    /// One word: `KubeletNotReady`.
    pub reason: String,
    /// A sentence.
    pub message: String,
}

pub(super) fn read(node: core::Node) -> Node {
    let (name, labels) = (node.metadata.name.unwrap_or_default(), node.metadata.labels.unwrap_or_default());
    let conditions = node.status.and_then(|it| it.conditions).unwrap_or_default();
    let ready = conditions.into_iter().find(|it| it.type_ == "Ready");
    let is = ready.as_ref().is_some_and(|it| it.status == "True");
    let trouble = match ready {
        Some(condition) if !is => Some(Trouble {
            reason: condition.reason.unwrap_or_default(),
            message: condition.message.unwrap_or_default(),
        }),
        Some(_) => None,
        None => Some(Trouble {
            reason: "NodeStatusUnknown".to_owned(),
            message: "its kubelet has not said anything yet".to_owned(),
        }),
    };
    Node {
        name,
        nodegroup: labels.get(NODEGROUP).cloned(),
        ready: is,
        leaving: node.metadata.deletion_timestamp.is_some(),
        trouble,
    }
}
