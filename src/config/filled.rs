//! A file with everything in it that it leaves to defaults and choices.

use serde_json::{Map, Value as Json, json};

use super::declare::Section;
use super::sections::addons::ResolveConflicts;
use super::sections::metadata::Metadata;
use super::sections::nodegroup::{ManagedNodeGroup, UpdateConfig};
use super::sections::policies::AddonPolicies;
use super::{Choice, ClusterConfig};

/// The choices that a file leaves open, as they were or would be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// Zones of a network that is made.
    pub zones: Vec<String>,
    /// The version of Kubernetes.
    pub version: Option<String>,
    /// How long it is supported.
    pub support: Option<String>,
    /// The add-ons, by name.
    pub addons: Vec<String>,
}

impl ClusterConfig {
    /// The file that says what this one means: every default, what follows from what is written, and choices.
    pub fn filled(&self, choices: &Choices) -> Json {
        let mut file = self.written();
        let version = choices.version.as_ref().map(|version| json!(version));
        let mut metadata = self.metadata.written();
        fill(&mut metadata, "version", version);
        file.insert("metadata".to_owned(), ordered::<Metadata>(metadata));
        if self.vpc.is_ours() {
            fill(&mut file, "availabilityZones", Some(json!(choices.zones)));
        }
        if let (Some(support), false) = (&choices.support, self.upgrade_policy.support_type.is_written()) {
            file.insert("upgradePolicy".to_owned(), json!({ "supportType": support }));
        }
        self.leave_out_what_is_idle(&mut file);
        let groups = self.managed_node_groups.iter().map(|group| group.filled());
        file.insert("managedNodeGroups".to_owned(), groups.collect());
        let named = |name: &&String| self.addons.iter().any(|addon| addon.name.0 == **name);
        let usual = |name| json!({ "name": name, "resolveConflicts": ResolveConflicts::default().word() });
        let usual = choices.addons.iter().filter(|name| !named(name)).map(usual);
        let written = self.addons.iter().map(|addon| Json::Object(addon.value.written()));
        file.insert("addons".to_owned(), usual.chain(written).collect());
        file.retain(|_, value| !super::value::is_empty(value));
        ordered::<Self>(file)
    }

    /// Defaults that mean nothing: of a network that exists, and of an endpoint that is off.
    fn leave_out_what_is_idle(&self, file: &mut Map<String, Json>) {
        let Some(written) = file.get_mut("vpc").and_then(Json::as_object_mut) else { return };
        let vpc = &self.vpc;
        let is_closed = !vpc.cluster_endpoints.public_access.value;
        let idle = [
            ("cidr", !vpc.is_ours() && !vpc.cidr.is_written()),
            ("nat", !vpc.is_ours() && !vpc.nat.is_written()),
            ("publicAccessCIDRs", is_closed && !vpc.public_access_cidrs.is_written()),
        ];
        idle.iter().filter(|(_, idle)| *idle).for_each(|(key, _)| _ = written.remove(*key));
    }
}

impl ManagedNodeGroup {
    /// The same of one node group.
    pub fn filled(&self) -> Json {
        let mut group = self.written();
        let (sizes, (iops, throughput)) = (self.sizes(), self.volume_speed());
        if self.instance_types.is_none() {
            fill(&mut group, "instanceType", self.types().first().map(|name| json!(name)));
        }
        let numbers = [
            ("minSize", Some(sizes.min)),
            ("maxSize", Some(sizes.max)),
            ("desiredCapacity", Some(sizes.desired)),
            ("volumeIOPS", iops),
            ("volumeThroughput", throughput),
        ];
        for (key, number) in numbers {
            fill(&mut group, key, number.map(|number| json!(number)));
        }
        let UpdateConfig { max_unavailable: number, max_unavailable_percentage: share } =
            &*self.update_config;
        let usual = (number.is_none() && share.is_none()).then(|| json!({ "maxUnavailable": 1 }));
        fill(&mut group, "updateConfig", usual);
        let policies = &self.iam.with_addon_policies;
        if let Some(written) = group.get_mut("iam").and_then(|iam| iam.get_mut("withAddonPolicies")) {
            *written = policies.filled();
        }
        ordered::<Self>(group)
    }
}

impl AddonPolicies {
    /// What has two names stands under the newer one.
    fn filled(&self) -> Json {
        let mut policies = self.written();
        if policies.remove("albIngress").is_some() {
            let is_on = self.load_balancer_controller().is_some();
            policies.insert("awsLoadBalancerController".to_owned(), json!(is_on));
        }
        ordered::<Self>(policies)
    }
}

/// In the order of the declaration.
fn ordered<S: Section>(mut fields: Map<String, Json>) -> Json {
    let declared = S::DECL.fields.iter().filter_map(|field| fields.remove_entry(field.key));
    Json::Object(declared.collect())
}

/// Puts in what is not there.
fn fill(map: &mut Map<String, Json>, key: &str, value: Option<Json>) {
    if let Some(value) = value.filter(|value| !super::value::is_empty(value)) {
        let absent = map.get(key).is_none_or(super::value::is_empty);
        if absent {
            map.insert(key.to_owned(), value);
        }
    }
}
