//! A cluster file from flags, for whoever begins without one: the same reader says what is wrong with it.

use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use super::Source;
use super::component_flags::{ComponentFlags, with_components};

/// What stands on the command line, with eksctl's meanings and under eksctl's defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--name`.
    pub name: String,
    /// `--region`, or what the environment or the profile says.
    pub region: String,
    /// `--version`.
    pub version: Option<String>,
    /// `--nodes`.
    pub nodes: Option<u32>,
    /// `--nodes-min`.
    pub nodes_min: Option<u32>,
    /// `--nodes-max`.
    pub nodes_max: Option<u32>,
    /// `--node-type`.
    pub node_type: Option<String>,
    /// `--nodegroup-name`.
    pub nodegroup_name: Option<String>,
    /// `--spot`.
    pub spot: bool,
    /// `--zones`.
    pub zones: Vec<String>,
    /// `--vpc-cidr`.
    pub vpc_cidr: Option<String>,
    /// `--vpc-nat-mode`.
    pub vpc_nat_mode: Option<String>,
    /// `--tags`, each at its `=`.
    pub tags: Vec<(String, String)>,
    /// `--with`.
    pub components: Vec<ComponentFlags>,
}

impl Flags {
    /// The file that says the same.
    pub fn source(&self) -> Source {
        let metadata = written([
            ("name", Some(json!(self.name))),
            ("region", Some(json!(self.region))),
            ("version", self.version.as_ref().map(|it| json!(it))),
            ("tags", map(&self.tags)),
        ]);
        let nat = self.vpc_nat_mode.as_ref().map(|mode| json!({ "gateway": mode }));
        let vpc = written([("cidr", self.vpc_cidr.as_ref().map(|it| json!(it))), ("nat", nat)]);
        let file = written([
            ("apiVersion", Some(json!("eksctl.io/v1alpha5"))),
            ("kind", Some(json!("ClusterConfig"))),
            ("metadata", Some(metadata)),
            ("availabilityZones", (!self.zones.is_empty()).then(|| json!(self.zones))),
            ("vpc", Some(vpc).filter(|vpc| vpc.as_object().is_some_and(|map| !map.is_empty()))),
            ("managedNodeGroups", Some(json!([self.nodegroup()]))),
        ]);
        with_components(source(&file), &self.components)
    }

    fn nodegroup(&self) -> Json {
        written([
            ("name", Some(json!(self.nodegroup_name()))),
            ("instanceType", self.node_type.as_ref().map(|it| json!(it))),
            ("desiredCapacity", self.nodes.map(|it| json!(it))),
            ("minSize", self.nodes_min.map(|it| json!(it))),
            ("maxSize", self.nodes_max.map(|it| json!(it))),
            ("spot", self.spot.then_some(json!(true))),
        ])
    }

    /// eksctl rolls dice for it; here it follows from the cluster, so that the same command once more goes on
    /// with the same node group.
    pub fn nodegroup_name(&self) -> String {
        let hash = || Sha256::digest(format!("{}/{}", self.region, self.name));
        let digits = || hash().iter().take(4).map(|byte| format!("{byte:02x}")).collect::<String>();
        self.nodegroup_name.clone().unwrap_or_else(|| format!("ng-{}", digits()))
    }
}

/// What a file is called that nobody has written: flags stand for it.
pub const FLAGS: &str = "flags";

/// The file as text. JSON is YAML, too, if not as pleasant to read.
pub(super) fn source(file: &Json) -> Source {
    Source::new(FLAGS, serde_saphyr::to_string(file).unwrap_or_else(|_| file.to_string()))
}

/// A map of those that are there.
pub(super) fn written<'a>(fields: impl IntoIterator<Item = (&'a str, Option<Json>)>) -> Json {
    let there = fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Json::Object(there.collect())
}

/// A map of pairs; nothing, where there are none.
pub(super) fn map(pairs: &[(String, String)]) -> Option<Json> {
    let map: Map<String, Json> = pairs.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
    (!map.is_empty()).then(|| map.into())
}
