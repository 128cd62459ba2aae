//! A node group from flags, in the file of a cluster as it lives.

use serde_json::{Map, Value as Json, json};

use super::flags::{map, source, written};
use super::{ApiVersion, Choice, Source};

/// What stands on the command line, with eksctl's meanings and under eksctl's defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodegroupFlags {
    /// `--name`.
    pub name: String,
    /// `--node-ami-family`.
    pub ami_family: Option<String>,
    /// `--node-type`.
    pub node_type: Option<String>,
    /// `--instance-types`.
    pub instance_types: Vec<String>,
    /// `--spot`.
    pub spot: bool,
    /// `--nodes`.
    pub nodes: Option<u32>,
    /// `--nodes-min`.
    pub nodes_min: Option<u32>,
    /// `--nodes-max`.
    pub nodes_max: Option<u32>,
    /// `--node-volume-size`, in GiB.
    pub volume_size: Option<u32>,
    /// `--node-volume-type`.
    pub volume_type: Option<String>,
    /// `--node-labels`, each at its `=`.
    pub labels: Vec<(String, String)>,
    /// `--node-private-networking`.
    pub private_networking: bool,
    /// `--node-zones`.
    pub zones: Vec<String>,
    /// `--subnet-ids`.
    pub subnets: Vec<String>,
    /// `--disable-pod-imds`.
    pub disable_pod_imds: bool,
}

/// As much of a cluster that lives as its node groups and components depend on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Habitat {
    /// The cluster's name.
    pub cluster: String,
    /// Its region.
    pub region: String,
    /// Where EKS looks up who a caller is: node roles depend on it.
    pub authentication_mode: String,
    /// The tags of everything.
    pub tags: Vec<(String, String)>,
    /// The subnets of the control plane, where the network was given.
    pub given: Option<Vec<String>>,
    /// Whether there are nodes, of node groups of ours.
    pub has_nodes: bool,
    /// Whether it has an OIDC provider of ours.
    pub has_provider: bool,
}

impl Habitat {
    /// The file of the cluster as it lives, in one of the languages, with something more.
    pub(super) fn with<'a>(
        &self,
        language: ApiVersion,
        more: impl IntoIterator<Item = (&'a str, Option<Json>)>,
    ) -> Source {
        let metadata = written([
            ("name", Some(json!(self.cluster))),
            ("region", Some(json!(self.region))),
            ("tags", map(&self.tags)),
        ]);
        let whole = [
            ("apiVersion", Some(json!(language.word()))),
            ("kind", Some(json!("ClusterConfig"))),
            ("metadata", Some(metadata)),
            ("vpc", self.vpc()),
            ("accessConfig", Some(json!({ "authenticationMode": self.authentication_mode }))),
        ];
        source(&written(whole.into_iter().chain(more)))
    }

    /// The network, where it was given.
    fn vpc(&self) -> Option<Json> {
        let subnet = |id: &String| (id.clone(), json!({ "id": id }));
        self.given.as_ref().map(|ids| {
            let subnets: Map<String, Json> = ids.iter().map(subnet).collect();
            json!({ "subnets": { "private": subnets } })
        })
    }
}

impl NodegroupFlags {
    /// The file that says the same.
    pub fn source(&self, habitat: &Habitat) -> Source {
        habitat.with(ApiVersion::Eksctl, [("managedNodeGroups", Some(json!([self.group()])))])
    }

    /// The node group, as it would stand in a file.
    pub fn group(&self) -> Json {
        let list = |items: &Vec<String>| (!items.is_empty()).then(|| json!(items));
        let number = |number: Option<u32>| number.map(|number| json!(number));
        let text = |text: &Option<String>| text.as_ref().map(|text| json!(text));
        let flag = |flag: bool| flag.then_some(json!(true));
        written([
            ("name", Some(json!(self.name))),
            ("amiFamily", text(&self.ami_family)),
            ("instanceType", text(&self.node_type)),
            ("instanceTypes", list(&self.instance_types)),
            ("spot", flag(self.spot)),
            ("desiredCapacity", number(self.nodes)),
            ("minSize", number(self.nodes_min)),
            ("maxSize", number(self.nodes_max)),
            ("volumeSize", number(self.volume_size)),
            ("volumeType", text(&self.volume_type)),
            ("labels", map(&self.labels)),
            ("privateNetworking", flag(self.private_networking)),
            ("availabilityZones", list(&self.zones)),
            ("subnets", list(&self.subnets)),
            ("disablePodIMDS", flag(self.disable_pod_imds)),
        ])
    }
}
